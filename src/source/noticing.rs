use super::{Archive, Entry, EntryKind, Files, Package, ReadError};
use memchr::memmem::Finder;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Files that remember which of those that were read hold a word. Nothing is read twice to find it.
pub struct Noticing {
    below: Arc<dyn Files>,
    word: Finder<'static>,
    noticed: Mutex<BTreeSet<String>>,
}

impl Noticing {
    /// Watches for this word.
    pub fn new(below: Arc<dyn Files>, word: &'static str) -> Self {
        Self {
            below,
            word: Finder::new(word),
            noticed: Mutex::default(),
        }
    }

    /// The paths of the files that hold the word and were read until now, sorted.
    pub fn noticed(&self) -> Vec<String> {
        let noticed = self.noticed.lock().unwrap_or_else(PoisonError::into_inner);
        noticed.iter().cloned().collect()
    }
}

impl Files for Noticing {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = self.below.read(path)?;
        if self.word.find(&bytes).is_some() {
            let mut noticed = self.noticed.lock().unwrap_or_else(PoisonError::into_inner);
            noticed.insert(path.to_owned());
        }
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.below.kind(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.below.size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.below.list(folder)
    }

    fn archive(&self) -> Option<&Archive> {
        self.below.archive()
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        self.below.package(path, budget)
    }
}
