//! Findings as the client shows them.

use super::position::Lines;
use super::projects::Analysis;
use super::snapshot::Snapshot;
use crate::finding::{Finding, Place, Severity};
use crate::source::SourceFile;
use hashbrown::HashMap;
use lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, Message, Range, Uri,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The name under which the client shows our diagnostics.
pub const SOURCE: &str = "difylint";

/// All findings of a plugin by file, in order of place.
pub fn of_plugin(snapshot: &Snapshot, analysis: &Analysis) -> BTreeMap<String, Vec<Diagnostic>> {
    of_findings(snapshot, analysis, analysis.report().findings.iter())
}

/// The findings of one file of a plugin.
pub fn of_file(
    snapshot: &Snapshot,
    analysis: &Analysis,
    path: &str,
) -> BTreeMap<String, Vec<Diagnostic>> {
    let findings = analysis.report().findings.iter();
    let own = findings.filter(|finding| *finding.place.file == *path);
    of_findings(snapshot, analysis, own)
}

fn of_findings<'f>(
    snapshot: &Snapshot,
    analysis: &Analysis,
    findings: impl Iterator<Item = &'f Finding>,
) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut view = View::new(snapshot, analysis);
    let mut files: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for finding in findings {
        let diagnostic = view.diagnostic(finding);
        match files.get_mut(&*finding.place.file) {
            Some(known) => known.push(diagnostic),
            None => _ = files.insert(finding.place.file.to_string(), vec![diagnostic]),
        }
    }
    files
}

/// The files of a plugin as the client sees them. Each is looked for once: findings are many.
pub struct View<'s> {
    snapshot: &'s Snapshot,
    analysis: &'s Analysis,
    files: HashMap<Arc<str>, Seen>,
}

struct Seen {
    uri: Uri,
    /// `None` where it cannot be read.
    file: Option<SourceFile>,
    open: bool,
}

impl<'s> View<'s> {
    /// Of a plugin at the time of a request.
    pub fn new(snapshot: &'s Snapshot, analysis: &'s Analysis) -> Self {
        Self {
            snapshot,
            analysis,
            files: HashMap::new(),
        }
    }

    /// A place as the client finds it; the start of the file when it cannot be read.
    fn location(&mut self, place: &Place) -> (&Uri, Range) {
        let (snapshot, analysis) = (self.snapshot, self.analysis);
        let seen = self
            .files
            .entry(place.file.clone())
            .or_insert_with_key(|path| Seen {
                uri: snapshot.uri(analysis, path),
                file: analysis.file(path),
                open: snapshot.document(analysis, path).is_some(),
            });
        let lines = |file| Lines::of(file, seen.open, snapshot.client.encoding);
        let range = seen.file.as_ref().map(|file| lines(file).range(place.span));
        (&seen.uri, range.unwrap_or_default())
    }

    /// One finding.
    pub fn diagnostic(&mut self, finding: &Finding) -> Diagnostic {
        let mut related = Vec::with_capacity(finding.labels.len());
        for label in &finding.labels {
            let (uri, range) = self.location(&label.place);
            let uri = uri.clone();
            related.push(DiagnosticRelatedInformation {
                location: Location { uri, range },
                message: label.message.clone(),
            });
        }
        Diagnostic {
            range: self.location(&finding.place).1,
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Info => DiagnosticSeverity::Information,
            }),
            code: Some(Code::String(finding.rule.to_string())),
            code_description: Some(CodeDescription {
                href: finding.rule.url().into(),
            }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(message(finding)),
            tags: tag(finding).map(|tag| vec![tag]),
            related_information: (!related.is_empty()).then_some(related),
            data: Some(json!({"fingerprint": finding.fingerprint()})),
        }
    }
}

/// What the command line tells around the excerpt, line by line.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let mut line = |name: &str, words: &str| {
        text.extend(["\n", name, ": ", words]);
    };
    if !finding.remark.is_empty() {
        line("here", &finding.remark);
    }
    if !finding.stages.is_empty() {
        let stages: Vec<_> = finding.stages.iter().map(|stage| stage.as_str()).collect();
        line("refused at", &stages.join(", "));
    }
    if let Some(note) = &finding.note {
        line("note", note);
    }
    if let Some(help) = &finding.help {
        line("help", help);
    }
    text
}

/// What nobody reads is shown faded, what was replaced is shown struck out. The names of the rules
/// say which: they are named after the wrong state.
fn tag(finding: &Finding) -> Option<DiagnosticTag> {
    let (_, state) = finding.rule.0.split_once('/')?;
    if [
        "unread-",
        "unreferenced-",
        "unreached-",
        "unreachable-",
        "unused-",
    ]
    .iter()
    .any(|word| state.starts_with(word))
    {
        Some(DiagnosticTag::Unnecessary)
    } else if state.starts_with("replaced-") || state.starts_with("deprecated-") {
        Some(DiagnosticTag::Deprecated)
    } else {
        None
    }
}

/// A name for these diagnostics: the same for the same ones.
pub fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for diagnostic in diagnostics {
        serde_json::to_string(diagnostic)
            .unwrap_or_default()
            .hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
