//! The nodes of a document that checks are called for, found by the schema.

use super::locales::{Localized, Values};
use crate::format::{Shape, ShapeId, shapes};
use crate::plugin::{Document, Node};
use crate::yaml::NodeId;

/// The nodes of a document by what the schemas call them.
#[derive(Default)]
struct Called {
    parameters: Vec<NodeId>,
    credentials: Vec<NodeId>,
    localized: Vec<Values>,
}

impl Called {
    fn of(document: &Document) -> Self {
        let mut called = Self::default();
        for (id, shape) in document.shaped() {
            let node = Node::new(document, *id);
            if !node.is_mapping() {
                continue;
            }
            match shapes().get(*shape).noun.as_str() {
                "parameter" => called.parameters.push(*id),
                "credential" | "setting" | "client setting" | "subscription field" => {
                    called.credentials.push(*id);
                }
                "localized text" => called.localized.push(Values::of(node)),
                _ => {}
            }
        }
        called
    }
}

fn called<'p>(document: &'p Document, which: fn(&Called) -> &[NodeId]) -> Vec<Node<'p>> {
    let called = document.derived(Called::of);
    let nodes = which(&called).iter();
    nodes.map(|id| Node::new(document, *id)).collect()
}

/// Parameters of tools, strategies, datasources, events and subscription constructors.
pub fn parameters(document: &Document) -> Vec<Node<'_>> {
    called(document, |it| &it.parameters)
}

/// Credentials, settings and subscription fields.
pub fn credentials(document: &Document) -> Vec<Node<'_>> {
    called(document, |it| &it.credentials)
}

/// Mappings from locales to texts.
pub fn localized(document: &Document) -> Vec<Localized<'_>> {
    let called = document.derived(Called::of);
    let texts = called.localized.iter();
    texts.map(|it| Localized::new(document, *it)).collect()
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
