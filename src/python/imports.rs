//! Where Python finds a module that a plugin imports.

use super::sdk;
use super::standard::{self, Standard};
use crate::source::{EntryKind, Files, join};
use std::sync::Arc;

/// What an absolute dotted module name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A module of the plugin.
    Module(Arc<str>),
    /// A package of the plugin: its `__init__.py`.
    Package(Arc<str>),
    /// A folder of the plugin without `__init__.py`.
    Namespace,
    /// A compiled module of the plugin; what it holds is not known.
    Compiled(Arc<str>),
    /// The standard library.
    Standard,
    /// The SDK.
    Sdk,
    /// Some installed package, or nothing at all.
    Elsewhere,
    /// Nothing: the parent has no such module.
    Missing,
    /// Nothing: the parent is a module, not a package.
    NotPackage,
}

/// The modules that lead to a module, and itself: `a`, `a.b` and `a.b.c`.
pub fn prefixes(module: &str) -> impl Iterator<Item = &str> {
    let ends = module.match_indices('.').map(|(at, _)| at);
    ends.chain([module.len()]).map(|end| &module[..end])
}

/// Where a top-level module is found. The plugin root comes first on the path, but a folder without
/// `__init__.py` is taken only if nothing installed has its name.
pub fn top(files: &dyn Files, name: &str) -> Place {
    if name == "dify_plugin" {
        return Place::Sdk;
    }
    if standard::is_preloaded(name) {
        return Place::Standard;
    }
    match in_folder(files, "", name) {
        Some(Place::Namespace) | None if standard::find(name).is_some() => Place::Standard,
        Some(Place::Namespace) if standard::is_sdk_dependency(name) => Place::Elsewhere,
        Some(place) => place,
        None => Place::Elsewhere,
    }
}

/// Where `parent.leaf` is found, `parent` having been found at `place`.
pub fn child(files: &dyn Files, place: &Place, parent: &str, leaf: &str) -> Place {
    match place {
        Place::Package(_) | Place::Namespace => {
            in_folder(files, &parent.replace('.', "/"), leaf).unwrap_or(Place::Missing)
        }
        Place::Module(_) => Place::NotPackage,
        Place::Compiled(_) | Place::Elsewhere => Place::Elsewhere,
        Place::Sdk => {
            if sdk::has_module(&format!("{parent}.{leaf}")) {
                Place::Sdk
            } else {
                Place::Missing
            }
        }
        Place::Standard => match standard::find(&format!("{parent}.{leaf}")) {
            Some(_) => Place::Standard,
            // these three are listed without what they hold
            None if is_unlisted(parent) => Place::Standard,
            None if standard::find(parent) == Some(Standard::Module) => Place::NotPackage,
            None => Place::Missing,
        },
        Place::Missing | Place::NotPackage => Place::Missing,
    }
}

fn is_unlisted(parent: &str) -> bool {
    let top = parent.split('.').next().unwrap_or_default();
    matches!(top, "test" | "idlelib" | "lib2to3" | "ensurepip")
        || parent
            .split('.')
            .any(|part| part == "test" || part == "tests")
}

fn in_folder(files: &dyn Files, folder: &str, leaf: &str) -> Option<Place> {
    if leaf.is_empty() || leaf.contains('/') || matches!(leaf, "." | "..") {
        return None;
    }
    let mut path = join(folder, leaf);
    let stem = path.len();
    let is_folder = files.kind(&path).is_some_and(EntryKind::is_folder);
    // one text for all candidates: every import of every source comes here
    let mut file = |ending: &str| {
        path.truncate(stem);
        path.push_str(ending);
        files
            .kind(&path)
            .is_some_and(EntryKind::is_file)
            .then(|| path.as_str().into())
    };
    if is_folder && let Some(init) = file("/__init__.py") {
        return Some(Place::Package(init));
    }
    if let Some(compiled) = file(".abi3.so").or_else(|| file(".so")) {
        return Some(Place::Compiled(compiled));
    }
    if let Some(module) = file(".py") {
        return Some(Place::Module(module));
    }
    if let Some(compiled) = file(".pyc") {
        return Some(Place::Compiled(compiled));
    }
    is_folder.then_some(Place::Namespace)
}
