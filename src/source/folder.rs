use super::{Content, Entry, EntryKind, Files, LinkTarget, MAX_FILE_BYTES, Package, ReadError};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A plugin in a folder of the file system.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The plugin whose root is this folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn absolute(&self, path: &str) -> PathBuf {
        if path.is_empty() {
            self.root.clone()
        } else {
            self.root.join(path)
        }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let path = self.absolute(path);
        let irregular = || ReadError::Refused("it is not a regular file".to_owned());
        let mut file = open(&path).map_err(|error| match fs::metadata(&path) {
            // a socket cannot even be opened
            Ok(facts) if !facts.is_file() && !facts.is_dir() => irregular(),
            _ => refusal(error),
        })?;
        let facts = file.metadata().map_err(refusal)?;
        if facts.is_dir() {
            return Err(ReadError::IsFolder);
        }
        if !facts.is_file() {
            return Err(irregular());
        }
        if facts.len() > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(facts.len()));
        }
        let size = usize::try_from(facts.len()).unwrap_or(0);
        let mut bytes = vec![0; size];
        let read = match file.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            read => read.map_err(refusal)?,
        };
        bytes.truncate(read);
        if read < size || size == 0 {
            // in pieces, or of no size that the system knows; and it may grow while it is read:
            // never take more than one byte past the limit
            let left = MAX_FILE_BYTES + 1 - read as u64;
            Read::take(&mut file, left)
                .read_to_end(&mut bytes)
                .map_err(refusal)?;
        }
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(bytes.len() as u64));
        }
        Ok(bytes.into())
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        let path = self.absolute(path);
        let kind = fs::symlink_metadata(&path).ok()?.file_type();
        Some(entry_kind(kind, || fs::metadata(&path).ok()))
    }

    fn size(&self, path: &str) -> Option<u64> {
        fs::metadata(self.absolute(path))
            .ok()
            .filter(fs::Metadata::is_file)
            .map(|m| m.len())
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.absolute(folder)).map_err(refusal)? {
            let entry = entry.map_err(refusal)?;
            let kind = entry.file_type().map_err(refusal)?;
            entries.push(Entry {
                name: entry.file_name().to_string_lossy().into_owned(),
                kind: if kind.is_symlink() {
                    entry_kind(kind, || fs::metadata(entry.path()).ok())
                } else {
                    plain(kind)
                },
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn package(&self, path: &str, _: &mut u64) -> Result<Package, ReadError> {
        Package::open(&self.absolute(path)).map_err(refusal)
    }
}

/// Opens a file without waiting for the other end of a pipe.
fn open(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}

/// What an entry is; where a link leads to is asked for links only.
pub(super) fn entry_kind(
    kind: fs::FileType,
    target: impl FnOnce() -> Option<fs::Metadata>,
) -> EntryKind {
    if !kind.is_symlink() {
        return plain(kind);
    }
    EntryKind::Link(target().and_then(|target| {
        if target.is_file() {
            Some(LinkTarget::File)
        } else if target.is_dir() {
            Some(LinkTarget::Folder)
        } else {
            None
        }
    }))
}

fn plain(kind: fs::FileType) -> EntryKind {
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::Other
    }
}

fn refusal(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
        io::ErrorKind::IsADirectory => ReadError::IsFolder,
        _ => ReadError::Refused(error.to_string().to_lowercase()),
    }
}
