//! What the plugin's report says after a fix.

use crate::finding::{Finding, Fix, RuleId};
use crate::report::PluginReport;
use hashbrown::HashMap;
use std::sync::Arc;

/// What is said of comments and entries whose finding is gone.
const PURPOSELESS: [&str; 2] = ["suppression/unused", "suppression/outdated-baseline"];

/// Every finding that was to be repaired is gone, there is none that was not there before, and no
/// stage refuses that accepted.
///
/// # Errors
/// What is not so.
pub(in crate::fix) fn nothing_new(
    before: &PluginReport,
    after: &PluginReport,
    chosen: &[&(Finding, Fix)],
) -> Result<(), String> {
    let mut counts: HashMap<Key, i64> = HashMap::new();
    for finding in &before.findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    for (finding, _) in chosen {
        *counts.entry(key(finding)).or_default() -= 1;
    }
    for finding in &after.findings {
        let left = counts.entry(key(finding)).or_default();
        *left -= 1;
        if *left < 0 {
            let repaired = chosen.iter().any(|(other, _)| key(other) == key(finding));
            // it was there before, beyond those that are shown
            if counted(finding, before) {
                continue;
            }
            // what a repair leaves without a purpose is said at the next check
            if !repaired && (purposeless(finding) || uncovered(finding, chosen)) {
                continue;
            }
            return Err(match repaired {
                true => "the finding would still be there".to_owned(),
                false => format!("it would bring `{}`: {}", finding.rule, finding.message),
            });
        }
    }
    let worse = after
        .rejected
        .iter()
        .find(|stage| !before.rejected.contains(*stage));
    match worse {
        Some(stage) => Err(format!(
            "the stage {stage} would refuse what it accepts now"
        )),
        None => Ok(()),
    }
}

/// True if more findings of the rule were counted than shown.
fn counted(finding: &Finding, before: &PluginReport) -> bool {
    let mut findings = before.findings.iter();
    findings.any(|it| it.more > 0 && it.rule == finding.rule)
}

fn purposeless(finding: &Finding) -> bool {
    PURPOSELESS.contains(&finding.rule.0)
}

/// Advice that nobody could give while something worse stood there: it weighs less than all that is
/// repaired, and no stage minds it.
fn uncovered(finding: &Finding, chosen: &[&(Finding, Fix)]) -> bool {
    let lighter = |it: &Finding| !it.stages.is_empty() || it.severity > finding.severity;
    finding.stages.is_empty() && chosen.iter().all(|(it, _)| lighter(it))
}

type Key = (RuleId, Arc<str>, String);

/// A finding whatever its line. Items have other numbers when one in front of them goes.
fn key(finding: &Finding) -> Key {
    let mut words: Vec<&str> = finding.message.split(' ').collect();
    for at in 1..words.len() {
        let number = words
            .get(at)
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
        if number && words.get(at - 1) == Some(&"item") {
            words[at] = "#";
        }
    }
    (finding.rule, finding.place.file.clone(), words.join(" "))
}
