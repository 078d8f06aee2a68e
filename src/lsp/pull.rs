//! Diagnostics for clients that ask.

use super::configuration;
use super::diagnostics;
use super::failure::Failure;
use super::projects;
use super::snapshot::Snapshot;
use super::uri;
use crate::plugin;
use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    PreviousResultId, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The diagnostics of one document.
///
/// # Errors
/// When the request was cancelled.
pub fn document(
    snapshot: &Snapshot,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReport, Failure> {
    snapshot.check_cancelled()?;
    let Some(path) = uri::to_path(&params.text_document.uri) else {
        return Ok(full(Vec::new()));
    };
    let root = projects::root_of(&path, &snapshot.documents);
    let own = match root {
        Some(root) => {
            let inner = projects::inner(&root, &path).unwrap_or_default();
            let analysis = snapshot.analysis(root);
            let found = diagnostics::of_file(snapshot, &analysis, &inner);
            let mut found = configuration::with_mistakes(snapshot, &analysis, found);
            found.remove(&path).unwrap_or_default()
        }
        None => configuration::of_file(snapshot, &path),
    };
    let id = diagnostics::result_id(&own);
    if params.previous_result_id.as_deref() == Some(&*id) {
        return Ok(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                result_id: id,
            },
        }
        .into());
    }
    Ok(full(own))
}

/// Only the document itself: the client is told of the others, which it could not be told to
/// forget here.
fn full(items: Vec<Diagnostic>) -> DocumentDiagnosticReport {
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: report(items),
    }
    .into()
}

fn report(items: Vec<Diagnostic>) -> FullDocumentDiagnosticReport {
    FullDocumentDiagnosticReport {
        result_id: Some(diagnostics::result_id(&items)),
        items,
    }
}

/// The diagnostics of every plugin in the workspace.
///
/// # Errors
/// When the request was cancelled.
pub fn workspace(
    snapshot: &Snapshot,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReport, Failure> {
    let previous = Previous::of(params.previous_result_ids);
    let mut reported = BTreeSet::new();
    let mut items = Vec::new();
    for root in roots(snapshot) {
        snapshot.check_cancelled()?;
        let analysis = snapshot.analysis(root);
        let found = diagnostics::of_plugin(snapshot, &analysis);
        for (path, found) in configuration::with_mistakes(snapshot, &analysis, found) {
            let document = snapshot.documents.get(&path);
            let version = document.map(|it| it.version);
            let uri = document.map_or_else(|| uri::of_path(&path), |it| it.uri.clone());
            // plugins may share a configuration
            if !reported.contains(&path) {
                items.push(previous.report(uri, &path, version, found));
                reported.insert(path);
            }
        }
    }
    // what had findings and has none now
    for (path, uri) in &previous.uris {
        if !reported.contains(path) {
            let version = snapshot.documents.get(path).map(|it| it.version);
            items.push(previous.report(uri.clone(), path, version, Vec::new()));
        }
    }
    Ok(WorkspaceDiagnosticReport { items })
}

/// The plugins of the workspace: those on the disk, and those that exist in the editor only.
fn roots(snapshot: &Snapshot) -> BTreeSet<PathBuf> {
    let mut roots = BTreeSet::new();
    for folder in snapshot.folders.iter() {
        // a folder that is gone hides no plugin of another
        let found = plugin::discover(std::slice::from_ref(folder)).unwrap_or_default();
        roots.extend(
            found
                .into_iter()
                .map(|target| PathBuf::from(target.display)),
        );
    }
    let open = snapshot.documents.iter();
    roots.extend(open.filter_map(|(path, _)| projects::root_of(path, &snapshot.documents)));
    roots
}

struct Previous {
    ids: BTreeMap<PathBuf, String>,
    uris: BTreeMap<PathBuf, Uri>,
}

impl Previous {
    fn of(results: Vec<PreviousResultId>) -> Self {
        let mut previous = Self {
            ids: BTreeMap::new(),
            uris: BTreeMap::new(),
        };
        for result in results {
            if let Some(path) = uri::to_path(&result.uri) {
                previous.ids.insert(path.clone(), result.value);
                previous.uris.insert(path, result.uri);
            }
        }
        previous
    }

    fn report(
        &self,
        uri: Uri,
        path: &PathBuf,
        version: Option<i32>,
        found: Vec<Diagnostic>,
    ) -> WorkspaceDocumentDiagnosticReport {
        let id = diagnostics::result_id(&found);
        if self.ids.get(path) == Some(&id) {
            return WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id: id,
                },
            }
            .into();
        }
        WorkspaceFullDocumentDiagnosticReport {
            uri,
            version,
            full_document_diagnostic_report: report(found),
        }
        .into()
    }
}
