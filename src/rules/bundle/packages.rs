//! The packages that a bundle carries: the daemon installs all of them or nothing.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Carried, Plugin, carried};
use crate::rules::{Context, Draft, On};
use crate::source::limits::{MAX_CARRIED, MAX_NESTED_BYTES};
use hashbrown::HashSet;
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

const INSTALL: Stages = Stages::only(Stage::Install);

/// Nobody looks at these when the package comes in a bundle.
const FORGIVEN: [&str; 2] = ["package/too-large", "manifest/uuid-author"];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut budget = MAX_NESTED_BYTES;
    let mut seen = HashSet::new();
    for package in carried(plugin) {
        let path = package.path();
        if !package.is_in(plugin) {
            missing(plugin, package, cx);
        } else if seen.len() < MAX_CARRIED && seen.insert(path) {
            one(plugin, package, &mut budget, cx);
        } else if !seen.contains(&package.path()) {
            let reason = format!("it is not among the first {MAX_CARRIED} of the bundle");
            unchecked(package, reason, cx);
        }
    }
}

fn missing(plugin: &Plugin, package: Carried<'_>, cx: &mut Context<'_>) {
    let written = shorten(package.written);
    let bare = package.written.trim_start_matches("./");
    let help = match bare.strip_prefix("_assets/") {
        Some(rest) if plugin.has_file(bare) => {
            format!("write `{}`: paths count from `_assets/`", shorten(rest))
        }
        _ => "add it with `dify bundle append package`, which copies the file".to_owned(),
    };
    cx.report(
        Draft::node(
            package.node,
            format!("the package `{written}` is not in `_assets`"),
        )
        .rule(RuleId("bundle/missing-package"))
        .stages(INSTALL)
        .note("packaging does not look; the upload does, and installs nothing of the bundle")
        .help(help),
    );
}

fn unchecked(package: Carried<'_>, reason: String, cx: &mut Context<'_>) {
    let written = shorten(package.written);
    cx.report(
        Draft::node(
            package.node,
            format!("the package `{written}` cannot be looked into"),
        )
        .rule(RuleId("bundle/unchecked-package"))
        .note(reason)
        .help("check the package by itself: `difylint check` takes it as well"),
    );
}

fn one(plugin: &Plugin, package: Carried<'_>, budget: &mut u64, cx: &mut Context<'_>) {
    let path = package.path();
    let files = match plugin.files.package(&path, budget) {
        Ok(files) => files,
        Err(error) => return unchecked(package, error.to_string(), cx),
    };
    let inner = Plugin::load(Arc::new(files));
    // to follow a bundle in a bundle would have no end
    let is_bundle = inner.of_kind(DocumentKind::Bundle).next().is_some();
    let refused: Vec<String> = if is_bundle {
        vec!["it is a bundle itself".to_owned()]
    } else {
        let requires = crate::requires::Requires::of(&inner);
        crate::rules::run(&inner, &requires, cx.options())
            .into_iter()
            .filter(|it| it.stages.contains(Stage::Install) && !FORGIVEN.contains(&it.rule.0))
            .map(|it| it.message)
            .collect()
    };
    let Some(first) = refused.first() else { return };
    let more = match refused.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    cx.report(
        Draft::node(
            package.node,
            format!(
                "the package `{}` cannot be installed",
                shorten(package.written)
            ),
        )
        .rule(RuleId("bundle/refused-package"))
        .stages(INSTALL)
        .note(format!(
            "the upload installs all packages or nothing; here: {first}{more}"
        ))
        .help(format!(
            "repair the package; its own findings stand at `{}`",
            shorten(&path)
        )),
    );
}
