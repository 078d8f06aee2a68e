//! Two versions of one plugin side by side: what breaks for those who rely on the old one.
//!
//! What others rely on is taken out of both as a tree of named items ([`interface`]); walking the
//! two trees gives changes, each with a grade; the grades together demand a version.

mod change;
mod extract;
mod facts;
mod fields;
pub mod interface;
mod manifest;
mod rename;
pub mod report;
mod same;
mod version;
mod walk;

pub use change::{Change, Grade, Spot};
pub use extract::{Gap, Interface};
pub use version::{Step, Version};

use crate::finding::{Place, Severity};
use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::policy::Policy;
use crate::requirements::Requirements;
use crate::requires::Requires;
use crate::rules::{self, Status};
use crate::source::{Files, SourceFile};
use interface::ItemKind;
use manifest::Manifests;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// One of the two versions.
pub struct Side {
    /// Path of its root as reachable from the working directory.
    pub root: String,
    /// Its graph.
    pub plugin: Plugin,
    requires: Requires,
    requirements: Requirements,
}

impl Side {
    /// Reads a version. `root` is its path as the reader of the report knows it.
    pub fn load(files: Arc<dyn Files>, root: &str) -> Self {
        let plugin = Plugin::load(files);
        Self {
            root: root.to_owned(),
            requires: Requires::of(&plugin),
            requirements: Requirements::read(plugin.files.as_ref()),
            plugin,
        }
    }

    /// A file of it as reachable from the working directory.
    fn path_of(&self, file: &str) -> String {
        match self.root.as_str() {
            "." | "" => file.to_owned(),
            // the root of a commit: git writes `v0.1.0:manifest.yaml`
            root if root.ends_with(':') => format!("{root}{file}"),
            root => format!("{}/{file}", root.trim_end_matches('/')),
        }
    }

    fn release(&self) -> Release {
        let manifest = self.plugin.manifest().and_then(Node::root);
        let text = |key: &str| manifest.and_then(|it| it.text_at(key)).map(str::to_owned);
        Release {
            root: self.root.clone(),
            author: text("author"),
            name: text("name"),
            version: text("version"),
        }
    }
}

/// Which version was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Path of its root.
    pub root: String,
    /// `author` of its manifest.
    pub author: Option<String>,
    /// `name` of its manifest.
    pub name: Option<String>,
    /// `version` of its manifest.
    pub version: Option<String>,
}

/// Everything that two versions differ in.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The version that others rely on.
    pub old: Release,
    /// The version that is to come.
    pub new: Release,
    /// What has changed, the worst first.
    pub changes: Vec<Change>,
    /// Changes of pedantic rules that are not shown: labels, descriptions, prices.
    pub hidden: usize,
    /// Files of the package that are not the same in both.
    pub files_changed: usize,
    /// How far the version rises; `None` when one of them cannot be read.
    pub step: Option<Step>,
    /// How far it has to rise; `None` when nothing has changed.
    pub needed: Option<Step>,
    /// The lowest version that says what has changed.
    pub suggested: Option<String>,
    /// False if something could not be compared.
    pub complete: bool,
    /// The texts of the files that changes point into, by path.
    pub sources: BTreeMap<Arc<str>, SourceFile>,
}

impl Comparison {
    /// How many changes are of this grade, the version itself and gaps apart.
    pub fn count(&self, grade: Grade) -> usize {
        let changes = self.changes.iter();
        changes
            .filter(|change| change.grade == grade && !is_about_comparing(change))
            .count()
    }

    /// The worst severity.
    pub fn severity(&self) -> Option<Severity> {
        self.changes.iter().map(|change| change.severity).max()
    }

    /// True if nothing at all is known to differ.
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.hidden == 0 && self.files_changed == 0
    }
}

/// True for what is said about the version or about gaps: it is no change of the interface.
fn is_about_comparing(change: &Change) -> bool {
    matches!(
        change.rule.0,
        "upgrade/version-not-increased"
            | "upgrade/version-increased-too-little"
            | "upgrade/incomparable"
    )
}

/// Why two versions cannot be compared at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// A manifest is missing or no mapping: the root and, if known, the system's reason.
    NoManifest(String, Option<String>),
    /// A bundle: it has no interface of its own.
    Bundle(String),
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoManifest(root, Some(reason)) => {
                write!(f, "the manifest of `{root}` cannot be read: {reason}")
            }
            Self::NoManifest(root, None) => {
                write!(
                    f,
                    "the manifest of `{root}` cannot be read as YAML with keys"
                )
            }
            Self::Bundle(root) => write!(f, "`{root}` is a bundle"),
        }
    }
}

/// Compares two versions of a plugin.
///
/// # Errors
/// When one of them has no manifest that can be read, or is a bundle.
pub fn compare(old: &Side, new: &Side, policy: &Policy) -> Result<Comparison, Incomparable> {
    let (old_root, new_root) = (manifest_of(old)?, manifest_of(new)?);
    let none = |side: &Side| Incomparable::NoManifest(side.root.clone(), None);
    let was = Interface::of(&old.plugin).ok_or_else(|| none(old))?;
    let is = Interface::of(&new.plugin).ok_or_else(|| none(new))?;
    let manifests = Manifests {
        old: old_root,
        new: new_root,
        sides: (old, new),
    };
    let mut changes = Vec::new();
    manifests.compare(&mut changes);
    walk::compare(&was.root, &is.root, &mut Vec::new(), &mut changes);
    let mut hidden = 0;
    changes.retain(|change| {
        if policy.allows(change.rule) {
            return true;
        }
        let pedantic =
            rules::find(change.rule.0).is_some_and(|rule| rule.status == Status::Pedantic);
        hidden += usize::from(pedantic);
        false
    });
    let demanded = changes
        .iter()
        .map(|change| change.grade)
        .max()
        .or((hidden > 0).then_some(Grade::Patch));
    let files_changed = files_changed(old, new);
    let judgement = manifests.version(demanded, files_changed > 0);
    for change in &mut changes {
        change.severity = match change.grade {
            Grade::Breaking if judgement.announced => Severity::Warning,
            Grade::Breaking => Severity::Error,
            Grade::Addition | Grade::Patch => Severity::Info,
        };
    }
    let mut extra: Vec<Change> = judgement.change.into_iter().collect();
    for change in &mut extra {
        let refused = !change.stages.is_empty() || change.grade == Grade::Breaking;
        change.severity = if refused {
            Severity::Error
        } else {
            Severity::Info
        };
    }
    extra.extend(was.gaps.into_iter().map(|gap| unread(gap, false)));
    extra.extend(is.gaps.into_iter().map(|gap| unread(gap, true)));
    let complete = !extra
        .iter()
        .any(|change| change.rule.0 == "upgrade/incomparable");
    extra.retain(|change| policy.allows(change.rule));
    changes.extend(extra);
    for change in &mut changes {
        change.severity = policy.severity_of(change.rule, change.severity);
    }
    let sources = settle(&mut changes, old, new);
    changes.sort_by_cached_key(|change| {
        let place = |spot: &Option<Spot>| {
            spot.as_ref()
                .map(|spot| (spot.place.file.to_string(), spot.place.span))
        };
        (
            std::cmp::Reverse(change.severity),
            std::cmp::Reverse(change.grade),
            change.rule,
            place(&change.new),
            place(&change.old),
            change.message.clone(),
        )
    });
    Ok(Comparison {
        old: old.release(),
        new: new.release(),
        changes,
        hidden,
        files_changed,
        step: judgement.step,
        needed: judgement.needed,
        suggested: judgement.suggested,
        complete,
        sources,
    })
}

fn manifest_of(side: &Side) -> Result<Node<'_>, Incomparable> {
    let plugin = &side.plugin;
    let reason = plugin.manifest_error.as_ref().map(ToString::to_string);
    let unread = || Incomparable::NoManifest(side.root.clone(), reason.clone());
    let document = plugin.manifest().ok_or_else(unread)?;
    if document.kind == DocumentKind::Bundle {
        return Err(Incomparable::Bundle(side.root.clone()));
    }
    // what is recovered of a broken manifest is not all of it
    if let Some(error) = document.tree().refused_by(crate::yaml::Reader::Daemon) {
        return Err(Incomparable::NoManifest(
            side.root.clone(),
            Some(error.problem.message()),
        ));
    }
    Node::root(document).ok_or_else(unread)
}

/// What is broken in the new version is the author's to repair; the old one is what it is.
fn unread(gap: Gap, is_new: bool) -> Change {
    let which = if is_new { "new" } else { "old" };
    let message = format!("in the {which} version, {}", gap.message);
    let name = (ItemKind::Plugin, &*gap.place.file);
    let mut change = Change::new("upgrade/incomparable", Grade::Patch, name, message)
        .note("what it holds is not compared: that nothing is reported about it means nothing");
    change.severity = if is_new {
        Severity::Error
    } else {
        Severity::Warning
    };
    let mut spot = Spot::file(gap.place);
    spot.pointer = gap.pointer;
    if is_new {
        change.help = Some("`difylint check` says what is wrong there".to_owned());
        change.new = Some(spot);
    } else {
        change.old = Some(spot);
    }
    change
}

/// Files of the two packages that are missing in one or have other bytes.
fn files_changed(old: &Side, new: &Side) -> usize {
    let paths = |side: &Side| -> BTreeSet<String> {
        let walk = side.plugin.packed.walk(side.plugin.files.as_ref());
        walk.files.iter().cloned().collect()
    };
    let (was, is) = (paths(old), paths(new));
    let differs = |path: &&String| {
        let (one, other) = (&old.plugin.files, &new.plugin.files);
        !was.contains(*path)
            || !is.contains(*path)
            || one.size(path) != other.size(path)
            || one.read(path) != other.read(path)
    };
    was.union(&is).filter(differs).count()
}

/// Gives the places of changes their roots, and finds the texts that they point into.
fn settle(changes: &mut [Change], old: &Side, new: &Side) -> BTreeMap<Arc<str>, SourceFile> {
    let mut sources = BTreeMap::new();
    for change in changes {
        for (spot, side) in [(&mut change.old, old), (&mut change.new, new)] {
            let Some(spot) = spot else {
                continue;
            };
            let Place { file, .. } = &spot.place;
            let path: Arc<str> = side.path_of(file).into();
            if !sources.contains_key(&path) {
                // named anew: both versions may have a file of this path
                let text = match side.plugin.parsed(file) {
                    Some(parsed) => Some(parsed.file.shared_text().clone().into()),
                    None => side.plugin.files.read(file).ok(),
                };
                let text = text.map(|text| SourceFile::new(&path, text));
                sources.extend(text.map(|text| (path.clone(), text)));
            }
            spot.place.file = path;
        }
    }
    sources
}
