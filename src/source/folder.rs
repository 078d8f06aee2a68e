use super::{Content, Entry, EntryKind, Files, LinkTarget, MAX_FILE_BYTES, Package, ReadError};
use std::cell::Cell;
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
            let mut absolute = PathBuf::with_capacity(self.root.as_os_str().len() + path.len() + 1);
            absolute.push(&self.root);
            absolute.push(path);
            absolute
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
        let mut room = ROOM.take();
        let content = content(&mut file, facts.len(), &mut room);
        if room.len() <= MOST_ROOM {
            ROOM.set(room);
        }
        content
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
                name: match entry.file_name().into_string() {
                    Ok(name) => name,
                    Err(name) => name.to_string_lossy().into_owned(),
                },
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

thread_local! {
    /// Files are read into the same room one after the other, and what they hold is copied from
    /// there: to fill new room with zeros takes longer.
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// More room than this is not kept.
const MOST_ROOM: usize = 1 << 20;

/// What a file of about this size holds.
fn content(file: &mut fs::File, size: u64, room: &mut Vec<u8>) -> Result<Content, ReadError> {
    let size = usize::try_from(size).unwrap_or(0);
    if room.len() < size {
        room.resize(size, 0);
    }
    let read = match file.read(&mut room[..size]) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
        read => read.map_err(refusal)?,
    };
    if read == size && size > 0 {
        return Ok(room[..size].into());
    }
    // in pieces, or of no size that the system knows; and it may grow while it is read: never take
    // more than one byte past the limit
    room.truncate(read);
    let left = MAX_FILE_BYTES + 1 - read as u64;
    Read::take(file, left).read_to_end(room).map_err(refusal)?;
    match room.len() as u64 {
        size if size > MAX_FILE_BYTES => Err(ReadError::TooLarge(size)),
        _ => Ok(room.as_slice().into()),
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
