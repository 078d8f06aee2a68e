//! Writes changed files so that none is ever half written or lost.

use super::Changed;
use super::draft::{Draft, Uninterrupted, uninterrupted};
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why files were not written. Those that are not named in `written` are as they were.
#[derive(Debug)]
pub struct WriteError {
    /// The file that could not be written, relative to the plugin root.
    pub path: String,
    /// Why.
    pub reason: WriteRefusal,
    /// Files that were written before it, relative to the plugin root.
    pub written: Vec<String>,
}

/// Why a file was not written; what was there before is still there.
#[derive(Debug)]
pub enum WriteRefusal {
    /// The file is not what it was when it was read.
    ChangedMeanwhile,
    /// The file is no longer there.
    Vanished,
    /// Its owner allows nobody to write it.
    ReadOnly,
    /// The path leads out of the plugin through a link.
    Outside,
    /// The system refused.
    System(io::Error),
}

impl fmt::Display for WriteRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChangedMeanwhile => f.write_str("it changed while it was being fixed"),
            Self::Vanished => f.write_str("it went away while it was being fixed"),
            Self::ReadOnly => f.write_str("it is read-only"),
            Self::Outside => f.write_str("a link leads out of the plugin"),
            Self::System(error) => f.write_str(&error.to_string().to_lowercase()),
        }
    }
}

impl From<io::Error> for WriteRefusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Writes files of the plugin in this folder. First a draft of each is written beside it; only
/// when all are there, and nobody wrote meanwhile, they take the places of the files.
///
/// # Errors
/// When a file changed since it was read, lies outside the plugin, or the system refuses.
pub fn write_all(root: &Path, changed: &[Changed]) -> Result<(), WriteError> {
    let failed = |path: &str, reason| WriteError {
        path: path.to_owned(),
        reason,
        written: Vec::new(),
    };
    let mut texts = Vec::new();
    for one in changed {
        match NewText::of(root, one) {
            Ok(text) => texts.push(text),
            Err(reason) => {
                let_go(texts);
                return Err(failed(&one.path, reason));
            }
        }
    }
    let mut written = Vec::new();
    let mut refused = None;
    // all files of the plugin or none, even when a signal comes now
    let mut now = uninterrupted();
    for (text, one) in texts.iter_mut().zip(changed) {
        if let Err(reason) = text.take_place(one, &mut now) {
            refused = Some(failed(&one.path, reason));
            break;
        }
        written.push(one.path.clone());
    }
    drop(now);
    let_go(texts);
    match refused {
        Some(refused) => Err(WriteError { written, ..refused }),
        None => Ok(()),
    }
}

/// The last first: it may lie in a folder that an earlier one made.
fn let_go(mut texts: Vec<NewText>) {
    while texts.pop().is_some() {}
}

/// The new content of a file, not yet in its place.
struct NewText {
    target: PathBuf,
    draft: Draft,
}

impl NewText {
    fn of(root: &Path, changed: &Changed) -> Result<Self, WriteRefusal> {
        let path = root.join(&changed.path);
        let inside = root.canonicalize()?;
        let folder = path.parent().unwrap_or(root);
        let (target, (draft, mut file)) = if changed.before.is_some() {
            // a link to a file is followed, so that the link itself stays
            let target = path.canonicalize().map_err(vanished)?;
            if !target.starts_with(&inside) {
                return Err(WriteRefusal::Outside);
            }
            is_as_before(&target, changed)?;
            let facts = fs::metadata(&target).map_err(vanished)?;
            if facts.permissions().readonly() {
                return Err(WriteRefusal::ReadOnly);
            }
            let (draft, file) = Draft::create(target.parent().unwrap_or(root))?;
            file.set_permissions(facts.permissions())?;
            (target, (draft, file))
        } else {
            stays_inside(&inside, folder)?;
            is_as_before(&path, changed)?;
            (path.clone(), Draft::create_in_new(folder)?)
        };
        file.write_all(changed.after.as_bytes())?;
        file.sync_all()?;
        Ok(Self { target, draft })
    }

    fn take_place(
        &mut self,
        changed: &Changed,
        now: &mut Uninterrupted,
    ) -> Result<(), WriteRefusal> {
        is_as_before(&self.target, changed)?;
        if changed.before.is_some() {
            self.draft.replace(&self.target, now)?;
        } else {
            let placed = self.draft.become_new(&self.target, now);
            placed.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => WriteRefusal::ChangedMeanwhile,
                _ => error.into(),
            })?;
        }
        if let Some(folder) = self.target.parent()
            && let Ok(folder) = fs::File::open(folder)
        {
            // not every file system can; the content itself is safe
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

fn is_as_before(target: &Path, changed: &Changed) -> Result<(), WriteRefusal> {
    let now = match fs::read(target) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    match (&now, &changed.before) {
        (None, Some(_)) => Err(WriteRefusal::Vanished),
        (now, before) if now.as_deref() != before.as_ref().map(String::as_bytes) => {
            Err(WriteRefusal::ChangedMeanwhile)
        }
        _ => Ok(()),
    }
}

fn vanished(error: io::Error) -> WriteRefusal {
    match error.kind() {
        io::ErrorKind::NotFound => WriteRefusal::Vanished,
        _ => error.into(),
    }
}

/// The nearest folder that exists lies in the plugin.
fn stays_inside(inside: &Path, folder: &Path) -> Result<(), WriteRefusal> {
    for above in folder.ancestors() {
        match above.canonicalize() {
            Ok(real) if real.starts_with(inside) => return Ok(()),
            Ok(_) => return Err(WriteRefusal::Outside),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(WriteRefusal::Outside)
}
