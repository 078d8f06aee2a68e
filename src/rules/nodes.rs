//! The nodes of a document that checks are called for, found by the schema.

use super::locales::{Localized, Values};
use crate::format::{Shape, ShapeId, shapes};
use crate::plugin::{Document, Node};
use crate::yaml::NodeId;
use std::sync::Arc;

/// The mappings of a document by what the schemas call them.
#[derive(Default)]
pub struct Called {
    /// Parameters of tools, strategies, datasources, events and subscription constructors.
    pub parameters: Vec<NodeId>,
    /// Credentials, settings and subscription fields.
    pub credentials: Vec<NodeId>,
    /// Entries of a selection, with their shapes.
    pub options: Vec<(NodeId, ShapeId)>,
    /// Mappings from locales to texts.
    pub localized: Vec<Values>,
}

impl Called {
    fn of(document: &Document) -> Self {
        let mut called = Self::default();
        let shapes = shapes();
        for (id, shape) in document.shaped() {
            let noun = shapes.get(*shape).noun.as_str();
            let node = Node::new(document, *id);
            if noun.is_empty() || !node.is_mapping() {
                continue;
            }
            match noun {
                "parameter" => called.parameters.push(*id),
                "credential" | "setting" | "client setting" | "subscription field" => {
                    called.credentials.push(*id);
                }
                "option" => called.options.push((*id, *shape)),
                "localized text" => called.localized.push(Values::of(node)),
                _ => {}
            }
        }
        called
    }
}

/// What checks are called for in a document; found on first use.
pub fn called(document: &Document) -> Arc<Called> {
    document.derived(Called::of)
}

/// Mappings from locales to texts.
pub fn localized<'p>(
    document: &'p Document,
    called: &Called,
) -> impl Iterator<Item = Localized<'p>> {
    let texts = called.localized.iter();
    texts.map(|values| Localized::new(document, *values))
}

/// The mappings of a document that the schema knows, each with its shape.
pub fn mappings(document: &Document) -> impl Iterator<Item = (Node<'_>, &'static Shape)> {
    shaped(document)
        .iter()
        .map(|(id, shape)| (Node::new(document, *id), shapes().get(*shape)))
        .filter(|(node, shape)| !shape.properties.is_empty() && node.is_mapping())
}

/// Every node of a document that the schema knows, with its shape.
pub fn shaped(document: &Document) -> &[(NodeId, ShapeId)] {
    document.shaped()
}
