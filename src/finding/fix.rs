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

/// Replaces a range of a file by a text. An edit of a file that does not exist creates it; its
/// range is the empty one at 0, and it is the only edit of that file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Path relative to the plugin root, separated by `/`.
    pub file: Arc<str>,
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What to write there.
    pub text: String,
}

impl Edit {
    /// Puts a text in place of a range.
    pub fn new(file: impl Into<Arc<str>>, span: Span, text: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            span,
            text: text.into(),
        }
    }

    /// Creates a file.
    pub fn create(file: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self::new(file, Span::at(0), text)
    }
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
