//! What the Dify API demands of single texts when it lists plugins for the console.
//!
//! Its entities are closed: one value that it does not know, and the whole list stays empty.

use super::words::{describe, known, name_of};
use super::{Part, Refusal, ShapeId, pattern, shapes};
use crate::dialect::pep440;
use crate::finding::{RuleId, Stage, Stages};
use crate::yaml::{NodeId, Reader, Tree, go};

/// What the API demands of a text.
#[derive(Debug)]
pub enum ConsoleText {
    /// One of these words.
    Words(Vec<&'static str>),
    /// A version as Python packages have it.
    Pep440,
    /// A text with a match for the regular expression.
    Pattern(&'static str),
}

impl ConsoleText {
    /// The words that it takes; none when other things count.
    pub fn words(&self) -> &[&'static str] {
        match self {
            Self::Words(words) => words,
            Self::Pep440 | Self::Pattern(_) => &[],
        }
    }
}

/// What the API refuses in a document that the daemon hands on to it.
pub fn check(tree: &Tree, shaped: &[(NodeId, ShapeId)]) -> Vec<Refusal> {
    shaped
        .iter()
        .filter_map(|(node, shape)| {
            let wanted = shapes().get(*shape).console.as_ref()?;
            let target = tree.target(*node).filter(|it| tree.is_scalar(*it))?;
            let text = tree.text(target);
            if go::is_null(tree, target) {
                return None;
            }
            one(tree, *node, text, wanted)
        })
        .collect()
}

fn one(tree: &Tree, node: NodeId, text: &str, wanted: &ConsoleText) -> Option<Refusal> {
    let name = || name_of(tree, node);
    let written = || describe(tree, node);
    let (rule, message, help) = match wanted {
        ConsoleText::Words(words) if !words.contains(&text) => (
            "shape/unknown-value",
            format!("{} must not be {}", name(), written()),
            known(text, words),
        ),
        ConsoleText::Pep440 if !pep440::is_version(text) => (
            "shape/malformed-value",
            format!("{} is no version: {}", name(), written()),
            "write three numbers, such as `0.1.0`".to_owned(),
        ),
        ConsoleText::Pattern(expression) if !pattern::matches(expression, text) => (
            "shape/malformed-value",
            format!("{} must match `{expression}`, not {}", name(), written()),
            pattern::in_words(expression),
        ),
        _ => return None,
    };
    Some(Refusal {
        rule: RuleId(rule),
        node,
        part: Part::Value,
        reader: Reader::Daemon,
        stages: Stages::only(Stage::Console),
        message,
        note: "the Dify API refuses it and then shows no plugin of the kind at all".to_owned(),
        help: Some(help),
        also: None,
        missing: None,
    })
}
