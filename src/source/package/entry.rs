use crate::source::limits::{MAX_NAME_BYTES, MAX_NAME_DEPTH};
use std::borrow::Cow;

/// An entry of an archive, as the table at its end describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// The bytes of its name.
    pub name: Vec<u8>,
    /// The general purpose flags.
    pub flags: u16,
    /// How it is compressed: 0 not at all, 8 by deflate.
    pub method: u16,
    /// The checksum of its content.
    pub crc: u32,
    /// How many bytes it takes in the archive.
    pub packed: u64,
    /// How many bytes it is said to have when it is unpacked.
    pub size: u64,
    /// Where its own header begins.
    pub offset: u64,
    /// Type and permissions, if it comes from a Unix system.
    pub mode: Option<u32>,
}

/// What the daemon makes of the name of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It has no letters.
    Empty,
    /// It is not UTF-8.
    NotUtf8,
    /// It begins with `/`.
    Absolute,
    /// It holds a `..`.
    Outside,
    /// It holds a backslash.
    Backslash,
    /// It holds a NUL, with which no file can be made.
    Nul,
    /// It has more bytes than a path can have.
    TooLong,
    /// It lies in more folders than are looked at.
    TooDeep,
    /// It holds a `.` or two slashes in a row: the daemon finds the file, but no asset.
    Unclean,
}

impl ArchiveEntry {
    /// The name as text; bytes that are none are replaced.
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// True for an entry that stands for a folder.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with(b"/")
    }

    /// True if a password is needed to read it.
    pub const fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    /// True if sizes and checksum follow the content.
    pub const fn has_descriptor(&self) -> bool {
        self.flags & 8 != 0
    }

    /// True for a symbolic link; its content is the path that it leads to.
    pub const fn is_link(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0o170_000 == 0o120_000)
    }

    /// What is wrong with the name; a folder's slash at the end is not.
    pub fn name_fault(&self) -> Option<NameFault> {
        if self.name.len() > MAX_NAME_BYTES {
            return Some(NameFault::TooLong);
        }
        let Ok(name) = std::str::from_utf8(&self.name) else {
            return Some(NameFault::NotUtf8);
        };
        let name = name.strip_suffix('/').unwrap_or(name);
        let parts = || name.split('/');
        if self.name.is_empty() {
            Some(NameFault::Empty)
        } else if name.contains('\\') {
            Some(NameFault::Backslash)
        } else if name.contains('\0') {
            Some(NameFault::Nul)
        } else if name.starts_with('/') || name.is_empty() {
            Some(NameFault::Absolute)
        } else if parts().any(|part| part == "..") {
            Some(NameFault::Outside)
        } else if parts().count() > MAX_NAME_DEPTH {
            Some(NameFault::TooDeep)
        } else if parts().any(|part| matches!(part, "" | ".")) {
            Some(NameFault::Unclean)
        } else {
            None
        }
    }

    /// The path under which the daemon finds the entry; `None` where there is none. Go cleans the
    /// names of entries, not the names that it is asked for.
    pub fn path(&self) -> Option<String> {
        if self.is_folder() {
            return None;
        }
        let too_odd = self.name_fault().is_some_and(|fault| {
            matches!(
                fault,
                NameFault::NotUtf8 | NameFault::TooLong | NameFault::TooDeep | NameFault::Empty
            )
        });
        if too_odd {
            return None;
        }
        let name = self.name().replace('\\', "/");
        let mut parts: Vec<&str> = Vec::new();
        for part in name.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        // assets are looked for among the names as they are written
        let lost = path.starts_with("_assets/") && path.as_bytes() != self.name;
        (!path.is_empty() && parts.len() <= MAX_NAME_DEPTH && !lost).then_some(path)
    }
}
