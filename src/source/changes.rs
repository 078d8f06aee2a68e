use std::collections::BTreeSet;

/// What may differ between an earlier look at the files of a plugin and this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Nothing is known.
    Anything,
    /// The contents of these files alone: all names and kinds are what they were.
    Texts(BTreeSet<String>),
}

impl Changes {
    /// True if names and kinds of all files are what they were.
    pub const fn spare_names(&self) -> bool {
        matches!(self, Self::Texts(_))
    }

    /// True if the file, or its absence, is what it was.
    pub fn spare(&self, path: &str) -> bool {
        match self {
            Self::Anything => false,
            Self::Texts(changed) => !changed.contains(path),
        }
    }
}
