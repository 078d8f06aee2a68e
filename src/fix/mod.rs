//! Applies fixes, proves each of them, and writes what came of it.
//!
//! A fix that fails its proof is not applied and is reported as difylint's own fault.

mod apply;
mod diff;
mod prove;
mod write;

pub use diff::unified;
pub use write::{WriteError, write};

use crate::finding::{Finding, Fix, Place, RuleId};
use crate::policy::Policy;
use crate::report::PluginReport;
use crate::source::{Files, Memory, Overlay};
use apply::{Edits, choose};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rounds after which fixing ends even if there is more to fix: a fix can make place for another,
/// and two that undo each other must not go on for ever.
const MAX_ROUNDS: usize = 10;

/// A file that fixes changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Path relative to the plugin root.
    pub path: String,
    /// Its text before; `None` for a file that a fix creates.
    pub before: Option<String>,
    /// Its text after.
    pub after: String,
}

/// A fix that was applied, or that was not because its proof failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The rule whose finding it repairs.
    pub rule: RuleId,
    /// What it does.
    pub title: String,
    /// Where the finding stood when it was applied.
    pub place: Place,
    /// Why it was not applied.
    pub failure: Option<String>,
}

/// What fixing a plugin came to.
pub struct Outcome {
    /// The plugin's files with the fixes in place.
    pub files: Arc<dyn Files>,
    /// The plugin as it is with them.
    pub report: PluginReport,
    /// Changed files, by path.
    pub changed: Vec<Changed>,
    /// Fixes that were applied, in order.
    pub applied: Vec<Attempt>,
    /// Fixes that failed their proof.
    pub failed: Vec<Attempt>,
}

/// Applies the fixes that `wanted` picks, in memory, until none is left.
pub fn fix(
    files: Arc<dyn Files>,
    root: &str,
    policy: &Policy,
    wanted: &dyn Fn(&Finding, &Fix) -> bool,
) -> Outcome {
    let offered = |report: &PluginReport, _: &dyn Files| {
        let findings = report.findings.iter();
        let chosen = findings.filter_map(|finding| {
            let fix = finding.fixes.iter().find(|fix| wanted(finding, fix))?;
            Some((finding.clone(), fix.clone()))
        });
        chosen.collect()
    };
    apply_offers(files, root, policy, &offered)
}

/// Gives the fixes to apply to what the report says of these files.
pub type Offers<'o> = dyn Fn(&PluginReport, &dyn Files) -> Vec<(Finding, Fix)> + 'o;

/// Applies what is offered, each proved, in memory, until nothing more is.
pub fn apply_offers(
    files: Arc<dyn Files>,
    root: &str,
    policy: &Policy,
    offers: &Offers<'_>,
) -> Outcome {
    let mut state = State {
        report: crate::check(files.clone(), root, policy),
        original: files,
        texts: BTreeMap::new(),
        root,
        policy,
        applied: Vec::new(),
        failed: Vec::new(),
    };
    for _ in 0..MAX_ROUNDS {
        if !state.round(offers) {
            break;
        }
    }
    state.outcome()
}

struct State<'a> {
    original: Arc<dyn Files>,
    /// Texts of changed files.
    texts: BTreeMap<String, String>,
    report: PluginReport,
    root: &'a str,
    policy: &'a Policy,
    applied: Vec<Attempt>,
    failed: Vec<Attempt>,
}

impl State<'_> {
    /// Applies what does not overlap; false when nothing was left to do.
    fn round(&mut self, offers: &Offers<'_>) -> bool {
        let failed = &self.failed;
        let known = |finding: &Finding, fix: &Fix| {
            failed.iter().any(|it| {
                it.rule == finding.rule && it.title == fix.title && it.place == finding.place
            })
        };
        let files = overlay(&self.original, &self.texts);
        let mut candidates = offers(&self.report, files.as_ref());
        candidates.retain(|(finding, fix)| !known(finding, fix));
        let chosen = choose(candidates);
        if chosen.is_empty() {
            return false;
        }
        if self.attempt(&chosen).is_ok() {
            return true;
        }
        // one of them is wrong: find out which
        let mut any = false;
        for one in chosen {
            match self.attempt(std::slice::from_ref(&one)) {
                Ok(()) => return true,
                Err(reason) => {
                    self.failed.push(attempt(&one, Some(reason)));
                    any = true;
                }
            }
        }
        any
    }

    fn attempt(&mut self, chosen: &[(Finding, Fix)]) -> Result<(), String> {
        let edits = Edits::of(chosen)?;
        let current = |path: &str| match self.texts.get(path) {
            Some(text) => Some(text.clone()),
            None => String::from_utf8(self.original.read(path).ok()?).ok(),
        };
        let mut texts = self.texts.clone();
        for (path, file_edits) in &edits.files {
            let before = current(path);
            let after = apply::apply(before.as_deref().unwrap_or(""), file_edits)?;
            if path.ends_with(".yaml") || path.ends_with(".yml") {
                prove::same_outside(before.as_deref().unwrap_or(""), &after, file_edits)?;
            }
            texts.insert(path.clone(), after);
        }
        let report = crate::check(overlay(&self.original, &texts), self.root, self.policy);
        prove::nothing_new(&self.report, &report, chosen)?;
        self.texts = texts;
        self.report = report;
        self.applied
            .extend(chosen.iter().map(|one| attempt(one, None)));
        Ok(())
    }

    fn outcome(self) -> Outcome {
        let changed = self.texts.iter().filter_map(|(path, after)| {
            let before = self
                .original
                .read(path)
                .ok()
                .and_then(|it| String::from_utf8(it).ok());
            (before.as_ref() != Some(after)).then(|| Changed {
                path: path.clone(),
                before,
                after: after.clone(),
            })
        });
        Outcome {
            changed: changed.collect(),
            files: overlay(&self.original, &self.texts),
            report: self.report,
            applied: self.applied,
            failed: self.failed,
        }
    }
}

fn attempt((finding, fix): &(Finding, Fix), failure: Option<String>) -> Attempt {
    Attempt {
        rule: finding.rule,
        title: fix.title.clone(),
        place: finding.place.clone(),
        failure,
    }
}

fn overlay(below: &Arc<dyn Files>, texts: &BTreeMap<String, String>) -> Arc<dyn Files> {
    let mut above = Memory::new();
    for (path, text) in texts {
        above.insert(path.clone(), text.as_bytes().to_vec());
    }
    Arc::new(Overlay::new(below.clone(), above))
}
