//! Writes changed files so that none is ever half written or lost.

use super::Changed;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why a file was not written; what was there before is still there.
#[derive(Debug)]
pub enum WriteError {
    /// The file is not what it was when it was read.
    ChangedMeanwhile(PathBuf),
    /// The path leads out of the plugin through a link.
    Outside(PathBuf),
    /// The system refused.
    Refused(PathBuf, io::Error),
}

/// Writes a file of the plugin in this folder: a new file beside it takes its place at once.
///
/// # Errors
/// When the file changed since it was read, lies outside the plugin, or the system refuses.
pub fn write(root: &Path, changed: &Changed) -> Result<(), WriteError> {
    let path = root.join(&changed.path);
    let refused = |error| WriteError::Refused(path.clone(), error);
    let folder = path.parent().unwrap_or(root);
    if changed.before.is_none() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let inside = root.canonicalize().map_err(refused)?;
    // a link to a file is followed, so that the link itself stays
    let target = match &changed.before {
        Some(_) => path.canonicalize().map_err(refused)?,
        None => folder
            .canonicalize()
            .map_err(refused)?
            .join(path.file_name().unwrap_or_default()),
    };
    if !target.starts_with(&inside) {
        return Err(WriteError::Outside(path));
    }
    let now = match fs::read(&target) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(refused(error)),
    };
    if now.as_deref() != changed.before.as_ref().map(String::as_bytes) {
        return Err(WriteError::ChangedMeanwhile(path));
    }
    replace(&target, changed.after.as_bytes()).map_err(refused)
}

fn replace(target: &Path, content: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let (draft, mut file) = draft(folder)?;
    let written = (|| {
        file.write_all(content)?;
        if let Ok(facts) = fs::metadata(target) {
            file.set_permissions(facts.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&draft, target)
    })();
    if written.is_err() {
        // the draft is of no use to anybody; the first error is the one to tell
        let _ = fs::remove_file(&draft);
    }
    written
}

/// A new, empty file in the folder, under a name that nobody else has.
fn draft(folder: &Path) -> io::Result<(PathBuf, fs::File)> {
    let mut last = None;
    for attempt in 0..100 {
        let path = folder.join(format!(".difylint-{}-{attempt}.tmp", std::process::id()));
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no free name for a draft")))
}
