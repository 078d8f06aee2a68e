//! The plain meaning of a schema: what an editor that knows JSON Schema, and nothing of the
//! readers, would say about a document. Tests compare it with the `jsonschema` crate, so that what
//! the compiled shapes say is what the published files say.

use super::shape::{Plain, PlainType};
use super::{DocumentKind, Shape, ShapeId, pattern, shapes};
use crate::yaml::python::{self, Int, Scalar};
use crate::yaml::{NodeId, Tree};

/// A keyword of the schema that a value does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainViolation {
    /// The value; for a missing key the mapping that lacks it.
    pub node: NodeId,
    /// Where the value stands, aliases and merge keys followed: a JSON Pointer.
    pub pointer: String,
    /// The keyword.
    pub keyword: &'static str,
}

/// Values that are looked at in one document. Aliases repeat what they name, so a small text can
/// stand for a large value.
const MAX_VALUES: usize = 1_000_000;

/// Deepest value that is looked at; no kind of document is described half as deep.
const MAX_DEPTH: usize = 64;

/// Every keyword that the document does not meet, values as the SDK reads them (PyYAML); a date is
/// the text that it is in JSON.
///
/// `anyOf`, `allOf` and `if`, which the schemas use in three places, and `format`, which editors
/// take for a remark, are not looked at.
pub fn check(tree: &Tree, kind: DocumentKind) -> Vec<PlainViolation> {
    let mut checker = Checker {
        tree,
        place: Vec::new(),
        left: MAX_VALUES,
        found: Vec::new(),
    };
    if let Some(root) = tree.root() {
        checker.value(root, shapes().root(kind));
    }
    checker.found
}

struct Checker<'t> {
    tree: &'t Tree,
    place: Vec<String>,
    left: usize,
    found: Vec<PlainViolation>,
}

impl Checker<'_> {
    fn value(&mut self, node: NodeId, shape: ShapeId) {
        let Some(target) = self.tree.target(node) else {
            return;
        };
        if self.left == 0 || self.place.len() > MAX_DEPTH {
            return;
        }
        self.left -= 1;
        let shape = shapes().get(shape);
        if self.tree.is_mapping(target) {
            self.mapping(target, shape);
        } else if self.tree.is_sequence(target) {
            self.list(target, shape);
        } else if let Ok(scalar) = python::resolve(self.tree, target) {
            self.scalar(target, &scalar, &shape.plain);
        }
    }

    fn mapping(&mut self, node: NodeId, shape: &Shape) {
        self.types(node, &[PlainType::Object], &shape.plain);
        let entries = python::entries(self.tree, node);
        for required in &shape.plain.required {
            if !entries
                .clone()
                .any(|(key, _)| self.tree.has_text(key, required))
            {
                self.violation(node, "required");
            }
        }
        for (key, value) in entries {
            let key = self.tree.text(key);
            if let Some(property) = shape.property(key).or(shape.additional) {
                self.step(key.to_owned(), value, property);
            }
        }
    }

    fn list(&mut self, node: NodeId, shape: &Shape) {
        let plain = &shape.plain;
        self.types(node, &[PlainType::Array], plain);
        let items = self.tree.items(node);
        let count = items.len() as u64;
        if plain.min_items.is_some_and(|least| count < least) {
            self.violation(node, "minItems");
        }
        if plain.max_items.is_some_and(|most| count > most) {
            self.violation(node, "maxItems");
        }
        // `items` of a shape that is no list stands for the values of a mapping from names
        let listed = plain.types.is_empty() || plain.types.contains(&PlainType::Array);
        if let Some(shape) = shape.items.filter(|_| listed) {
            for (at, item) in items.iter().enumerate() {
                self.step(at.to_string(), *item, shape);
            }
        }
    }

    fn step(&mut self, name: String, node: NodeId, shape: ShapeId) {
        self.place.push(name);
        self.value(node, shape);
        self.place.pop();
    }

    fn scalar(&mut self, node: NodeId, scalar: &Scalar<'_>, plain: &Plain) {
        let number = match scalar {
            Scalar::Null => return self.types(node, &[PlainType::Null], plain),
            Scalar::Bool(_) => return self.types(node, &[PlainType::Boolean], plain),
            Scalar::Int(Int::Small(number)) => *number as f64,
            Scalar::Int(Int::Big(digits)) => digits.parse().unwrap_or(f64::INFINITY),
            Scalar::Float(number) => *number,
            Scalar::Str(text) => return self.text(node, text, plain),
            Scalar::Date(_) | Scalar::DateTime(_) | Scalar::Bytes(_) => {
                return self.text(node, self.tree.text(node), plain);
            }
        };
        // to JSON Schema `1.0` is an integer
        let whole = matches!(scalar, Scalar::Int(_)) || number.fract() == 0.0;
        let types: &[_] = if whole {
            &[PlainType::Integer, PlainType::Number]
        } else {
            &[PlainType::Number]
        };
        self.types(node, types, plain);
        if plain.minimum.is_some_and(|least| number < least) {
            self.violation(node, "minimum");
        }
        if plain.maximum.is_some_and(|most| number > most) {
            self.violation(node, "maximum");
        }
    }

    fn text(&mut self, node: NodeId, text: &str, plain: &Plain) {
        if !plain.types.is_empty() && !plain.types.contains(&PlainType::String) {
            self.violation(node, "type");
        }
        if !plain.words.is_empty() && !plain.words.contains(&text) {
            self.violation(node, "enum");
        }
        let length = text.chars().count() as u64;
        if plain.min_length.is_some_and(|least| length < least) {
            self.violation(node, "minLength");
        }
        if plain.max_length.is_some_and(|most| length > most) {
            self.violation(node, "maxLength");
        }
        if plain
            .pattern
            .as_ref()
            .is_some_and(|pattern| !pattern::matches(pattern, text))
        {
            self.violation(node, "pattern");
        }
    }

    /// A value that is no text: its type must be listed, and it is none of the accepted words. A
    /// schema that lists words and takes null lists null among the words.
    fn types(&mut self, node: NodeId, types: &[PlainType], plain: &Plain) {
        let listed = plain.types.is_empty() || plain.types.iter().any(|kind| types.contains(kind));
        if !listed {
            self.violation(node, "type");
        }
        let null = types == [PlainType::Null] && plain.types.contains(&PlainType::Null);
        if !plain.words.is_empty() && !null {
            self.violation(node, "enum");
        }
    }

    fn violation(&mut self, node: NodeId, keyword: &'static str) {
        let pointer = self.place.iter().fold(String::new(), |pointer, part| {
            pointer + "/" + &part.replace('~', "~0").replace('/', "~1")
        });
        self.found.push(PlainViolation {
            node,
            pointer,
            keyword,
        });
    }
}
