use crate::finding::Span;
use crate::yaml::parser;
use crate::yaml::{Reader, SyntaxError};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'`.
    Single,
    /// In `"`.
    Double,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A text; what type it has depends on the reader.
    Scalar(Style),
    /// A list.
    Sequence {
        /// Written in `[ ]`.
        flow: bool,
    },
    /// A list of pairs of key and value, duplicates kept.
    Mapping {
        /// Written in `{ }`.
        flow: bool,
    },
    /// `*name`.
    Alias,
}

/// An explicit tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where it is written.
    pub span: Span,
    /// Resolved: `tag:yaml.org,2002:str` for `!!str`, `!foo` for `!foo`, `!` for a bare `!`.
    pub name: String,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) parent: Option<NodeId>,
    /// Range in `Tree::children`: items, or keys and values in turn; for an alias its target, if known.
    /// For a scalar the range of its text in the source.
    pub(super) children: (u32, u32),
    /// Text of a scalar that is not just a piece of the source.
    pub(super) text: Option<Box<str>>,
    /// A scalar that is text to all readers, or a mapping that they take as it is written.
    pub(super) simple: bool,
}

/// One YAML document as it is written, with every key, value, style and byte span.
///
/// A file with syntax errors still has a tree of what could be read; `errors` tells which readers
/// refuse it. Only the first document of a stream becomes the tree.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(super) source: Arc<str>,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<NodeId>,
    pub(super) root: Option<NodeId>,
    pub(super) anchors: HashMap<NodeId, Span>,
    pub(super) tags: HashMap<NodeId, Tag>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) comments: Vec<Span>,
    /// Some node is an alias, has a tag, or is a mapping that not all readers take as it is written.
    pub(super) twisted: bool,
}

impl Tree {
    /// Reads the first document of a text. Never fails: what cannot be read is in `errors`.
    pub fn parse(text: &str) -> Self {
        Self::of(&text.into())
    }

    /// The same of a text that others hold too.
    pub fn of(text: &Arc<str>) -> Self {
        parser::parse(text)
    }

    /// The whole text that was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The top node; `None` for an empty document.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// What a node is.
    #[inline]
    pub fn kind(&self, node: NodeId) -> Kind {
        self.node(node).kind
    }

    /// Where a node is written, without its tag and anchor. A block collection ends with its last
    /// entry; a block scalar begins with its `|` or `>` and ends before the line break of its last
    /// line that is not empty; an empty value is the empty range after its `:` or `-`.
    #[inline]
    pub fn span(&self, node: NodeId) -> Span {
        self.node(node).span
    }

    /// The mapping or sequence that holds a node (a key, a value or an item).
    #[inline]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).parent
    }

    /// The anchor of a node: the span of the name after `&`.
    pub fn anchor(&self, node: NodeId) -> Option<Span> {
        self.anchors.get(&node).copied()
    }

    /// The explicit tag of a node.
    #[inline]
    pub fn tag(&self, node: NodeId) -> Option<&Tag> {
        self.tags.get(&node)
    }

    /// The text of a scalar after unquoting, unescaping and folding; the name of an alias; empty
    /// for collections.
    #[inline]
    pub fn text(&self, node: NodeId) -> &str {
        let data = self.node(node);
        match (&data.text, data.kind) {
            (Some(text), _) => text,
            (None, Kind::Scalar(_)) => {
                let (start, end) = data.children;
                self.source.get(Span::new(start, end).range()).unwrap_or("")
            }
            (None, Kind::Alias) => self.alias_name(node),
            (None, _) => "",
        }
    }

    // what is rare stands apart, so that `text` and `has_text` are few instructions where they are called
    #[cold]
    fn alias_name(&self, alias: NodeId) -> &str {
        self.raw(alias).strip_prefix('*').unwrap_or("")
    }

    /// True if [`Tree::text`] of the node is this text. Most keys that are looked for are told
    /// from others by their length.
    #[inline]
    pub fn has_text(&self, node: NodeId, text: &str) -> bool {
        let data = self.node(node);
        match (&data.text, data.kind) {
            (None, Kind::Scalar(_)) => {
                let (start, end) = data.children;
                end.wrapping_sub(start) as usize == text.len()
                    && self.source.as_bytes().get(Span::new(start, end).range())
                        == Some(text.as_bytes())
            }
            _ => self.has_made_text(node, text),
        }
    }

    #[cold]
    fn has_made_text(&self, node: NodeId, text: &str) -> bool {
        self.text(node) == text
    }

    /// The source text of a node.
    pub fn raw(&self, node: NodeId) -> &str {
        self.source.get(self.span(node).range()).unwrap_or("")
    }

    /// The items of a sequence; empty for anything else.
    #[inline]
    pub fn items(&self, node: NodeId) -> &[NodeId] {
        match self.kind(node) {
            Kind::Sequence { .. } => self.children(node),
            _ => &[],
        }
    }

    /// Keys and values of a mapping in order, duplicates and merge keys included; empty for
    /// anything else.
    #[inline]
    pub fn pairs(
        &self,
        node: NodeId,
    ) -> impl DoubleEndedIterator<Item = (NodeId, NodeId)> + ExactSizeIterator + '_ {
        let children = match self.kind(node) {
            Kind::Mapping { .. } => self.children(node),
            _ => &[],
        };
        children.chunks_exact(2).map(|pair| (pair[0], pair[1]))
    }

    /// The node an alias stands for, aliases of aliases followed; the node itself otherwise.
    /// `None` when the anchor is unknown or leads back to itself.
    #[inline]
    pub fn target(&self, node: NodeId) -> Option<NodeId> {
        match self.kind(node) {
            Kind::Alias => self.end_of_aliases(node),
            _ => Some(node),
        }
    }

    fn end_of_aliases(&self, alias: NodeId) -> Option<NodeId> {
        let mut node = alias;
        for _ in 0..64 {
            if self.kind(node) != Kind::Alias {
                return Some(node);
            }
            node = *self.children(node).first()?;
        }
        None
    }

    /// The value of a key written literally in a mapping, the first one if there are several;
    /// merge keys are not followed.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.entry(mapping, key).map(|(_, value)| value)
    }

    /// Like [`Tree::get`], with the key's node.
    pub fn entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        self.pairs(mapping)
            .find(|(k, _)| self.is_scalar(*k) && self.has_text(*k, key))
    }

    /// True for a scalar.
    #[inline]
    pub fn is_scalar(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Scalar(_))
    }

    /// True for a mapping.
    #[inline]
    pub fn is_mapping(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Mapping { .. })
    }

    /// True for a sequence.
    #[inline]
    pub fn is_sequence(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Sequence { .. })
    }

    /// The key of a node that is the value of a mapping entry.
    pub fn key_of(&self, node: NodeId) -> Option<NodeId> {
        let parent = self
            .parent(node)
            .filter(|parent| self.is_mapping(*parent))?;
        let at = self.place_in(parent, node)?;
        (at % 2 == 1)
            .then(|| self.children(parent).get(at - 1).copied())
            .flatten()
    }

    /// The value of a node that is a key; `None` for any other.
    pub fn value_of(&self, key: NodeId) -> Option<NodeId> {
        let parent = self.parent(key).filter(|it| self.is_mapping(*it))?;
        let at = self.place_in(parent, key)?;
        let value = self.children(parent).get(at + 1).copied();
        value.filter(|_| at % 2 == 0)
    }

    /// Where a node stands among the children of its parent. Nodes are made in the order in which
    /// they are written.
    fn place_in(&self, parent: NodeId, node: NodeId) -> Option<usize> {
        self.children(parent).binary_search(&node).ok()
    }

    /// What stops or disturbs a reader, in order of place.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Why this reader refuses the text; `None` if it can parse it.
    pub fn refused_by(&self, reader: Reader) -> Option<&SyntaxError> {
        self.errors.iter().find(|error| error.refuses(reader))
    }

    /// The deepest node whose range touches the offset; of two that meet there, the one that
    /// begins at it.
    pub fn node_at(&self, offset: u32) -> Option<NodeId> {
        let mut node = self.root.filter(|root| self.span(*root).touches(offset))?;
        while self.kind(node) != Kind::Alias && !self.is_scalar(node) {
            let children = self.children(node);
            // children stand in order of place: the last one that begins at or before the offset
            let after = children.partition_point(|child| self.span(*child).start <= offset);
            match children[..after].last() {
                Some(child) if self.span(*child).touches(offset) => node = *child,
                _ => break,
            }
        }
        Some(node)
    }

    /// The comments, from `#` to the end of the line, in order.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// All nodes in the order in which they are written.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The JSON Pointer (RFC 6901) of a node; a key has the pointer of its value.
    pub fn pointer(&self, node: NodeId) -> String {
        let mut parts: Vec<Cow<'_, str>> = Vec::new();
        let mut node = node;
        while let Some(parent) = self.parent(node) {
            let at = self.place_in(parent, node).unwrap_or(0);
            match self.kind(parent) {
                Kind::Mapping { .. } => {
                    let key = self.children(parent).get(at - at % 2);
                    let name = key.map_or("", |key| self.text(*key));
                    parts.push(if name.contains(['~', '/']) {
                        name.replace('~', "~0").replace('/', "~1").into()
                    } else {
                        name.into()
                    });
                }
                _ => {
                    parts.push(at.to_string().into());
                }
            }
            node = parent;
        }
        parts
            .iter()
            .rev()
            .fold(String::new(), |pointer, part| pointer + "/" + part)
    }

    /// The node a JSON Pointer leads to.
    pub fn find(&self, pointer: &str) -> Option<NodeId> {
        let mut node = self.root?;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            node = match self.kind(node) {
                Kind::Sequence { .. } => *self.items(node).get(part.parse::<usize>().ok()?)?,
                _ => self.get(node, &part)?,
            };
        }
        Some(node)
    }

    #[inline]
    pub(super) fn is_simple(&self, node: NodeId) -> bool {
        self.node(node).simple
    }

    pub(super) fn set_simple(&mut self, node: NodeId, simple: bool) {
        if let Some(data) = self.nodes.get_mut(node.0 as usize) {
            data.simple = simple;
        }
    }

    #[inline]
    fn node(&self, node: NodeId) -> &Node {
        // a NodeId is only ever made by the tree that holds it
        &self.nodes[node.0 as usize]
    }

    #[inline]
    pub(super) fn children(&self, node: NodeId) -> &[NodeId] {
        let (start, end) = self.node(node).children;
        self.children
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }
}
