//! Writes changed files so that none is ever half written or lost.

use super::Changed;
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
    let mut drafts = Vec::new();
    for one in changed {
        match Draft::of(root, one) {
            Ok(draft) => drafts.push(draft),
            Err(reason) => {
                // the last first: it may lie in a folder that an earlier one made
                while drafts.pop().is_some() {}
                return Err(failed(&one.path, reason));
            }
        }
    }
    let mut written = Vec::new();
    for (mut draft, one) in drafts.into_iter().zip(changed) {
        if let Err(reason) = draft.take_place(one) {
            return Err(WriteError {
                written,
                ..failed(&one.path, reason)
            });
        }
        written.push(one.path.clone());
    }
    Ok(())
}

/// New content under another name; gone when it does not come to take its place.
struct Draft {
    target: PathBuf,
    path: PathBuf,
    /// Folders that were made for it, the innermost first.
    folders: Vec<PathBuf>,
    placed: bool,
}

impl Draft {
    fn of(root: &Path, changed: &Changed) -> Result<Self, WriteRefusal> {
        let path = root.join(&changed.path);
        let inside = root.canonicalize()?;
        let folder = path.parent().unwrap_or(root);
        let mut folders = Vec::new();
        let target = if changed.before.is_some() {
            // a link to a file is followed, so that the link itself stays
            path.canonicalize().map_err(vanished)?
        } else {
            stays_inside(&inside, folder)?;
            folders = make_folders(folder)?;
            folder
                .canonicalize()?
                .join(path.file_name().unwrap_or_default())
        };
        let mut draft = Self {
            path: target.clone(),
            target,
            folders,
            placed: true,
        };
        if !draft.target.starts_with(&inside) {
            return Err(WriteRefusal::Outside);
        }
        draft.is_as_before(changed)?;
        let permissions = match fs::metadata(&draft.target) {
            Ok(facts) if facts.permissions().readonly() => return Err(WriteRefusal::ReadOnly),
            Ok(facts) => Some(facts.permissions()),
            Err(_) => None,
        };
        let mut file = draft.create()?;
        file.write_all(changed.after.as_bytes())?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.sync_all()?;
        Ok(draft)
    }

    /// A new, empty file in the folder, under a name that nobody else has.
    fn create(&mut self) -> io::Result<fs::File> {
        let folder = self.target.parent().unwrap_or(Path::new("."));
        for attempt in 0..100 {
            let path = folder.join(format!(".difylint-{}-{attempt}.tmp", std::process::id()));
            let mut options = fs::OpenOptions::new();
            match options.write(true).create_new(true).open(&path) {
                Ok(file) => {
                    self.path = path;
                    self.placed = false;
                    return Ok(file);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("there is no free name for a draft"))
    }

    fn is_as_before(&self, changed: &Changed) -> Result<(), WriteRefusal> {
        let now = match fs::read(&self.target) {
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

    fn take_place(&mut self, changed: &Changed) -> Result<(), WriteRefusal> {
        self.is_as_before(changed)?;
        if changed.before.is_some() {
            fs::rename(&self.path, &self.target)?;
        } else {
            // unlike a rename, a link never takes the place of a file that came meanwhile
            match fs::hard_link(&self.path, &self.target) {
                Ok(()) => drop(fs::remove_file(&self.path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(WriteRefusal::ChangedMeanwhile);
                }
                Err(_) => fs::rename(&self.path, &self.target)?,
            }
        }
        self.placed = true;
        self.folders.clear();
        if let Some(folder) = self.target.parent()
            && let Ok(folder) = fs::File::open(folder)
        {
            // not every file system can; the content itself is safe
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            // the draft is of no use to anybody; the first error is the one to tell
            let _ = fs::remove_file(&self.path);
        }
        for folder in &self.folders {
            let _ = fs::remove_dir(folder);
        }
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

/// Makes the folders that are missing and names them, the innermost first.
fn make_folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let missing: Vec<PathBuf> = folder
        .ancestors()
        .take_while(|it| !it.as_os_str().is_empty() && !it.exists())
        .map(Path::to_path_buf)
        .collect();
    fs::create_dir_all(folder)?;
    Ok(missing)
}
