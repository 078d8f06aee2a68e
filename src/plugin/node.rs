use super::Document;
use crate::finding::Place;
use crate::format::{daemon_entries, daemon_entry};
use crate::yaml::{NodeId, Tree, go};

/// A node of a document, read as the daemon reads it: aliases and merge keys followed, numbers
/// kept as they are spelt. The typed views of the document kinds are made of it.
#[derive(Clone, Copy)]
pub struct Node<'p> {
    document: &'p Document,
    id: NodeId,
}

impl<'p> Node<'p> {
    /// A node of a document.
    #[inline]
    pub const fn new(document: &'p Document, id: NodeId) -> Self {
        Self { document, id }
    }

    /// The top mapping of a document.
    pub fn root(document: &'p Document) -> Option<Self> {
        document.root().map(|id| Self { document, id })
    }

    /// The document that holds the node.
    #[inline]
    pub const fn document(self) -> &'p Document {
        self.document
    }

    /// The node as it is written, an alias included.
    #[inline]
    pub const fn id(self) -> NodeId {
        self.id
    }

    /// Where it is written.
    pub fn place(self) -> Place {
        self.document.place(self.id)
    }

    /// Where its key is written; its own place if it has none.
    pub fn key_place(self) -> Place {
        let key = self.tree().key_of(self.id);
        self.document.place(key.unwrap_or(self.id))
    }

    /// The value of a key; `None` when it is absent or null.
    pub fn get(self, key: &str) -> Option<Self> {
        let tree = self.tree();
        let id = daemon_entry(tree, self.id, key)?;
        let node = Self {
            document: self.document,
            id,
        };
        (!node.is_null()).then_some(node)
    }

    /// The value at the end of a path of keys.
    pub fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Keys (their nodes) and values of a mapping, merge keys followed; empty for anything else.
    pub fn entries(self) -> Vec<(Self, Self)> {
        self.pairs().collect()
    }

    /// The [`Node::entries`], one after the other.
    pub fn pairs(
        self,
    ) -> impl ExactSizeIterator<Item = (Self, Self)> + DoubleEndedIterator + use<'p> {
        let document = self.document;
        let node = move |id| Self { document, id };
        daemon_entries(self.tree(), self.id).map(move |(key, value)| (node(key), node(value)))
    }

    /// The items of a list, nulls left out; empty for anything else.
    pub fn items(self) -> Vec<Self> {
        let items = self.written_items();
        items.filter(|node| !node.is_null()).collect()
    }

    /// The items of a list, nulls included; empty for anything else.
    pub fn written_items(self) -> impl Iterator<Item = Self> + use<'p> {
        let document = self.document;
        let items = self.tree().items(self.target()).iter();
        items.map(move |id| Self { document, id: *id })
    }

    /// The text of a scalar as it is spelt; `None` for null and for collections.
    #[inline]
    pub fn text(self) -> Option<&'p str> {
        let tree = self.tree();
        if tree.is_plainly_text(self.id) {
            return Some(tree.text(self.id));
        }
        let target = self.target();
        (tree.is_scalar(target) && !self.is_null()).then(|| tree.text(target))
    }

    /// The text at a key.
    pub fn text_at(self, key: &str) -> Option<&'p str> {
        self.get(key)?.text()
    }

    /// True or false, as the daemon takes it for a boolean field.
    pub fn bool(self) -> Option<bool> {
        let target = self.target();
        let scalar = go::resolve(self.tree(), target).ok()?;
        go::to_bool(&scalar, self.tree().text(target))
    }

    /// The number of a scalar.
    pub fn number(self) -> Option<f64> {
        let target = self.target();
        self.tree().is_scalar(target).then_some(())?;
        go::to_float(&go::resolve(self.tree(), target).ok()?)
    }

    /// True for a list.
    #[inline]
    pub fn is_list(self) -> bool {
        self.tree().is_sequence(self.target())
    }

    /// True for a mapping.
    #[inline]
    pub fn is_mapping(self) -> bool {
        self.tree().is_mapping(self.target())
    }

    /// True for an explicit or empty null.
    #[inline]
    pub fn is_null(self) -> bool {
        let target = self.target();
        self.tree().is_scalar(target) && go::is_null(self.tree(), target)
    }

    /// The tree that holds the node.
    #[inline]
    pub fn tree(self) -> &'p Tree {
        self.document.tree()
    }

    #[inline]
    fn target(self) -> NodeId {
        self.tree().target(self.id).unwrap_or(self.id)
    }
}
