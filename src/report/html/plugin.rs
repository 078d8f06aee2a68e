//! One plugin on the page: its line in the index, and its section.

use super::escape::{code, prose, text};
use super::{card, finding, severity_class};
use crate::finding::{Severity, Stage};
use crate::report::counts::Counts;
use crate::report::text::{clean, count, number};
use crate::report::{Evidence, Look, PluginReport, RootKind};
use std::fmt::Write;

/// Features with a version floor that are listed.
const MAX_EVIDENCE: usize = 40;

/// A plugin and its place on the page.
pub(super) struct Of<'r> {
    pub report: &'r PluginReport,
    pub look: &'r Look,
    /// Its number, from 1.
    pub at: usize,
    /// What the switches look at, each with a blank before it.
    pub class: &'r str,
    /// It is unfolded from the start.
    pub open: bool,
}

/// What the switches look at, for a plugin among others.
pub(super) fn classes(report: &PluginReport) -> String {
    match report.findings.as_slice() {
        [] => " one clean".to_owned(),
        findings => format!(" one{}", finding::classes(findings)),
    }
}

impl Of<'_> {
    /// Its line in the index.
    pub(super) fn row(&self, out: &mut String) {
        let report = self.report;
        let _ = write!(
            out,
            "<tr class=\"{}\"><th scope=row><a href=\"#p{}\">",
            self.class.trim_start(),
            self.at
        );
        text(out, &report.title());
        out.push_str("</a></th>");
        for stage in self.look.stages.iter() {
            let (class, mark, word) = verdict(report, stage);
            let _ = write!(
                out,
                "<td class={class}><span aria-hidden=true>{mark}</span><span class=sr>{word}</span></td>"
            );
        }
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let found = report.count(severity);
            let class = if found == 0 {
                "none"
            } else {
                severity_class(severity)
            };
            let _ = write!(out, "<td class={class}>{}</td>", number(found));
        }
        out.push_str("</tr>\n");
    }

    /// All that is known of it.
    pub(super) fn section(&self, out: &mut String) {
        let (report, at) = (self.report, self.at);
        let mut counts = Counts::default();
        report
            .findings
            .iter()
            .for_each(|it| counts.add(it.severity, 1));
        let class = self.class;
        let open = if self.open { " open" } else { "" };
        let worst = finding::worst(report).map_or("good", severity_class);
        let _ = write!(
            out,
            "<details class=\"plugin{class}\" id=p{at}{open}>\n<summary><h2>"
        );
        text(out, &report.title());
        let _ = write!(
            out,
            "</h2> <span class=\"badge {worst}\">{}</span> <code>",
            counts.words("nothing found")
        );
        text(out, &clean(&report.root));
        out.push_str("</code>");
        if report.kind == RootKind::Bundle {
            out.push_str(" <small>bundle</small>");
        }
        out.push_str("</summary>\n");
        let card = report.card.as_ref().filter(|_| !self.look.quiet);
        if let Some(card) = card {
            card::card(out, report, card);
        }
        if !self.look.quiet {
            out.push_str("<ul class=verdicts aria-label=Verdicts>");
            for stage in self.look.stages.iter() {
                let (class, mark, word) = verdict(report, stage);
                let _ = write!(
                    out,
                    "<li class={class}><span aria-hidden=true>{mark}</span> <b>{stage}</b> {word}</li>"
                );
            }
            out.push_str("</ul>\n");
        }
        if !report.findings.is_empty() {
            out.push_str("<h3>Findings</h3>\n");
            finding::findings(out, report, self.look);
        }
        if !report.suppressed.is_empty() {
            let hidden = count(report.suppressed.len(), "finding");
            let _ = writeln!(
                out,
                "<p>{hidden} suppressed by comments or the baseline.</p>"
            );
        }
        if let Some(card) = card {
            if !card.parts.is_empty() {
                out.push_str("<h3>What it offers</h3>\n");
                card::parts(out, card);
            }
            out.push_str("<h3>Manifest</h3>\n");
            card::facts(out, card);
            requires(out, report);
        }
        out.push_str("</details>\n");
    }
}

/// The version floors and what causes them.
fn requires(out: &mut String, report: &PluginReport) {
    let requires = &report.requires;
    let floors = [
        ("Dify", &requires.dify),
        ("SDK", &requires.sdk),
        ("daemon", &requires.daemon),
    ];
    if floors.iter().all(|(_, floor)| floor.is_none()) {
        return;
    }
    out.push_str("<h3>Needs at least</h3>\n<ul class=words>");
    for (what, floor) in floors {
        if let Some(floor) = floor {
            let _ = write!(out, "<li>{what} ");
            text(out, floor);
            out.push_str("</li>");
        }
    }
    out.push_str("</ul>\n<details class=part><summary>because of</summary><ul>\n");
    for evidence in requires.because.iter().take(MAX_EVIDENCE) {
        cause(out, report, evidence);
    }
    if let Some(more) = requires.because.len().checked_sub(MAX_EVIDENCE + 1) {
        let _ = write!(out, "<li>and {} more</li>", number(more + 1));
    }
    out.push_str("</ul></details>\n");
}

fn cause(out: &mut String, report: &PluginReport, evidence: &Evidence) {
    out.push_str("<li>");
    prose(out, &evidence.feature);
    let floors = [
        ("Dify", &evidence.dify),
        ("SDK", &evidence.sdk),
        ("daemon", &evidence.daemon),
    ];
    for (what, floor) in floors {
        if let Some(floor) = floor {
            let _ = write!(out, ", {what} {floor}");
        }
    }
    if evidence.soft {
        out.push_str(" (older releases ignore it)");
    }
    out.push_str(" in ");
    code(out, &clean(&report.path_of(&evidence.file)));
    out.push_str("</li>\n");
}

/// How a stage's verdict looks: its class, its sign, its word.
fn verdict(report: &PluginReport, stage: Stage) -> (&'static str, &'static str, &'static str) {
    if report.accepts(stage) {
        ("good", "✓", "accepts")
    } else {
        ("bad", "✗", "refuses")
    }
}
