//! What the daemon's decoder (Go, yaml.v3) refuses, and what it drops without a word.

mod any;
mod mapping;
mod raw;

pub use mapping::{entries, entry};
pub use raw::{Child, ChildSource, MODEL_KEYS, children};

use super::refusal::{Part, Refusal};
use super::shape::{DaemonKind, Shape, ShapeId, Shapes};
use super::words::{describe, known, name_of, shorten};
use super::{DocumentKind, shapes};
use crate::finding::{RuleId, Stage, Stages};
use crate::yaml::{Kind, NodeId, Reader, Tree, go};

/// Most decoded nodes before the walk itself gives up; the daemon's alias rule ends far below.
const MAX_DECODED: u64 = 4_200_000;

/// Everything that the daemon's decoder objects to in a document of this kind.
pub fn check(tree: &Tree, kind: DocumentKind) -> Vec<Refusal> {
    let mut decoder = Decoder::new(tree, depth_of(kind));
    if let Some(root) = tree.root() {
        let shape = shapes().root(kind);
        decoder.decode(root, shape, decoder.base_depth);
    }
    decoder.refusals
}

/// The nesting level of a document in the declaration that the daemon stores.
const fn depth_of(kind: DocumentKind) -> usize {
    match kind {
        DocumentKind::Manifest | DocumentKind::Bundle | DocumentKind::Position => 1,
        DocumentKind::ToolProvider
        | DocumentKind::EndpointGroup
        | DocumentKind::ModelProvider
        | DocumentKind::AgentStrategyProvider
        | DocumentKind::DatasourceProvider
        | DocumentKind::TriggerProvider => 2,
        _ => 4,
    }
}

pub(super) struct Decoder<'t> {
    tree: &'t Tree,
    shapes: &'static Shapes,
    base_depth: usize,
    refusals: Vec<Refusal>,
    /// Targets of the aliases that are being decoded.
    active: Vec<NodeId>,
    decoded: u64,
    aliased: u64,
    /// Set once the daemon would have given up on the whole document.
    exhausted: bool,
    /// The keys of the free-form mapping at hand become text at every level.
    normalised: bool,
}

impl<'t> Decoder<'t> {
    fn new(tree: &'t Tree, base_depth: usize) -> Self {
        Self {
            tree,
            shapes: shapes(),
            base_depth,
            refusals: Vec::new(),
            active: Vec::new(),
            decoded: 0,
            aliased: 0,
            exhausted: false,
            normalised: false,
        }
    }

    /// Decodes a node as its shape says. `depth` is its nesting level in the stored declaration.
    fn decode(&mut self, node: NodeId, id: ShapeId, depth: usize) {
        let shape = self.shapes.get(id);
        let Some(daemon) = &shape.daemon else { return };
        if let DaemonKind::Node(raw) = daemon.kind {
            // a raw node is kept as it is written: aliases are not followed
            self.raw(node, raw, shape, depth);
            return;
        }
        let Some(target) = self.enter(node) else {
            return;
        };
        self.value(target, shape, depth);
        self.leave(node);
    }

    fn value(&mut self, node: NodeId, shape: &Shape, depth: usize) {
        let Some(daemon) = &shape.daemon else { return };
        let null = self.is_null(node);
        match daemon.kind {
            DaemonKind::Struct { .. } if null => {}
            DaemonKind::Struct { .. } => self.structure(node, shape, depth),
            DaemonKind::List if null => {}
            DaemonKind::List => self.list(node, shape, depth),
            DaemonKind::Map if null => {}
            DaemonKind::Map => {
                if self.tree.is_mapping(node) {
                    let normalised = daemon.normalised;
                    self.free_form(node, depth, normalised);
                } else {
                    self.wrong_type(node, "a mapping");
                }
            }
            DaemonKind::Any => self.any(node, depth),
            DaemonKind::Node(_) => {}
            scalar => self.scalar(node, scalar, shape),
        }
    }

    fn structure(&mut self, node: NodeId, shape: &Shape, depth: usize) {
        if !self.tree.is_mapping(node) {
            self.wrong_type(node, "a mapping");
            return;
        }
        for (key, value) in self.keyed(node) {
            let name = match self.key_text(key) {
                Some(name) => name,
                None => continue,
            };
            if let Some(property) = shape.property(name) {
                self.decode(value, property, depth + 1);
            }
        }
    }

    fn list(&mut self, node: NodeId, shape: &Shape, depth: usize) {
        if !self.tree.is_sequence(node) {
            self.wrong_type(node, "a list");
            return;
        }
        let Some(items) = shape.items else { return };
        let tree = self.tree;
        for item in tree.items(node) {
            self.decode(*item, items, depth + 1);
        }
    }

    fn scalar(&mut self, node: NodeId, kind: DaemonKind, shape: &Shape) {
        let words = shape.daemon.as_ref().map_or(&[][..], |it| &it.hard);
        // most are texts where any text will do
        let any_text = matches!(kind, DaemonKind::String { .. }) && words.is_empty();
        if any_text && self.tree.is_plainly_text(node) {
            return;
        }
        let expected = expected(kind);
        if !self.tree.is_scalar(node) {
            // a mapping is decoded as an empty struct, which is the zero date or the number 0
            let lenient = matches!(kind, DaemonKind::Time | DaemonKind::Decimal);
            if !(lenient && self.tree.is_mapping(node)) {
                self.wrong_type(node, expected);
            }
            return;
        }
        let text = self.tree.text(node);
        let scalar = match go::resolve(self.tree, node) {
            Ok(scalar) => scalar,
            Err(error) => return self.bad_tag(node, &error.to_string()),
        };
        if matches!(scalar, go::Scalar::Null) {
            return;
        }
        match kind {
            DaemonKind::String { .. } if !words.is_empty() && !words.contains(&text) => {
                self.unknown_word(node, words);
            }
            DaemonKind::Bool if go::to_bool(&scalar, text).is_none() => {
                self.wrong_type(node, expected);
            }
            DaemonKind::Int { .. } if go::to_int(&scalar).is_none() => {
                self.wrong_type(node, expected);
            }
            DaemonKind::Uint if go::to_uint(&scalar).is_none() => self.wrong_type(node, expected),
            DaemonKind::Float { .. } => match go::to_float(&scalar) {
                None => self.wrong_type(node, expected),
                Some(number) => self.finite(node, number),
            },
            DaemonKind::Time => self.time(node),
            DaemonKind::Decimal if go::parse_decimal(text).is_err() => self.refuse(
                "shape/malformed-value",
                node,
                format!(
                    "{} must be a decimal number such as \"0.001\", not {}",
                    name_of(self.tree, node),
                    describe(self.tree, node)
                ),
                "the daemon stops at a number that it cannot read, without naming the file",
                Some("write plain digits with at most one `.`, in quotes".to_owned()),
            ),
            _ => {}
        }
    }

    fn time(&mut self, node: NodeId) {
        let readable = match go::created_at(self.tree, node) {
            Ok(time) if !time.is_unwritable() => return,
            created => created.is_ok(),
        };
        let (name, found) = (name_of(self.tree, node), describe(self.tree, node));
        if readable {
            self.refuse_at(
                Stages::only(Stage::Install),
                "shape/not-json",
                node,
                format!("{name} cannot be stored: {found}"),
                "the daemon keeps the declaration as JSON, which has no such year or zone offset",
                Some("use a year from 0 to 9999 and an offset below 24 hours".to_owned()),
            );
        } else {
            self.refuse(
                "shape/malformed-value",
                node,
                format!("{name} must be a date and time, not {found}"),
                "the daemon reads RFC 3339 only, and a bare date only without quotes",
                Some("write it as 2025-06-01T08:00:00Z".to_owned()),
            );
        }
    }

    fn finite(&mut self, node: NodeId, number: f64) {
        if !number.is_finite() {
            self.refuse_at(
                Stages::only(Stage::Install),
                "shape/not-json",
                node,
                format!(
                    "{} cannot be stored: {}",
                    name_of(self.tree, node),
                    describe(self.tree, node)
                ),
                "the daemon keeps the declaration as JSON, which has no infinity and no `nan`",
                Some("write a finite number, or leave the key out".to_owned()),
            );
        }
    }

    /// Follows an alias and keeps the books of the daemon's alias rule. `None`: it stops here.
    fn enter(&mut self, node: NodeId) -> Option<NodeId> {
        if self.exhausted {
            return None;
        }
        self.decoded += 1;
        if !self.active.is_empty() {
            self.aliased += 1;
        }
        if self.aliased > 100
            && self.decoded > 1_000
            && self.aliased as f64 / self.decoded as f64 > allowed_share(self.decoded)
            || self.decoded > MAX_DECODED
        {
            self.exhausted = true;
            let place = self.active.first().copied().unwrap_or(node);
            self.refuse(
                "yaml/excessive-aliasing",
                place,
                "aliases repeat the same nodes too often".to_owned(),
                "the daemon stops with \"document contains excessive aliasing\"",
                Some("write the repeated parts out, or drop the aliases".to_owned()),
            );
            return None;
        }
        if self.tree.kind(node) != Kind::Alias {
            return Some(node);
        }
        let target = self.tree.target(node)?;
        if self.active.contains(&target) || self.contains(target, node) {
            self.refuse(
                "yaml/recursive-alias",
                node,
                format!(
                    "the alias `*{}` stands inside what it names",
                    self.tree.text(node)
                ),
                "the daemon stops with \"anchor contains itself\"",
                Some("write the value out".to_owned()),
            );
            return None;
        }
        self.active.push(target);
        Some(target)
    }

    fn leave(&mut self, node: NodeId) {
        if self.tree.kind(node) == Kind::Alias {
            self.active.pop();
        }
    }

    fn contains(&self, ancestor: NodeId, node: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(node) = at {
            if node == ancestor {
                return true;
            }
            at = self.tree.parent(node);
        }
        false
    }

    fn is_null(&self, node: NodeId) -> bool {
        go::is_null(self.tree, node)
    }

    fn wrong_type(&mut self, node: NodeId, expected: &str) {
        let (name, found) = (name_of(self.tree, node), describe(self.tree, node));
        let text = self.tree.text(node);
        let help = match expected {
            "a whole number" if text.parse::<u64>().is_ok() => {
                Some(format!("write {text}, without quotes"))
            }
            "a list" if self.tree.is_scalar(node) => Some(format!(
                "write it as an item of its own: `- {}`",
                shorten(text)
            )),
            _ => None,
        };
        self.refuse(
            "shape/wrong-type",
            node,
            format!("{name} must be {expected}, not {found}"),
            "the daemon's decoder stops with \"cannot unmarshal\"",
            help,
        );
    }

    fn unknown_word(&mut self, node: NodeId, words: &[&str]) {
        let text = self.tree.text(node);
        let help = known(text, words);
        self.refuse(
            "shape/unknown-value",
            node,
            format!(
                "unknown value \"{}\" for {}",
                shorten(text),
                name_of(self.tree, node)
            ),
            "the daemon's decoder stops at it, without naming the file",
            Some(help),
        );
    }

    fn bad_tag(&mut self, node: NodeId, problem: &str) {
        self.refuse(
            "yaml/bad-tag",
            node,
            problem.to_owned(),
            "the daemon's decoder stops at a tag that does not fit its value",
            Some("remove the tag".to_owned()),
        );
    }

    fn refuse(
        &mut self,
        rule: &'static str,
        node: NodeId,
        message: String,
        note: &str,
        help: Option<String>,
    ) {
        self.refuse_at(Stages::DAEMON, rule, node, message, note, help);
    }

    fn refuse_at(
        &mut self,
        stages: Stages,
        rule: &'static str,
        node: NodeId,
        message: String,
        note: &str,
        help: Option<String>,
    ) {
        self.refusals.push(Refusal {
            rule: RuleId(rule),
            node,
            part: Part::Value,
            reader: Reader::Daemon,
            stages,
            message,
            note: note.to_owned(),
            help,
            also: None,
            missing: None,
        });
    }
}

/// The share of aliased nodes that yaml.v3 tolerates (decode.go, `allowedAliasRatio`).
fn allowed_share(decoded: u64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let decoded = decoded as f64;
    if decoded <= LOW {
        0.99
    } else if decoded >= HIGH {
        0.10
    } else {
        0.99 - 0.89 * (decoded - LOW) / (HIGH - LOW)
    }
}

/// What a person would say the daemon wants.
const fn expected(kind: DaemonKind) -> &'static str {
    match kind {
        DaemonKind::Bool => "true or false",
        DaemonKind::Int { .. } | DaemonKind::Uint => "a whole number",
        DaemonKind::Float { .. } => "a number",
        DaemonKind::Time => "a date and time",
        DaemonKind::Decimal => "a decimal number in quotes",
        DaemonKind::List => "a list",
        DaemonKind::Struct { .. } | DaemonKind::Map => "a mapping",
        _ => "text",
    }
}
