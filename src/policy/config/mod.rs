//! `difylint.toml`: what one file says, with the place of every word.

mod find;
mod parse;
mod reader;
mod write;

pub use find::{FILE_NAMES, Resolver, Search};
pub use parse::{OVERRIDE_KEYS, SUPPRESSION_KEYS, TARGET_KEYS, TOP_KEYS};
pub use write::ignoring;

use super::Threshold;
use super::choice::Choice;
use super::paths::PathPattern;
use super::said::{ConfigText, Said};
use crate::finding::{RuleId, Span};
use crate::rules::OptionValue;
use std::path::PathBuf;
use std::sync::Arc;

/// What one configuration file, or the command line, says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// The file; `None` for the command line.
    pub file: Option<Arc<ConfigText>>,
    /// `profile`
    pub profile: Option<Said<&'static str>>,
    /// `select`, `ignore` and the like.
    pub choice: Choice,
    /// `fail-on`
    pub fail_on: Option<Said<Threshold>>,
    /// `output-format`
    pub output_format: Option<Said<Vec<String>>>,
    /// `exclude`
    pub exclude: Option<Vec<Said<PathPattern>>>,
    /// `[[overrides]]`
    pub overrides: Vec<Override>,
    /// `[rules."category/wrong-state"]`
    pub options: Vec<Said<(RuleId, &'static str, OptionValue)>>,
    /// `[target]`
    pub target: TargetWords,
    /// `[suppressions] require-reason`
    pub require_reason: Option<Said<bool>>,
    /// `baseline`, absolute.
    pub baseline: Option<Said<PathBuf>>,
}

/// The versions of `[target]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetWords {
    /// Dify.
    pub dify: Option<Said<String>>,
    /// The plugin daemon.
    pub daemon: Option<Said<String>>,
    /// The Python SDK.
    pub sdk: Option<Said<String>>,
}

/// Other words about rules for some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The files.
    pub paths: Vec<Said<PathPattern>>,
    /// What holds for them.
    pub choice: Choice,
}

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where; `None` when there is no text to show.
    pub place: Option<(Arc<ConfigText>, Span)>,
}

/// Why a configuration cannot be used: its mistakes, in order of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The first of them.
    pub first: Mistake,
    /// The rest.
    pub others: Vec<Mistake>,
}

impl From<Mistake> for ConfigError {
    fn from(first: Mistake) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }
}

impl ConfigError {
    /// `None` without mistakes.
    fn of(mut mistakes: Vec<Mistake>) -> Option<Self> {
        mistakes.sort_by_key(|mistake| mistake.place.as_ref().map(|(_, span)| *span));
        let mut mistakes = mistakes.into_iter();
        Some(Self {
            first: mistakes.next()?,
            others: mistakes.collect(),
        })
    }

    fn without_place(message: String, help: &str) -> Self {
        Self::from(Mistake {
            message,
            help: help.to_owned(),
            place: None,
        })
    }
}
