//! The nodes of a document that checks are called for, found by the schema.

use super::locales::{Localized, Values};
use crate::format::{Shape, ShapeId, shapes};
use crate::plugin::{Document, Node, Plugin};
use crate::threads;
use crate::yaml::NodeId;
use std::cell::OnceCell;
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
            let noun = shapes.get(*shape).noun;
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

/// What checks are called for in each document of a plugin, for the time of one run: it is asked
/// for by many of them.
pub struct Nodes<'p> {
    plugin: &'p Plugin,
    called: Vec<OnceCell<Arc<Called>>>,
    localized: Vec<OnceCell<Vec<Localized<'p>>>>,
}

impl<'p> Nodes<'p> {
    /// Of this plugin.
    pub fn of(plugin: &'p Plugin) -> Self {
        threads::ahead(&plugin.documents, |document| _ = called(document));
        let documents = plugin.documents.iter();
        Self {
            plugin,
            called: documents.clone().map(|_| OnceCell::new()).collect(),
            localized: documents.map(|_| OnceCell::new()).collect(),
        }
    }

    /// Of the document of this number.
    pub fn called(&self, at: usize) -> &Called {
        self.called[at].get_or_init(|| called(&self.plugin.documents[at]))
    }

    /// The mappings from locales to texts in the document of this number.
    pub fn localized(&self, at: usize) -> &[Localized<'p>] {
        let document = &self.plugin.documents[at];
        self.localized[at].get_or_init(|| localized(document, self.called(at)).collect())
    }
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
