//! Words of a document that repeat a word which stands elsewhere in the plugin: a default is one of
//! the options, a condition names a field, a position file lists models.

use super::completion::Draft;
use super::cursor::Cursor;
use super::fields::shape;
use super::snapshot::Target;
use crate::format::DocumentKind;
use crate::plugin::{Document, Node};
use crate::source::parent;
use crate::yaml::{NodeId, Tree};
use lsp_types::CompletionItemKind;
use std::collections::BTreeSet;

/// The words that may stand at a value or item of the document under the cursor.
pub fn completions(
    target: &Target,
    cursor: &Cursor,
    node: NodeId,
    kind: DocumentKind,
) -> Vec<Draft> {
    let tree = &cursor.tree;
    let words = match key(tree, node) {
        _ if kind == DocumentKind::Position => models(target),
        Some("default") => options(tree, node),
        Some("variable") if noun(cursor, node, kind) == Some("condition") => variables(tree, node),
        _ => Vec::new(),
    };
    words
        .into_iter()
        .map(|word| Draft::value(word, CompletionItemKind::Reference))
        .collect()
}

fn key(tree: &Tree, node: NodeId) -> Option<&str> {
    tree.key_of(node).map(|key| tree.text(key))
}

/// What the mapping that holds a value is called.
fn noun(cursor: &Cursor, node: NodeId, kind: DocumentKind) -> Option<&'static str> {
    let mapping = cursor.tree.parent(node)?;
    Some(shape(cursor.shape_of(mapping, kind)?).noun.as_str())
}

/// The values of the options beside a default.
fn options(tree: &Tree, node: NodeId) -> Vec<String> {
    let options = tree.parent(node).and_then(|it| tree.get(it, "options"));
    let options = options.map_or(&[][..], |it| tree.items(it)).iter();
    options
        .filter_map(|option| tree.get(*option, "value"))
        .map(|value| tree.text(value).to_owned())
        .collect()
}

/// The fields of the form that a condition stands in.
fn variables(tree: &Tree, node: NodeId) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut own = None;
    let mut at = node;
    while let Some(above) = tree.parent(at) {
        let name = tree.is_mapping(at).then(|| declared(tree, at)).flatten();
        // the condition itself and the options around it are no fields
        if let Some(name) = name.filter(|_| tree.is_sequence(above) && at != node) {
            own = Some(name);
            for field in tree.items(above) {
                found.extend(declared(tree, *field).map(str::to_owned));
            }
        }
        at = above;
    }
    if let Some(own) = own {
        found.remove(own);
    }
    found.into_iter().collect()
}

/// The name that a field of a form declares.
fn declared(tree: &Tree, field: NodeId) -> Option<&str> {
    let name = tree.get(field, "name").or_else(|| {
        tree.get(field, "variable")
            .filter(|_| tree.get(field, "value").is_none())
    })?;
    tree.is_scalar(name).then(|| tree.text(name))
}

/// The models beside a position file.
fn models(target: &Target) -> Vec<String> {
    let folder = parent(&target.path);
    let documents = target.analysis.plugin().documents.iter();
    let beside = |it: &&Document| it.kind == DocumentKind::Model && parent(it.path()) == folder;
    documents
        .filter(beside)
        .filter_map(|it| Some(Node::root(it)?.text_at("model")?.to_owned()))
        .collect()
}
