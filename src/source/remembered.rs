use super::{Archive, Entry, EntryKind, Files, Package, ReadError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Files whose kinds are asked for again and again, as Python does at each import, and looked up
/// once. For the time of one check: what changes meanwhile is not seen.
pub struct Remembered<'f> {
    below: &'f dyn Files,
    kinds: Mutex<Kinds>,
}

/// What stands at paths that were asked for.
pub type Kinds = HashMap<Box<str>, Option<EntryKind>>;

impl<'f> Remembered<'f> {
    /// Remembers the kinds of these files.
    pub fn new(below: &'f dyn Files) -> Self {
        Self {
            below,
            kinds: Mutex::default(),
        }
    }

    /// Files of which some kinds are known.
    pub fn again(below: &'f dyn Files, kinds: Kinds) -> Self {
        Self {
            below,
            kinds: Mutex::new(kinds),
        }
    }

    /// The kinds that were asked for.
    pub fn into_kinds(self) -> Kinds {
        self.kinds
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Remembered<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.below.read(path)
    }

    fn read_before(&self, path: &str) {
        self.below.read_before(path);
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = kinds.get(path) {
            return *kind;
        }
        let kind = self.below.kind(path);
        kinds.insert(path.into(), kind);
        kind
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
