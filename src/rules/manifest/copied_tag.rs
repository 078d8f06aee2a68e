//! Tags that the daemon copies from the manifest to where the console refuses them.

use crate::finding::{Stage, Stages};
use crate::format::{ConsoleText, DocumentKind, Shape, shape_of, shapes};
use crate::plugin::{Node, Plugin};
use crate::rules::documents::manifest_document;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest_document(plugin) else {
        return;
    };
    // the daemon keeps the last provider
    let Some(provider) = plugin
        .of_kind(DocumentKind::ToolProvider)
        .filter(|it| it.daemon)
        .last()
    else {
        return;
    };
    let own = Node::root(provider).and_then(|it| it.at(&["identity", "tags"]));
    if own.is_some_and(|tags| !tags.items().is_empty()) {
        return;
    }
    let known = tags(DocumentKind::Manifest, &["tags"]).map_or(&[][..], |it| &it.plain.words);
    let tool = tags(DocumentKind::ToolProvider, &["identity", "tags"]);
    let Some(ConsoleText::Words(taken)) = tool.and_then(|it| it.console.as_ref()) else {
        return;
    };
    let root = Node::root(manifest);
    for tag in root
        .and_then(|root| root.get("tags"))
        .map_or_else(Vec::new, Node::items)
    {
        let Some(text) = tag.text() else { continue };
        if taken.contains(&text) || !known.contains(&text) {
            continue;
        }
        cx.report(
            Draft::node(
                tag,
                format!("the console refuses the tag `{text}` on tools"),
            )
            .stages(Stages::only(Stage::Console))
            .label(
                provider.place(own.map_or(provider.root().unwrap_or(tag.id()), Node::id)),
                "no tags of its own, so it gets those of the manifest",
            )
            .note("one such plugin empties the list of tools for the whole workspace")
            .fix(repair::node::remove(tag, repair::Unsafe))
            .help("give the tool provider `tags` of its own below `identity`, or remove this one"),
        );
    }
}

/// The shape of one tag.
fn tags(kind: DocumentKind, keys: &[&str]) -> Option<&'static Shape> {
    let shape = keys.iter().try_fold(shape_of(kind), |shape, key| {
        shape.property(key).map(|id| shapes().get(id))
    })?;
    shape.items.map(|id| shapes().get(id))
}
