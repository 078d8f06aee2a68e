//! An author that looks like a tenant of Dify.

use crate::dialect::uuid;
use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(author) = manifest.get("author") else {
        return;
    };
    let Some(text) = author.text().filter(|text| uuid::is_uuid(text)) else {
        return;
    };
    cx.report(
        Draft::node(author, format!("the author `{text}` is a UUID"))
            .stages(Stages::only(Stage::Install))
            .note("the daemon keeps UUIDs for plugins under debugging and refuses the upload")
            .help("write your name on GitHub, in lower case"),
    );
}
