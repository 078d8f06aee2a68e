//! The README at the root: there, and saying something.

use crate::finding::{RuleId, Stage, Stages};
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::documents::{ignore_place, manifest, other_case, text_file};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

/// Its page has what may be set.
const SHORT: RuleId = RuleId("readme/too-short");

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let Some(readme) = text_file(plugin, "README.md") else {
        return missing(plugin, cx);
    };
    if plugin.packed.excluded_by("README.md", false).is_some() {
        let message = "the ignore rules keep `README.md` out of the package";
        let draft =
            Draft::new(ignore_place(plugin), message).help("take it out of the ignore file");
        return cx.report(described(draft));
    }
    let length = readme.text().trim().chars().count();
    if length == 0 {
        cx.report(
            Draft::file("README.md", "`README.md` is empty")
                .rule(RuleId("readme/empty"))
                .stages(MARKETPLACE)
                .note("Dify shows it on the plugin's page, and the Marketplace asks for it")
                .help("say what the plugin does, how it is set up and how it is used"),
        );
    } else if (length as u64) < cx.options().number(SHORT, "min-characters") {
        let message = format!("`README.md` says little: {length} characters");
        cx.report(
            Draft::file("README.md", message)
                .rule(SHORT)
                .note("it is all that people see of the plugin before they install it")
                .help("say what the plugin does, how it is set up and how it is used"),
        );
    }
}

fn missing(plugin: &Plugin, cx: &mut Context<'_>) {
    let draft = match other_case(plugin, "README.md") {
        Some(other) => Draft::file(
            &other,
            format!("the README is called `{other}`, not `README.md`"),
        )
        .help("rename it to `README.md`"),
        None => Draft::file(MANIFEST, "the plugin has no `README.md`")
            .help("write one beside the manifest, in English"),
    };
    cx.report(described(draft));
}

fn described(draft: Draft) -> Draft {
    draft
        .rule(RuleId("readme/missing-file"))
        .stages(MARKETPLACE)
        .note("Dify shows it on the plugin's page, and the Marketplace refuses a plugin without it")
}
