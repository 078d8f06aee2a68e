//! YAML as both readers of a plugin see it.
//!
//! One scan gives a [`Tree`] that keeps everything that is written. Where the daemon's parser
//! (yaml.v3) and the SDK's (PyYAML) disagree on the grammar, the scan takes the reading that keeps
//! more and records a [`SyntaxError`] for the reader that refuses. What a scalar *is* differs more
//! often: [`go`] and [`python`] hold the two readings.

pub mod go;
pub mod python;
mod tree;

pub use tree::{Kind, NodeId, Style, Tag, Tree};

use crate::finding::Span;

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
    pub problem: &'static str,
    /// Where the reader stops.
    pub span: Span,
    /// Where the construct began that could not be finished, with a remark.
    pub context: Option<(Span, &'static str)>,
}
