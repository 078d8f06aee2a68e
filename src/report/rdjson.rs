use super::prose::remarks;
use super::{Format, PluginReport, Run, Summary, means_whole_file};
use crate::finding::{Finding, Fix, Severity, Span};
use crate::source::SourceFile;
use serde::Serialize;
use std::io::{self, Write};

/// A suggestion over more text than this helps nobody.
const MAX_SUGGESTION_BYTES: u32 = 16 * 1024;

/// The Reviewdog Diagnostic Format. Its columns count bytes of UTF-8 from 1.
#[derive(Default)]
pub(super) struct Rdjson {
    any: bool,
}

impl Format for Rdjson {
    fn begin(&mut self, out: &mut dyn Write, _: &Run) -> io::Result<()> {
        let source = Source {
            name: env!("CARGO_PKG_NAME"),
            url: env!("CARGO_PKG_REPOSITORY"),
        };
        out.write_all(b"{\n\"source\": ")?;
        serde_json::to_writer(&mut *out, &source)?;
        out.write_all(b",\n\"diagnostics\": [")
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        for finding in &report.findings {
            out.write_all(if self.any { b",\n" } else { b"\n" })?;
            self.any = true;
            serde_json::to_writer(&mut *out, &Diagnostic::of(report, finding))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _: &Summary) -> io::Result<()> {
        out.write_all(b"\n]\n}\n")
    }
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    fn of(report: &PluginReport, finding: &Finding) -> Self {
        let source = report.sources.get(&finding.place.file);
        let range = source
            .filter(|_| !means_whole_file(&finding.place))
            .map(|source| Range::of(source, finding.place.span));
        let suggestions = finding.fixes.iter();
        let suggestions = suggestions.filter_map(|fix| Suggestion::of(source?, fix));
        let mut message = vec![super::clean(&finding.message).into_owned()];
        message.extend(remarks(report, finding));
        Self {
            message: message.join("\n"),
            location: Location {
                path: report.path_of(&finding.place.file),
                range,
            },
            severity: match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            code: Code {
                value: finding.rule.0,
                url: finding.rule.url(),
            },
            suggestions: suggestions.collect(),
        }
    }
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

impl Range {
    fn of(source: &SourceFile, span: Span) -> Self {
        let start = Point::of(source, span.start);
        let end = Point::of(source, span.end.max(span.start));
        Self { start, end }
    }
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: u32,
}

impl Point {
    fn of(source: &SourceFile, offset: u32) -> Self {
        let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
        let offset = offset.min(length);
        let line = source.lines().line_of(offset);
        let start = source.lines().span_of(line).unwrap_or_default().start;
        Self {
            line: line + 1,
            column: offset.saturating_sub(start) + 1,
        }
    }
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

impl Suggestion {
    /// One range with one text: what stands between the edits of a fix is written again. `None`
    /// for a fix that also changes other files, which a suggestion cannot say.
    fn of(source: &SourceFile, fix: &Fix) -> Option<Self> {
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        let span = edits.first()?.span.to(edits.last()?.span);
        if span.len() > MAX_SUGGESTION_BYTES || edits.iter().any(|e| e.file != *source.path()) {
            return None;
        }
        let (mut text, mut at) = (String::new(), span.start);
        for edit in edits {
            text.push_str(source.text().get(Span::new(at, edit.span.start).range())?);
            text.push_str(&edit.text);
            at = edit.span.end;
        }
        Some(Self {
            range: Range::of(source, span),
            text,
        })
    }
}
