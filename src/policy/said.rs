use crate::finding::Span;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The text of a configuration file.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigText {
    /// Where it stands, absolute.
    pub path: PathBuf,
    /// Its path for people: from the working directory, if it stands below that.
    pub shown: String,
    /// What it says.
    pub text: String,
}

impl ConfigText {
    /// The folder that its paths are relative to.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> usize {
        let before = self.text.bytes().take(offset as usize);
        before.filter(|byte| *byte == b'\n').count() + 1
    }
}

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: it is so by itself.
    Default,
    /// A profile.
    Profile(&'static str),
    /// A configuration file, and where in it.
    File(Arc<ConfigText>, Span),
    /// An argument.
    CommandLine,
}

impl Origin {
    /// The file, and where in it.
    pub fn place(&self) -> Option<(Arc<ConfigText>, Span)> {
        match self {
            Self::File(file, span) => Some((file.clone(), *span)),
            _ => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Profile(name) => write!(f, "profile {name}"),
            Self::File(file, span) => write!(f, "{}:{}", file.shown, file.line(span.start)),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// A value, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// By whom.
    pub origin: Origin,
}

impl<T> Said<T> {
    /// What an argument says.
    pub const fn on_command_line(value: T) -> Self {
        Self {
            value,
            origin: Origin::CommandLine,
        }
    }

    /// What is so by itself.
    pub const fn by_default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }
}
