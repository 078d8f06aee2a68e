//! Applies fixes, proves each of them, and writes what came of it.
//!
//! A fix that fails its proof is not applied and is reported as difylint's own fault.

mod apply;
pub mod diff;
mod draft;
mod prove;
mod write;

pub use diff::unified;
pub use draft::{Draft, uninterrupted};
pub use write::{WriteError, WriteRefusal, write_all};

use crate::finding::{Finding, Fix, Place, RuleId};
use crate::policy::Policy;
use crate::report::PluginReport;
use crate::source::{Files, Memory, Overlay, ReadError};
use apply::{Edits, choose};
use hashbrown::HashSet;
use prove::Change;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rounds after which fixing ends even if there is more to fix: a fix can make place for another,
/// and two that undo each other must not go on for ever.
const MAX_ROUNDS: usize = 20;

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
    apply_offers(files, root, policy, &offered(wanted))
}

/// What the findings themselves offer.
fn offered(
    wanted: &dyn Fn(&Finding, &Fix) -> bool,
) -> impl Fn(&PluginReport, &dyn Files) -> Vec<(Finding, Fix)> {
    move |report, _| {
        let findings = report.findings.iter();
        let chosen = findings.flat_map(|finding| {
            let fixes = finding.fixes.iter().filter(|fix| wanted(finding, fix));
            fixes.map(|fix| (finding.clone(), fix.clone()))
        });
        chosen.collect()
    }
}

/// Gives the fixes to apply to what the report says of these files; of several for one finding the
/// first that holds is taken.
pub type Offers<'o> = dyn Fn(&PluginReport, &dyn Files) -> Vec<(Finding, Fix)> + 'o;

/// Applies what is offered, each proved, in memory, until nothing more is.
pub fn apply_offers(
    files: Arc<dyn Files>,
    root: &str,
    policy: &Policy,
    offers: &Offers<'_>,
) -> Outcome {
    let report = crate::check(files.clone(), root, policy);
    apply_to(
        files,
        report,
        &|files| crate::check(files, root, policy),
        offers,
    )
}

/// Checks a state of the plugin.
type Check<'a> = dyn Fn(Arc<dyn Files>) -> PluginReport + 'a;

fn apply_to(
    files: Arc<dyn Files>,
    report: PluginReport,
    check: &Check<'_>,
    offers: &Offers<'_>,
) -> Outcome {
    let mut state = State {
        report,
        original: files,
        texts: BTreeMap::new(),
        check,
        applied: Vec::new(),
        failed: Vec::new(),
        given_up: HashSet::new(),
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
    check: &'a Check<'a>,
    applied: Vec<Attempt>,
    failed: Vec<Attempt>,
    /// Fingerprints of findings, and titles of their fixes that failed.
    given_up: HashSet<(String, String)>,
}

/// The plugin with some fixes of a round in place.
struct Proved {
    texts: BTreeMap<String, String>,
    report: PluginReport,
}

impl State<'_> {
    /// Applies what does not overlap; false when nothing came of it.
    fn round(&mut self, offers: &Offers<'_>) -> bool {
        let files = overlay(&self.original, &self.texts);
        let mut candidates = offers(&self.report, files.as_ref());
        candidates.retain(|(finding, fix)| !self.gave_up(finding, fix));
        candidates.dedup_by(|later, first| later.0 == first.0);
        // a repair may uncover lighter advice, so what weighs differently is not mixed
        let weight = |it: &(Finding, Fix)| (!it.0.stages.is_empty(), it.0.severity);
        let heaviest = candidates.iter().map(weight).max();
        candidates.retain(|it| Some(weight(it)) == heaviest);
        let chosen = choose(candidates);
        let all: Vec<&(Finding, Fix)> = chosen.iter().collect();
        let mut good = Vec::new();
        let mut proved = None;
        let failures = self.given_up.len();
        self.sift(&all, &mut good, &mut proved);
        let Some(Proved { texts, report }) = proved else {
            // what stood in the way of others is out of it now
            return self.given_up.len() > failures;
        };
        self.texts = texts;
        self.report = report;
        self.applied
            .extend(good.into_iter().map(|it| attempt(it, None)));
        true
    }

    fn gave_up(&self, finding: &Finding, fix: &Fix) -> bool {
        !self.given_up.is_empty()
            && self
                .given_up
                .contains(&(finding.fingerprint(), fix.title.clone()))
    }

    /// Adds to `good` what holds together with it; halves find the ones that do not.
    fn sift<'c>(
        &mut self,
        candidates: &[&'c (Finding, Fix)],
        good: &mut Vec<&'c (Finding, Fix)>,
        proved: &mut Option<Proved>,
    ) {
        if candidates.is_empty() {
            return;
        }
        let together: Vec<&(Finding, Fix)> = good.iter().chain(candidates).copied().collect();
        let reason = match self.attempt(&together) {
            Ok(state) => {
                *proved = Some(state);
                good.extend(candidates);
                return;
            }
            Err(reason) => reason,
        };
        if let [one] = candidates {
            // what fails only beside others has its turn in the next round
            if good.is_empty() || self.attempt(candidates).is_err() {
                let (finding, fix) = one;
                self.given_up
                    .insert((finding.fingerprint(), fix.title.clone()));
                self.failed.push(attempt(one, Some(reason)));
            }
            return;
        }
        let (left, right) = candidates.split_at(candidates.len() / 2);
        self.sift(left, good, proved);
        self.sift(right, good, proved);
    }

    /// The plugin with these fixes in place, if every proof holds.
    fn attempt(&self, chosen: &[&(Finding, Fix)]) -> Result<Proved, String> {
        let edits = Edits::of(chosen)?;
        let mut befores = Vec::new();
        for (path, edits) in &edits.files {
            let before = self.current(path)?;
            let after = apply::apply(before.as_deref().unwrap_or(""), edits)?;
            befores.push((path, edits, before, after));
        }
        let changes: Vec<Change<'_>> = befores
            .iter()
            .map(|(path, edits, before, after)| Change {
                path,
                before: before.as_deref(),
                after,
                edits,
            })
            .collect();
        prove::only_declared(&changes)?;
        let mut texts = self.texts.clone();
        for (path, _, _, after) in befores {
            texts.insert(path.clone(), after);
        }
        let report = (self.check)(overlay(&self.original, &texts));
        prove::nothing_new(&self.report, &report, chosen)?;
        Ok(Proved { texts, report })
    }

    /// The text of a file as it is now; `None` if there is nothing of its name.
    fn current(&self, path: &str) -> Result<Option<String>, String> {
        if let Some(text) = self.texts.get(path) {
            return Ok(Some(text.clone()));
        }
        match self.original.read(path) {
            Ok(content) => match content.text() {
                Some(text) => Ok(Some(text.to_string())),
                None => Err(format!("`{path}` is not UTF-8")),
            },
            Err(ReadError::Missing) if self.original.kind(path).is_none() => Ok(None),
            Err(error) => Err(format!("`{path}` cannot be read: {error}")),
        }
    }

    fn outcome(self) -> Outcome {
        let changed = self.texts.iter().filter_map(|(path, after)| {
            let before = self.original.read(path).ok();
            let before = before.and_then(|it| Some(it.text()?.to_string()));
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

#[cfg(test)]
mod tests;
