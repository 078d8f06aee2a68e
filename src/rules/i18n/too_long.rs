//! Texts longer than the daemon's own limit, where nothing enforces it before a release does.

use crate::format::words::name_of;
use crate::format::{DocumentKind, shapes};
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    // in a manifest the packager itself refuses it
    if matches!(document.kind, DocumentKind::Manifest | DocumentKind::Bundle) {
        return;
    }
    let tree = document.tree();
    for (node, shape) in nodes::mappings(document).filter(|(_, it)| it.noun == "localized text") {
        for (key, value) in tree.pairs(node.id()) {
            let property = shape.property(tree.text(key)).map(|id| shapes().get(id));
            let Some(limit) = property.and_then(|it| it.plain.max_length) else {
                continue;
            };
            let text = Node::new(document, value).text().unwrap_or_default();
            // never more characters than bytes
            if text.len() as u64 <= limit {
                continue;
            }
            let length = text.chars().count();
            if length as u64 > limit {
                let message = format!(
                    "{} has {length} characters, more than {limit}",
                    name_of(tree, value)
                );
                cx.report(
                    Draft::key(Node::new(document, value), message)
                        .note("the daemon checks this limit when a plugin is debugged remotely, and refuses it then")
                        .help(format!("shorten it to {limit} characters; details belong in the README")),
                );
            }
        }
    }
}
