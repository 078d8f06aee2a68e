//! Authors that only one of the two galleries takes.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// What the Marketplace keeps for Dify's own plugins, anywhere in the name.
const RESERVED: [&str; 2] = ["langgenius", "dify"];
/// What the repository of the official plugins wants in the name.
const OFFICIAL: &str = "langgenius";

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(author) = manifest(plugin).and_then(|it| it.get("author")) else {
        return;
    };
    let Some(name) = author.text() else { return };
    let lower = name.to_lowercase();
    if let Some(word) = RESERVED.into_iter().find(|word| lower.contains(word)) {
        let message = format!("the author `{}` contains `{word}`", shorten(name));
        cx.report(
            Draft::node(author, message)
                .rule(RuleId("listing/reserved-author"))
                .stages(Stages::only(Stage::Marketplace))
                .note("the Marketplace keeps it for Dify's own plugins and refuses anybody else's")
                .help("write the name of your GitHub account or organisation"),
        );
    }
    if !name.contains(OFFICIAL) {
        let message = format!("the author `{}` is not `{OFFICIAL}`", shorten(name));
        cx.report(
            Draft::node(author, message)
                .rule(RuleId("listing/foreign-author"))
                .note("the repository of the official plugins takes only plugins of this author")
                .help(format!("write `author: {OFFICIAL}`")),
        );
    }
}
