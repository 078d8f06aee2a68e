//! What the SDK's entities (Python, pydantic 2 in lax mode) refuse.

mod children;
mod cross;

pub use children::children;

use super::refusal::{Part, Refusal};
use super::shape::{SdkShape, SdkType, Shape, ShapeId, Shapes};
use super::words::{describe, known, name_of, one_of, shorten};
use super::{DocumentKind, shapes};
use crate::dialect::{pep440, py_glob, pydantic, route};
use crate::finding::{RuleId, Stage, Stages};
use crate::yaml::{Entries, NodeId, Reader, Tree, python};

/// Levels of nesting below which a value is looked at; deeper ones are refused by the reader.
const MAX_DEPTH: usize = 200;

/// Everything that the SDK's entities object to in a document of this kind.
///
/// An empty document (no node, or null) is refused as a whole by the caller, because what it
/// means depends on who refers to it.
///
/// `positions`: the kinds of models for which a position file was found; it replaces what the
/// provider itself says before that is looked at.
pub fn check(tree: &Tree, kind: DocumentKind, positions: &[&str]) -> Vec<Refusal> {
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    if matches!(scalar_of(tree, root), Some(python::Scalar::Null)) {
        return Vec::new();
    }
    let mut checker = Checker {
        tree,
        shapes: shapes(),
        positions,
        refusals: Vec::new(),
        seen: Vec::new(),
        depth: 0,
    };
    checker.value(root, shapes().root(kind));
    checker.refusals
}

/// The entries of a mapping whose key is this text, as the SDK sees them.
pub fn get(tree: &Tree, mapping: NodeId, key: &str) -> Option<NodeId> {
    let mapping = tree.target(mapping).filter(|node| tree.is_mapping(*node))?;
    python::entries(tree, mapping)
        .find(|(k, _)| text_of(tree, *k) == key && is_text(tree, *k))
        .map(|(_, value)| value)
}

/// The text that the SDK reads at a node; `None` if it is no text.
pub fn text(tree: &Tree, node: NodeId) -> Option<&str> {
    is_text(tree, node).then(|| text_of(tree, node))
}

fn is_text(tree: &Tree, node: NodeId) -> bool {
    tree.is_plainly_text(node) || matches!(scalar_of(tree, node), Some(python::Scalar::Str(_)))
}

fn text_of(tree: &Tree, node: NodeId) -> &str {
    tree.target(node).map_or("", |node| tree.text(node))
}

fn scalar_of(tree: &Tree, node: NodeId) -> Option<python::Scalar<'_>> {
    let node = tree.target(node).filter(|node| tree.is_scalar(*node))?;
    python::resolve(tree, node).ok()
}

struct Checker<'t> {
    tree: &'t Tree,
    shapes: &'static Shapes,
    positions: &'t [&'t str],
    refusals: Vec<Refusal>,
    /// Which properties were met, for each mapping that is looked at now.
    seen: Vec<bool>,
    depth: usize,
}

impl<'t> Checker<'t> {
    fn value(&mut self, node: NodeId, id: ShapeId) {
        let shape = self.shapes.get(id);
        let Some(sdk) = &shape.sdk else { return };
        let Some(target) = self.tree.target(node) else {
            return;
        };
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let replaced = !self.positions.is_empty() && sdk.check == Some("model-position");
        if replaced && !self.tree.is_mapping(target) {
            self.wrong_type(node, sdk);
        } else if self.is_null(target) {
            let absent = sdk.falsy_is_absent && !sdk.required;
            if !(sdk.null || absent || accepts_null(sdk.kind)) {
                self.wrong_type(node, sdk);
            }
        } else if !sdk.falsy_is_absent || python::truthy(self.tree, target) {
            self.present(node, target, shape, sdk);
        }
        self.depth -= 1;
    }

    fn present(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        match sdk.kind {
            SdkType::Any | SdkType::Stringified => {}
            SdkType::Model => self.model(node, target, shape, sdk),
            SdkType::Dict => self.dict(node, target, shape, sdk),
            SdkType::Named => self.named(node, target, shape, sdk),
            SdkType::ListOrNamed if self.tree.is_mapping(target) => {
                self.named(node, target, shape, sdk);
            }
            SdkType::Iterable if self.tree.is_mapping(target) => self.keys(target, shape),
            SdkType::Iterable if self.tree.is_scalar(target) => {
                self.characters(node, target, shape, sdk);
            }
            SdkType::List | SdkType::ListOrNamed | SdkType::Iterable => {
                self.list(node, target, shape, sdk)
            }
            SdkType::Json => self.json(node, target),
            SdkType::PathOrChild if self.tree.is_mapping(target) => {
                if let Some(super::PathTarget::Document(kind)) = shape.path {
                    self.value(node, self.shapes.root(kind));
                }
            }
            SdkType::IntFloatStrList | SdkType::IntFloatStrBoolList
                if self.tree.is_sequence(target) => {}
            _ => self.scalar(node, target, sdk),
        }
        if let Some(check) = sdk.check {
            self.cross(target, check);
        }
    }

    fn model(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        if !self.tree.is_mapping(target) {
            self.wrong_type(node, sdk);
            return;
        }
        let mut entries = python::entries(self.tree, target);
        if !self.positions.is_empty() && sdk.check == Some("model-position") {
            let replaced = |key| self.positions.contains(&text_of(self.tree, key));
            let kept: Vec<_> = entries.filter(|(key, _)| !replaced(*key)).collect();
            entries = kept.into();
        }
        if sdk.splat {
            self.splat(entries.clone());
        }
        self.properties(target, entries, shape);
    }

    fn properties(&mut self, target: NodeId, entries: Entries<'t>, shape: &Shape) {
        let properties = &shape.properties;
        let first = self.seen.len();
        self.seen.resize(first + properties.len(), false);
        for (key, value) in entries.clone() {
            let name = match self.tree.is_plainly_text(key) {
                true => self.tree.text(key),
                false if is_text(self.tree, key) => text_of(self.tree, key),
                false => continue,
            };
            let exact = properties.position(name);
            let Some(at) = exact.or_else(|| self.aliased(shape, name)) else {
                continue;
            };
            let id = properties[at].1;
            let absent = self
                .shapes
                .get(id)
                .sdk
                .as_ref()
                .is_some_and(|sdk| sdk.falsy_is_absent && !python::truthy(self.tree, value));
            self.seen[first + at] = !absent;
            self.value(value, id);
        }
        for at in properties.demanded(self.shapes) {
            let (name, id) = &properties[*at];
            let Some(sdk) = &self.shapes.get(*id).sdk else {
                continue;
            };
            if !self.seen[first + at] && !self.excused(entries.clone(), sdk) {
                self.missing(target, name, shape);
            }
        }
        self.seen.truncate(first);
    }

    /// The property that has this second spelling. It wins over the first one, as in pydantic.
    fn aliased(&self, shape: &Shape, name: &str) -> Option<usize> {
        shape.properties.iter().position(|(_, id)| {
            let sdk = self.shapes.get(*id).sdk.as_ref();
            sdk.is_some_and(|sdk| sdk.alias == Some(name))
        })
    }

    /// True if a sibling's value makes the key optional.
    fn excused(&self, mut entries: Entries<'_>, sdk: &SdkShape) -> bool {
        let Some((sibling, words)) = &sdk.required_unless else {
            return false;
        };
        entries.any(|(key, value)| {
            text_of(self.tree, key) == *sibling
                && is_text(self.tree, value)
                && words.iter().any(|word| *word == text_of(self.tree, value))
        })
    }

    fn dict(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        if !self.tree.is_mapping(target) {
            self.wrong_type(node, sdk);
            return;
        }
        let entries = python::entries(self.tree, target);
        for (key, _) in entries.clone() {
            if !is_text(self.tree, key) {
                self.key_not_text(key);
            } else if sdk.closed {
                let word = text_of(self.tree, key);
                if shape.property(word).is_none() {
                    let known: Vec<&str> = shape.properties.iter().map(|(name, _)| *name).collect();
                    self.unknown_key(key, &known);
                }
            } else if !sdk.words.is_empty() {
                let word = text_of(self.tree, key);
                if !sdk.words.contains(&word) {
                    self.unknown_key(key, &sdk.words);
                }
            }
        }
        self.properties(target, entries, shape);
    }

    fn named(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        if !self.tree.is_mapping(target) {
            self.wrong_type(node, sdk);
            return;
        }
        let Some(body) = shape.additional.or(shape.items) else {
            return;
        };
        for (key, value) in python::entries(self.tree, target) {
            if !is_text(self.tree, key) {
                self.key_not_text(key);
            }
            self.value(value, body);
        }
    }

    fn list(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        let set = self.tree.tag(target).is_some_and(|tag| tag.name == SET_TAG);
        if set && self.tree.is_mapping(target) {
            if let Some(items) = shape.items {
                let tree = self.tree;
                for (key, _) in tree.pairs(target) {
                    self.value(key, items);
                }
            }
            return;
        }
        if !self.tree.is_sequence(target) {
            self.wrong_type(node, sdk);
            return;
        }
        let Some(items) = shape.items else { return };
        let tree = self.tree;
        for item in tree.items(target) {
            self.value(*item, items);
        }
    }

    /// Python iterates over the keys of a mapping where a list was meant.
    fn keys(&mut self, target: NodeId, shape: &Shape) {
        let Some(items) = shape.items else { return };
        for (key, _) in python::entries(self.tree, target) {
            self.value(key, items);
        }
    }

    /// Python iterates over the characters of a text where a list was meant.
    fn characters(&mut self, node: NodeId, target: NodeId, shape: &Shape, sdk: &SdkShape) {
        let Some(python::Scalar::Str(text)) = scalar_of(self.tree, target) else {
            return self.wrong_type(node, sdk);
        };
        let format = shape
            .items
            .and_then(|items| self.shapes.get(items).sdk.as_ref());
        let glob = format.is_some_and(|sdk| sdk.format == Some("glob"));
        // `*` finds folders, which the SDK then opens as files
        let bad = |c: char| c == '*' || py_glob::check(c.encode_utf8(&mut [0; 4])).is_err();
        if glob && text.chars().any(bad) {
            self.wrong_type(node, sdk);
        }
    }

    fn scalar(&mut self, node: NodeId, target: NodeId, sdk: &SdkShape) {
        // most are texts where any text will do
        let any_text = sdk.kind == SdkType::Str && sdk.pattern.is_none() && sdk.format.is_none();
        let bounded = sdk.min.is_some() || sdk.max.is_some();
        if any_text && !bounded && self.tree.is_plainly_text(target) {
            return;
        }
        let Some(scalar) = scalar_of(self.tree, target) else {
            // a list or a mapping; a scalar that cannot be built is a syntax finding
            if !self.tree.is_scalar(target) {
                self.wrong_type(node, sdk);
            }
            return;
        };
        if sdk.kind == SdkType::Enum {
            let python::Scalar::Str(word) = scalar else {
                return self.wrong_type(node, sdk);
            };
            if !sdk.words.contains(&word) {
                self.unknown_word(node, word, &sdk.words);
            }
            return;
        }
        let Some(kind) = pydantic_kind(sdk.kind) else {
            return;
        };
        if pydantic::accepts(kind, &scalar).is_err() {
            self.wrong_type(node, sdk);
            return;
        }
        if let python::Scalar::Str(text) = &scalar {
            self.text(node, text, sdk);
        }
        self.bounds(node, &scalar, sdk);
    }

    fn text(&mut self, node: NodeId, text: &str, sdk: &SdkShape) {
        if let Some(pattern) = &sdk.pattern
            && !super::pattern::matches(pattern, text)
        {
            self.refuse(
                "shape/malformed-value",
                node,
                format!(
                    "{} must match `{pattern}`, not \"{}\"",
                    name_of(self.tree, node),
                    shorten(text)
                ),
                "the SDK's validation stops with \"string_pattern_mismatch\"",
                Some(super::pattern::in_words(pattern)),
            );
        }
        match sdk.format {
            Some("pep440") if !pep440::is_version(text) => self.refuse(
                "shape/malformed-value",
                node,
                format!(
                    "{} is no version: \"{}\"",
                    name_of(self.tree, node),
                    shorten(text)
                ),
                "the SDK takes versions as Python writes them (PEP 440)",
                Some("write three numbers, such as `0.1.0`".to_owned()),
            ),
            Some("route") => {
                if let Err(error) = route::check(text) {
                    let help = match text.starts_with('/') {
                        true => "write it like `/hook/<event_id>`".to_owned(),
                        false => format!("write `/{}`", shorten(text)),
                    };
                    self.refuse(
                        "endpoint/malformed-path",
                        node,
                        format!("the path \"{}\" is no route: {error}", shorten(text)),
                        "the SDK builds its routes when it starts and stops at this one",
                        Some(help),
                    );
                }
            }
            _ => {}
        }
    }

    fn bounds(&mut self, node: NodeId, scalar: &python::Scalar<'_>, sdk: &SdkShape) {
        if sdk.min.is_none() && sdk.max.is_none() {
            return;
        }
        let Some(number) = number(scalar) else { return };
        if sdk.min.is_some_and(|min| number < min) || sdk.max.is_some_and(|max| number > max) {
            let range = match (sdk.min, sdk.max) {
                (Some(min), Some(max)) => format!("from {min} to {max}"),
                (Some(min), None) => format!("at least {min}"),
                (None, Some(max)) => format!("at most {max}"),
                (None, None) => return,
            };
            self.refuse(
                "shape/out-of-range",
                node,
                format!("{} must be {range}, not {number}", name_of(self.tree, node)),
                "the SDK's validation stops at it",
                None,
            );
        }
    }

    /// A JSON value: no dates, no bytes, only text as keys, at every depth.
    fn json(&mut self, node: NodeId, target: NodeId) {
        if self.tree.is_scalar(target) {
            let sound = !matches!(
                scalar_of(self.tree, target),
                Some(
                    python::Scalar::Date { .. }
                        | python::Scalar::DateTime { .. }
                        | python::Scalar::Bytes { .. }
                )
            );
            if !sound {
                self.refuse(
                    "shape/wrong-type",
                    node,
                    format!(
                        "{} must be text, a number, a list or a mapping, not {}",
                        name_of(self.tree, node),
                        describe(self.tree, node)
                    ),
                    "the SDK takes only what JSON can say, and has already made a date of it",
                    Some("put it in quotes".to_owned()),
                );
            }
            return;
        }
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let tree = self.tree;
        for item in tree.items(target) {
            if let Some(target) = tree.target(*item) {
                self.json(*item, target);
            }
        }
        if self.tree.is_mapping(target) {
            for (key, value) in python::entries(self.tree, target) {
                if !is_text(self.tree, key) {
                    self.key_not_text(key);
                }
                if let Some(target) = self.tree.target(value) {
                    self.json(value, target);
                }
            }
        }
        self.depth -= 1;
    }

    fn splat(&mut self, entries: Entries<'_>) {
        for (key, _) in entries {
            if !is_text(self.tree, key) {
                self.key_not_text(key);
            }
        }
    }

    fn is_null(&self, node: NodeId) -> bool {
        !self.tree.is_plainly_text(node)
            && matches!(scalar_of(self.tree, node), Some(python::Scalar::Null))
    }

    fn missing(&mut self, mapping: NodeId, key: &str, shape: &Shape) {
        let inside = match self.tree.parent(mapping) {
            None => String::new(),
            Some(_) if shape.noun.is_empty() => format!(" in {}", name_of(self.tree, mapping)),
            Some(_) => format!(" in the {}{}", shape.noun, self.title(mapping)),
        };
        self.refusals.push(Refusal {
            rule: RuleId("shape/missing-key"),
            node: mapping,
            part: Part::Inside,
            reader: Reader::Sdk,
            stages: Stages::only(Stage::Start),
            message: format!("`{key}` is missing{inside}"),
            note: "the SDK's validation stops with \"field required\"".to_owned(),
            help: None,
            also: None,
            missing: Some(key.to_owned()),
        });
    }

    /// `` `query` ``, when the mapping has a name to tell it from its siblings.
    fn title(&self, mapping: NodeId) -> String {
        ["name", "variable", "value", "model"]
            .iter()
            .find_map(|key| self.tree.get(mapping, key))
            .filter(|node| self.tree.is_scalar(*node))
            .map_or_else(String::new, |node| {
                format!(" `{}`", shorten(self.tree.text(node)))
            })
    }

    fn wrong_type(&mut self, node: NodeId, sdk: &SdkShape) {
        let quoted = sdk.kind == SdkType::Str && self.scalar_but_text(node);
        let help = match (quoted, sdk.kind) {
            (true, _) => Some(format!(
                "write it in quotes: \"{}\"",
                text_of(self.tree, node)
            )),
            (_, SdkType::Enum) => Some(format!("use {}", one_of(&sdk.words))),
            _ => None,
        };
        self.refuse(
            "shape/wrong-type",
            node,
            format!(
                "{} must be {}, not {}",
                name_of(self.tree, node),
                sdk_word(sdk.kind),
                as_python(self.tree, node)
            ),
            "the SDK's validation stops at it",
            help,
        );
    }

    fn scalar_but_text(&self, node: NodeId) -> bool {
        matches!(
            scalar_of(self.tree, node),
            Some(scalar) if !matches!(scalar, python::Scalar::Str(_) | python::Scalar::Null)
        )
    }

    fn unknown_word(&mut self, node: NodeId, word: &str, words: &[&str]) {
        let help = known(word, words);
        self.refuse(
            "shape/unknown-value",
            node,
            format!(
                "unknown value \"{}\" for {}",
                shorten(word),
                name_of(self.tree, node)
            ),
            "the SDK's validation stops at it",
            Some(help),
        );
    }

    fn unknown_key(&mut self, key: NodeId, words: &[&str]) {
        let word = text_of(self.tree, key);
        let help = known(word, words);
        self.refuse(
            "shape/unknown-value",
            key,
            format!("unknown key `{}`", shorten(word)),
            "the SDK knows a fixed set of keys here and stops at any other",
            Some(help),
        );
    }

    fn key_not_text(&mut self, key: NodeId) {
        let written = shorten(text_of(self.tree, key));
        let message = match scalar_of(self.tree, key) {
            Some(python::Scalar::Bool(value)) => {
                format!("Python reads the key `{written}` as {value}, not as text")
            }
            _ => {
                let found = as_python(self.tree, key);
                format!("the key `{written}` is {found} for Python, not text")
            }
        };
        self.refuse(
            "shape/key-not-text",
            key,
            message,
            "the SDK passes the keys on as names of arguments and stops with \"keywords must be \
             strings\"",
            Some("put the key in quotes".to_owned()),
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
        self.refusals.push(Refusal {
            rule: RuleId(rule),
            node,
            part: Part::Value,
            reader: Reader::Sdk,
            stages: Stages::only(Stage::Start),
            message,
            note: note.to_owned(),
            help,
            also: None,
            missing: None,
        });
    }
}

const SET_TAG: &str = "tag:yaml.org,2002:set";

/// The number that pydantic makes of a scalar it accepts as one.
fn number(scalar: &python::Scalar<'_>) -> Option<f64> {
    match scalar {
        python::Scalar::Bool(value) => Some(f64::from(u8::from(*value))),
        python::Scalar::Int(python::Int::Small(number)) => Some(*number as f64),
        python::Scalar::Int(python::Int::Big(digits)) => digits.parse().ok(),
        python::Scalar::Float(number) => Some(*number),
        python::Scalar::Str(text) => text.trim().replace('_', "").parse().ok(),
        _ => None,
    }
}

const fn accepts_null(kind: SdkType) -> bool {
    matches!(kind, SdkType::Any | SdkType::Stringified | SdkType::Json)
}

const fn pydantic_kind(kind: SdkType) -> Option<pydantic::Kind<'static>> {
    Some(match kind {
        SdkType::Str | SdkType::PathOrChild => pydantic::Kind::Str,
        SdkType::Int => pydantic::Kind::Int,
        SdkType::Float => pydantic::Kind::Float,
        SdkType::Decimal => pydantic::Kind::Decimal,
        SdkType::Bool => pydantic::Kind::Bool,
        SdkType::DateTime => pydantic::Kind::DateTime,
        SdkType::IntFloatStr | SdkType::IntFloatStrList => pydantic::Kind::IntFloatStr,
        SdkType::FloatIntStr => pydantic::Kind::FloatIntStr,
        SdkType::FloatInt => pydantic::Kind::FloatInt,
        SdkType::IntFloatStrBoolList => pydantic::Kind::IntFloatStrBool,
        _ => return None,
    })
}

/// What a person would say the SDK wants.
pub const fn sdk_word(kind: SdkType) -> &'static str {
    match kind {
        SdkType::Str => "text",
        SdkType::PathOrChild => "a path",
        SdkType::Int => "a whole number",
        SdkType::Float | SdkType::FloatInt => "a number",
        SdkType::Decimal => "a decimal number in quotes",
        SdkType::Bool => "true or false",
        SdkType::Enum => "one of the known words",
        SdkType::List | SdkType::Iterable => "a list",
        SdkType::Dict | SdkType::Model => "a mapping",
        SdkType::DateTime => "a date and time",
        SdkType::Json => "a JSON value",
        SdkType::Any | SdkType::Stringified => "a value",
        SdkType::IntFloatStr | SdkType::FloatIntStr => "text or a number",
        SdkType::IntFloatStrList => "text, a number or a list",
        SdkType::IntFloatStrBoolList => "text, a number, true, false or a list",
        SdkType::Named => "a mapping from names to credentials",
        SdkType::ListOrNamed => "a list, or a mapping from names",
    }
}

/// A value as Python has it, where that differs from what is written.
fn as_python(tree: &Tree, node: NodeId) -> String {
    let text = shorten(text_of(tree, node));
    match scalar_of(tree, node) {
        Some(python::Scalar::Null) if text.is_empty() => "nothing".to_owned(),
        Some(python::Scalar::Null) => format!("`{text}` (nothing)"),
        Some(python::Scalar::Bool(value)) if !text.eq_ignore_ascii_case(&value.to_string()) => {
            format!("`{text}`, which Python reads as {value}")
        }
        Some(python::Scalar::Bool(_)) => format!("`{text}`"),
        Some(python::Scalar::Int(_) | python::Scalar::Float(_)) => format!("the number {text}"),
        Some(python::Scalar::Date { .. } | python::Scalar::DateTime { .. }) => {
            format!("the date {text}")
        }
        Some(python::Scalar::Bytes { .. }) => "binary data".to_owned(),
        Some(python::Scalar::Str(_)) => format!("the text \"{text}\""),
        None => describe(tree, node),
    }
}
