//! The child documents that the SDK loads.

use super::{get, text};
use crate::format::DocumentKind;
use crate::format::daemon::{Child, ChildSource, MODEL_KEYS};
use crate::yaml::{NodeId, Tree};

/// The child documents that the SDK loads because of this one.
pub fn children(tree: &Tree, kind: DocumentKind) -> Vec<Child> {
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    match kind {
        DocumentKind::Manifest => {
            let Some(plugins) = get(tree, root, "plugins") else {
                return Vec::new();
            };
            DocumentKind::PROVIDERS
                .into_iter()
                .flat_map(|(key, child)| listed(tree, get(tree, plugins, key), child))
                .collect()
        }
        DocumentKind::ModelProvider => {
            let Some(models) = get(tree, root, "models") else {
                return Vec::new();
            };
            let lists = MODEL_KEYS.into_iter().filter_map(|key| {
                let list = get(tree, get(tree, models, key)?, "predefined")?;
                Some(items(tree, list))
            });
            lists
                .flatten()
                .filter_map(|item| {
                    let source = ChildSource::Pattern(text(tree, item)?.to_owned());
                    Some(Child {
                        node: item,
                        kind: DocumentKind::Model,
                        source,
                    })
                })
                .collect()
        }
        _ => {
            let Some((key, child)) = kind.children() else {
                return Vec::new();
            };
            listed(tree, get(tree, root, key), child)
        }
    }
}

fn listed(tree: &Tree, list: Option<NodeId>, kind: DocumentKind) -> Vec<Child> {
    let Some(list) = list else { return Vec::new() };
    items(tree, list)
        .into_iter()
        .filter_map(|item| {
            let mapping = tree.target(item).is_some_and(|item| tree.is_mapping(item));
            let source = match text(tree, item) {
                Some(path) => ChildSource::File(path.to_owned()),
                None if mapping => ChildSource::Inline,
                None => return None,
            };
            Some(Child {
                node: item,
                kind,
                source,
            })
        })
        .collect()
}

fn items(tree: &Tree, list: NodeId) -> Vec<NodeId> {
    tree.target(list)
        .map_or_else(Vec::new, |list| tree.items(list).to_vec())
}
