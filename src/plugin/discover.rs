use super::{MANIFEST, Plugin, carried};
use crate::source::limits::{MAX_CARRIED, MAX_NESTED_BYTES, MAX_NESTING};
use crate::source::{Content, Files, Folder, Memory, Overlay, Package};
use crate::threads;
use hashbrown::HashSet;
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
}

/// Is told of a folder that could not be searched, and why.
type Unsearched<'u> = dyn FnMut(&Path, &io::Error) + 'u;

/// What was found below a folder, in order.
#[derive(Default)]
struct Found {
    targets: Vec<Target>,
    unsearched: Vec<(PathBuf, io::Error)>,
}

/// The endings of packages and bundles.
const PACKAGES: [&str; 2] = ["difypkg", "difybndl"];

/// Folders that hold no plugin sources of their own.
const SKIPPED: [&str; 4] = ["node_modules", "__pycache__", "target", "venv"];

/// Deepest folder below a given path that is searched for plugins.
const MAX_DEPTH: usize = 32;

/// Finds the plugins below the given paths, in order of path within each, and none twice.
///
/// A folder with a manifest is a plugin and is not searched further, not even for packages, which
/// are only left over from packing it. In other folders packages are found as well. The packages
/// that a bundle carries follow it. Hidden folders and links to folders are not searched; naming
/// one as an argument is.
///
/// # Errors
/// When a given path cannot be searched at all. A path below which no plugin stands is no error.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Target>, DiscoverError> {
    discover_telling(paths, &mut |_, _| {})
}

/// The same, and tells of each folder below the given paths that could not be searched; of one that
/// is given itself the error tells.
///
/// # Errors
/// As those of [`discover`].
pub fn discover_telling(
    paths: &[PathBuf],
    unsearched: &mut Unsearched<'_>,
) -> Result<Vec<Target>, DiscoverError> {
    let mut found: Vec<Target> = Vec::new();
    let mut known = HashSet::new();
    for path in paths {
        let below = below(path)?;
        for (folder, error) in &below.unsearched {
            unsearched(folder, error);
        }
        for target in below.targets {
            if known.insert((target.display.clone(), target.only.clone())) {
                found.push(target);
            }
        }
    }
    Ok(found)
}

/// The plugins that a given path stands for.
fn below(path: &Path) -> Result<Found, DiscoverError> {
    let unreadable = |error: io::Error| {
        DiscoverError::Unreadable(path.to_path_buf(), error.to_string().to_lowercase())
    };
    let mut found = Found::default();
    match fs::metadata(path) {
        Ok(facts) if facts.is_dir() => found = search(path, 0).map_err(unreadable)?,
        Ok(_) if is_package(path) => package(path, &mut found.targets).map_err(unreadable)?,
        Ok(_) => found.targets.push(around(path)?),
        Err(error) => match inside(path) {
            Some(target) => found.targets.push(target),
            None if error.kind() == io::ErrorKind::NotFound => {
                return Err(DiscoverError::Missing(path.to_path_buf()));
            }
            None if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(DiscoverError::Missing(path.to_path_buf()));
            }
            None => return Err(unreadable(error)),
        },
    }
    Ok(found)
}

fn is_package(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| PACKAGES.contains(&ending))
}

/// A package, and those that it carries.
fn package(path: &Path, found: &mut Vec<Target>) -> io::Result<()> {
    let target = Target {
        display: display(path),
        files: Arc::new(Package::open(path)?),
        only: None,
    };
    push(target, found);
    Ok(())
}

/// Adds a target and the packages that it carries.
fn push(target: Target, found: &mut Vec<Target>) {
    let mut budget = MAX_NESTED_BYTES;
    let mut carried = Vec::new();
    open_carried(&target, 1, &mut budget, &mut carried);
    found.push(target);
    found.extend(carried);
}

fn open_carried(target: &Target, depth: usize, budget: &mut u64, found: &mut Vec<Target>) {
    // most are plugins, and most packages need not be opened yet
    if target.display.ends_with(".difypkg") {
        return;
    }
    let says_bundle = |content: Content| memchr::memmem::find(&content, b"bundle").is_some();
    if !target.files.read(MANIFEST).is_ok_and(says_bundle) {
        return;
    }
    let plugin = Plugin::load(target.files.clone());
    let there = carried(&plugin).into_iter().filter(|it| it.is_in(&plugin));
    let mut paths: Vec<String> = there.map(|it| it.path()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        // what is not there or cannot be opened is a finding about the bundle
        if found.len() >= MAX_CARRIED {
            return;
        }
        if let Ok(package) = target.files.package(&path, budget) {
            let inner = Target {
                display: format!("{}/{path}", target.display),
                files: Arc::new(package),
                only: None,
            };
            found.push(inner.clone());
            if depth < MAX_NESTING {
                open_carried(&inner, depth + 1, budget, found);
            }
        }
    }
}

/// A file inside a package, named as findings name it: `x.difypkg/tools/search.yaml`.
fn inside(path: &Path) -> Option<Target> {
    let outer = path
        .ancestors()
        .skip(1)
        .find(|it| is_package(it) && it.is_file())?;
    let mut targets = Vec::new();
    package(outer, &mut targets).ok()?;
    let wanted = display(path);
    targets.into_iter().rev().find_map(|target| {
        let rest = wanted.strip_prefix(&target.display)?;
        let inner = rest
            .strip_prefix('/')
            .or(rest.is_empty().then_some(""))?
            .to_owned();
        let known = inner.is_empty() || target.files.kind(&inner).is_some();
        known.then(|| Target {
            only: (inner != MANIFEST && !inner.is_empty()).then_some(inner),
            ..target
        })
    })
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

fn search(folder: &Path, depth: usize) -> io::Result<Found> {
    let mut found = Found::default();
    if fs::symlink_metadata(folder.join(MANIFEST)).is_ok() {
        push(target(folder), &mut found.targets);
        return Ok(found);
    }
    if depth >= MAX_DEPTH {
        return Ok(found);
    }
    let (mut folders, mut packages) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_file() && is_package(&entry.path()) {
            packages.push(entry.path());
        } else if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
            folders.push(entry.path());
        }
    }
    packages.sort();
    for path in packages {
        // a package that may not be read hides no other plugin, and is found to be unreadable
        if package(&path, &mut found.targets).is_err() {
            found.targets.push(Target {
                display: display(&path),
                files: Arc::new(Package::unopened(&path)),
                only: None,
            });
        }
    }
    folders.sort();
    let below = threads::map(&folders, |folder| search(folder, depth + 1));
    for (folder, below) in folders.into_iter().zip(below) {
        match below {
            Ok(below) => {
                found.targets.extend(below.targets);
                found.unsearched.extend(below.unsearched);
            }
            // nor does a folder
            Err(error) => found.unsearched.push((folder, error)),
        }
    }
    Ok(found)
}

fn around(file: &Path) -> Result<Target, DiscoverError> {
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
