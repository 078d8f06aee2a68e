use super::{Evidence, Format, PluginReport, RootKind, Run, Summary, means_whole_file};
use crate::finding::{Finding, Fix, Place, Stage, Stages};
use crate::source::Position;
use serde::Serialize;
use std::io::{self, Write};

/// The version of the form. It changes only when a program that reads the old one would go wrong.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// One JSON object for the whole run, written as it comes: diagnostics at once, a line each; the
/// plugins, which are small, wait for the second list.
#[derive(Default)]
pub(super) struct Json {
    plugins: Vec<u8>,
    any_diagnostic: bool,
    /// The diagnostic at hand: it is written in pieces of a few bytes.
    line: Vec<u8>,
}

impl Format for Json {
    fn begin(&mut self, out: &mut dyn Write, _: &Run) -> io::Result<()> {
        write!(out, "{{\n\"schema_version\": {SCHEMA_VERSION},\n\"tool\": ")?;
        serde_json::to_writer(&mut *out, &Tool::THIS)?;
        write!(out, ",\n\"diagnostics\": [")
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        if !self.plugins.is_empty() {
            self.plugins.push(b',');
        }
        self.plugins.push(b'\n');
        serde_json::to_writer(&mut self.plugins, &Plugin::of(report))?;
        for finding in &report.findings {
            self.line.clear();
            let next: &[u8] = if self.any_diagnostic { b",\n" } else { b"\n" };
            self.line.extend_from_slice(next);
            self.any_diagnostic = true;
            serde_json::to_writer(&mut self.line, &Diagnostic::of(report, finding))?;
            out.write_all(&self.line)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        write!(out, "\n],\n\"plugins\": [")?;
        out.write_all(&self.plugins)?;
        write!(out, "\n],\n\"summary\": ")?;
        serde_json::to_writer(&mut *out, &Totals::of(summary))?;
        out.write_all(b"\n}\n")
    }
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const THIS: Self = Self {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
    };
}

#[derive(Serialize)]
pub(super) struct Plugin<'a> {
    root: &'a str,
    kind: &'static str,
    author: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<&'a str>,
    verdicts: Verdicts,
    requires: Requires<'a>,
}

impl<'a> Plugin<'a> {
    pub(super) fn of(report: &'a PluginReport) -> Self {
        let verdict = |stage| {
            if report.accepts(stage) {
                "accept"
            } else {
                "reject"
            }
        };
        Self {
            root: &report.root,
            kind: match report.kind {
                RootKind::Plugin => "plugin",
                RootKind::Bundle => "bundle",
            },
            author: report.author.as_deref(),
            name: report.name.as_deref(),
            version: report.version.as_deref(),
            verdicts: Verdicts {
                package: verdict(Stage::Package),
                install: verdict(Stage::Install),
                start: verdict(Stage::Start),
                console: verdict(Stage::Console),
                marketplace: verdict(Stage::Marketplace),
            },
            requires: Requires {
                dify: report.requires.dify.as_deref(),
                daemon: report.requires.daemon.as_deref(),
                sdk: report.requires.sdk.as_deref(),
                because: report
                    .requires
                    .because
                    .iter()
                    .map(|evidence| Cause::of(report, evidence))
                    .collect(),
            },
        }
    }
}

/// In the order in which a plugin meets the stages.
#[derive(Serialize)]
struct Verdicts {
    package: &'static str,
    install: &'static str,
    start: &'static str,
    console: &'static str,
    marketplace: &'static str,
}

#[derive(Serialize)]
struct Requires<'a> {
    dify: Option<&'a str>,
    daemon: Option<&'a str>,
    sdk: Option<&'a str>,
    because: Vec<Cause<'a>>,
}

#[derive(Serialize)]
struct Cause<'a> {
    feature: &'a str,
    file: String,
    pointer: &'a str,
    dify: Option<&'a str>,
    daemon: Option<&'a str>,
    sdk: Option<&'a str>,
    soft: bool,
}

impl<'a> Cause<'a> {
    fn of(report: &PluginReport, evidence: &'a Evidence) -> Self {
        Self {
            feature: &evidence.feature,
            file: report.path_of(&evidence.file),
            pointer: &evidence.pointer,
            dify: evidence.dify.as_deref(),
            daemon: evidence.daemon.as_deref(),
            sdk: evidence.sdk.as_deref(),
            soft: evidence.soft,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Diagnostic<'a> {
    rule: &'static str,
    severity: &'static str,
    stages: Vec<&'static str>,
    message: &'a str,
    note: Option<&'a str>,
    help: Option<&'a str>,
    plugin: &'a str,
    file: String,
    pointer: Option<&'a str>,
    span: Option<Range>,
    labels: Vec<Label<'a>>,
    fixes: Vec<Repair<'a>>,
    fingerprint: String,
    url: String,
}

impl<'a> Diagnostic<'a> {
    pub(super) fn of(report: &'a PluginReport, finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule.0,
            severity: finding.severity.as_str(),
            stages: words(finding.stages),
            message: &finding.message,
            note: finding.note.as_deref(),
            help: finding.help.as_deref(),
            plugin: &report.root,
            file: report.path_of(&finding.place.file),
            pointer: finding.pointer.as_deref(),
            span: Range::of(report, &finding.place),
            labels: finding
                .labels
                .iter()
                .map(|label| Label {
                    file: report.path_of(&label.place.file),
                    span: Range::of(report, &label.place),
                    message: &label.message,
                })
                .collect(),
            fixes: finding
                .fixes
                .iter()
                .map(|fix| Repair::of(report, fix))
                .collect(),
            fingerprint: finding.fingerprint(),
            url: finding.rule.url(),
        }
    }
}

fn words(stages: Stages) -> Vec<&'static str> {
    stages.iter().map(Stage::as_str).collect()
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

impl Range {
    /// `None` for a file as a whole, and for a file whose text is not at hand.
    fn of(report: &PluginReport, place: &Place) -> Option<Self> {
        if means_whole_file(place) {
            return None;
        }
        let point = |offset| {
            let Position { line, column } = report.position(&place.file, offset)?;
            Some(Point {
                offset,
                line,
                column,
            })
        };
        Some(Self {
            start: point(place.span.start)?,
            end: point(place.span.end)?,
        })
    }
}

#[derive(Serialize)]
struct Point {
    offset: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Label<'a> {
    file: String,
    span: Option<Range>,
    message: &'a str,
}

#[derive(Serialize)]
struct Repair<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Change<'a>>,
}

impl<'a> Repair<'a> {
    fn of(report: &PluginReport, fix: &'a Fix) -> Self {
        Self {
            title: &fix.title,
            applicability: fix.applicability.as_str(),
            edits: fix
                .edits
                .iter()
                .map(|edit| Change {
                    file: report.path_of(&edit.file),
                    start: edit.span.start,
                    end: edit.span.end,
                    text: &edit.text,
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Change<'a> {
    file: String,
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
pub(super) struct Totals {
    plugins: usize,
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
    suppressed: usize,
    duration_ms: u64,
}

impl Totals {
    pub(super) fn of(summary: &Summary) -> Self {
        Self {
            plugins: summary.plugins,
            files: summary.files,
            errors: summary.errors,
            warnings: summary.warnings,
            infos: summary.infos,
            fixable: summary.fixable,
            suppressed: summary.suppressed,
            duration_ms: u64::try_from(summary.duration.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
