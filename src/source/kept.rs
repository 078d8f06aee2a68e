use super::folder::entry_kind;
use super::once::{ByPath, held, once};
use super::{Content, Entry, EntryKind, Files, Folder, Package, ReadError};
use hashbrown::HashMap;
use std::fs::{self, Metadata};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// A folder as it is at one moment, for one check: each file is looked at and read once, however
/// often it is asked for. What was read before and has not changed since comes from a [`Shelf`].
pub struct Kept {
    below: Folder,
    shelf: Arc<Shelf>,
    seen: ByPath<Seen>,
    read: ByPath<Result<Content, ReadError>>,
    listed: ByPath<Result<Arc<[Entry]>, ReadError>>,
}

/// What was read of a folder, for those who read it again.
#[derive(Default)]
pub struct Shelf {
    files: Mutex<Contents>,
    folders: ByPath<(Facts, Arc<[Entry]>)>,
}

#[derive(Default)]
struct Contents {
    known: HashMap<Box<str>, (Facts, Content)>,
    bytes: usize,
}

/// Larger files are read each time.
const LARGEST: usize = 1 << 20;

/// More is not kept of one folder.
const MOST: usize = 32 << 20;

/// A file that was written less than this before it was read may be written again without a trace:
/// some file systems count time in steps of two seconds.
const SETTLED: Duration = Duration::from_secs(3);

/// What the system says of a file, links followed. It says something else once the content changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facts {
    length: u64,
    modified: SystemTime,
    /// When content or name changed last, which nobody can set; and which file it is.
    #[cfg(unix)]
    changed: (i64, i64, u64, u64),
}

impl Facts {
    fn of(facts: &Metadata) -> Option<Self> {
        Some(Self {
            length: facts.len(),
            modified: facts.modified().ok()?,
            #[cfg(unix)]
            changed: {
                use std::os::unix::fs::MetadataExt;
                (facts.ctime(), facts.ctime_nsec(), facts.dev(), facts.ino())
            },
        })
    }

    /// True if a change after `now` would be seen.
    fn is_settled(&self, now: SystemTime) -> bool {
        let settled = |time: SystemTime| now.duration_since(time).is_ok_and(|age| age > SETTLED);
        #[cfg(unix)]
        {
            let changed = u64::try_from(self.changed.0).unwrap_or(0);
            settled(SystemTime::UNIX_EPOCH + Duration::from_secs(changed)) && settled(self.modified)
        }
        #[cfg(not(unix))]
        settled(self.modified)
    }
}

#[derive(Clone, Copy)]
struct Seen {
    kind: Option<EntryKind>,
    size: Option<u64>,
    facts: Option<Facts>,
}

impl Kept {
    /// A folder, and what is known of it.
    pub fn new(below: Folder, shelf: Arc<Shelf>) -> Self {
        Self {
            below,
            shelf,
            seen: Mutex::default(),
            read: Mutex::default(),
            listed: Mutex::default(),
        }
    }

    fn seen(&self, path: &str) -> Seen {
        once(&self.seen, path, || {
            let absolute = self.below.absolute(path);
            let own = fs::symlink_metadata(&absolute).ok();
            let target = match &own {
                Some(facts) if facts.is_symlink() => fs::metadata(&absolute).ok(),
                other => other.clone(),
            };
            Seen {
                kind: own.map(|own| entry_kind(own.file_type(), || target.clone())),
                size: target.as_ref().filter(|it| it.is_file()).map(Metadata::len),
                facts: target.as_ref().and_then(Facts::of),
            }
        })
    }

    fn content(&self, path: &str) -> Result<Content, ReadError> {
        let Some(facts) = self.seen(path).facts else {
            return self.below.read(path);
        };
        if let Some(known) = self.shelf.content(path, facts) {
            return Ok(known);
        }
        let now = SystemTime::now();
        let content = self.below.read(path)?;
        if facts.is_settled(now) && self.below.facts(path) == Some(facts) {
            self.shelf.keep(path, facts, content.clone());
        }
        Ok(content)
    }

    fn entries(&self, folder: &str) -> Result<Arc<[Entry]>, ReadError> {
        let Some(facts) = self.seen(folder).facts else {
            return self.below.list(folder).map(Arc::from);
        };
        let known = held(&self.shelf.folders).get(folder).cloned();
        if let Some((_, entries)) = known.filter(|(then, _)| *then == facts) {
            return Ok(entries);
        }
        let now = SystemTime::now();
        let entries: Arc<[Entry]> = self.below.list(folder)?.into();
        // where a link leads changes without the folder
        let links = entries
            .iter()
            .any(|it| matches!(it.kind, EntryKind::Link(_)));
        if !links && facts.is_settled(now) && self.below.facts(folder) == Some(facts) {
            held(&self.shelf.folders).insert(folder.into(), (facts, entries.clone()));
        }
        Ok(entries)
    }
}

impl Folder {
    fn facts(&self, path: &str) -> Option<Facts> {
        fs::metadata(self.absolute(path))
            .ok()
            .as_ref()
            .and_then(Facts::of)
    }
}

impl Shelf {
    fn content(&self, path: &str, facts: Facts) -> Option<Content> {
        let files = held(&self.files);
        let (then, content) = files.known.get(path)?;
        (*then == facts).then(|| content.clone())
    }

    fn keep(&self, path: &str, facts: Facts, content: Content) {
        if content.len() > LARGEST {
            return;
        }
        let mut files = held(&self.files);
        if files.bytes + content.len() > MOST {
            *files = Contents::default();
        }
        files.bytes += content.len();
        if let Some((_, old)) = files.known.insert(path.into(), (facts, content)) {
            files.bytes -= old.len();
        }
    }
}

impl Files for Kept {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let large = self
            .seen(path)
            .size
            .is_some_and(|size| size > LARGEST as u64);
        if large {
            return self.below.read(path);
        }
        once(&self.read, path, || self.content(path))
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.seen(path).kind
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.seen(path).size
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        once(&self.listed, folder, || self.entries(folder)).map(|entries| entries.to_vec())
    }

    fn package(&self, path: &str, budget: &mut u64) -> Result<Package, ReadError> {
        self.below.package(path, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    fn old(path: &std::path::Path) {
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(hour_ago)
            .unwrap();
    }

    fn read(folder: &tempfile::TempDir, shelf: &Arc<Shelf>, path: &str) -> String {
        let kept = Kept::new(Folder::new(folder.path()), shelf.clone());
        kept.read(path).map_or_else(
            |error| error.to_string(),
            |it| it.text().unwrap().to_string(),
        )
    }

    #[test]
    fn what_changes_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::default());
        let path = folder.path().join("a");
        assert_eq!(read(&folder, &shelf, "a"), "it does not exist");
        // the same length each time, and a time of change that lies
        for text in ["one", "two", "six"] {
            fs::write(&path, text).unwrap();
            old(&path);
            assert_eq!(read(&folder, &shelf, "a"), text);
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(read(&folder, &shelf, "a"), "it does not exist");
        fs::create_dir(&path).unwrap();
        assert_eq!(read(&folder, &shelf, "a"), "it is a folder");
    }

    #[test]
    fn one_check_sees_one_state() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(Folder::new(folder.path()), Arc::default());
        fs::write(folder.path().join("a"), "one").unwrap();
        assert_eq!(kept.read("a").unwrap(), "one".into());
        fs::write(folder.path().join("a"), "other").unwrap();
        fs::write(folder.path().join("b"), "").unwrap();
        assert_eq!(
            (kept.read("a").unwrap(), kept.size("a")),
            ("one".into(), Some(3))
        );
    }

    #[test]
    fn what_has_not_changed_is_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let facts = |length| Facts {
            length,
            ..Folder::new(folder.path()).facts("").unwrap()
        };
        let shelf = Shelf::default();
        shelf.keep("a", facts(1), "x".into());
        assert_eq!(shelf.content("a", facts(1)).as_deref(), Some(&b"x"[..]));
        assert_eq!(shelf.content("a", facts(2)), None);
        let later = SystemTime::now() + Duration::from_secs(60);
        assert!(facts(1).is_settled(later) && !facts(1).is_settled(SystemTime::now()));
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        let folder = tempfile::tempdir().unwrap();
        let facts = Folder::new(folder.path()).facts("").unwrap();
        let shelf = Shelf::default();
        let large = Content::from(vec![0; LARGEST]);
        for at in 0..40 {
            shelf.keep(&at.to_string(), facts, large.clone());
        }
        let files = held(&shelf.files);
        assert_eq!(files.bytes, files.known.len() * LARGEST);
        assert!(files.bytes <= MOST, "{}", files.bytes);
        drop(files);
        shelf.keep("x", facts, vec![0; LARGEST + 1].into());
        assert_eq!(shelf.content("x", facts), None);
    }
}
