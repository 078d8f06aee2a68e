//! A page for people: each plugin as its users will see it, and what is wrong with it.
//!
//! It stands alone: no scripts, nothing from elsewhere, and a policy that would refuse both. Its
//! switches are check boxes that the style sheet looks at; where a browser cannot, all is shown.

mod card;
mod escape;
mod finding;
mod frame;

use super::card::LOCALES;
use super::text::{clean, count, number};
use super::{Evidence, Format, Look, PluginReport, RootKind, Run, Summary};
use crate::finding::{Severity, Stage};
use escape::{code, text};
use std::fmt::Write as _;
use std::io::{self, Write};

const STYLE: &str = include_str!("style.css");
/// SHA-256 of the style sheet in base64: the policy of the page allows this one only.
const STYLE_HASH: &str = include_str!("style.sha256");
/// Up to so many plugins are unfolded from the start.
const UNFOLDED: usize = 3;
/// Features with a version floor that are listed.
const MAX_EVIDENCE: usize = 40;

/// The page. Its index stands above the plugins, so they are kept until all are known.
pub(super) struct Html {
    look: Look,
    run: Run,
    index: String,
    plugins: String,
    number: usize,
}

impl Html {
    pub(super) fn new(look: &Look) -> Self {
        Self {
            look: *look,
            run: Run::new(0),
            index: String::new(),
            plugins: String::new(),
            number: 0,
        }
    }
}

impl Format for Html {
    fn begin(&mut self, _: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.run = *run;
        Ok(())
    }

    fn plugin(&mut self, _: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        self.number += 1;
        self.row(report);
        self.section(report);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        out.write_all(self.head(summary).as_bytes())?;
        out.write_all(b"<main>\n")?;
        if self.number > 1 {
            let mut table = String::new();
            self.table(&mut table);
            out.write_all(table.as_bytes())?;
        }
        out.write_all(self.plugins.as_bytes())?;
        out.write_all(b"</main>\n")?;
        out.write_all(self.footer(summary).as_bytes())
    }

    fn shows_cards(&self) -> bool {
        !self.look.quiet
    }
}

impl Html {
    fn head(&self, summary: &Summary) -> String {
        let mut counts = Counts::default();
        counts.add(Severity::Error, summary.errors);
        counts.add(Severity::Warning, summary.warnings);
        counts.add(Severity::Info, summary.infos);
        let plugins = count(summary.plugins, "plugin");
        let words = match counts.all() {
            0 => format!("all good in {plugins}"),
            _ => format!("{} in {plugins}", counts.words()),
        };
        let hash = STYLE_HASH.trim();
        let mut page = format!(
            "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; \
             style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
             <meta name=referrer content=no-referrer>\n\
             <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
             <meta name=color-scheme content=\"light dark\">\n\
             <title>difylint: {words}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>difylint <span>{words}</span></h1>\n"
        );
        self.controls(&mut page, counts.all() > 0);
        page.push_str("</header>\n");
        page
    }

    /// Switches: the language of texts, and which findings are shown.
    fn controls(&self, page: &mut String, findings: bool) {
        page.push_str("<div class=controls>\n");
        if self.shows_cards() {
            page.push_str("<fieldset><legend>Language</legend>");
            for (at, locale) in LOCALES.iter().enumerate() {
                let checked = if at == 0 { " checked" } else { "" };
                let _ = write!(
                    page,
                    "<label><input type=radio name=lang id=lang{at}{checked}><span lang={}>{}</span></label>",
                    locale.tag, locale.name
                );
            }
            page.push_str("</fieldset>\n");
        }
        if findings {
            page.push_str("<fieldset><legend>Severity</legend>");
            for severity in [Severity::Error, Severity::Warning, Severity::Info] {
                let _ = write!(
                    page,
                    "<label><input type=checkbox id=show-{severity} checked><span>{severity}</span></label>"
                );
            }
            page.push_str("</fieldset>\n<fieldset><legend>Stops</legend>");
            page.push_str(
                "<label><input type=radio name=stage id=stage-any checked><span>any</span></label>",
            );
            for stage in self.look.stages.iter() {
                let _ = write!(
                    page,
                    "<label><input type=radio name=stage id=stage-{stage}><span>{stage}</span></label>"
                );
            }
            page.push_str("</fieldset>\n");
        }
        if findings && self.number > 1 {
            page.push_str(
                "<fieldset><legend>Plugins</legend><label><input type=checkbox id=only-findings>\
                 <span>with findings</span></label></fieldset>\n",
            );
        }
        page.push_str("</div>\n");
    }

    fn table(&self, out: &mut String) {
        out.push_str("<nav aria-label=Plugins tabindex=0><table>\n<thead><tr><th scope=col>plugin");
        for stage in self.look.stages.iter() {
            let _ = write!(out, "<th scope=col>{stage}");
        }
        out.push_str(
            "<th scope=col>errors<th scope=col>warnings<th scope=col>info</tr></thead>\n<tbody>\n",
        );
        out.push_str(&self.index);
        out.push_str("</tbody></table></nav>\n");
    }

    fn row(&mut self, report: &PluginReport) {
        let out = &mut self.index;
        let class = if report.findings.is_empty() {
            " class=clean"
        } else {
            ""
        };
        let _ = write!(
            out,
            "<tr{class}><th scope=row><a href=\"#p{}\">",
            self.number
        );
        text(out, &report.title());
        out.push_str("</a>");
        for stage in self.look.stages.iter() {
            let (class, mark, word) = verdict(report, stage);
            let _ = write!(
                out,
                "<td class={class}><span aria-hidden=true>{mark}</span><span class=sr>{word}</span>"
            );
        }
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let found = report.count(severity);
            let class = if found == 0 {
                "none"
            } else {
                severity_class(severity)
            };
            let _ = write!(out, "<td class={class}>{}", number(found));
        }
        out.push_str("</tr>\n");
    }

    fn section(&mut self, report: &PluginReport) {
        let (out, at) = (&mut self.plugins, self.number);
        let mut counts = Counts::default();
        report
            .findings
            .iter()
            .for_each(|it| counts.add(it.severity, 1));
        let clean_class = if report.findings.is_empty() {
            " clean"
        } else {
            ""
        };
        let open = if self.run.plugins <= UNFOLDED {
            " open"
        } else {
            ""
        };
        let worst = finding::worst(report).map_or("good", severity_class);
        let _ = write!(
            out,
            "<details class=\"plugin{clean_class}\" id=p{at}{open}>\n<summary><h2>"
        );
        text(out, &report.title());
        let _ = write!(
            out,
            "</h2> <span class=\"badge {worst}\">{}</span> <code>",
            counts.words()
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
            finding::findings(out, report, &self.look);
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

    fn footer(&self, summary: &Summary) -> String {
        let mut page = String::from("<footer><p>difylint ");
        page.push_str(env!("CARGO_PKG_VERSION"));
        let _ = write!(page, ", {}", count(summary.files, "file"));
        if summary.fixable > 0 {
            let fixable = number(summary.fixable);
            let _ = write!(page, ", {fixable} fixable with <code>difylint fix</code>");
        }
        if summary.suppressed > 0 {
            let _ = write!(page, ", {} suppressed", number(summary.suppressed));
        }
        page.push_str("</p></footer>\n</body>\n</html>\n");
        page
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
    escape::prose(out, &evidence.feature);
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

/// The colour of a severity.
const fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "note",
    }
}

/// How many findings of each severity.
#[derive(Default)]
struct Counts([usize; 3]);

impl Counts {
    fn add(&mut self, severity: Severity, more: usize) {
        if let Some(count) = self.0.get_mut(severity as usize) {
            *count += more;
        }
    }

    fn all(&self) -> usize {
        self.0.iter().sum()
    }

    /// `2 errors, 1 warning`, or that there is nothing.
    fn words(&self) -> String {
        let [infos, warnings, errors] = self.0;
        let words: Vec<String> = [
            (errors, count(errors, "error")),
            (warnings, count(warnings, "warning")),
            (infos, format!("{} info", number(infos))),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(_, words)| words)
        .collect();
        if words.is_empty() {
            "nothing found".to_owned()
        } else {
            words.join(", ")
        }
    }
}
