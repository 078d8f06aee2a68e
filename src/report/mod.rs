//! Findings made readable: for people, for machines, for other tools. Pure functions.

mod card;
mod change;
mod concise;
mod counts;
mod excerpt;
mod format;
mod frame;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod prose;
mod rdjson;
mod sarif;
mod text;

pub use card::{Card, Field, LOCALES, Locale, Localized, MAX_PICTURE_BYTES, Part, Picture};
pub use format::{FORMATS, Format, FormatMeta, Look, RuleText, Run, Summary, exit_status, find};
pub use text::{Style, clean, count, number, paint, wrap};

use crate::finding::{Finding, Place, Severity, Stage, Stages, Suppressed};
use crate::source::{Position, SourceFile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a checked root is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RootKind {
    /// `type: plugin`, or no readable type.
    Plugin,
    /// `type: bundle`.
    Bundle,
}

/// A version floor of the plugin and the place that causes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The feature that needs it, in words.
    pub feature: String,
    /// Path relative to the plugin root.
    pub file: Arc<str>,
    /// JSON Pointer of the node.
    pub pointer: String,
    /// First Dify release that has the feature; `None` when every release has it.
    pub dify: Option<String>,
    /// First SDK release, likewise.
    pub sdk: Option<String>,
    /// First daemon release, likewise.
    pub daemon: Option<String>,
    /// Older releases ignore the feature and do the rest: it raises no floor.
    pub soft: bool,
}

/// The lowest versions that have every feature which the plugin cannot do without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requires {
    /// Lowest Dify release; `None` when every release will do.
    pub dify: Option<String>,
    /// Lowest SDK release, likewise.
    pub sdk: Option<String>,
    /// Lowest daemon release, likewise.
    pub daemon: Option<String>,
    /// Features with a floor: hard ones before soft ones, the highest first.
    pub because: Vec<Evidence>,
}

/// Rules whose findings say that difylint could not look at something.
const UNCHECKED: [&str; 3] = [
    "bundle/unchecked-package",
    "internal/rule-failed",
    "path/unreadable",
];

/// Everything known about one checked plugin.
#[derive(Clone, Debug)]
pub struct PluginReport {
    /// Path of the root, as reachable from the working directory, separated by `/`.
    pub root: String,
    /// What it is.
    pub kind: RootKind,
    /// `author` of the manifest, if it is readable.
    pub author: Option<String>,
    /// `name` of the manifest, if it is readable.
    pub name: Option<String>,
    /// `version` of the manifest, if it is readable.
    pub version: Option<String>,
    /// The stages that refuse the plugin: those named by at least one finding, suppressed or not.
    pub rejected: Stages,
    /// The version floors.
    pub requires: Requires,
    /// Findings to show, in order of place.
    pub findings: Vec<Finding>,
    /// The lowest severity that makes the run fail; `None`: none does.
    pub fail_on: Option<Severity>,
    /// Findings that comments or the baseline took out, in order of place.
    pub suppressed: Vec<Suppressed>,
    /// How many files were read.
    pub files: usize,
    /// The texts of the files that findings point into, by path.
    pub sources: BTreeMap<Arc<str>, SourceFile>,
    /// What people see of it in Dify; read only for formats that show it.
    pub card: Option<Card>,
}

impl PluginReport {
    /// The file as reachable from the working directory.
    pub fn path_of(&self, file: &str) -> String {
        match (self.root.as_str(), file) {
            (root, "") => root.to_owned(),
            ("." | "", file) => file.to_owned(),
            (root, file) => [root.trim_end_matches('/'), "/", file].concat(),
        }
    }

    /// How people call it: `author/name version`, or its root when the manifest does not say.
    pub fn title(&self) -> String {
        let Some(name) = &self.name else {
            return text::clean(&self.root).into_owned();
        };
        let mut title = match &self.author {
            Some(author) => format!("{author}/{name}"),
            None => name.clone(),
        };
        if let Some(version) = &self.version {
            title.push(' ');
            title.push_str(version);
        }
        text::clean(&title).into_owned()
    }

    /// Line and column of a byte offset of a file; `None` when its text is not at hand.
    pub fn position(&self, file: &str, offset: u32) -> Option<Position> {
        Some(self.sources.get(file)?.position(offset))
    }

    /// Where a place begins; `None` when it means its file as a whole, or a file without text.
    pub fn start_of(&self, place: &Place) -> Option<Position> {
        if means_whole_file(place) {
            return None;
        }
        self.position(&place.file, place.span.start)
    }

    /// First and last line of a place; `None` as for [`Self::start_of`]. A range that ends with a
    /// line's end does not reach into the next line.
    pub fn lines_of(&self, place: &Place) -> Option<(u32, u32)> {
        let first = self.start_of(place)?.line;
        let end = self.position(&place.file, place.span.end)?;
        let last = if end.column == 1 {
            end.line - 1
        } else {
            end.line
        };
        Some((first, last.max(first)))
    }

    /// True if the stage accepts the plugin.
    pub fn accepts(&self, stage: Stage) -> bool {
        !self.rejected.contains(stage)
    }

    /// True if a finding of this severity makes the run fail.
    pub fn fails_on(&self, severity: Severity) -> bool {
        self.fail_on.is_some_and(|lowest| severity >= lowest)
    }

    /// True if a finding says that something was not checked, and findings may make the run fail:
    /// then nobody knows that all is well.
    pub fn is_unchecked(&self) -> bool {
        let mut rules = self.findings.iter().map(|it| it.rule.0);
        self.fail_on.is_some() && rules.any(|it| UNCHECKED.contains(&it))
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// True if the place is its file as a whole, not a part of it.
pub(crate) fn means_whole_file(place: &Place) -> bool {
    place.span.start == 0 && place.span.is_empty()
}
