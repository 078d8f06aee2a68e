use super::super::{Change, Comparison, Grade, Release, Spot, Step};
use crate::finding::Stage;
use crate::source::SourceFile;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of the form. It changes only when a program that reads the old one would go wrong.
const SCHEMA_VERSION: u32 = 1;

/// One object, described by `schemas/comparison.schema.json`.
///
/// # Errors
/// Never: every part of it can be written as JSON.
pub fn json(comparison: &Comparison) -> serde_json::Result<String> {
    let change = |change| ChangeJson::of(change, &comparison.sources);
    let object = Object {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        old: ReleaseJson::of(&comparison.old),
        new: ReleaseJson::of(&comparison.new),
        step: comparison.step.map(Step::as_str),
        needed: comparison.needed.map(Step::as_str),
        suggested: comparison.suggested.as_deref(),
        complete: comparison.complete,
        changes: comparison.changes.iter().map(change).collect(),
        summary: Totals {
            breaking: comparison.count(Grade::Breaking),
            additions: comparison.count(Grade::Addition),
            patches: comparison.count(Grade::Patch),
            hidden: comparison.hidden,
            files: comparison.files_changed,
        },
    };
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Object<'a> {
    schema_version: u32,
    tool: Tool,
    old: ReleaseJson<'a>,
    new: ReleaseJson<'a>,
    step: Option<&'static str>,
    needed: Option<&'static str>,
    suggested: Option<&'a str>,
    complete: bool,
    changes: Vec<ChangeJson<'a>>,
    summary: Totals,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct ReleaseJson<'a> {
    root: &'a str,
    author: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<&'a str>,
}

impl<'a> ReleaseJson<'a> {
    fn of(release: &'a Release) -> Self {
        Self {
            root: &release.root,
            author: release.author.as_deref(),
            name: release.name.as_deref(),
            version: release.version.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    rule: &'static str,
    grade: &'static str,
    severity: &'static str,
    stages: Vec<&'static str>,
    breaks: Option<&'static str>,
    kind: &'static str,
    name: &'a str,
    renamed_to: Option<&'a str>,
    message: &'a str,
    note: Option<&'a str>,
    help: Option<&'a str>,
    old: Option<SpotJson<'a>>,
    new: Option<SpotJson<'a>>,
    url: String,
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change, sources: &BTreeMap<Arc<str>, SourceFile>) -> Self {
        let spot = |spot: &'a Option<Spot>| spot.as_ref().map(|spot| SpotJson::of(spot, sources));
        Self {
            rule: change.rule.0,
            grade: change.grade.as_str(),
            severity: change.severity.as_str(),
            stages: change.stages.iter().map(Stage::as_str).collect(),
            breaks: change.breaks.map(super::super::interface::Reader::as_str),
            kind: change.kind.noun(),
            name: &change.name,
            renamed_to: change.renamed_to.as_deref(),
            message: &change.message,
            note: change.note.as_deref(),
            help: change.help.as_deref(),
            old: spot(&change.old),
            new: spot(&change.new),
            url: change.rule.url(),
        }
    }
}

#[derive(Serialize)]
struct SpotJson<'a> {
    file: &'a str,
    pointer: Option<&'a str>,
    span: Option<SpanJson>,
}

impl<'a> SpotJson<'a> {
    fn of(spot: &'a Spot, sources: &BTreeMap<Arc<str>, SourceFile>) -> Self {
        let span = spot.place.span;
        let whole = span.start == 0 && span.is_empty();
        let source = sources.get(&spot.place.file).filter(|_| !whole);
        Self {
            file: &spot.place.file,
            pointer: spot.pointer.as_deref(),
            span: source.map(|source| SpanJson {
                start: Point::of(source, span.start),
                end: Point::of(source, span.end),
            }),
        }
    }
}

#[derive(Serialize)]
struct SpanJson {
    start: Point,
    end: Point,
}

/// Bytes from 0; lines and columns, in code points, from 1.
#[derive(Serialize)]
struct Point {
    offset: u32,
    line: u32,
    column: u32,
}

impl Point {
    fn of(source: &SourceFile, offset: u32) -> Self {
        let position = source.lines().position(source.text(), offset);
        Self {
            offset,
            line: position.line,
            column: position.column,
        }
    }
}

#[derive(Serialize)]
struct Totals {
    breaking: usize,
    additions: usize,
    patches: usize,
    hidden: usize,
    files: usize,
}
