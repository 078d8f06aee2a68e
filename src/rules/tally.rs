//! Keeps the findings of one plugin to a number that a person, an editor and a report can take in.

use super::Draft;
use crate::finding::{Finding, RuleId, Severity, Stages};
use crate::plugin::MANIFEST;
use crate::source::limits::{MAX_FINDINGS_OF_FILE, MAX_FINDINGS_OF_RULE};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Counts what every rule finds. Each rule has its own limits, so that none can hide another.
#[derive(Default)]
pub(super) struct Tally {
    of_rule: HashMap<RuleId, usize>,
    of_file: HashMap<(RuleId, Arc<str>), usize>,
    /// What was only counted, by rule and file; all beyond the limit of a rule is put down to the
    /// manifest.
    left_out: BTreeMap<(RuleId, Arc<str>), LeftOut>,
}

struct LeftOut {
    most: usize,
    count: usize,
    severity: Severity,
    stages: Stages,
}

impl Tally {
    /// True if the finding is to be kept; otherwise it is counted.
    pub(super) fn takes(&mut self, finding: &Finding) -> bool {
        let rule = finding.rule;
        let of_rule = self.of_rule.entry(rule).or_default();
        let of_file = self
            .of_file
            .entry((rule, finding.place.file.clone()))
            .or_default();
        *of_file += 1;
        let (file, most) = if *of_file > MAX_FINDINGS_OF_FILE {
            (finding.place.file.clone(), MAX_FINDINGS_OF_FILE)
        } else {
            *of_rule += 1;
            if *of_rule <= MAX_FINDINGS_OF_RULE {
                return true;
            }
            (Arc::from(MANIFEST), MAX_FINDINGS_OF_RULE)
        };
        let left_out = self.left_out.entry((rule, file)).or_insert(LeftOut {
            most,
            count: 0,
            severity: finding.severity,
            stages: Stages::NONE,
        });
        left_out.count += 1;
        left_out.severity = left_out.severity.max(finding.severity);
        left_out.stages = left_out.stages.union(finding.stages);
        false
    }

    /// How many findings were left out.
    pub(super) fn counted(&self) -> usize {
        self.left_out.values().map(|it| it.count).sum()
    }

    /// What stands for the findings that were left out: it refuses what they refuse.
    pub(super) fn rest(self) -> impl Iterator<Item = Finding> {
        self.left_out.into_iter().map(|((rule, file), it)| {
            let place = if it.most == MAX_FINDINGS_OF_FILE {
                "this file"
            } else {
                "this plugin"
            };
            // without the number, which changes with every repair: baselines know it by its words
            let message = format!(
                "`{rule}` finds more than {} things in {place}; the rest is only counted",
                it.most
            );
            let draft = Draft::file(&file, message)
                .rule(rule)
                .stages(it.stages)
                .note(format!("{} more were found", it.count))
                .help("repair the first of them, or the file from which this one was generated");
            let mut finding = draft.into_finding(it.severity);
            finding.more = it.count;
            finding
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Place, Span, Stage};

    fn finding(file: &str, at: usize, stages: Stages) -> Finding {
        let place = Place {
            file: file.into(),
            span: Span::at(u32::try_from(at).unwrap()),
        };
        let severity = if stages.is_empty() {
            Severity::Warning
        } else {
            Severity::Error
        };
        let mut finding = Finding::new(RuleId("shape/unknown-key"), severity, place, "x");
        finding.stages = stages;
        finding
    }

    fn told(tally: Tally) -> Vec<(String, String, usize, Severity, Stages)> {
        tally
            .rest()
            .map(|it| {
                (
                    it.place.file.to_string(),
                    it.message,
                    it.more,
                    it.severity,
                    it.stages,
                )
            })
            .collect()
    }

    #[test]
    fn nothing_is_lost_up_to_the_limit_and_the_rest_is_counted() {
        let mut tally = Tally::default();
        for at in 0..MAX_FINDINGS_OF_FILE {
            assert!(tally.takes(&finding("a.yaml", at, Stages::NONE)));
        }
        assert!(
            tally.takes(&finding("b.yaml", 0, Stages::NONE)),
            "of another file"
        );
        assert!(!tally.takes(&finding("a.yaml", 5000, Stages::NONE)));
        assert!(!tally.takes(&finding("a.yaml", 5001, Stages::only(Stage::Start))));
        let message = "`shape/unknown-key` finds more than 1000 things in this file; the rest is \
                       only counted";
        assert_eq!(
            told(tally),
            [(
                "a.yaml".to_owned(),
                message.to_owned(),
                2,
                Severity::Error,
                Stages::only(Stage::Start)
            )]
        );
    }

    #[test]
    fn many_files_with_few_findings_each_end_at_the_limit_of_the_rule() {
        let mut tally = Tally::default();
        let taken = (0..MAX_FINDINGS_OF_RULE + 7)
            .filter(|at| tally.takes(&finding(&format!("{}.py", at % 100), *at, Stages::NONE)));
        assert_eq!(taken.count(), MAX_FINDINGS_OF_RULE);
        let told = told(tally);
        assert_eq!((told[0].0.as_str(), told[0].2), (MANIFEST, 7));
        assert!(told[0].1.contains("in this plugin"), "{}", told[0].1);
    }
}
