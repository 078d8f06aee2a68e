//! The smallest sound thing of a shape: for snippets and for new files.

use super::fields::{shape, takes};
use crate::format::{PlainType, Shape, ShapeId};
use crate::yaml::edit::plain_or_quoted;

/// What stands where a person has to decide.
pub trait Gaps {
    /// The text of a gap; `path` are the keys that lead to it from where the skeleton begins.
    fn gap(&mut self, path: &[&str], shape: &Shape) -> String;
}

/// Gaps of an editor's snippet: tab stops, with the choices where there are any.
pub struct TabStops {
    next: u32,
}

impl TabStops {
    /// The first stop is `$1`.
    pub const fn new() -> Self {
        Self { next: 0 }
    }

    /// A stop without choices.
    pub fn next(&mut self) -> String {
        self.next += 1;
        format!("${}", self.next)
    }
}

impl Gaps for TabStops {
    fn gap(&mut self, _: &[&str], shape: &Shape) -> String {
        let words = words(shape);
        if words.is_empty() {
            return self.next();
        }
        self.next += 1;
        let words: Vec<String> = words.iter().map(|word| escaped(word)).collect();
        format!("${{{}|{}|}}", self.next, words.join(","))
    }
}

/// What separates choices and ends them must be escaped in a snippet.
fn escaped(word: &str) -> String {
    word.chars().fold(String::new(), |mut text, c| {
        if matches!(c, '$' | '}' | '\\' | ',' | '|') {
            text.push('\\');
        }
        text.push(c);
        text
    })
}

/// The words that a value may be, as they are written in YAML.
pub fn words(shape: &Shape) -> Vec<String> {
    if !shape.plain.words.is_empty() {
        let words = shape.plain.words.iter();
        return words.map(|word| plain_or_quoted(word, false)).collect();
    }
    if shape.plain.types.first() == Some(&PlainType::Boolean) {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    Vec::new()
}

/// The lines of a value of this shape: what a sound one must have, and nothing else. A scalar is
/// one line.
pub fn lines(id: ShapeId, gaps: &mut dyn Gaps) -> Vec<String> {
    value(id, &mut Vec::new(), gaps)
}

/// A key with its value. The lines after the first are indented below the key.
pub fn entry(key: &str, id: ShapeId, gaps: &mut dyn Gaps) -> Vec<String> {
    entry_at(key, id, &mut vec![key], gaps)
}

fn entry_at(key: &str, id: ShapeId, path: &mut Vec<&str>, gaps: &mut dyn Gaps) -> Vec<String> {
    let value = value(id, path, gaps);
    if is_block(shape(id)) {
        let indented = value.iter().map(|line| format!("  {line}"));
        std::iter::once(format!("{key}:")).chain(indented).collect()
    } else {
        vec![format!("{key}: {}", value.concat())]
    }
}

fn value(id: ShapeId, path: &mut Vec<&str>, gaps: &mut dyn Gaps) -> Vec<String> {
    let shape: &'static Shape = shape(id);
    // as deep as a person would fill in at once
    if path.len() > 6 || !is_block(shape) {
        return vec![gaps.gap(path, shape)];
    }
    if let Some(items) = shape.items.filter(|_| takes(shape, PlainType::Array)) {
        return dashed(value(items, path, gaps));
    }
    let mut lines = Vec::new();
    for (key, id) in shape.properties.iter() {
        if shape.plain.required.contains(key) {
            path.push(key);
            lines.extend(entry_at(key, *id, path, gaps));
            path.pop();
        }
    }
    if lines.is_empty() {
        lines.push(gaps.gap(path, shape));
    }
    lines
}

/// The lines as an item of a list.
pub fn dashed(lines: Vec<String>) -> Vec<String> {
    let dash = |at| if at == 0 { "- " } else { "  " };
    let lines = lines.into_iter().enumerate();
    lines
        .map(|(at, line)| format!("{}{line}", dash(at)))
        .collect()
}

/// True for what is written over several lines.
pub fn is_block(shape: &Shape) -> bool {
    let scalar = [
        PlainType::String,
        PlainType::Number,
        PlainType::Integer,
        PlainType::Boolean,
    ];
    if scalar.iter().any(|kind| takes(shape, *kind)) {
        return false;
    }
    takes(shape, PlainType::Array) && shape.items.is_some()
        || takes(shape, PlainType::Object) && !shape.properties.is_empty()
}
