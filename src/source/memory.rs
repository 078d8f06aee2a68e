use super::{
    Archive, Content, Entry, EntryKind, Files, LinkTarget, MAX_FILE_BYTES, Package, ReadError,
    parent,
};
use std::collections::BTreeMap;

/// What is in memory is read as it would be from the disk.
fn within_limit(content: &Content) -> Result<Content, ReadError> {
    match content.len() as u64 {
        size if size > MAX_FILE_BYTES => Err(ReadError::TooLarge(size)),
        _ => Ok(content.clone()),
    }
}

/// A plugin held in memory: paths and contents. Folders exist where files need them.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Content>,
    links: BTreeMap<String, Option<LinkTarget>>,
}

impl Memory {
    /// An empty plugin.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Content>) {
        self.files.insert(path.into(), content.into());
    }

    /// Creates a link to something outside, or to nothing. The root, `""`, may be one.
    pub fn insert_link(&mut self, path: impl Into<String>, target: Option<LinkTarget>) {
        self.links.insert(path.into(), target);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) -> Option<Content> {
        self.files.remove(path)
    }

    /// The content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|content| &**content)
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    fn is_folder(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        any_below(&self.files, path)
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        match self.files.get(path) {
            Some(content) => within_limit(content),
            None if self.is_folder(path) => Err(ReadError::IsFolder),
            None => Err(ReadError::Missing),
        }
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        if let Some(target) = self.links.get(path) {
            Some(EntryKind::Link(*target))
        } else if self.files.contains_key(path) {
            Some(EntryKind::File)
        } else {
            self.is_folder(path).then_some(EntryKind::Folder)
        }
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.files.get(path).map(|content| content.len() as u64)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = list(&self.files, folder)?;
        for (path, target) in self.links.iter().filter(|(path, _)| !path.is_empty()) {
            if parent(path) == folder {
                entries.push(Entry {
                    name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                    kind: EntryKind::Link(*target),
                });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }
}

/// True if a path of the map lies below this folder.
pub(super) fn any_below<T>(files: &BTreeMap<String, T>, folder: &str) -> bool {
    let prefix = format!("{folder}/");
    let mut from = files.range(prefix.clone()..);
    from.next().is_some_and(|(key, _)| key.starts_with(&prefix))
}

/// The entries of a folder, where the map holds only files.
pub(super) fn list<T>(files: &BTreeMap<String, T>, folder: &str) -> Result<Vec<Entry>, ReadError> {
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let mut entries: BTreeMap<&str, EntryKind> = BTreeMap::new();
    for path in files.range(prefix.clone()..).map(|(path, _)| path) {
        let Some(rest) = path.strip_prefix(&prefix) else {
            break;
        };
        match rest.split_once('/') {
            Some((name, _)) => entries.insert(name, EntryKind::Folder),
            None => entries.insert(rest, EntryKind::File),
        };
    }
    if entries.is_empty() && !folder.is_empty() {
        return Err(ReadError::Missing);
    }
    Ok(entries
        .into_iter()
        .map(|(name, kind)| Entry {
            name: name.to_owned(),
            kind,
        })
        .collect())
}

/// Texts laid over other files, as an editor does with unsaved buffers.
pub struct Overlay<F> {
    below: F,
    above: Memory,
}

impl<F: Files> Overlay<F> {
    /// `above` hides what `below` has at the same paths.
    pub const fn new(below: F, above: Memory) -> Self {
        Self { below, above }
    }
}

impl<F: Files> Files for Overlay<F> {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        match self.above.files.get(path) {
            Some(content) => within_limit(content),
            None => self.below.read(path),
        }
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.above
            .files
            .get(path)
            .map(|_| EntryKind::File)
            .or_else(|| self.below.kind(path))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.above.size(path).or_else(|| self.below.size(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.below.list(folder).or_else(|error| {
            if self.above.is_folder(folder) {
                Ok(Vec::new())
            } else {
                Err(error)
            }
        })?;
        for path in self.above.paths().filter(|path| parent(path) == folder) {
            let name = path.rsplit('/').next().unwrap_or(path);
            if !entries.iter().any(|entry| entry.name == name) {
                entries.push(Entry {
                    name: name.to_owned(),
                    kind: EntryKind::File,
                });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn archive(&self) -> Option<&Archive> {
        self.below.archive()
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        self.below.package(path, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_follow_from_files() {
        let mut files = Memory::new();
        files.insert("tools/a.yaml", b"a");
        files.insert("tools/x/b.yaml", b"b");
        files.insert("manifest.yaml", b"m");
        let names = |folder: &str| {
            files
                .list(folder)
                .unwrap()
                .into_iter()
                .map(|entry| entry.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["manifest.yaml", "tools"]);
        assert_eq!(names("tools"), ["a.yaml", "x"]);
        assert_eq!(files.read("tools"), Err(ReadError::IsFolder));
        assert_eq!(files.read("tool"), Err(ReadError::Missing));
        assert_eq!(files.kind("tools/x"), Some(EntryKind::Folder));
    }
}
