use super::Span;
use std::sync::Arc;

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Keeps the meaning, or restores the only one that can have been meant.
    Safe,
    /// Probably right; the author decides.
    Unsafe,
}

impl Applicability {
    /// The word used in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Replaces a range of a file by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Path relative to the plugin root, separated by `/`.
    pub file: Arc<str>,
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What to write there.
    pub text: String,
}

/// A repair of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "quote the version".
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// Edits that belong together; they do not overlap.
    pub edits: Vec<Edit>,
}
