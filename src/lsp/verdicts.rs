//! What the readers say to the plugin of a file: a request of our own, `difylint/verdicts`.

use super::failure::Failure;
use super::projects;
use super::snapshot::Snapshot;
use super::uri;
use crate::finding::{Severity, Stage};
use lsp_types::{LspRequestMethod, MessageDirection, Request, TextDocumentIdentifier, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `difylint/verdicts`
pub enum VerdictsRequest {}

/// Asks about the plugin that a file belongs to.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictsParams {
    text_document: TextDocumentIdentifier,
}

/// A plugin in one line.
#[derive(Debug, Deserialize, Serialize)]
pub struct Verdicts {
    /// The plugin's folder.
    root: Uri,
    /// How people call the plugin.
    title: String,
    /// `accept` or `reject` for each stage, in the order in which a plugin meets them.
    verdicts: Map<String, Value>,
    /// How many findings of each severity are shown.
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Request for VerdictsRequest {
    type Params = VerdictsParams;
    type Result = Option<Verdicts>;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::Custom("difylint/verdicts");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

/// The verdicts on the plugin of a file; `None` when it belongs to none.
///
/// # Errors
/// When the request was cancelled.
pub fn verdicts(snapshot: &Snapshot, params: VerdictsParams) -> Result<Option<Verdicts>, Failure> {
    let path = uri::to_path(&params.text_document.uri);
    let Some(root) = path.and_then(|path| projects::root_of(&path, &snapshot.documents)) else {
        return Ok(None);
    };
    let analysis = snapshot.analysis(root);
    let report = analysis.report();
    snapshot.check_cancelled()?;
    let count = |severity: Severity| {
        let findings = report.findings.iter();
        findings.filter(|it| it.severity == severity).count()
    };
    let verdict = |stage: Stage| {
        let refused = report.rejected.contains(stage);
        let word = if refused { "reject" } else { "accept" };
        (stage.to_string(), word.into())
    };
    Ok(Some(Verdicts {
        root: uri::of_path(&analysis.root),
        title: report.title(),
        verdicts: Stage::ALL.into_iter().map(verdict).collect(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
    }))
}
