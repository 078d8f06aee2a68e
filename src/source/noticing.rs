use super::once::held;
use super::{Archive, Changes, Content, Entry, EntryKind, Files, Package, ReadError};
use memchr::memmem::Finder;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Files that remember which of those that were read hold a word. Nothing is read twice to find it.
pub struct Noticing {
    below: Arc<dyn Files>,
    word: Finder<'static>,
    /// The files that are known to hold the word, read or not.
    known: Mutex<BTreeSet<String>>,
    noticed: Mutex<BTreeSet<String>>,
}

impl Noticing {
    /// Watches for this word.
    pub fn new(below: Arc<dyn Files>, word: &'static str) -> Self {
        Self {
            below,
            word: Finder::new(word),
            known: Mutex::default(),
            noticed: Mutex::default(),
        }
    }

    /// Takes over what an earlier look at the files noticed, before these changes: it counts once
    /// the file is [read before](Files::read_before).
    pub fn inherit(&self, before: &Self, changes: &Changes) {
        let mut inherited = held(&before.known).clone();
        inherited.extend(before.noticed());
        inherited.retain(|path| changes.spare(path));
        held(&self.known).append(&mut inherited);
    }

    /// The paths of the files that hold the word and were read until now, sorted.
    pub fn noticed(&self) -> Vec<String> {
        held(&self.noticed).iter().cloned().collect()
    }

    fn notice(&self, path: &str) {
        let mut noticed = held(&self.noticed);
        if !noticed.contains(path) {
            noticed.insert(path.to_owned());
        }
    }
}

impl Files for Noticing {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let content = self.below.read(path)?;
        if self.word.find(&content).is_some() {
            self.notice(path);
        }
        Ok(content)
    }

    fn read_before(&self, path: &str) {
        let known = held(&self.known).contains(path);
        if known {
            self.notice(path);
        }
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
