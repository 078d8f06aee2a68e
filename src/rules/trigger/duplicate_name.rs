//! Names under which the SDK registers trigger providers and events, once each.

use crate::finding::{Stage, Stages};
use crate::format::words::shorten;
use crate::format::{DocumentKind, sdk_get, sdk_text};
use crate::plugin::{Document, Plugin, Reference};
use crate::rules::{Context, Draft, On};
use crate::yaml::NodeId;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    twice(plugin, 0, DocumentKind::TriggerProvider, cx);
    for (at, provider) in plugin.documents.iter().enumerate() {
        if provider.kind == DocumentKind::TriggerProvider && provider.sdk {
            twice(plugin, at, DocumentKind::Event, cx);
        }
    }
}

/// Reports the documents of a kind that one document lists under the same name.
fn twice(plugin: &Plugin, from: usize, kind: DocumentKind, cx: &mut Context<'_>) {
    let mut seen: Vec<(&str, &Document, NodeId, &Reference)> = Vec::new();
    for reference in plugin
        .references
        .iter()
        .filter(|it| it.from == from && it.kind == kind)
    {
        let document = reference
            .path
            .as_deref()
            .filter(|_| reference.sdk)
            .and_then(|path| plugin.of_kind(kind).find(|it| **it.path() == *path));
        let Some(document) = document else { continue };
        let Some((name, node)) = name_of(document) else {
            continue;
        };
        let Some((_, other, first, listed)) = seen.iter().find(|(known, ..)| *known == name) else {
            seen.push((name, document, node, reference));
            continue;
        };
        let lister = &plugin.documents[from];
        let draft = if document.path() == other.path() {
            let written = shorten(&reference.written);
            Draft::at(
                lister,
                reference.node,
                format!("the {kind} `{written}` is listed twice"),
            )
            .label(lister.place(listed.node), "first here")
            .help("list it once")
        } else {
            Draft::at(
                document,
                node,
                format!("two {kind}s have the name `{name}`"),
            )
            .label(other.place(*first), "the first one")
            .help("give each its own name; workflows know them by it")
        };
        cx.report(
            draft
                .stages(Stages::only(Stage::Start))
                .note("the SDK registers each name once and stops with \"already registered\""),
        );
    }
}

fn name_of(document: &Document) -> Option<(&str, NodeId)> {
    let tree = document.tree();
    let name = sdk_get(tree, sdk_get(tree, document.root()?, "identity")?, "name")?;
    Some((sdk_text(tree, name)?, name))
}
