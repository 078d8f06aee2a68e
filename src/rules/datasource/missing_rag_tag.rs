//! The tag under which datasources are found.

use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if plugin
        .of_kind(DocumentKind::DatasourceProvider)
        .next()
        .is_none()
    {
        return;
    }
    let Some(root) = plugin.manifest().and_then(Node::root) else {
        return;
    };
    let Some(plugins) = root.get("plugins") else {
        return;
    };
    let tags = root.get("tags");
    if tags
        .map_or_else(Vec::new, Node::items)
        .iter()
        .any(|tag| tag.text() == Some("rag"))
    {
        return;
    }
    let place = tags
        .or_else(|| plugins.get("datasources"))
        .unwrap_or(plugins);
    cx.report(
        Draft::key(place, "a datasource without the tag `rag`")
            .note("the Marketplace lists datasources under this tag")
            .fix(match tags {Some(tags) => repair::node::append(tags, "rag", repair::Unsafe), None => repair::node::add(root, "tags", "- rag\n", repair::Unsafe)}).help("add `rag` to `tags` in the manifest, not in the provider, where the SDK refuses it"),
    );
}
