//! The validator tags of the daemon's structs, as `dify plugin package` runs them on the manifest
//! and on whatever stands inline in it. No other document meets them at a stage.

use super::daemon::entries;
use super::refusal::{Part, Refusal};
use super::shape::{DaemonKind, PathTarget, RawNode, Shape, ShapeId, Shapes, Tag};
use super::words::{describe, known, name_of, shorten};
use super::{DocumentKind, shapes};
use crate::dialect::{url, version};
use crate::finding::{RuleId, Stage, Stages};
use crate::yaml::{Entries, NodeId, Reader, Tree, go};
use std::borrow::Cow;

/// Everything that the validator objects to in a manifest.
pub fn check(tree: &Tree) -> Vec<Refusal> {
    let mut validator = Validator {
        tree,
        shapes: shapes(),
        refusals: Vec::new(),
    };
    let manifest = validator.shapes.root(DocumentKind::Manifest);
    let root = tree
        .root()
        .and_then(|root| tree.target(root))
        .filter(|n| tree.is_mapping(*n));
    validator.structure(manifest, root, root);
    validator.refusals
}

struct Validator<'t> {
    tree: &'t Tree,
    shapes: &'static Shapes,
    refusals: Vec<Refusal>,
}

/// A value as Go holds it after decoding.
enum Value<'t> {
    /// A nil pointer, a nil slice, an empty interface.
    Nil,
    Text(Cow<'t, str>),
    Number(f64),
    Bool,
    /// A date, and whether it is the zero date.
    Time {
        zero: bool,
    },
    List(usize),
    Mapping,
    /// Decoding failed: another finding speaks about it.
    Unsound,
}

impl<'t> Validator<'t> {
    /// Visits the fields of a struct; `place` is the nearest mapping that is really there.
    fn structure(&mut self, id: ShapeId, mapping: Option<NodeId>, place: Option<NodeId>) {
        let shape = self.shapes.get(id);
        let found = mapping.map_or_else(Entries::none, |mapping| entries(self.tree, mapping));
        for (key, property) in shape.properties.iter() {
            let entry = found.clone().rfind(|(k, _)| {
                let target = self.tree.target(*k);
                target.is_some_and(|k| self.tree.is_scalar(k) && self.tree.has_text(k, key))
            });
            let node = entry.and_then(|(_, value)| self.tree.target(value));
            self.field(key, *property, node, mapping.or(place));
        }
    }

    fn field(&mut self, key: &str, id: ShapeId, node: Option<NodeId>, place: Option<NodeId>) {
        let shape = self.shapes.get(id);
        let Some(daemon) = &shape.daemon else { return };
        let value = self.value(node, daemon.kind);
        if matches!(value, Value::Unsound) {
            return;
        }
        for tag in &daemon.validate {
            if *tag == Tag::OmitEmpty {
                if self.is_empty(&value, daemon.kind, id, node) {
                    return;
                }
                continue;
            }
            if let Some((rule, problem, help)) = self.violation(tag, &value, daemon.kind, place) {
                self.report(
                    rule,
                    key,
                    node.filter(|n| !self.is_null(*n)),
                    place,
                    problem,
                    help,
                );
                return;
            }
        }
        self.descend(
            key,
            shape,
            id,
            node.filter(|node| !self.is_null(*node)),
            place,
        );
    }

    fn descend(
        &mut self,
        key: &str,
        shape: &Shape,
        id: ShapeId,
        node: Option<NodeId>,
        place: Option<NodeId>,
    ) {
        let Some(daemon) = &shape.daemon else { return };
        match (daemon.kind, node) {
            (DaemonKind::Struct { pointer: true }, None) => {}
            (DaemonKind::Struct { .. }, None) => {
                // the struct is there in Go with nothing in it: what is missing is its key
                let before = self.refusals.len();
                self.structure(id, None, place);
                if self.refusals.len() > before {
                    self.refusals.truncate(before);
                    let missing = "shape/missing-key";
                    self.report(missing, key, None, place, String::new(), None);
                }
            }
            (DaemonKind::Struct { .. }, node) => self.structure(id, node, node),
            (DaemonKind::List, Some(node)) if daemon.dive => {
                let Some(items) = shape.items else { return };
                for item in self.tree.items(node).to_vec() {
                    let target = self.tree.target(item);
                    if target.is_some_and(|target| !self.is_null(target)) {
                        self.field("", items, target, Some(node));
                    }
                }
            }
            (DaemonKind::Node(raw), Some(node)) => self.raw(raw, shape, node),
            _ => {}
        }
    }

    /// The elements that the daemon's own code takes out of a raw node.
    fn raw(&mut self, raw: RawNode, shape: &Shape, node: NodeId) {
        let tree = self.tree;
        let child = shape
            .items
            .and_then(|items| match self.shapes.get(items).path {
                Some(PathTarget::Document(kind)) => Some(self.shapes.root(kind)),
                _ => None,
            });
        let elements: Vec<NodeId> = match raw {
            RawNode::Children | RawNode::Endpoints => tree
                .items(node)
                .iter()
                .copied()
                .filter(|item| tree.is_mapping(*item))
                .collect(),
            RawNode::Credentials
            | RawNode::CredentialsFallback
            | RawNode::CredentialsDatasource
            | RawNode::CredentialsStrict => {
                if raw == RawNode::CredentialsFallback && self.has_main_credentials(node) {
                    return;
                }
                let mapped = tree.pairs(node).map(|(_, value)| value);
                let listed = tree
                    .items(node)
                    .iter()
                    .filter_map(|item| tree.target(*item));
                mapped
                    .chain(listed)
                    .filter(|element| tree.is_mapping(*element))
                    .collect()
            }
            RawNode::Constructor => {
                for (key, property) in shape.properties.iter() {
                    if let Some(value) = tree.get(node, key) {
                        self.field(key, *property, tree.target(value), Some(node));
                    }
                }
                return;
            }
            RawNode::Models | RawNode::Dependency => return,
        };
        let daemon_dives = shape.daemon.as_ref().is_some_and(|daemon| daemon.dive);
        let element_shape = child.or(shape.items);
        if let (true, Some(element_shape)) = (daemon_dives, element_shape) {
            for element in elements {
                self.structure(element_shape, Some(element), Some(element));
            }
        }
    }

    fn has_main_credentials(&self, node: NodeId) -> bool {
        let main = self
            .tree
            .parent(node)
            .and_then(|p| self.tree.get(p, "credentials_schema"));
        main.is_some_and(|main| {
            self.tree.pairs(main).next().is_some() || !self.tree.items(main).is_empty()
        })
    }

    fn value(&self, node: Option<NodeId>, kind: DaemonKind) -> Value<'t> {
        let tree = self.tree;
        let node = node.filter(|node| !self.is_null(*node));
        let Some(node) = node else {
            return match kind {
                DaemonKind::String { pointer: false } => Value::Text(Cow::Borrowed("")),
                DaemonKind::Bool => Value::Bool,
                DaemonKind::Int { pointer: false }
                | DaemonKind::Uint
                | DaemonKind::Float { pointer: false } => Value::Number(0.0),
                DaemonKind::Time => Value::Time { zero: true },
                DaemonKind::Struct { pointer: false } | DaemonKind::Decimal => Value::Mapping,
                DaemonKind::Node(_) => Value::Mapping,
                _ => Value::Nil,
            };
        };
        let number = |number: Option<f64>| number.map_or(Value::Unsound, Value::Number);
        let scalar = || go::resolve(tree, node).ok();
        match kind {
            DaemonKind::String { .. } if tree.is_scalar(node) => {
                Value::Text(go::string(tree, node))
            }
            DaemonKind::Bool => Value::Bool,
            DaemonKind::Int { .. } => {
                number(scalar().and_then(|s| go::to_int(&s)).map(|n| n as f64))
            }
            DaemonKind::Uint => number(scalar().and_then(|s| go::to_uint(&s)).map(|n| n as f64)),
            DaemonKind::Float { .. } => number(scalar().and_then(|s| go::to_float(&s))),
            DaemonKind::Time if tree.is_mapping(node) => Value::Time { zero: true },
            DaemonKind::Time => {
                go::created_at(tree, node).map_or(Value::Unsound, |time| Value::Time {
                    zero: time.is_zero(),
                })
            }
            DaemonKind::List if tree.is_sequence(node) => {
                let items = tree.items(node).iter();
                let kept = items.filter(|item| {
                    tree.target(**item)
                        .is_some_and(|target| !self.is_null(target))
                });
                Value::List(kept.count())
            }
            DaemonKind::Struct { .. } | DaemonKind::Map if tree.is_mapping(node) => Value::Mapping,
            DaemonKind::Decimal | DaemonKind::Node(_) => Value::Mapping,
            DaemonKind::Any => match scalar() {
                _ if !tree.is_scalar(node) => Value::Mapping,
                Some(go::Scalar::Time(_)) => Value::Time { zero: false },
                _ => Value::Text(go::string(tree, node)),
            },
            _ => Value::Unsound,
        }
    }

    fn is_empty(
        &self,
        value: &Value<'_>,
        kind: DaemonKind,
        id: ShapeId,
        node: Option<NodeId>,
    ) -> bool {
        let pointer = matches!(
            kind,
            DaemonKind::String { pointer: true }
                | DaemonKind::Int { pointer: true }
                | DaemonKind::Float { pointer: true }
                | DaemonKind::Struct { pointer: true }
                | DaemonKind::Any
        );
        match value {
            Value::Nil => true,
            _ if pointer => false,
            Value::Text(text) => text.is_empty(),
            Value::Number(number) => *number == 0.0,
            Value::Time { zero } => *zero,
            Value::Mapping => self.is_zero_struct(id, node),
            Value::Bool | Value::List(_) | Value::Unsound => false,
        }
    }

    fn is_zero_struct(&self, id: ShapeId, node: Option<NodeId>) -> bool {
        let Some(node) = node else { return true };
        let shape = self.shapes.get(id);
        entries(self.tree, node).all(|(key, value)| {
            let Some(property) = shape.property(self.tree.text(key)) else {
                return true;
            };
            let Some(daemon) = &self.shapes.get(property).daemon else {
                return true;
            };
            let value = self.value(self.tree.target(value), daemon.kind);
            match value {
                Value::Text(text) => text.is_empty(),
                other => matches!(other, Value::Nil | Value::Unsound),
            }
        })
    }

    fn violation(
        &self,
        tag: &Tag,
        value: &Value<'_>,
        kind: DaemonKind,
        place: Option<NodeId>,
    ) -> Option<(&'static str, String, Option<String>)> {
        let malformed = |problem: &str, help: &str| {
            Some((
                "shape/malformed-value",
                problem.to_owned(),
                Some(help.to_owned()),
            ))
        };
        match tag {
            Tag::Required => {
                let missing = match value {
                    Value::Nil => true,
                    Value::Text(text) => {
                        text.is_empty() && kind == DaemonKind::String { pointer: false }
                    }
                    Value::Number(number) => {
                        *number == 0.0
                            && !matches!(
                                kind,
                                DaemonKind::Int { pointer: true }
                                    | DaemonKind::Float { pointer: true }
                            )
                    }
                    Value::Time { zero } => *zero,
                    _ => false,
                };
                missing.then(|| ("shape/missing-key", String::new(), None))
            }
            Tag::OmitEmpty => None,
            Tag::Max(_) | Tag::Min(_) | Tag::Less(_) | Tag::Greater(_) => bound(tag, value),
            Tag::Equal(word) => match value {
                Value::Text(text) if text != word => {
                    malformed(&format!("must be `{word}`"), &format!("write `{word}`"))
                }
                _ => None,
            },
            Tag::OneOf(words) => match value {
                Value::Text(text) if !words.iter().any(|word| word == text) => {
                    let help = known(text, words);
                    Some(("shape/unknown-value", String::new(), Some(help)))
                }
                _ => None,
            },
            Tag::Url => match value {
                Value::Text(text) if !url::is_go_url(text) => malformed(
                    "must be a web address",
                    "write it with its scheme: https://example.com/repository",
                ),
                _ => None,
            },
            Tag::Version => match value {
                Value::Text(text) if !version::is_daemon_version(text) => malformed(
                    "must be a version of three numbers",
                    "write three numbers of at most four digits, such as `0.1.0`, perhaps with a \
                     suffix such as `-beta`",
                ),
                _ => None,
            },
            Tag::Name => match value {
                Value::Text(text) if !is_name(text) => malformed(
                    "must be made of letters, digits, `_` and `-`",
                    "use ASCII letters, digits, `_` and `-` only",
                ),
                _ => None,
            },
            Tag::Scope => match value {
                Value::Text(text) if !self.scope_fits(text, place) => malformed(
                    "is no scope of this type",
                    "app-selector takes `all`, `chat`, `workflow`, `completion`; model-selector \
                     takes model types such as `llm`; other types take no scope",
                ),
                _ => None,
            },
            Tag::Never => malformed("is never accepted here", "remove it"),
            Tag::Basic => match value {
                Value::Mapping | Value::Time { .. } => malformed(
                    "must be text, a number, true or false",
                    "write a single value",
                ),
                _ => None,
            },
        }
    }

    /// The daemon accepts a scope if one of its parts fits the parent's type.
    fn scope_fits(&self, scope: &str, parent: Option<NodeId>) -> bool {
        let kind = parent
            .and_then(|parent| self.tree.get(parent, "type"))
            .and_then(|node| self.tree.target(node))
            .map_or("", |node| self.tree.text(node));
        let known = scopes(kind);
        scope.split('&').any(|part| known.contains(&part.trim()))
    }

    fn is_null(&self, node: NodeId) -> bool {
        self.tree.is_scalar(node) && go::is_null(self.tree, node)
    }

    fn report(
        &mut self,
        rule: &'static str,
        key: &str,
        node: Option<NodeId>,
        place: Option<NodeId>,
        problem: String,
        help: Option<String>,
    ) {
        let empty = node.is_some_and(|node| self.tree.text(node).is_empty());
        let (part, at) = match (node, place) {
            (Some(node), _) => (Part::Value, node),
            (None, Some(place)) => (Part::Inside, place),
            (None, None) => return,
        };
        let message = match rule {
            "shape/missing-key" if node.is_some() => {
                let what = if empty { "is empty" } else { "must not be 0" };
                format!("{} {what}", name_of(self.tree, at))
            }
            "shape/missing-key" => {
                let inside = match self.tree.parent(at) {
                    Some(_) => format!(" in {}", name_of(self.tree, at)),
                    None => String::new(),
                };
                format!("`{key}` is missing{inside}")
            }
            "shape/out-of-range" => format!("{} {problem}", name_of(self.tree, at)),
            "shape/unknown-value" => format!(
                "unknown value \"{}\" for {}",
                shorten(self.tree.text(at)),
                name_of(self.tree, at)
            ),
            _ => {
                let found = describe(self.tree, at);
                format!("{} {problem}, not {found}", name_of(self.tree, at))
            }
        };
        self.refusals.push(Refusal {
            rule: RuleId(rule),
            node: at,
            part,
            reader: Reader::Daemon,
            stages: Stages::only(Stage::Package),
            message,
            note: "`dify plugin package` validates the manifest and stops".to_owned(),
            help,
            also: None,
            missing: (part == Part::Inside).then(|| key.to_owned()),
        });
    }
}

/// `^[a-zA-Z0-9_-]+$`
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn bound(tag: &Tag, value: &Value<'_>) -> Option<(&'static str, String, Option<String>)> {
    let (measure, unit) = match value {
        Value::Text(text) => (text.chars().count() as f64, " characters"),
        Value::Number(number) => (*number, ""),
        Value::List(count) => (*count as f64, " entries"),
        _ => return None,
    };
    let (broken, wanted, limit) = match tag {
        Tag::Max(limit) => (measure > *limit, "at most", limit),
        Tag::Min(limit) => (measure < *limit, "at least", limit),
        Tag::Less(limit) => (measure >= *limit, "less than", limit),
        Tag::Greater(limit) => (measure <= *limit, "more than", limit),
        _ => return None,
    };
    let verb = if unit.is_empty() { "be" } else { "have" };
    let problem = || format!("must {verb} {wanted} {limit}{unit}, not {measure}");
    broken.then(|| ("shape/out-of-range", problem(), None))
}

/// The scopes that the daemon knows for a parameter or credential of this type; none for types that
/// have no scope.
pub fn scopes(kind: &str) -> &'static [&'static str] {
    match kind {
        "app-selector" => &["all", "chat", "workflow", "completion"],
        "model-selector" => &[
            "llm",
            "text-embedding",
            "rerank",
            "tts",
            "speech2text",
            "moderation",
            "vision",
            "document",
            "tool-call",
        ],
        "any" => &[
            "string",
            "number",
            "object",
            "array[number]",
            "array[string]",
            "array[object]",
            "array[file]",
        ],
        _ => &[],
    }
}
