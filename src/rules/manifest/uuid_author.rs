//! An author that looks like a tenant of Dify.

use crate::dialect::uuid;
use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(author) = manifest.get("author") else { return };
    if !author.text().is_some_and(uuid::is_uuid) {
        return;
    }
    cx.report(
        Draft::node(author, "the author is a UUID")
            .stages(Stages::only(Stage::Install))
            .note("the daemon keeps UUIDs for plugins under debugging and refuses the upload")
            .help("write your name on GitHub, in lower case"),
    );
}
