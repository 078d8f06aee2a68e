//! A plugin needs a provider, and few kinds go together.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::one_of;
use crate::plugin::{Node, Plugin};
use crate::rules::documents::manifest_document;
use crate::rules::{Context, Draft, On};
use crate::yaml::Reader;

pub const CHECK: On = On::Plugin(check);

/// The kinds in the order of the lists, with the manifest's key for one that stands inline.
const INLINE: [&str; 6] = [
    "tool",
    "endpoint",
    "model",
    "agent_strategy",
    "datasource",
    "trigger",
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest_document(plugin) else {
        return;
    };
    let Some(root) = Node::root(manifest) else {
        return;
    };
    if manifest.tree().refused_by(Reader::Daemon).is_some() {
        return;
    }
    let mut present: Vec<(&str, Node<'_>)> = Vec::new();
    for ((list, kind), inline) in DocumentKind::PROVIDERS.into_iter().zip(INLINE) {
        let named = plugin
            .references
            .iter()
            .rev()
            .find(|it| it.from == 0 && it.kind == kind && it.daemon)
            .map(|it| Node::new(manifest, it.node));
        if named.is_some() {
            let paths = root.at(&["plugins", list]);
            present.extend(paths.or(named).map(|node| (list, node)));
        } else if let Some(node) = root.get(inline) {
            present.push((list, node));
        }
    }
    if present.is_empty() {
        none(root, cx);
    }
    let together = ["tools", "endpoints"];
    let alone = present.iter().find(|(list, _)| !together.contains(list));
    if let (Some((list, node)), 2..) = (alone, present.len()) {
        let others: Vec<&str> = present
            .iter()
            .map(|(other, _)| *other)
            .filter(|other| other != list)
            .collect();
        let mut draft = Draft::key(
            *node,
            format!("`{list}` cannot go with {}", one_of(&others)),
        )
        .rule(RuleId("manifest/forbidden-combination"))
        .stages(Stages::only(Stage::Install))
        .note("the daemon lets only tools and endpoints share a plugin and refuses the upload")
        .help("make a plugin of its own for each kind");
        for (other, place) in present.iter().filter(|(other, _)| other != list) {
            draft = draft.label(place.key_place(), format!("`{other}` here"));
        }
        cx.report(draft);
    }
}

fn none(root: Node<'_>, cx: &mut Context<'_>) {
    let draft = match root.get("plugins") {
        Some(plugins) => Draft::key(plugins, "the manifest names no provider"),
        None => Draft::node(root, "the manifest names no provider"),
    };
    let lists = DocumentKind::PROVIDERS.map(|(list, _)| list);
    cx.report(
        draft
            .rule(RuleId("manifest/no-provider"))
            .stages(Stages::only(Stage::Install))
            .note("the daemon refuses to install a plugin that provides nothing")
            .help(format!(
                "list a provider file under `plugins`, in {}",
                one_of(&lists)
            )),
    );
}
