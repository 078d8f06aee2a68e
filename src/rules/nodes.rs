//! The nodes of a document that checks are called for, found by the schema.

use crate::format::{Shape, ShapeId, shapes};
use crate::plugin::{Document, Node};
use crate::yaml::{NodeId, Tree};

/// Nodes that are called so in the schemas.
fn called<'p>(document: &'p Document, nouns: &[&str]) -> Vec<Node<'p>> {
    shaped(document)
        .iter()
        .filter(|(_, shape)| nouns.contains(&shapes().get(*shape).noun.as_str()))
        .map(|(id, _)| Node::new(document, *id))
        .filter(|node| node.is_mapping())
        .collect()
}

/// Parameters of tools, strategies, datasources, events and subscription constructors.
pub fn parameters(document: &Document) -> Vec<Node<'_>> {
    called(document, &["parameter"])
}

/// Credentials, settings and subscription fields.
pub fn credentials(document: &Document) -> Vec<Node<'_>> {
    called(document, &["credential", "setting", "client setting", "subscription field"])
}

/// Mappings from locales to texts.
pub fn localized(document: &Document) -> Vec<Node<'_>> {
    called(document, &["localized text"])
}

/// The mappings of a document that the schema knows, each with its shape.
pub fn mappings(document: &Document) -> impl Iterator<Item = (Node<'_>, &'static Shape)> {
    shaped(document)
        .iter()
        .map(|(id, shape)| (Node::new(document, *id), shapes().get(*shape)))
        .filter(|(node, shape)| node.is_mapping() && !shape.properties.is_empty())
}

/// Every node of a document that the schema knows, with its shape, as it is written: an alias
/// stands for itself, and what it names is visited where it is written.
pub fn shaped(document: &Document) -> &[(NodeId, ShapeId)] {
    document.shaped.get_or_init(|| {
        let tree = document.tree();
        let mut found = Vec::new();
        if let Some(root) = tree.root() {
            visit(tree, root, shapes().root(document.kind), &mut found, 0);
        }
        found
    })
}

fn visit(
    tree: &Tree,
    node: NodeId,
    id: ShapeId,
    found: &mut Vec<(NodeId, ShapeId)>,
    depth: usize,
) {
    if depth > 64 {
        return;
    }
    found.push((node, id));
    let shape = shapes().get(id);
    for (key, value) in tree.pairs(node) {
        let property = tree
            .is_scalar(key)
            .then(|| shape.property(tree.text(key)).or(shape.additional))
            .flatten();
        if let Some(property) = property {
            visit(tree, value, property, found, depth + 1);
        }
    }
    if let Some(items) = shape.items.filter(|_| tree.is_sequence(node)) {
        for item in tree.items(node) {
            visit(tree, *item, items, found, depth + 1);
        }
    }
}
