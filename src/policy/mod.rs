//! Which findings are shown, and how severe they are: findings in, findings out.

pub mod baseline;
mod judge;
mod selector;
pub mod suppress;

pub use judge::Judged;
pub use selector::{Selector, UnknownName, nearest};

use crate::finding::{Finding, RuleId, Severity, Stage, Stages};
use crate::rules::{self, Status};
use baseline::Baseline;
use std::sync::Arc;

/// What the user decided about rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Only these rules; when empty, those that take part by default.
    pub select: Vec<Selector>,
    /// Not these rules. Where a rule is both selected and ignored, the narrower word wins: its
    /// name before its category, its category before `ALL`; at a tie it is ignored.
    pub ignore: Vec<Selector>,
    /// Another severity for these rules; the narrowest word wins, then the last one.
    pub severity: Vec<(Selector, Severity)>,
    /// The stages that matter: a finding that only others refuse is advice.
    pub stages: Stages,
    /// A comment that takes findings out must say why: the pedantic rule for it takes part.
    pub require_reason: bool,
    /// Findings that were known before; they are taken out.
    pub baseline: Option<Arc<Baseline>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            ignore: Vec::new(),
            severity: Vec::new(),
            // whether a plugin is meant for the Marketplace, only its author knows
            stages: [Stage::Package, Stage::Install, Stage::Start, Stage::Console]
                .into_iter()
                .collect(),
            require_reason: false,
            baseline: None,
        }
    }
}

impl Policy {
    /// True if findings of the rule are shown.
    pub fn allows(&self, rule: RuleId) -> bool {
        let narrowest = |words: &[Selector]| words.iter().filter_map(|s| s.narrowness(rule)).max();
        match (narrowest(&self.select), narrowest(&self.ignore)) {
            (Some(selected), Some(ignored)) => selected > ignored,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => self.select.is_empty() && self.is_default(rule),
        }
    }

    fn is_default(&self, rule: RuleId) -> bool {
        rules::find(rule.0).is_none_or(|meta| meta.status == Status::Default)
            || self.require_reason && rule == suppress::MISSING_REASON
    }

    /// The severity of a rule's findings that have `severity` by themselves.
    pub fn severity_of(&self, rule: RuleId, severity: Severity) -> Severity {
        self.severity
            .iter()
            .filter_map(|(selector, level)| Some((selector.narrowness(rule)?, *level)))
            .max_by_key(|(narrowness, _)| *narrowness)
            .map_or(severity, |(_, level)| level)
    }

    /// The findings to show, in the same order. Stages stay as they are: what a reader refuses is
    /// not for the user to decide.
    pub fn apply(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let mut shown: Vec<Finding> = findings;
        shown.retain(|finding| self.allows(finding.rule));
        for finding in &mut shown {
            let elsewhere = finding.stages.intersection(self.stages).is_empty();
            if !finding.stages.is_empty() && elsewhere {
                let page =
                    rules::find(finding.rule.0).map_or(Severity::Warning, |rule| rule.severity);
                finding.severity = page.min(Severity::Warning);
            }
            finding.severity = self.severity_of(finding.rule, finding.severity);
        }
        shown
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
