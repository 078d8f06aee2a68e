//! Nodes that the daemon keeps as they are written and takes apart with code of its own: only
//! literal lists and mappings count there, aliases and merge keys do not.

use super::{Decoder, entries};
use crate::finding::{RuleId, Stages};
use crate::format::refusal::{Part, Refusal};
use crate::format::shape::{PathTarget, RawNode, Shape, ShapeId};
use crate::format::words::{describe, known, name_of, shorten};
use crate::format::{DocumentKind, shapes};
use crate::yaml::{Kind, NodeId, Reader, Tree, go};

/// The keys under `models` of a model provider that the daemon knows.
pub const MODEL_KEYS: [&str; 6] = [
    "llm",
    "text_embedding",
    "rerank",
    "tts",
    "speech2text",
    "moderation",
];

/// A document that another one names or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The node that names it, or that is it.
    pub node: NodeId,
    /// What it is.
    pub kind: DocumentKind,
    /// Where it is.
    pub source: ChildSource,
}

/// Where a child document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChildSource {
    /// In the file of this path, as written.
    File(String),
    /// In every file that this pattern matches.
    Pattern(String),
    /// Right here.
    Inline,
}

/// The child documents that the daemon reads because of this one.
pub fn children(tree: &Tree, kind: DocumentKind) -> Vec<Child> {
    let Some(root) = tree.root().and_then(|root| tree.target(root)) else {
        return Vec::new();
    };
    let value = |key: &str| {
        entries(tree, root)
            .rfind(|(k, _)| tree.has_text(*k, key))
            .map(|(_, value)| value)
    };
    match kind {
        DocumentKind::Manifest => manifest_children(tree, value("plugins")),
        DocumentKind::ModelProvider => value("models").map_or_else(Vec::new, |models| {
            if tree.is_mapping(models) {
                model_children(tree, models)
            } else {
                Vec::new()
            }
        }),
        _ => {
            let Some((key, child)) = kind.children() else {
                return Vec::new();
            };
            let Some(list) = value(key) else {
                return Vec::new();
            };
            let read = match kind {
                DocumentKind::EndpointGroup => endpoints_read(tree, list),
                _ => tree.items(list).len(),
            };
            tree.items(list)
                .iter()
                .take(read)
                .filter_map(|item| named(tree, *item, child))
                .collect()
        }
    }
}

fn named(tree: &Tree, item: NodeId, kind: DocumentKind) -> Option<Child> {
    let source = match tree.kind(item) {
        Kind::Scalar(_) => ChildSource::File(tree.text(item).to_owned()),
        Kind::Mapping { .. } => ChildSource::Inline,
        // an alias to a mapping works in an endpoint group only
        Kind::Alias if kind == DocumentKind::Endpoint => ChildSource::Inline,
        _ => return None,
    };
    Some(Child {
        node: item,
        kind,
        source,
    })
}

fn manifest_children(tree: &Tree, plugins: Option<NodeId>) -> Vec<Child> {
    let Some(plugins) = plugins else {
        return Vec::new();
    };
    let lists = entries(tree, plugins);
    let mut found = Vec::new();
    for (key, kind) in DocumentKind::PROVIDERS {
        let list = lists.clone().find(|(k, _)| tree.has_text(*k, key));
        let Some(list) = list.and_then(|(_, list)| tree.target(list)) else {
            continue;
        };
        for item in tree.items(list) {
            let Some(target) = tree.target(*item).filter(|item| tree.is_scalar(*item)) else {
                continue;
            };
            // a null in a list of texts is dropped
            if go::is_null(tree, target) {
                continue;
            }
            let source = ChildSource::File(go::string(tree, target).into_owned());
            found.push(Child {
                node: *item,
                kind,
                source,
            });
        }
    }
    found
}

fn model_children(tree: &Tree, models: NodeId) -> Vec<Child> {
    let mut found = Vec::new();
    for (key, value) in tree.pairs(models) {
        if !MODEL_KEYS.contains(&tree.text(key)) {
            continue;
        }
        // a position given twice: the last one counts
        let position = tree
            .pairs(value)
            .rfind(|(k, _)| tree.text(*k) == "position");
        // of an alias the daemon takes the name for the path
        let named = |node| tree.is_scalar(node) || tree.kind(node) == Kind::Alias;
        if let Some((_, position)) = position.filter(|(_, node)| named(*node)) {
            found.push(Child {
                node: position,
                kind: DocumentKind::Position,
                source: ChildSource::File(tree.text(position).to_owned()),
            });
        }
        for (_, list) in tree
            .pairs(value)
            .filter(|(k, _)| tree.text(*k) == "predefined")
        {
            for item in tree
                .items(list)
                .iter()
                .filter(|item| tree.is_scalar(**item))
            {
                found.push(Child {
                    node: *item,
                    kind: DocumentKind::Model,
                    source: ChildSource::Pattern(tree.text(*item).to_owned()),
                });
            }
        }
    }
    found
}

/// How many items of an endpoint list the daemon gets to: it stops without a word at the first
/// one that it cannot decode.
fn endpoints_read(tree: &Tree, list: NodeId) -> usize {
    let endpoint = shapes().root(DocumentKind::Endpoint);
    let items = tree.items(list);
    let bad = items.iter().position(|item| {
        !tree.is_scalar(*item) && {
            let mut decoder = Decoder::new(tree, 4);
            decoder.decode(*item, endpoint, 4);
            !decoder.refusals.is_empty()
        }
    });
    bad.unwrap_or(items.len())
}

impl Decoder<'_> {
    pub(super) fn raw(&mut self, node: NodeId, raw: RawNode, shape: &Shape, depth: usize) {
        match raw {
            RawNode::Children => self.raw_children(node, shape, depth),
            RawNode::Endpoints => self.raw_endpoints(node, depth),
            RawNode::Credentials if self.has_children(node) => {
                self.credentials(node, shape, depth, false);
            }
            RawNode::Credentials => self.lost_unless_empty(node, "a list or a mapping"),
            RawNode::CredentialsFallback => {
                let main = self.sibling(node, "credentials_schema");
                if main.is_none_or(|main| !self.has_children(main)) {
                    self.credentials(node, shape, depth, false);
                }
            }
            RawNode::CredentialsDatasource => self.credentials(node, shape, depth, false),
            RawNode::CredentialsStrict => self.credentials(node, shape, depth, true),
            RawNode::Models => self.models(node, depth),
            RawNode::Constructor if self.tree.is_mapping(node) => {
                self.fresh(|decoder| decoder.structure(node, shape, depth));
            }
            RawNode::Constructor => self.lost_unless_empty(node, "a mapping"),
            RawNode::Dependency => self.dependency(node),
        }
    }

    /// A dependency's value counts only where its type is a known word.
    fn dependency(&mut self, node: NodeId) {
        let kind = self
            .sibling(node, "type")
            .map_or("", |kind| self.tree.text(kind));
        let known = matches!(kind, "github" | "marketplace" | "package");
        let target = self.tree.target(node).unwrap_or(node);
        if known && !self.tree.is_mapping(target) && !self.is_null(target) {
            self.wrong_type(node, "a mapping");
        }
    }

    fn raw_children(&mut self, node: NodeId, shape: &Shape, depth: usize) {
        if !self.tree.is_sequence(node) {
            self.lost_unless_empty(node, "a list");
            return;
        }
        let Some(child) = self.child_shape(shape) else {
            return;
        };
        for item in self.tree.items(node).to_vec() {
            match self.tree.kind(item) {
                Kind::Mapping { .. } => {
                    self.fresh(|decoder| decoder.decode(item, child, depth + 1));
                }
                Kind::Scalar(_) => {}
                _ => self.lost(item, "a path", "this entry"),
            }
        }
    }

    fn raw_endpoints(&mut self, node: NodeId, depth: usize) {
        if !self.tree.is_sequence(node) {
            self.lost_unless_empty(node, "a list");
            return;
        }
        let endpoint = self.shapes.root(DocumentKind::Endpoint);
        let items = self.tree.items(node).to_vec();
        let read = endpoints_read(self.tree, node);
        for item in items
            .iter()
            .take(read)
            .filter(|item| !self.tree.is_scalar(**item))
        {
            self.fresh(|decoder| decoder.decode(*item, endpoint, depth + 1));
        }
        if let Some(bad) = items.get(read) {
            let rest = match items.len() - read - 1 {
                0 => "this endpoint".to_owned(),
                1 => "this endpoint and the entry after it".to_owned(),
                more => format!("this endpoint and the {more} entries after it"),
            };
            self.lost(*bad, "a path or a sound endpoint", &rest);
        }
    }

    fn credentials(&mut self, node: NodeId, shape: &Shape, depth: usize, strict: bool) {
        let Some(config) = shape.additional.or(shape.items) else {
            return;
        };
        if !self.tree.is_mapping(node) {
            // handed back to the library as a list: here aliases do work
            self.fresh(|decoder| {
                let Some(target) = decoder.enter(node) else {
                    return;
                };
                if !decoder.is_null(target) {
                    decoder.list(target, shape, depth);
                }
                decoder.leave(node);
            });
            return;
        }
        for (key, value) in self.tree.pairs(node).collect::<Vec<_>>() {
            if self.tree.is_mapping(value) {
                self.fresh(|decoder| decoder.decode(value, config, depth + 1));
            } else if strict {
                let name = self.tree.text(key).to_owned();
                let found = describe(self.tree, value);
                self.refuse(
                    "shape/wrong-type",
                    value,
                    format!("`{}` must be a mapping, not {found}", shorten(&name)),
                    "the daemon stops at a schema entry that is not written out as a mapping",
                    Some("write its `type` and `label` below the name".to_owned()),
                );
            } else {
                self.lost(value, "a mapping", "this credential");
            }
            if strict && !self.tree.is_scalar(key) {
                self.complex_key(key);
            }
        }
    }

    fn models(&mut self, node: NodeId, depth: usize) {
        let model = self.shapes.root(DocumentKind::Model);
        match self.tree.kind(node) {
            Kind::Sequence { .. } => {
                for item in self.tree.items(node).to_vec() {
                    self.fresh(|decoder| decoder.decode(item, model, depth + 1));
                }
            }
            Kind::Mapping { .. } => {
                for (key, value) in self.tree.pairs(node).collect::<Vec<_>>() {
                    self.model_list(key, value);
                }
            }
            _ => self.lost_unless_empty(node, "a mapping"),
        }
    }

    fn model_list(&mut self, key: NodeId, value: NodeId) {
        let name = self.tree.text(key);
        if !MODEL_KEYS.contains(&name) {
            let help = known(name, &MODEL_KEYS);
            let message = format!("no reader looks at the models under `{}`", shorten(name));
            self.push_lost(key, message, Some(help));
            return;
        }
        if !self.tree.is_mapping(value) {
            self.lost_unless_empty(value, "a mapping");
            return;
        }
        if let Some(list) = self.tree.get(value, "predefined")
            && !self.tree.is_sequence(list)
        {
            self.lost_unless_empty(list, "a list of patterns");
        }
    }

    /// Runs a part that the daemon hands to a decoder of its own, with books of its own.
    fn fresh(&mut self, part: impl FnOnce(&mut Self)) {
        let books = (self.decoded, self.aliased, std::mem::take(&mut self.active));
        (self.decoded, self.aliased) = (0, 0);
        part(self);
        (self.decoded, self.aliased, self.active) = books;
    }

    fn child_shape(&self, shape: &Shape) -> Option<ShapeId> {
        match self.shapes.get(shape.items?).path? {
            PathTarget::Document(kind) => Some(self.shapes.root(kind)),
            _ => None,
        }
    }

    fn has_children(&self, node: NodeId) -> bool {
        self.tree.pairs(node).next().is_some() || !self.tree.items(node).is_empty()
    }

    fn sibling(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.tree.get(self.tree.parent(node)?, key)
    }

    fn lost_unless_empty(&mut self, node: NodeId, expected: &str) {
        let empty = self.is_null(node)
            || self.tree.kind(node) != Kind::Alias
                && !self.tree.is_scalar(node)
                && !self.has_children(node);
        if !empty {
            self.lost(node, expected, "all of it");
        }
    }

    fn lost(&mut self, node: NodeId, expected: &str, what: &str) {
        let found = match self.tree.kind(node) {
            Kind::Alias => format!("the alias `*{}`", self.tree.text(node)),
            _ => describe(self.tree, node),
        };
        let name = name_of(self.tree, node);
        let message = format!("the daemon drops {what}: {name} must be {expected}, not {found}");
        self.push_lost(node, message, None);
    }

    fn push_lost(&mut self, node: NodeId, message: String, help: Option<String>) {
        self.refusals.push(Refusal {
            rule: RuleId("shape/lost-silently"),
            node,
            part: Part::Value,
            reader: Reader::Daemon,
            stages: Stages::NONE,
            message,
            note: "the daemon says nothing about it, and Dify never shows it".to_owned(),
            help,
            also: None,
            missing: None,
        });
    }
}
