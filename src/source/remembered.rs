use super::once::{ByPath, held, once};
use super::{Archive, Content, Entry, EntryKind, Files, Package, ReadError, may_be_lossy};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Larger files are read each time.
const LARGEST: usize = 1 << 20;

/// More content is not kept of one plugin, in bytes.
const MOST: usize = 16 << 20;

/// Files that are looked at and read once, however many rules ask for them. For the time of one
/// check: what changes meanwhile is not seen.
pub struct Remembered {
    below: Arc<dyn Files>,
    /// Where no listing tells it.
    kinds: ByPath<Option<EntryKind>>,
    sizes: ByPath<Option<u64>>,
    listed: ByPath<Arc<Listing>>,
    read: ByPath<Result<Content, ReadError>>,
    kept: AtomicUsize,
}

type Listing = Result<Vec<Entry>, ReadError>;

impl Remembered {
    /// Remembers what is asked of these files.
    pub fn new(below: Arc<dyn Files>) -> Self {
        Self {
            below,
            kinds: Mutex::default(),
            sizes: Mutex::default(),
            listed: Mutex::default(),
            read: Mutex::default(),
            kept: AtomicUsize::new(0),
        }
    }

    fn listing(&self, folder: &str) -> Arc<Listing> {
        once(&self.listed, folder, || {
            if self.is_known_missing(folder) {
                return Arc::new(Err(ReadError::Missing));
            }
            let mut listing = self.below.list(folder);
            // `kind` searches it: an order that was only promised would lose files
            if let Ok(entries) = &mut listing
                && !entries.is_sorted_by(|a, b| a.name <= b.name)
            {
                entries.sort_by(|a, b| a.name.cmp(&b.name));
            }
            Arc::new(listing)
        })
    }

    /// True if the folder around it was looked at and does not have it.
    fn is_known_missing(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let plain = !matches!(name, "" | "." | "..") && !may_be_lossy(name);
        let known = held(&self.listed).get(folder).cloned();
        let around = known.filter(|_| plain);
        around.is_some_and(|around| match &*around {
            Ok(entries) => entry(entries, name).is_none(),
            Err(error) => *error == ReadError::Missing,
        })
    }
}

impl Files for Remembered {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        if let Some(known) = held(&self.read).get(path) {
            return known.clone();
        }
        let read = self.below.read(path);
        let size = read.as_ref().map_or(0, |content| content.len());
        let room = || self.kept.fetch_add(size, Ordering::Relaxed) + size <= MOST;
        if size <= LARGEST && room() {
            let mut known = held(&self.read);
            known.entry(path.into()).or_insert_with(|| read.clone());
        }
        read
    }

    fn read_before(&self, path: &str) {
        self.below.read_before(path);
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        // most that is asked for is not there: one look into its folder tells it of all of them
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match &*self.listing(folder) {
            Ok(entries) if !name.is_empty() && !may_be_lossy(name) => {
                entry(entries, name).map(|entry| entry.kind)
            }
            Err(ReadError::Missing) => None,
            _ => once(&self.kinds, path, || self.below.kind(path)),
        }
    }

    fn size(&self, path: &str) -> Option<u64> {
        if let Some(Ok(bytes)) = held(&self.read).get(path) {
            return Some(bytes.len() as u64);
        }
        once(&self.sizes, path, || self.below.size(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.listing(folder).as_ref().clone()
    }

    fn archive(&self) -> Option<&Archive> {
        self.below.archive()
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        self.below.package(path, budget)
    }
}

fn entry<'e>(entries: &'e [Entry], name: &str) -> Option<&'e Entry> {
    let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(name));
    entries.get(at.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Folder;
    use std::fs;

    #[test]
    fn files_are_looked_at_once_and_the_largest_are_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("small"), "before").expect("written");
        fs::write(path("large"), vec![b'a'; LARGEST + 1]).expect("written");
        let files = Remembered::new(Arc::new(Folder::new(folder.path())));
        let asked = || {
            let content = |name: &str| files.read(name).map(|bytes| bytes.len());
            (
                content("small"),
                content("missing"),
                files.kind("small"),
                files.size("small"),
                files.list("").map(|entries| entries.len()),
            )
        };
        let first = asked();
        assert_eq!(
            first,
            (
                Ok(6),
                Err(ReadError::Missing),
                Some(EntryKind::File),
                Some(6),
                Ok(2)
            )
        );
        assert!(files.read("large").is_ok());
        fs::remove_file(path("small")).expect("removed");
        fs::write(path("missing"), "now here").expect("written");
        fs::write(path("large"), "changed").expect("written");
        assert_eq!(asked(), first);
        assert_eq!(files.read("large"), Ok("changed".into()));
    }
}
