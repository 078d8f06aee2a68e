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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Applicability, Fix, Place, RuleId, Severity, Span, Stage, Stages};

    fn finding(rule: &'static str, pointer: &str, stages: Stages) -> Finding {
        let place = Place {
            file: "manifest.yaml".into(),
            span: Span::new(4, 9),
        };
        let severity = if stages.is_empty() {
            Severity::Warning
        } else {
            Severity::Error
        };
        let mut finding = Finding::new(RuleId(rule), severity, place, "something");
        finding.stages = stages;
        finding.pointer = Some(pointer.to_owned());
        finding
    }

    fn rules(findings: Vec<Finding>) -> Vec<&'static str> {
        told(findings).into_iter().map(|it| it.rule.0).collect()
    }

    const START: Stages = Stages::only(Stage::Start);
    const ADVICE: &str = "yaml/ambiguous-scalar";

    #[test]
    fn advice_about_a_refused_value_waits() {
        let refused = finding("shape/wrong-type", "/a", START);
        let advice = finding(ADVICE, "/a", Stages::NONE);
        assert_eq!(
            rules(vec![advice.clone(), refused.clone()]),
            ["shape/wrong-type"]
        );
        let refused_elsewhere = finding("shape/wrong-type", "/b", START);
        let both = ["shape/wrong-type", ADVICE];
        assert_eq!(rules(vec![advice.clone(), refused_elsewhere]), both);
        let stops_too = finding("path/missing-file", "/a", START);
        let both = ["path/missing-file", "shape/wrong-type"];
        assert_eq!(rules(vec![refused.clone(), stops_too]), both);

        let mut repaired = advice;
        repaired.fixes.push(Fix {
            title: "quote it".to_owned(),
            applicability: Applicability::Safe,
            edits: Vec::new(),
        });
        let both = ["shape/wrong-type", ADVICE];
        assert_eq!(rules(vec![repaired, refused]), both);
    }

    #[test]
    fn a_misspelt_key_is_not_unknown_as_well() {
        let missing = finding("shape/missing-key", "/lable", START);
        let unknown = finding("shape/unknown-key", "/lable", Stages::NONE);
        assert_eq!(rules(vec![unknown, missing.clone()]), ["shape/missing-key"]);
        let other = finding(ADVICE, "/lable", Stages::NONE);
        assert_eq!(rules(vec![other, missing]), ["shape/missing-key", ADVICE]);
    }
}
