//! Files that stand in a role they were not written for: a tool listed as a provider, a README as
//! a position file. One finding at the reference says so, instead of many in the file.

use crate::format::words::with_article;
use crate::format::{DocumentKind, shape_of};
use crate::plugin::{Document, Plugin};

/// What a document seems to be instead; `None` when it may well be what it is taken for.
pub fn instead(plugin: &Plugin, document: &Document) -> Option<String> {
    document.parent?;
    if !is_yaml(document.path()) {
        return Some("a file of another format".to_owned());
    }
    let tree = document.tree();
    let root = tree.root().and_then(|root| tree.target(root))?;
    if let Some(kind) = other_role(plugin, document) {
        return Some(format!("the {kind} of this plugin"));
    }
    if !tree.is_mapping(root) {
        return None;
    }
    let keys: Vec<&str> = tree.pairs(root).map(|(key, _)| tree.text(key)).collect();
    let knows = |kind: DocumentKind| {
        let shape = shape_of(kind);
        !shape.properties.is_empty() && keys.iter().all(|key| shape.property(key).is_some())
    };
    if keys.is_empty() || knows(document.kind) {
        return None;
    }
    let kinds = DocumentKind::ALL.into_iter();
    let fitting = kinds
        .filter(|kind| *kind != document.kind)
        .find(|kind| knows(*kind))?;
    Some(with_article(fitting))
}

/// Another role in which the plugin uses the same file, when that came first.
fn other_role(plugin: &Plugin, document: &Document) -> Option<DocumentKind> {
    let first = plugin
        .documents
        .iter()
        .find(|other| other.path() == document.path())?;
    (first.kind != document.kind).then_some(first.kind)
}

/// True for the endings that YAML files have.
pub fn is_yaml(path: &str) -> bool {
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|ending| path.ends_with(ending))
}
