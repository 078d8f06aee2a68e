use super::tree::Node;
use super::{Kind, MAX_DEPTH, MAX_NODES, NodeId, Tag, Tree};
use crate::finding::Span;
use hashbrown::HashMap;
use std::sync::Arc;

/// An anchor and a tag in front of a node.
#[derive(Default)]
pub(super) struct Properties {
    /// The name after `&`.
    pub(super) anchor: Option<Span>,
    pub(super) tag: Option<Tag>,
}

struct Open {
    /// `None` where the document is too deep to be kept.
    node: Option<NodeId>,
    /// Where its children begin in `waiting`.
    first: usize,
}

/// Makes a tree of nodes that come in the order in which they are written.
pub(super) struct Builder<'a> {
    text: &'a str,
    tree: Tree,
    open: Vec<Open>,
    /// Children of open collections, the innermost last.
    waiting: Vec<NodeId>,
    anchors: HashMap<&'a str, NodeId>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a Arc<str>) -> Self {
        // plugin documents have a node for every 17 bytes
        let nodes = (text.len() / 16).min(4096);
        Self {
            text,
            tree: Tree {
                source: text.clone(),
                nodes: Vec::with_capacity(nodes),
                children: Vec::with_capacity(nodes),
                ..Tree::default()
            },
            open: Vec::with_capacity(16),
            waiting: Vec::with_capacity(64),
            anchors: HashMap::new(),
        }
    }

    pub(super) fn tree_mut(&mut self) -> &mut Tree {
        &mut self.tree
    }

    /// How many collections are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.tree.nodes.len() >= MAX_NODES
    }

    /// The kind and the start of the root.
    pub(super) fn root(&self) -> Option<(Kind, u32)> {
        let root = self.tree.nodes.first()?;
        Some((root.kind, root.span.start))
    }

    /// Throws everything away.
    pub(super) fn clear(&mut self) {
        self.tree.nodes.clear();
        self.tree.children.clear();
        self.tree.anchors.clear();
        self.tree.tags.clear();
        self.anchors.clear();
        self.open.clear();
        self.waiting.clear();
    }

    /// The anchor of this name that was seen last.
    pub(super) fn anchor(&self, name: &str) -> Option<NodeId> {
        self.anchors.get(name).copied()
    }

    /// Takes away what was read from the offset `at` on: it is going to be read again. Nodes that
    /// reach beyond it begin at or after `from`.
    pub(super) fn rewind(&mut self, from: u32, at: u32) {
        let kept = self.tree.nodes.partition_point(|node| node.span.start < at);
        if let Some(root) = self.tree.nodes.first()
            && root.span.start >= at
        {
            return self.clear();
        }
        self.tree.nodes.truncate(kept);
        let kept = number(kept);
        self.tree.anchors.retain(|node, _| node.0 < kept);
        self.tree.tags.retain(|node, _| node.0 < kept);
        self.anchors.retain(|_, node| node.0 < kept);
        while self
            .open
            .last()
            .is_some_and(|open| open.node.is_none_or(|node| node.0 >= kept))
        {
            self.open.pop();
        }
        self.waiting.retain(|node| node.0 < kept);
        let first = self
            .tree
            .nodes
            .partition_point(|node| node.span.start < from);
        let end = self.text.get(..at as usize).unwrap_or("").trim_end().len();
        let bytes = &self.text.as_bytes()[..end];
        for node in self.tree.nodes.iter_mut().skip(first) {
            if node.span.end <= at {
                continue;
            }
            node.simple = false;
            self.tree.twisted = true;
            node.span.end = number(bytes.len()).max(node.span.start);
            let (begin, to) = node.children;
            match node.kind {
                Kind::Scalar(_) => {
                    node.children = (begin.min(node.span.end), to.min(node.span.end));
                    node.text = None;
                }
                Kind::Alias => {}
                Kind::Sequence { .. } | Kind::Mapping { .. } => {
                    let children = self.tree.children.get(begin as usize..to as usize);
                    let count = children
                        .unwrap_or_default()
                        .iter()
                        .take_while(|child| child.0 < kept)
                        .count();
                    let count = match node.kind {
                        Kind::Mapping { .. } => count - count % 2,
                        _ => count,
                    };
                    node.children = (begin, begin + number(count));
                }
            }
        }
    }

    /// Adds a node without children of its own; `text` is where its text stands in the source.
    pub(super) fn leaf(
        &mut self,
        kind: Kind,
        span: Span,
        content: Span,
        text: Option<Box<str>>,
        properties: Properties,
    ) {
        if self.open.last().is_some_and(|open| open.node.is_none()) {
            return;
        }
        let node = self.add(kind, span, properties);
        let Some(node) = node else { return };
        if let Some(node) = self.tree.nodes.get_mut(node.0 as usize) {
            node.children = (content.start, content.end);
            node.text = text;
        }
        self.tree.tell_simple(node);
    }

    /// Adds an alias.
    pub(super) fn alias(&mut self, span: Span, target: Option<NodeId>) {
        if self.open.last().is_some_and(|open| open.node.is_none()) {
            return;
        }
        let first = number(self.tree.children.len());
        self.tree.children.extend(target);
        let last = number(self.tree.children.len());
        let node = self.add(Kind::Alias, span, Properties::default());
        let Some(node) = node else { return };
        if let Some(node) = self.tree.nodes.get_mut(node.0 as usize) {
            node.children = (first, last);
        }
        self.tree.tell_simple(node);
    }

    /// Opens a collection.
    pub(super) fn open(&mut self, kind: Kind, start: u32, properties: Properties) {
        let kept = self.open.last().is_none_or(|open| open.node.is_some());
        let node = if kept {
            self.add(kind, Span::at(start), properties)
        } else {
            None
        };
        self.open.push(Open {
            node: node.filter(|_| self.open.len() < MAX_DEPTH),
            first: self.waiting.len(),
        });
    }

    /// Closes the innermost collection; without `end` it ends with its last child.
    pub(super) fn close(&mut self, end: Option<u32>) {
        let Some(open) = self.open.pop() else { return };
        let Some(node) = open.node else { return };
        self.open.push(open);
        self.complete_pair();
        let Some(open) = self.open.pop() else { return };
        let last = self.last_end(open.first);
        let first = number(self.tree.children.len());
        self.tree.children.extend(self.waiting.drain(open.first..));
        let children = (first, number(self.tree.children.len()));
        if let Some(node) = self.tree.nodes.get_mut(node.0 as usize) {
            node.children = children;
            node.span.end = end.or(last).unwrap_or(node.span.start).max(node.span.start);
        }
        self.tree.tell_simple(node);
    }

    /// Gives the last key of the innermost collection a value if reading broke off after it.
    pub(super) fn complete_pair(&mut self) {
        let Some(Open {
            node: Some(node),
            first,
        }) = self.open.last()
        else {
            return;
        };
        let is_mapping = matches!(self.kind(*node), Some(Kind::Mapping { .. }));
        if is_mapping && !(self.waiting.len() - first).is_multiple_of(2) {
            let end = self.last_end(*first).unwrap_or(0);
            self.empty(end, Properties::default());
        }
    }

    /// Adds a scalar that is not written.
    pub(super) fn empty(&mut self, at: u32, properties: Properties) {
        let here = Span::at(at);
        self.leaf(
            Kind::Scalar(super::Style::Plain),
            here,
            here,
            None,
            properties,
        );
    }

    pub(super) fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree.root = (!self.tree.nodes.is_empty()).then_some(NodeId(0));
        self.tree
    }

    fn last_end(&self, first: usize) -> Option<u32> {
        let last = self.waiting.get(first..)?.last()?;
        Some(self.tree.nodes.get(last.0 as usize)?.span.end)
    }

    fn kind(&self, node: NodeId) -> Option<Kind> {
        self.tree.nodes.get(node.0 as usize).map(|node| node.kind)
    }

    fn add(&mut self, kind: Kind, span: Span, properties: Properties) -> Option<NodeId> {
        // one more for the missing value of a last key
        if self.tree.nodes.len() > MAX_NODES {
            return None;
        }
        let node = NodeId(number(self.tree.nodes.len()));
        let parent = self.open.last().and_then(|open| open.node);
        if parent.is_none() && !self.tree.nodes.is_empty() {
            return None;
        }
        self.tree.nodes.push(Node {
            kind,
            span,
            parent,
            children: (0, 0),
            text: None,
            simple: false,
        });
        if parent.is_some() {
            self.waiting.push(node);
        }
        if let Some(anchor) = properties.anchor {
            self.tree.anchors.insert(node, anchor);
            if let Some(name) = self.text.get(anchor.range()) {
                self.anchors.insert(name, node);
            }
        }
        if let Some(tag) = properties.tag {
            self.tree.tags.insert(node, tag);
        }
        Some(node)
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
