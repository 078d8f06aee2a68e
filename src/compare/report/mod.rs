//! A comparison made readable: for people, for programs, for a comment on a pull request.

mod full;
mod json;
mod markdown;

pub use full::full;
pub use json::json;
pub use markdown::markdown;

use super::{Comparison, Grade};
use crate::finding::{Finding, Label, Place, Severity, Span, Stages};
use crate::report::{PluginReport, RootKind, count};

/// The changes as findings of the new version, for every form of output that `check` has. Their
/// files are paths from the working directory, because they lie in two plugins.
pub fn findings(comparison: &Comparison) -> PluginReport {
    let findings = comparison.changes.iter().map(|change| {
        let here = change.new.as_ref().or(change.old.as_ref());
        let place = here.map_or_else(
            || Place {
                file: comparison.new.root.as_str().into(),
                span: Span::at(0),
            },
            |spot| spot.place.clone(),
        );
        let mut finding = Finding::new(change.rule, change.severity, place, &change.message);
        if let Some(spot) = here {
            finding.pointer.clone_from(&spot.pointer);
            finding.remark.clone_from(&spot.remark);
        }
        finding.stages = change.stages;
        finding.note.clone_from(&change.note);
        finding.help.clone_from(&change.help);
        if let (Some(_), Some(old)) = (&change.new, &change.old) {
            finding.labels.push(Label {
                place: old.place.clone(),
                message: old.remark.clone(),
            });
        }
        finding
    });
    let findings: Vec<Finding> = findings.collect();
    PluginReport {
        root: ".".to_owned(),
        kind: RootKind::Plugin,
        author: comparison.new.author.clone(),
        name: comparison.new.name.clone(),
        version: comparison.new.version.clone(),
        rejected: findings
            .iter()
            .fold(Stages::NONE, |stages, finding| stages.union(finding.stages)),
        requires: crate::report::Requires::default(),
        findings,
        suppressed: Vec::new(),
        fail_on: Some(Severity::Error),
        files: comparison.sources.len(),
        sources: comparison.sources.clone(),
        card: None,
    }
}

/// `1 breaking change, 2 additions`; `None` when there is neither.
fn totals(comparison: &Comparison) -> Option<String> {
    let words: Vec<String> = [
        (Grade::Breaking, "breaking change"),
        (Grade::Addition, "addition"),
        (Grade::Patch, "other change"),
    ]
    .into_iter()
    .map(|(grade, noun)| (comparison.count(grade), noun))
    .filter(|(total, _)| *total > 0)
    .map(|(total, noun)| count(total, noun))
    .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What stands beside the changes that are shown, a sentence each.
fn remarks(comparison: &Comparison) -> Vec<String> {
    let mut remarks = Vec::new();
    if comparison.is_empty() {
        remarks.push("nothing has changed: both versions hold the same files".to_owned());
    } else if totals(comparison).is_none() && comparison.complete {
        remarks.push("nothing that others rely on has changed".to_owned());
    }
    if comparison.files_changed > 0 {
        let files = count(comparison.files_changed, "file");
        let differ = if comparison.files_changed == 1 {
            "differs"
        } else {
            "differ"
        };
        remarks.push(format!("{files} of the package {differ}"));
    }
    if comparison.hidden > 0 {
        let texts = count(comparison.hidden, "change");
        remarks.push(format!(
            "{texts} of labels, descriptions, icons or prices (`--select ALL` lists them)"
        ));
    }
    if !comparison.complete {
        remarks.push("something could not be read and was not compared".to_owned());
    }
    remarks
}

/// What the version should be, as a sentence; `None` when nothing has changed.
fn verdict(comparison: &Comparison) -> Option<String> {
    let suggested = comparison.suggested.as_deref()?;
    let (step, needed) = (comparison.step?, comparison.needed?);
    Some(if step >= needed {
        "the version says so".to_owned()
    } else {
        format!("the version should be at least `{suggested}`")
    })
}
