//! YAML as both readers of a plugin see it.
//!
//! One scan gives a [`Tree`] that keeps everything that is written. Where the daemon's parser
//! (yaml.v3) and the SDK's (PyYAML) disagree on the grammar, the scan takes the reading that keeps
//! more and records a [`SyntaxError`] for the reader that refuses. What a scalar *is* differs more
//! often: [`go`] and [`python`] hold the two readings.

mod block;
mod build;
mod calendar;
mod characters;
mod divergence;
pub mod edit;
mod entries;
mod fetch;
pub mod go;
mod keys;
mod parser;
mod plain;
mod problem;
mod properties;
pub mod python;
mod quoted;
mod recover;
mod scanner;
mod space;
#[cfg(test)]
mod tests;
mod tree;

pub use divergence::{Divergence, divergence};
pub use entries::Entries;
pub use problem::Problem;
pub use tree::{Kind, NodeId, Style, Tag, Tree};

use crate::finding::Span;

/// The deepest nesting that a [`Tree`] keeps; what lies deeper is cut off.
pub const MAX_DEPTH: usize = 1_000;

/// The most nodes that a [`Tree`] keeps; reading ends there.
pub const MAX_NODES: usize = 2_000_000;

/// A program that reads the plugin's YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The plugin daemon and its packager: Go, yaml.v3.
    Daemon,
    /// The SDK: Python, PyYAML.
    Sdk,
}

/// Why a reader cannot parse a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The daemon refuses.
    pub daemon: bool,
    /// The SDK refuses.
    pub sdk: bool,
    /// What is wrong.
    pub problem: Problem,
    /// The text that causes it.
    pub span: Span,
    /// Where the construct began that could not be finished, with a remark.
    pub context: Option<(Span, &'static str)>,
}

impl SyntaxError {
    /// True if this error makes the reader refuse the file.
    pub const fn refuses(&self, reader: Reader) -> bool {
        match reader {
            Reader::Daemon => self.daemon,
            Reader::Sdk => self.sdk,
        }
    }
}
