use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The bytes of an archive, read where they are needed.
#[derive(Debug)]
pub(super) enum Bytes {
    /// A file on the disk. It is opened for each read: a folder may hold thousands of packages,
    /// and a process may open only so many files at once.
    File { path: PathBuf, length: u64 },
    /// An archive that was itself packed.
    Memory(Vec<u8>),
    /// An archive that lies unpacked inside another.
    Part {
        of: Arc<Self>,
        start: u64,
        length: u64,
    },
}

impl Bytes {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // to open a pipe would wait for its other end
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let length = File::open(path)?.metadata()?.len();
        let path = path.to_path_buf();
        Ok(Self::File { path, length })
    }

    /// A file that could not be opened; to read it says why.
    pub(super) fn unopened(path: &Path) -> Self {
        Self::File {
            path: path.to_path_buf(),
            // of a file without bytes nothing is read
            length: fs::metadata(path).map_or(1, |facts| facts.len().max(1)),
        }
    }

    pub(super) const fn length(&self) -> u64 {
        match self {
            Self::File { length, .. } | Self::Part { length, .. } => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// A range as a stream; shorter where the bytes end.
    pub(super) fn section(&self, at: u64, length: u64) -> io::Result<Box<dyn Read + '_>> {
        let length = length.min(self.length().saturating_sub(at));
        match self {
            Self::File { path, .. } => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(at))?;
                Ok(Box::new(file.take(length)))
            }
            Self::Memory(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX);
                let rest = bytes.get(start..).unwrap_or_default();
                Ok(Box::new(rest.take(length)))
            }
            Self::Part { of, start, .. } => of.section(start.saturating_add(at), length),
        }
    }

    /// `length` bytes from an offset; fewer where the bytes end.
    pub(super) fn block(&self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut block = Vec::new();
        self.section(at, length)?.read_to_end(&mut block)?;
        Ok(block)
    }
}
