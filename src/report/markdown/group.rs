//! The findings of one rule in one plugin, folded away under a line that names the rule.

use super::escape::{block, code, prose};
use crate::finding::{Finding, RuleId, Severity};
use crate::report::text::{clean, count};
use crate::report::{Look, PluginReport, Run, change, frame, prose as words};

/// Findings of a rule that are shown with their frames, and those that have a line.
const FRAMES: usize = 4;
const LINES: usize = 50;
/// Columns of frames and changes: about what a comment shows without scrolling.
const COLUMNS: usize = 96;
/// Characters of a message.
const MAX_MESSAGE: usize = 2_000;

/// Findings of one rule.
pub(super) struct Group {
    /// The number of the plugin among those with findings.
    pub plugin: usize,
    /// The highest of its findings.
    pub severity: Severity,
    /// How many there are.
    pub findings: usize,
    /// The Markdown, unless there can be no room for it.
    pub text: Option<String>,
    /// Of the text.
    pub size: usize,
}

/// The findings of a plugin by rule, in the order in which the rules come up.
pub(super) fn groups(report: &PluginReport, look: &Look, run: &Run) -> Vec<Group> {
    let mut by_rule: Vec<(RuleId, Vec<&Finding>)> = Vec::new();
    for finding in &report.findings {
        match by_rule.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, group)) => group.push(finding),
            None => by_rule.push((finding.rule, vec![finding])),
        }
    }
    let mut groups: Vec<Group> = by_rule
        .into_iter()
        .map(|(rule, findings)| Group::of(report, look, run, rule, &findings))
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

impl Group {
    fn of(
        report: &PluginReport,
        look: &Look,
        run: &Run,
        rule: RuleId,
        findings: &[&Finding],
    ) -> Self {
        let severity = findings.iter().map(|finding| finding.severity).max();
        let severity = severity.unwrap_or(Severity::Info);
        let mark = match (severity, look.unicode) {
            (Severity::Error, true) => "❌",
            (Severity::Warning, true) => "⚠️",
            (Severity::Info, true) => "ℹ️",
            (severity, false) => severity.as_str(),
        };
        // a browser reads this line, and no Markdown is in it
        let summary = (run.rule)(rule).map_or(String::new(), |text| {
            format!(
                ": {}",
                text.summary.replace('&', "&amp;").replace('<', "&lt;")
            )
        });
        let times = count(findings.len(), "finding");
        let mut text = format!(
            "\n<details>\n<summary>{mark} <code>{rule}</code>{summary} ({times})</summary>\n"
        );
        for finding in findings.iter().take(FRAMES) {
            text.push_str(&framed(report, finding, look));
        }
        let listed = findings.get(FRAMES..).unwrap_or_default();
        if !listed.is_empty() {
            text.push('\n');
        }
        for finding in listed.iter().take(LINES) {
            let message = prose(&marked(&finding.message, MAX_MESSAGE));
            let place = code(&words::address(report, &finding.place));
            text.push_str(&format!("- {place}: {message}\n"));
        }
        if let Some(more) = listed.get(LINES..).filter(|more| !more.is_empty()) {
            text.push_str(&format!("\nAnd {}.\n", count(more.len(), "more finding")));
        }
        text.push_str(&format!("\n[What this rule means]({})\n", rule.url()));
        text.push_str("\n</details>\n");
        Self {
            plugin: 0,
            severity,
            findings: findings.len(),
            size: super::size(&text),
            text: Some(text),
        }
    }
}

/// A finding with its frame, its remarks, and what its first fix would do.
fn framed(report: &PluginReport, finding: &Finding, look: &Look) -> String {
    let mut text = format!(
        "\n**{}:** {}\n\n",
        finding.severity,
        prose(&marked(&finding.message, MAX_MESSAGE))
    );
    let look = Look {
        width: COLUMNS,
        ..*look
    };
    let frame = frame::render(report, finding, &look);
    text.push_str(&block("text", &String::from_utf8_lossy(&frame.text)));
    let notes = [("note", &finding.note), ("help", &finding.help)];
    for (word, note) in notes {
        if let Some(note) = note {
            let note = prose(&marked(note, MAX_MESSAGE));
            text.push_str(&format!("\n**{word}:** {note}\n"));
        }
    }
    if let Some(fix) = finding.fixes.first() {
        let heading = words::fix_heading(fix);
        let title = prose(&fix.title);
        text.push_str(&format!("\n**{heading}:** {title}\n"));
        let mut lines = String::new();
        for change in change::changes(report, fix, COLUMNS, "…") {
            lines.push_str(&format!(
                "@@ {}:{} @@\n",
                clean(&report.path_of(&change.file)),
                change.line
            ));
            for line in &change.removed {
                lines.push_str(&format!("-{line}\n"));
            }
            for line in &change.added {
                lines.push_str(&format!("+{line}\n"));
            }
            if change.hidden > 0 {
                lines.push_str(&format!("@@ {} @@\n", count(change.hidden, "more line")));
            }
        }
        if !lines.is_empty() {
            text.push('\n');
            text.push_str(&block("diff", &lines));
        }
    }
    if !finding.stages.is_empty() {
        let stages: Vec<&str> = finding.stages.iter().map(|stage| stage.as_str()).collect();
        text.push_str(&format!("\n**stops:** {}\n", stages.join(", ")));
    }
    text
}

/// The text, cut where it is too long and marked there.
pub(super) fn marked(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
