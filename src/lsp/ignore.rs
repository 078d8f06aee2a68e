//! Ways to take a finding out of sight: a comment where it stands, a line in the configuration.

use super::edits;
use super::projects::Analysis;
use super::settings;
use super::snapshot::Snapshot;
use crate::finding::Finding;
use crate::policy::{FILE_NAMES, ignoring, suppress};
use crate::source::SourceFile;
use lsp_types::WorkspaceEdit;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Makes the nearest configuration ignore the rule of a finding, or begins one in the plugin. `None`
/// where the finding would stay.
pub fn in_configuration(
    snapshot: &Snapshot,
    analysis: &Analysis,
    finding: &Finding,
) -> Option<(String, WorkspaceEdit)> {
    if !suppress::answers_to_rules(finding) {
        return None;
    }
    let mut texts = settings::texts(&snapshot.documents);
    let (path, before) = match settings::file_of(&analysis.root, &texts).ok()? {
        Some(file) => (file.path.clone(), Some(file.text.clone())),
        None => (analysis.root.join(FILE_NAMES.first()?), None),
    };
    if before.is_none() && !snapshot.client.creates_files {
        return None;
    }
    let in_project = path.file_name() == Some(OsStr::new("pyproject.toml"));
    let text = before.as_deref().unwrap_or("");
    let (span, new) = ignoring(text, in_project, finding.rule.0)?;
    let mut after = text.to_owned();
    after.get(span.range())?;
    after.replace_range(span.range(), &new);
    texts.retain(|(other, _)| *other != path);
    texts.push((path.clone(), after.as_str().into()));
    // an override may select the rule again
    let policy = settings::of_plugin(&analysis.root, &texts).ok()?;
    if !policy.apply(vec![finding.clone()]).is_empty() {
        return None;
    }
    let shown = shown(snapshot, &path);
    Some(match before {
        Some(text) => {
            let file = SourceFile::new(&shown, text);
            let edit = edits::of_text(snapshot, &path, &file, span, new);
            (format!("ignore `{}` in `{shown}`", finding.rule), edit)
        }
        None => {
            let name = FILE_NAMES.first()?;
            let edit = edits::creation(snapshot, analysis, name, &after);
            (
                format!("ignore `{}` in a new `{shown}`", finding.rule),
                edit,
            )
        }
    })
}

/// The path from the folder of the workspace.
fn shown(snapshot: &Snapshot, path: &Path) -> String {
    let folders = snapshot.folders.iter();
    let inner = folders.filter_map(|folder| path.strip_prefix(folder).ok());
    let shortest = inner.min_by_key(|inner| inner.components().count());
    let shown: PathBuf = shortest.unwrap_or(path).to_path_buf();
    shown.to_string_lossy().replace('\\', "/")
}
