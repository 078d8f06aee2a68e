//! What a finding says besides its message, for formats that have no places of their own for it.

use super::PluginReport;
use super::text::{clean, count};
use crate::finding::{Applicability, Finding, Fix, Place, Stage};

/// Further places that are spelt out.
const MAX_LABELS: usize = 8;

/// A place as people write it: `path:line:column`, or the path alone.
pub(super) fn address(report: &PluginReport, place: &Place) -> String {
    let path = report.path_of(&place.file);
    let address = match report.start_of(place) {
        Some(start) => format!("{path}:{}:{}", start.line, start.column),
        None => path,
    };
    clean(&address).into_owned()
}

/// What a fix does, and with what caution.
pub(super) fn fix_heading(fix: &Fix) -> &'static str {
    match fix.applicability {
        Applicability::Safe => "fix (safe)",
        Applicability::Unsafe => "fix (unsafe)",
    }
}

/// Lines `word: text`, each safe to show: further places, note, help, fix, stages, page.
pub(super) fn remarks(report: &PluginReport, finding: &Finding) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |word: &str, text: &str| lines.push(format!("{word}: {}", clean(text)));
    if !finding.remark.is_empty() {
        add("here", &finding.remark);
    }
    for label in finding.labels.iter().take(MAX_LABELS) {
        let place = address(report, &label.place);
        add("there", &format!("{place}: {}", label.message));
    }
    if let Some(hidden) = finding.labels.len().checked_sub(MAX_LABELS + 1) {
        add("and", &count(hidden + 1, "further place"));
    }
    if let Some(note) = &finding.note {
        add("note", note);
    }
    if let Some(help) = &finding.help {
        add("help", help);
    }
    if let Some(fix) = finding.fixes.first() {
        add(fix_heading(fix), &fix.title);
    }
    if !finding.stages.is_empty() {
        let stages: Vec<&str> = finding.stages.iter().map(Stage::as_str).collect();
        add("stops", &stages.join(", "));
    }
    add("see", &finding.rule.url());
    lines
}
