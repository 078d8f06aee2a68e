//! One mistake, one finding.

use crate::finding::Finding;

/// The findings in order of place, without those that say nothing more than another one.
pub fn told(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    findings.dedup_by(|later, first| both_readers(first, later));
    let mut told: Vec<Finding> = Vec::with_capacity(findings.len());
    // where those of the place at hand begin; what a stage refuses comes first
    let mut here = 0;
    for finding in findings {
        if told.get(here).is_some_and(|it| it.place != finding.place) {
            here = told.len();
        }
        let before = told.get(here..).unwrap_or_default();
        if !before.iter().any(|first| follows(first, &finding)) {
            told.push(finding);
        }
    }
    told
}

/// Two readers that object to the same YAML for the same reason make one finding.
fn both_readers(first: &mut Finding, later: &mut Finding) -> bool {
    let same = first.rule == later.rule && first.place == later.place;
    if !same || first.rule.category() != "yaml" || first.severity != later.severity {
        return false;
    }
    first.stages = first.stages.union(later.stages);
    first.note = match (first.note.take(), later.note.take()) {
        (Some(a), Some(b)) if a != b => Some(format!("{a}; {b}")),
        (a, b) => a.or(b),
    };
    first.pointer = first.pointer.take().or(later.pointer.take());
    true
}

/// True for advice about a value that is refused anyway: it will be another one when it is right.
/// Advice that knows a repair where the other knows none is worth telling.
fn follows(first: &Finding, later: &Finding) -> bool {
    let same = first.place == later.place && first.pointer == later.pointer;
    let repairs = first.fixes.is_empty() && !later.fixes.is_empty();
    if !same || repairs || first.stages.is_empty() || !later.stages.is_empty() {
        return false;
    }
    match first.rule.0 {
        "shape/malformed-value" | "shape/unknown-value" | "shape/wrong-type" => true,
        // the key that is misspelt
        "shape/missing-key" => matches!(later.rule.0, "shape/unknown-key" | "i18n/mistyped-locale"),
        _ => false,
    }
}
