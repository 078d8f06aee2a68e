//! Where the people of the Marketplace, and users, can write to.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::{describe, shorten};
use crate::plugin::{MANIFEST, Node, Plugin};
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On};
use std::sync::LazyLock;

pub const CHECK: On = On::Plugin(check);

const NOTE: &str =
    "the Marketplace wants an e-mail address of every plugin; Dify itself does not read it";
const HELP: &str = "write `contact: you@example.org`";

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest(plugin) else {
        return;
    };
    let contact = manifest.get("contact");
    let written = contact.and_then(|it| it.text()).map(str::trim);
    let draft = match (contact, written) {
        (Some(node), Some(text)) if !text.is_empty() => {
            if is_address(text) {
                return;
            }
            let message = format!("the contact `{}` is no e-mail address", shorten(text));
            Draft::node(node, message).rule(RuleId("listing/malformed-contact"))
        }
        (Some(node), _) => empty(node),
        (None, _) => Draft::file(MANIFEST, "the manifest has no `contact`")
            .rule(RuleId("listing/missing-contact")),
    };
    cx.report(
        draft
            .stages(Stages::only(Stage::Marketplace))
            .note(NOTE)
            .help(HELP),
    );
}

fn empty(node: Node<'_>) -> Draft {
    let written = describe(node.tree(), node.id());
    Draft::key(
        node,
        format!("`contact` must be an e-mail address, not {written}"),
    )
    .rule(RuleId("listing/missing-contact"))
}

fn is_address(text: &str) -> bool {
    static ADDRESS: LazyLock<Option<regex::Regex>> =
        LazyLock::new(|| regex::Regex::new(r"^[^@\s]+@[^@\s]+\.[^@\s]+$").ok());
    ADDRESS
        .as_ref()
        .is_none_or(|address| address.is_match(text))
}
