//! Comments that take findings out of sight, in the files that the findings are about.
//!
//! ```text
//! name: 搜索  # difylint: ignore[i18n/wrong-script] -- the product is called so
//! ```
//!
//! A comment at the end of a line speaks for the findings that touch the line, one alone on a line
//! for the entry that follows, `ignore-file` before the first content for the file. Which rules
//! take part does not matter for whether a comment has something to take out: all of them run.

mod comments;
mod directive;
mod review;
mod words;
mod write;

pub use review::MISSING_REASON;
pub use words::{NAME, Scope};
pub use write::{answers_to_rules, ignore, ignores, may_be_ignored};

use crate::finding::{Finding, Suppressed, SuppressedBy};
use crate::plugin::Plugin;
use crate::source::{Files as _, Noticing, SourceFile};
use directive::Addressed;
use std::collections::BTreeSet;

/// What comments made of findings.
pub struct Outcome {
    /// Findings that no comment speaks for, and those about the comments, in order of place.
    pub left: Vec<Finding>,
    /// Findings that a comment took out, in order of place.
    pub suppressed: Vec<Suppressed>,
}

/// Takes out what comments speak for. `files` are those of the plugin and have noticed where
/// [`NAME`] stands, `findings` is all that is wrong with the plugin.
pub fn apply(plugin: &Plugin, files: &Noticing, findings: Vec<Finding>) -> Outcome {
    // what is wrong with a file as a whole may be that nobody reads it
    let whole = findings.iter().filter(|it| it.place.span.end == 0);
    let unread: BTreeSet<&str> = whole
        .map(|finding| &*finding.place.file)
        .filter(|path| comments::Language::of(path).is_some())
        .collect();
    for path in unread {
        let _ = plugin.files.read(path);
    }
    let files: Vec<Addressed> = files
        .noticed()
        .iter()
        .filter_map(|path| addressed(plugin, path))
        .collect();
    if files.is_empty() {
        return Outcome {
            left: findings,
            suppressed: Vec::new(),
        };
    }
    let about: Vec<Finding> = files
        .iter()
        .flat_map(|file| review::review(file, &findings))
        .collect();
    let mut outcome = Outcome {
        left: Vec::with_capacity(findings.len()),
        suppressed: Vec::new(),
    };
    for finding in findings {
        match spoken_for(&files, &finding) {
            Some(reason) => outcome.suppressed.push(Suppressed {
                finding,
                by: SuppressedBy::Comment,
                reason,
            }),
            None => outcome.left.push(finding),
        }
    }
    outcome.left.extend(about);
    outcome.left.sort_by(|a, b| a.order().cmp(&b.order()));
    outcome
}

/// The comments of a file of the plugin.
fn addressed(plugin: &Plugin, path: &str) -> Option<Addressed> {
    if let Some(parsed) = plugin.parsed(path) {
        return Addressed::read(parsed.file.clone(), Some(&parsed.tree));
    }
    comments::Language::of(path)?;
    let bytes = plugin.files.read(path).ok()?;
    Addressed::read(SourceFile::new(path, bytes), None)
}

/// The reason of the comment that speaks for a finding; the nearest one counts.
fn spoken_for(files: &[Addressed], finding: &Finding) -> Option<Option<String>> {
    let file = files
        .iter()
        .find(|file| *file.file.path() == finding.place.file)?;
    let mut whole_file = None;
    for directive in &file.directives {
        let Ok(words) = &directive.words else {
            continue;
        };
        let mut named = words
            .names
            .iter()
            .filter_map(|it| it.selector.as_ref().ok());
        let named = named.any(|selector| selector.covers(finding.rule));
        if !named || !file.speaks_for(directive.covers, finding) {
            continue;
        }
        if directive.covers == directive::Covers::File {
            whole_file = whole_file.or(Some(words.reason.clone()));
        } else {
            return Some(words.reason.clone());
        }
    }
    whole_file
}
