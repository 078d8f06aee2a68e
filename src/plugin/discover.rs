use super::MANIFEST;
use crate::source::{Files, Folder, Memory, Overlay};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// A plugin to check.
#[derive(Clone)]
pub struct Target {
    /// Its root as reachable from the working directory, separated by `/`.
    pub display: String,
    /// Its files.
    pub files: Arc<dyn Files>,
    /// Report only what concerns this file, relative to the root.
    pub only: Option<String>,
}

/// Why there is nothing to check.
#[derive(Debug)]
pub enum DiscoverError {
    /// A given path does not exist.
    Missing(PathBuf),
    /// A given path cannot be read; the system's own words.
    Unreadable(PathBuf, String),
    /// A given file belongs to no plugin: no folder above it has a manifest.
    NoPlugin(PathBuf),
    /// Packages are not read in place by this release.
    Package(PathBuf),
}

/// Folders that hold no plugin sources of their own.
const SKIPPED: [&str; 4] = ["node_modules", "__pycache__", "target", "venv"];

/// Deepest folder below a given path that is searched for plugins.
const MAX_DEPTH: usize = 32;

/// Finds the plugins below the given paths, in order of path within each, and none twice.
///
/// A folder with a manifest is a plugin and is not searched further. Hidden folders and links to
/// folders are not searched; naming one as an argument is.
///
/// # Errors
/// When a given path cannot be searched at all. A path below which no plugin stands is no error.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Target>, DiscoverError> {
    let mut found: Vec<Target> = Vec::new();
    for path in paths {
        let facts = fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DiscoverError::Missing(path.clone()),
            _ => DiscoverError::Unreadable(path.clone(), error.to_string()),
        })?;
        let mut targets = Vec::new();
        if facts.is_dir() {
            search(path, 0, &mut targets)
                .map_err(|error| DiscoverError::Unreadable(path.clone(), error.to_string()))?;
        } else {
            targets.push(around(path)?);
        }
        for target in targets {
            let known = found
                .iter()
                .any(|other| other.display == target.display && other.only == target.only);
            if !known {
                found.push(target);
            }
        }
    }
    Ok(found)
}

/// The plugin that a text belongs to which is not on the disk, or not in this state.
///
/// # Errors
/// When no folder above the file has a manifest and the file is not one itself.
pub fn with_text(path: &Path, text: Vec<u8>) -> Result<Target, DiscoverError> {
    let (root, inner) = root_of(path)
        .or_else(|| {
            let is_manifest = path.file_name().is_some_and(|name| name == MANIFEST);
            is_manifest.then(|| {
                (
                    path.parent().unwrap_or(Path::new("")).to_path_buf(),
                    MANIFEST.to_owned(),
                )
            })
        })
        .ok_or_else(|| DiscoverError::NoPlugin(path.to_path_buf()))?;
    let mut above = Memory::new();
    above.insert(inner.clone(), text);
    Ok(Target {
        display: display(&root),
        files: Arc::new(Overlay::new(Folder::new(root), above)),
        only: (inner != MANIFEST).then_some(inner),
    })
}

fn search(folder: &Path, depth: usize, found: &mut Vec<Target>) -> io::Result<()> {
    if fs::symlink_metadata(folder.join(MANIFEST)).is_ok() {
        found.push(target(folder));
        return Ok(());
    }
    if depth >= MAX_DEPTH {
        return Ok(());
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
            folders.push(entry.path());
        }
    }
    folders.sort();
    for folder in folders {
        // a folder that cannot be read hides no plugin from its owner's other folders
        let _ = search(&folder, depth + 1, found);
    }
    Ok(())
}

fn around(file: &Path) -> Result<Target, DiscoverError> {
    if file
        .extension()
        .is_some_and(|ending| ending == "difypkg" || ending == "difybndl")
    {
        return Err(DiscoverError::Package(file.to_path_buf()));
    }
    let (root, inner) = root_of(file).ok_or_else(|| DiscoverError::NoPlugin(file.to_path_buf()))?;
    Ok(Target {
        only: (inner != MANIFEST).then_some(inner),
        ..target(&root)
    })
}

/// The nearest folder above a file that has a manifest, and the file's path below it.
fn root_of(file: &Path) -> Option<(PathBuf, String)> {
    let folder = file.parent()?;
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let absolute = std::path::absolute(folder).ok()?;
    let name = file.file_name()?.to_string_lossy().into_owned();
    let mut above = PathBuf::new();
    for (steps, candidate) in absolute.ancestors().enumerate().take(MAX_DEPTH) {
        if fs::symlink_metadata(candidate.join(MANIFEST)).is_ok() {
            let below = absolute.strip_prefix(candidate).ok()?;
            let inner = display(&below.join(&name));
            let root = nth_parent(folder, steps).unwrap_or_else(|| folder.join(&above));
            return Some((root, inner));
        }
        above.push("..");
    }
    None
}

fn nth_parent(folder: &Path, steps: usize) -> Option<PathBuf> {
    let parent = folder.ancestors().nth(steps)?;
    Some(if parent.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        parent.to_path_buf()
    })
}

fn target(root: &Path) -> Target {
    Target {
        display: display(root),
        files: Arc::new(Folder::new(root)),
        only: None,
    }
}

fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    match text.trim_end_matches('/') {
        "" if text.starts_with('/') => "/".to_owned(),
        "" => ".".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}
