//! Packages and bundles, read in place: nothing is written to the disk, and what is unpacked is
//! bounded.

mod body;
mod bytes;
mod directory;
mod entry;

pub use body::BodyFault;
pub use directory::Defect;
pub use entry::{ArchiveEntry, NameFault};

use super::limits::{MAX_UNPACKED_BYTES, PACKAGE_BYTES};
use super::{Content, Entry, EntryKind, Files, MAX_FILE_BYTES, ReadError};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A plugin or bundle in an archive. The files in it are those that the daemon finds. The archive
/// is looked at when something of it is first asked for.
#[derive(Debug)]
pub struct Package {
    bytes: Arc<Bytes>,
    /// Bytes that were unpacked so far: many entries may share the same few bytes.
    unpacked: AtomicU64,
    contents: OnceLock<Contents>,
}

#[derive(Debug)]
struct Contents {
    archive: Archive,
    /// Paths as the daemon finds them, and the first entry of each.
    files: BTreeMap<String, usize>,
    /// Unpacked, it is larger than the daemon takes, so reading it again and again is no small
    /// thing any more.
    too_large: bool,
}

/// What an archive holds, sound or not.
#[derive(Debug)]
pub struct Archive {
    bytes: Arc<Bytes>,
    entries: Vec<ArchiveEntry>,
    comment: Vec<u8>,
    truncated: bool,
    defect: Option<Defect>,
}

impl Package {
    /// The package in a file. What is wrong with its content is no error but a
    /// [`Archive::defect`].
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Bytes::open(path).map(|bytes| Self::of(Arc::new(bytes)))
    }

    /// A package in a file that could not be opened: it has a [`Archive::defect`].
    pub fn unopened(path: &Path) -> Self {
        Self::of(Arc::new(Bytes::unopened(path)))
    }

    /// The package in these bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self::of(Arc::new(Bytes::Memory(bytes)))
    }

    const fn of(bytes: Arc<Bytes>) -> Self {
        Self {
            bytes,
            unpacked: AtomicU64::new(0),
            contents: OnceLock::new(),
        }
    }

    fn contents(&self) -> &Contents {
        self.contents.get_or_init(|| {
            let archive = Archive::read(self.bytes.clone());
            let mut files = BTreeMap::new();
            for (at, entry) in archive.entries.iter().enumerate() {
                if let Some(path) = entry.path() {
                    files.entry(path).or_insert(at);
                }
            }
            Contents {
                too_large: archive.unpacked_size() > PACKAGE_BYTES,
                archive,
                files,
            }
        })
    }

    fn entry(&self, path: &str) -> Result<&ArchiveEntry, ReadError> {
        let contents = self.contents();
        match contents.files.get(path) {
            Some(at) => contents.archive.entries.get(*at).ok_or(ReadError::Missing),
            None if self.is_folder(path) => Err(ReadError::IsFolder),
            None => Err(ReadError::Missing),
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || super::memory::any_below(&self.contents().files, path)
    }
}

impl Archive {
    fn read(bytes: Arc<Bytes>) -> Self {
        match directory::read(&bytes) {
            Ok(found) => Self {
                bytes,
                entries: found.entries,
                comment: found.comment,
                truncated: found.truncated,
                defect: None,
            },
            Err(defect) => Self {
                bytes,
                entries: Vec::new(),
                comment: Vec::new(),
                truncated: false,
                defect: Some(defect),
            },
        }
    }

    /// Every entry in order, with those that no reader can use.
    pub fn entries(&self) -> &[ArchiveEntry] {
        &self.entries
    }

    /// Why the archive cannot be opened at all.
    pub const fn defect(&self) -> Option<&Defect> {
        self.defect.as_ref()
    }

    /// There are more entries than are looked at.
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// What stands behind the entries; a signature does.
    pub fn comment(&self) -> &[u8] {
        &self.comment
    }

    /// The size of the archive itself, in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.length()
    }

    /// The size of all entries when they are unpacked, as the table at the end says.
    pub fn unpacked_size(&self) -> u64 {
        let sizes = self.entries.iter().map(|entry| entry.size);
        sizes.fold(0, u64::saturating_add)
    }

    /// Unpacks an entry without keeping it, and proves its size and checksum.
    ///
    /// # Errors
    /// When the daemon cannot read it.
    pub fn prove(&self, entry: &ArchiveEntry) -> Result<(), BodyFault> {
        body::copy(&self.bytes, entry, &mut io::sink())
    }
}

impl Files for Package {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let entry = self.entry(path)?;
        if entry.size > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(entry.size));
        }
        let before = self.unpacked.fetch_add(entry.size, Ordering::Relaxed);
        if self.contents().too_large && before > MAX_UNPACKED_BYTES {
            let reason = format!("{MAX_UNPACKED_BYTES} bytes of the archive were unpacked before");
            return Err(ReadError::Refused(reason));
        }
        let mut content = Vec::new();
        body::copy(&self.bytes, entry, &mut content).map_err(refused)?;
        Ok(content.into())
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        if self.contents().files.contains_key(path) {
            return Some(EntryKind::File);
        }
        self.is_folder(path).then_some(EntryKind::Folder)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.entry(path).ok().map(|entry| entry.size)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        super::memory::list(&self.contents().files, folder)
    }

    fn archive(&self) -> Option<&Archive> {
        Some(&self.contents().archive)
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        let entry = self.entry(path)?;
        let bytes = &self.bytes;
        let start = body::start(bytes, entry).map_err(refused)?;
        if entry.method == 0 {
            // what is not compressed stays where it is
            return Ok(Self::of(Arc::new(Bytes::Part {
                of: bytes.clone(),
                start,
                length: entry.packed.min(bytes.length().saturating_sub(start)),
            })));
        }
        if entry.size > *budget {
            return Err(ReadError::TooLarge(entry.size));
        }
        *budget -= entry.size;
        let mut content = Vec::new();
        body::copy(bytes, entry, &mut content).map_err(refused)?;
        Ok(Self::from_bytes(content))
    }
}

fn refused(fault: BodyFault) -> ReadError {
    ReadError::Refused(fault.to_string())
}
