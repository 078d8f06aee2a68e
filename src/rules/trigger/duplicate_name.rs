//! Names under which the SDK registers trigger providers and events, once each.

use crate::finding::{Stage, Stages};
use crate::format::{DocumentKind, sdk_get, sdk_text};
use crate::plugin::{Document, Plugin};
use crate::rules::{Context, Draft, On};
use crate::yaml::NodeId;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut providers = Vec::new();
    for (at, provider) in plugin.documents.iter().enumerate() {
        if provider.kind != DocumentKind::TriggerProvider || !provider.sdk {
            continue;
        }
        providers.push(provider);
        let events = plugin.references.iter().filter(|it| it.from == at && it.sdk);
        let events: Vec<&Document> = events
            .filter_map(|it| {
                let path = it.path.as_deref()?;
                plugin.of_kind(DocumentKind::Event).find(|event| **event.path() == *path)
            })
            .collect();
        twice(&events, "event", cx);
    }
    twice(&providers, "trigger provider", cx);
}

fn twice(documents: &[&Document], noun: &str, cx: &mut Context<'_>) {
    let mut seen: Vec<(&str, &Document, NodeId)> = Vec::new();
    for document in documents {
        let Some((name, node)) = name_of(document) else { continue };
        let Some((_, other, first)) = seen.iter().find(|(known, ..)| *known == name) else {
            seen.push((name, document, node));
            continue;
        };
        cx.report(
            Draft::at(document, node, format!("the {noun} `{name}` is there twice"))
                .stages(Stages::only(Stage::Start))
                .label(other.place(*first), "first here")
                .note("the SDK stops with \"already registered\"")
                .help("give each its own name"),
        );
    }
}

fn name_of(document: &Document) -> Option<(&str, NodeId)> {
    let tree = document.tree();
    let name = sdk_get(tree, sdk_get(tree, document.root()?, "identity")?, "name")?;
    Some((sdk_text(tree, name)?, name))
}
