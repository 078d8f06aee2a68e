//! The pictures that the documents of a plugin name as its icons.

use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use std::collections::BTreeMap;

/// What an icon is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Shown in a square.
    Square,
    /// Shown as wide as it is.
    Wide,
}

/// Paths of the icons that exist, with the first node that names each.
pub fn all<'p>(plugin: &'p Plugin) -> BTreeMap<String, (Node<'p>, Use)> {
    let mut found: BTreeMap<String, (Node<'p>, Use)> = BTreeMap::new();
    let mut add = |node: Option<Node<'p>>, shown: Use| {
        let Some(node) = node else { return };
        let path = node
            .text()
            .and_then(|name| crate::dialect::clean_path(&format!("_assets/{name}")));
        if let Some(path) = path.filter(|path| plugin.has_file(path)) {
            found.entry(path).or_insert((node, shown));
        }
    };
    for document in &plugin.documents {
        let Some(root) = Node::root(document) else {
            continue;
        };
        match document.kind {
            DocumentKind::Manifest | DocumentKind::Bundle => {
                add(root.get("icon"), Use::Square);
                add(root.get("icon_dark"), Use::Square);
            }
            DocumentKind::ModelProvider => {
                for (key, shown) in [
                    ("icon_small", Use::Square),
                    ("icon_small_dark", Use::Square),
                    ("icon_large", Use::Wide),
                    ("icon_large_dark", Use::Wide),
                ] {
                    let names = root.get(key).map(Node::entries).unwrap_or_default();
                    for (_, name) in names {
                        add(Some(name), shown);
                    }
                }
            }
            DocumentKind::ToolProvider
            | DocumentKind::AgentStrategyProvider
            | DocumentKind::DatasourceProvider
            | DocumentKind::Datasource
            | DocumentKind::TriggerProvider => {
                add(root.at(&["identity", "icon"]), Use::Square);
                add(root.at(&["identity", "icon_dark"]), Use::Square);
            }
            _ => {}
        }
    }
    found
}
