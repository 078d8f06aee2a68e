use crate::dialect::gitignore::Patterns;
use crate::source::{Changes, Derived, EntryKind, Files, join, may_be_lossy};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// Most files that are listed of one plugin; a folder with more is no plugin's source.
pub const MAX_FILES: usize = 100_000;

/// Where patterns come from; the first that is there.
pub const IGNORE_FILES: [&str; 2] = [".difyignore", ".gitignore"];

/// The files that `dify plugin package` would put into the package, or that are in it.
pub struct Packed {
    /// The file that the patterns come from: `.difyignore`, or else `.gitignore`.
    pub ignore_file: Option<&'static str>,
    /// Its text.
    pub ignore_text: Arc<str>,
    patterns: Patterns,
    walk: OnceLock<Walk>,
    derived: Derived,
}

/// The result of the packager's walk.
#[derive(Debug, Default)]
pub struct Walk {
    /// Paths of the packed files, sorted.
    pub files: Vec<String>,
    /// What stops the packager: links to a folder or to nothing, and what is neither a file nor a
    /// folder.
    pub unpackable: Vec<(String, EntryKind)>,
    /// Files whose names are not UTF-8, shown with replacement characters.
    pub not_utf8: Vec<String>,
    /// The walk was given up after `MAX_FILES`.
    pub truncated: bool,
    /// A source or a folder may be left out. False says that every Python source in the folder is
    /// packed.
    pub leaves_code: bool,
}

impl Packed {
    /// Reads the ignore file of the plugin. In a package it has nothing to say any more.
    pub fn new(files: &dyn Files) -> Self {
        let names = match files.archive() {
            None => &IGNORE_FILES[..],
            Some(_) => &[],
        };
        let (ignore_file, ignore_text) = names
            .iter()
            .find_map(|name| Some((Some(*name), files.read(name).ok()?.lossy())))
            .unwrap_or_default();
        let patterns = Patterns::parse(&ignore_text);
        Self {
            ignore_file,
            ignore_text,
            patterns,
            walk: OnceLock::new(),
            derived: Derived::default(),
        }
    }

    /// The same, if nothing that it depends on changed.
    pub(super) fn again(
        self: &Arc<Self>,
        files: &dyn Files,
        changes: &Changes,
    ) -> Option<Arc<Self>> {
        let same = IGNORE_FILES.iter().all(|name| changes.spare(name));
        same.then(|| {
            self.ignore_file.iter().for_each(|it| files.read_before(it));
            self.clone()
        })
    }

    /// The patterns of the ignore file.
    pub const fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The line of the ignore file, counted from 0, that keeps an existing path out of the package.
    pub fn excluded_by(&self, path: &str, is_folder: bool) -> Option<usize> {
        let line = self
            .patterns
            .excludes_below(path, is_folder)?
            .checked_sub(1)?;
        usize::try_from(line).ok()
    }

    /// True if the file would be in the package.
    pub fn holds(&self, files: &dyn Files, path: &str) -> bool {
        let linked = path
            .match_indices('/')
            .filter_map(|(at, _)| path.get(..at))
            .any(|folder| matches!(files.kind(folder), Some(EntryKind::Link(_))));
        !linked && self.excluded_by(path, false).is_none()
    }

    /// What follows from the [`Packed::walk`] and the ignore file, and from nothing else: made once,
    /// and kept for as long as these stay the same, whatever stands in the other files.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        files: &dyn Files,
        make: impl FnOnce(&Walk) -> T,
    ) -> Arc<T> {
        self.derived.get(|| make(self.walk(files)))
    }

    /// The packager's walk; done on first use.
    pub fn walk(&self, files: &dyn Files) -> &Walk {
        self.walk.get_or_init(|| {
            let mut walk = Walk::default();
            let mut folders = vec![String::new()];
            while let Some(folder) = folders.pop() {
                let Ok(entries) = files.list(&folder) else {
                    continue;
                };
                for entry in entries {
                    if walk.files.len() >= MAX_FILES {
                        walk.truncated = true;
                        walk.leaves_code = true;
                        return walk;
                    }
                    let path = join(&folder, &entry.name);
                    let is_folder = entry.kind == EntryKind::Folder;
                    if self.patterns.excludes(&path, is_folder).is_some() {
                        walk.leaves_code |=
                            is_folder || !entry.kind.is_file() || path.ends_with(".py");
                        continue;
                    }
                    let lost = may_be_lossy(&entry.name);
                    if lost && files.kind(&path).is_none() {
                        walk.not_utf8.push(path.clone());
                    }
                    match entry.kind {
                        EntryKind::Folder => folders.push(path),
                        kind if kind.is_file() => walk.files.push(path),
                        kind => {
                            walk.leaves_code = true;
                            walk.unpackable.push((path, kind));
                        }
                    }
                }
            }
            walk.files.sort();
            walk
        })
    }
}
