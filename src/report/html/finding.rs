//! The findings of a plugin, by file.

use super::escape::{code, prose, text};
use super::frame::frames;
use super::severity_class;
use crate::finding::{Finding, RuleId, Severity, Stage};
use crate::report::counts::Counts;
use crate::report::prose::{address, fix_heading};
use crate::report::text::{clean, count};
use crate::report::{Look, PluginReport, change};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Findings of a rule in one plugin that have a frame; the rest say their place in a word.
const FRAMES: usize = 20;
/// Columns of a change.
const COLUMNS: usize = 160;

/// Writes the findings under a heading for each file.
pub(super) fn findings(out: &mut String, report: &PluginReport, look: &Look) {
    let mut seen: BTreeMap<RuleId, usize> = BTreeMap::new();
    let files = report
        .findings
        .chunk_by(|a, b| a.place.file == b.place.file);
    for group in files {
        let Some(first) = group.first() else { continue };
        let mut counts = Counts::default();
        group.iter().for_each(|it| counts.add(it.severity, 1));
        let _ = write!(out, "<section class=\"file{}\"><h4>", classes(group));
        code(out, &clean(&report.path_of(&first.place.file)));
        let _ = writeln!(
            out,
            " <small>{}</small></h4>",
            counts.words("nothing found")
        );
        for finding in group {
            let before = seen.entry(finding.rule).or_default();
            *before += 1;
            one(out, report, finding, look, *before <= FRAMES);
        }
        out.push_str("</section>\n");
    }
}

fn one(out: &mut String, report: &PluginReport, finding: &Finding, look: &Look, framed: bool) {
    let severity = finding.severity;
    let _ = write!(out, "<article class=\"finding {severity}");
    for stage in finding.stages.iter() {
        let _ = write!(out, " s-{stage}");
    }
    let _ = write!(
        out,
        "\"><h5><span class=\"badge {}\">{severity}</span> ",
        severity_class(severity)
    );
    prose(out, &clean(&finding.message));
    out.push_str("</h5>\n");
    if framed {
        frames(out, report, finding);
    } else {
        out.push_str("<p class=place>");
        text(out, &address(report, &finding.place));
        out.push_str("</p>\n");
    }
    out.push_str("<dl class=notes>");
    let mut note = |word: &str, words: &str| {
        let _ = write!(out, "<dt>{word}</dt><dd>");
        prose(out, words);
        out.push_str("</dd>");
    };
    if let Some(words) = &finding.note {
        note("why", words);
    }
    if let Some(words) = &finding.help {
        note("help", words);
    }
    if let Some(fix) = finding.fixes.first() {
        note(fix_heading(fix), &fix.title);
        if framed {
            out.push_str("<dd class=change>");
            changes(out, report, finding, look);
            out.push_str("</dd>");
        }
    }
    if !finding.stages.is_empty() {
        let stages: Vec<&str> = finding.stages.iter().map(Stage::as_str).collect();
        let _ = write!(out, "<dt>stops</dt><dd>{}</dd>", stages.join(", "));
    }
    out.push_str("<dt>rule</dt><dd><a href=\"");
    text(out, &finding.rule.url());
    out.push_str("\">");
    text(out, finding.rule.0);
    out.push_str("</a></dd></dl></article>\n");
}

/// What the first fix would do: lines that go, and lines that come.
fn changes(out: &mut String, report: &PluginReport, finding: &Finding, look: &Look) {
    let Some(fix) = finding.fixes.first() else {
        return;
    };
    let cut_mark = if look.unicode { "…" } else { "..." };
    for change in change::changes(report, fix, COLUMNS, cut_mark) {
        out.push_str("<pre class=diff>");
        if change.file != finding.place.file {
            text(out, &clean(&report.path_of(&change.file)));
            let _ = writeln!(out, ":{}", change.line);
        }
        for (lines, tag, sign) in [(&change.removed, "del", '-'), (&change.added, "ins", '+')] {
            for line in lines {
                let _ = write!(out, "<{tag}>{sign} ");
                text(out, line);
                let _ = writeln!(out, "</{tag}>");
            }
        }
        if change.hidden > 0 {
            let _ = writeln!(out, "{cut_mark} {}", count(change.hidden, "more line"));
        }
        out.push_str("</pre>");
    }
}

/// What the switches of the page look at: the stages and severities of some findings.
pub(super) fn classes(findings: &[Finding]) -> String {
    let mut classes = String::new();
    for stage in Stage::ALL {
        if findings.iter().any(|it| it.stages.contains(stage)) {
            let _ = write!(classes, " s-{stage}");
        }
    }
    let severities = || findings.iter().map(|it| it.severity);
    if let (Some(best), Some(worst)) = (severities().min(), severities().max()) {
        let _ = write!(classes, " worst-{worst}");
        if best == worst {
            let _ = write!(classes, " only-{worst}");
        }
    }
    classes
}

/// The highest severity of a plugin's findings.
pub(super) fn worst(report: &PluginReport) -> Option<Severity> {
    report.findings.iter().map(|it| it.severity).max()
}
