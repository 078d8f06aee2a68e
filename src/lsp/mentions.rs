//! Words of a document that repeat a word which stands elsewhere in the plugin: a default is one of
//! the options, a condition names a field, a position file lists models.

use super::completion::Draft;
use super::cursor::Cursor;
use super::fields::shape;
use super::snapshot::Target;
use crate::format::{DocumentKind, scopes};
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
    let in_condition = || noun(cursor, node, kind) == Some("condition");
    let words = match key(tree, node) {
        _ if kind == DocumentKind::Position => models(target),
        Some("default") => match options(tree, tree.parent(node)) {
            options if options.is_empty() => return truths(tree, node),
            options => options,
        },
        Some("scope") => selected(target, cursor, node),
        Some("variable") if in_condition() => variables(tree, node),
        Some("value") if in_condition() => conditional(tree, node),
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
    Some(shape(cursor.shape_of(mapping, kind)?).noun)
}

/// The values of the options of a field.
fn options(tree: &Tree, field: Option<NodeId>) -> Vec<String> {
    let options = field.and_then(|it| tree.get(it, "options"));
    let options = options.map_or(&[][..], |it| tree.items(it)).iter();
    options
        .filter_map(|option| tree.get(*option, "value"))
        .map(|value| tree.text(value).to_owned())
        .collect()
}

/// The word beside a value that says what type it is.
fn type_of(tree: &Tree, node: NodeId) -> Option<&str> {
    let field = tree.parent(node)?;
    Some(tree.text(tree.get(field, "type")?))
}

/// The defaults of a field that is ticked or not.
fn truths(tree: &Tree, node: NodeId) -> Vec<Draft> {
    if type_of(tree, node) != Some("boolean") {
        return Vec::new();
    }
    let words = ["true", "false"].into_iter();
    words
        .map(|word| Draft::literal(word, CompletionItemKind::Keyword, String::new()))
        .collect()
}

/// What a selector may offer. Several words are joined: those that stand there already stay.
fn selected(target: &Target, cursor: &Cursor, node: NodeId) -> Vec<String> {
    let written = target.file.slice(cursor.span);
    let kept = written
        .rfind('&')
        .map_or("", |at| written.get(..=at).unwrap_or(""));
    let known = scopes(type_of(&cursor.tree, node).unwrap_or(""));
    let new = known
        .iter()
        .filter(|word| !kept.split('&').any(|it| it.trim() == **word));
    new.map(|word| format!("{kept}{word}")).collect()
}

/// The fields of the form that a condition stands in, and the one that it is about.
fn form(tree: &Tree, node: NodeId) -> (Vec<NodeId>, Option<NodeId>) {
    let mut fields = Vec::new();
    let mut own = None;
    let mut at = node;
    while let Some(above) = tree.parent(at) {
        // the condition itself and the options around it are no fields
        let is_field = tree.is_mapping(at) && at != node && declared(tree, at).is_some();
        if is_field && tree.is_sequence(above) {
            own = Some(at);
            fields.extend(tree.items(above));
        }
        at = above;
    }
    (fields, own)
}

/// The names of the other fields.
fn variables(tree: &Tree, node: NodeId) -> Vec<String> {
    let (fields, own) = form(tree, node);
    let names = fields.into_iter().filter_map(|field| declared(tree, field));
    let own = own.and_then(|field| declared(tree, field));
    let names: BTreeSet<&str> = names.filter(|name| Some(*name) != own).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// What the field may be that a condition looks at.
fn conditional(tree: &Tree, node: NodeId) -> Vec<String> {
    let looked_at = tree.parent(node).and_then(|it| tree.get(it, "variable"));
    let Some(name) = looked_at.map(|it| tree.text(it)) else {
        return Vec::new();
    };
    let (fields, _) = form(tree, node);
    let field = fields
        .into_iter()
        .find(|it| declared(tree, *it) == Some(name));
    options(tree, field)
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
