//! Where bytes come from: folders, packages, texts in memory and, laid over any, editor buffers.
//!
//! Everything above this floor sees [`Files`]: paths relative to the plugin root, separated by `/`,
//! never a path of the machine.

mod append;
mod changes;
mod content;
mod derived;
mod file;
mod folder;
mod kept;
pub mod limits;
mod lines;
mod memory;
mod noticing;
mod once;
mod package;
mod remembered;

pub use crate::finding::Span;
pub use append::append_lines;
pub use changes::Changes;
pub use content::Content;
pub use derived::Derived;
pub use file::{Encoding, SourceFile};
pub use folder::Folder;
pub use kept::{Kept, Shelf};
pub use lines::{LineIndex, Position};
pub use memory::{Memory, Overlay};
pub use noticing::Noticing;
pub use once::held;
pub use package::{Archive, ArchiveEntry, BodyFault, Defect, NameFault, Package};
pub use remembered::Remembered;

use std::fmt;

/// The largest file that is read: 16 MiB. A larger one is a finding, not a load on memory.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// What an entry of a folder is, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, and what it leads to; `None` when that is missing or circular.
    Link(Option<LinkTarget>),
    /// A socket, a device, a pipe.
    Other,
}

/// What a symbolic link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

impl EntryKind {
    /// True for a file, or a link to one.
    pub const fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Link(Some(LinkTarget::File)))
    }

    /// True for a folder, or a link to one.
    pub const fn is_folder(self) -> bool {
        matches!(self, Self::Folder | Self::Link(Some(LinkTarget::Folder)))
    }
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the folder. Names that are not UTF-8 are shown with replacement characters.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such entry.
    Missing,
    /// It is a folder.
    IsFolder,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge(u64),
    /// The system refused; its own words.
    Refused(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it does not exist"),
            Self::IsFolder => f.write_str("it is a folder"),
            Self::TooLarge(bytes) => {
                write!(
                    f,
                    "it has {bytes} bytes, more than the {MAX_FILE_BYTES} that are read"
                )
            }
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

/// The files of one plugin.
///
/// Paths are relative to its root and separated by `/`; the root itself is `""`. They are clean:
/// no empty, `.` or `..` element. What a reader makes of an unclean path is its own affair and is
/// decided above this floor.
pub trait Files: Send + Sync {
    /// What a file holds.
    ///
    /// # Errors
    /// When there is no such file or it cannot be read.
    fn read(&self, path: &str) -> Result<Content, ReadError>;

    /// Counts the file as read by somebody who knows already what is in it.
    fn read_before(&self, _path: &str) {}

    /// What stands at the path; `None` if nothing.
    fn kind(&self, path: &str) -> Option<EntryKind>;

    /// The size of a file in bytes, without reading it.
    fn size(&self, path: &str) -> Option<u64>;

    /// The entries of a folder, sorted by name.
    ///
    /// # Errors
    /// When there is no such folder or it cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError>;

    /// The archive that holds the files; `None` where there is none.
    fn archive(&self) -> Option<&Archive> {
        None
    }

    /// The package that is a file of these, as in a bundle. What has to be held in memory for it
    /// is taken from the budget, in bytes.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read, or the budget is spent. A file that is no
    /// package is none.
    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        match self.size(path) {
            Some(size) if size > *budget => return Err(ReadError::TooLarge(size)),
            size => *budget -= size.unwrap_or(0),
        }
        self.read(path)
            .map(|content| Package::from_bytes(content.to_vec()))
    }
}

impl<F: Files + ?Sized> Files for std::sync::Arc<F> {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        (**self).read(path)
    }

    fn read_before(&self, path: &str) {
        (**self).read_before(path);
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        (**self).kind(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        (**self).size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        (**self).list(folder)
    }

    fn archive(&self) -> Option<&Archive> {
        (**self).archive()
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        (**self).package(path, budget)
    }
}

/// True for a name that is not UTF-8 and shown with replacement characters, or that has such
/// characters of its own.
pub fn may_be_lossy(name: &str) -> bool {
    !name.is_ascii() && name.contains(char::REPLACEMENT_CHARACTER)
}

/// Joins a folder and a name with `/`; the root is the empty folder.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        [folder, "/", name].concat()
    }
}

/// The folder that holds `path`; `""` for an entry of the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
