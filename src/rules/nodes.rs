//! The nodes of a document that checks are called for, found by the schema.

use crate::format::{Shape, ShapeId, shapes};
use crate::plugin::{Document, Node};
use crate::yaml::NodeId;

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
    called(
        document,
        &[
            "credential",
            "setting",
            "client setting",
            "subscription field",
        ],
    )
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

/// Every node of a document that the schema knows, with its shape.
pub fn shaped(document: &Document) -> &[(NodeId, ShapeId)] {
    document.shaped()
}
