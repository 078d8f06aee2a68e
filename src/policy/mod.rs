//! Which findings are shown, and how severe they are: findings in, findings out.

pub mod baseline;
mod choice;
mod config;
mod judge;
mod paths;
mod profile;
mod said;
mod selector;
mod settings;
pub mod suppress;

pub use choice::{Choice, Chosen};
pub use config::{
    ConfigError, FILE_NAMES, Layer, Mistake, OVERRIDE_KEYS, Override, Resolver, SUPPRESSION_KEYS,
    Search, TARGET_KEYS, TOP_KEYS, TargetWords, ignoring,
};
pub use judge::Judged;
pub use paths::{PathPattern, clean, relative};
pub use profile::{DEFAULT_PROFILE, Profile, profile, profiles};
pub use said::{ConfigText, Origin, Said};
pub use selector::{Selector, UnknownName, nearest};
pub use settings::Settings;

use crate::finding::{Finding, RuleId, Severity, Stages};
use crate::rules::{self, Options};
use baseline::Baseline;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the user decided about rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Only these rules; when empty, those that take part by default.
    pub select: Vec<Selector>,
    /// These rules too.
    pub extend: Vec<Selector>,
    /// Not these rules. Where a rule is both selected and ignored, the narrower word wins: its
    /// name before its category, its category before `ALL`; at a tie it is ignored.
    pub ignore: Vec<Selector>,
    /// Another severity for these rules; the narrowest word wins, then the last one.
    pub severity: Vec<(Selector, Severity)>,
    /// The stages that matter: a finding that only others refuse is advice.
    pub stages: Stages,
    /// What holds for some files only.
    pub exceptions: Vec<Exception>,
    /// What the rules are told.
    pub options: Options,
    /// A comment that takes findings out must say why: the pedantic rule for it takes part.
    pub require_reason: bool,
    /// Findings that were known before; they are taken out.
    pub baseline: Option<Arc<Baseline>>,
}

/// Other decisions for some files of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    root: PathBuf,
    paths: Vec<PathPattern>,
    choice: Choice,
}

impl Exception {
    fn new(root: &Path, said: &Override) -> Self {
        Self {
            root: root.to_path_buf(),
            paths: said.paths.iter().map(|it| it.value.clone()).collect(),
            choice: said.choice.clone(),
        }
    }

    /// True if it holds for this file of the plugin.
    pub fn covers(&self, file: &str) -> bool {
        let path = self.root.join(file);
        self.paths.iter().any(|pattern| pattern.covers(&path))
    }
}

/// The lowest severity that fails a run; `None`: no finding does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold(pub Option<Severity>);

impl Default for Threshold {
    fn default() -> Self {
        Self(Some(Severity::Error))
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("never", Severity::as_str))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            extend: Vec::new(),
            ignore: Vec::new(),
            severity: Vec::new(),
            stages: profile(DEFAULT_PROFILE).map_or(Stages::ALL, |profile| profile.stages),
            exceptions: Vec::new(),
            options: Options::default(),
            require_reason: false,
            baseline: None,
        }
    }
}

impl Policy {
    /// True if findings of the rule are shown, exceptions aside.
    pub fn allows(&self, rule: RuleId) -> bool {
        self.chosen().allows(rule)
    }

    /// The severity of a rule's findings that have `severity` by themselves, exceptions aside.
    pub fn severity_of(&self, rule: RuleId, severity: Severity) -> Severity {
        self.chosen().severity_of(rule).unwrap_or(severity)
    }

    /// The findings to show, in the same order. Stages stay as they are: what a reader refuses is
    /// not for the user to decide.
    pub fn apply(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let chosen = self.chosen();
        let mut shown: Vec<Finding> = findings;
        shown.retain_mut(
            |finding| match self.chosen_for(&chosen, &finding.place.file) {
                Some(other) => self.keep(&other, finding),
                None => self.keep(&chosen, finding),
            },
        );
        shown
    }

    fn keep(&self, chosen: &Chosen, finding: &mut Finding) -> bool {
        let elsewhere = finding.stages.intersection(self.stages).is_empty();
        if !finding.stages.is_empty() && elsewhere {
            let page = rules::find(finding.rule.0).map_or(Severity::Warning, |rule| rule.severity);
            finding.severity = page.min(Severity::Warning);
        }
        if let Some(severity) = chosen.severity_of(finding.rule) {
            finding.severity = severity;
        }
        chosen.allows(finding.rule)
    }

    fn chosen(&self) -> Chosen {
        let said = |words: &[Selector]| {
            let words = words.iter().cloned();
            words.map(Said::by_default).collect::<Vec<_>>()
        };
        let mut extend = said(&self.extend);
        if self.require_reason {
            let rule = Selector::Rule(suppress::MISSING_REASON);
            extend.push(Said::by_default(rule));
        }
        Chosen {
            select: said(&self.select),
            extend,
            ignore: said(&self.ignore),
            severity: self
                .severity
                .iter()
                .cloned()
                .map(Said::by_default)
                .collect(),
        }
    }

    /// What is chosen for a file with exceptions; `None` for any other.
    fn chosen_for(&self, chosen: &Chosen, file: &str) -> Option<Chosen> {
        let mut fitting = self
            .exceptions
            .iter()
            .filter(|it| it.covers(file))
            .peekable();
        fitting.peek()?;
        let mut chosen = chosen.clone();
        fitting.for_each(|exception| chosen.add(&exception.choice));
        Some(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Place, Span};

    const MISSING: RuleId = RuleId("path/missing-file");
    const UNKNOWN: RuleId = RuleId("schema/unknown-key");

    fn rule(id: RuleId) -> Selector {
        Selector::Rule(id)
    }

    fn category(name: &str) -> Selector {
        Selector::Category(name.to_owned())
    }

    #[test]
    fn the_narrower_word_wins() {
        let mut policy = Policy::default();
        assert!(policy.allows(MISSING));
        policy.select = vec![category("path")];
        assert!(policy.allows(MISSING) && !policy.allows(UNKNOWN));
        policy.ignore = vec![Selector::All];
        assert!(policy.allows(MISSING) && !policy.allows(UNKNOWN));
        policy.ignore = vec![category("path")];
        assert!(!policy.allows(MISSING));
        policy.select = vec![rule(MISSING)];
        assert!(policy.allows(MISSING));
    }

    #[test]
    fn the_last_of_equal_severities_wins() {
        let policy = Policy {
            severity: vec![
                (rule(MISSING), Severity::Info),
                (rule(MISSING), Severity::Warning),
                (Selector::All, Severity::Error),
            ],
            ..Policy::default()
        };
        assert_eq!(
            policy.severity_of(MISSING, Severity::Error),
            Severity::Warning
        );
        assert_eq!(policy.severity_of(UNKNOWN, Severity::Info), Severity::Error);
    }

    #[test]
    fn an_ignored_rule_shows_nothing() {
        let finding = |id| {
            let place = Place {
                file: "manifest.yaml".into(),
                span: Span::at(3),
            };
            Finding::new(id, Severity::Error, place, "x")
        };
        let policy = Policy {
            ignore: vec![rule(MISSING)],
            ..Policy::default()
        };
        let shown = policy.apply(vec![finding(MISSING), finding(UNKNOWN)]);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].rule, UNKNOWN);
    }
}
