//! Authors that may not be, or that another profile demands.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::{one_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use glob::Pattern;

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

const FOREIGN: RuleId = RuleId("manifest/foreign-author");

/// The Marketplace keeps these for Dify's own plugins, wherever they stand in the name.
const RESERVED: [&str; 2] = ["langgenius", "dify"];

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(author) = manifest.get("author") else {
        return;
    };
    let Some(text) = author.text().filter(|text| !text.is_empty()) else {
        return;
    };
    let lower = text.to_lowercase();
    if let Some(word) = RESERVED.iter().find(|word| lower.contains(**word)) {
        cx.report(
            Draft::node(
                author,
                format!("the author `{}` has `{word}` in it", shorten(text)),
            )
            .rule(RuleId("manifest/reserved-author"))
            .stages(Stages::only(Stage::Marketplace))
            .note("the Marketplace refuses it: the word stands for Dify's own plugins")
            .help("write your name on GitHub; for an official plugin use the profile `official`"),
        );
    }
    let allowed = cx.options().patterns(FOREIGN, "allowed");
    let fits = |pattern: &String| Pattern::new(pattern).is_ok_and(|it| it.matches(text));
    if !allowed.is_empty() && !allowed.iter().any(fits) {
        cx.report(
            Draft::node(author, format!("the author is `{}`", shorten(text)))
                .rule(FOREIGN)
                .note("the configuration or its profile allows only some authors here")
                .help(format!("write {}", one_of(&allowed))),
        );
    }
}
