//! Files that are about to be moved: the paths that name them move too.

use super::edits;
use super::failure::Failure;
use super::projects;
use super::snapshot::Snapshot;
use super::{paths, uri};
use crate::finding::Edit;
use crate::plugin::Plugin;
use crate::source::EntryKind;
use crate::yaml::edit::replace_scalar;
use lsp_types::{RenameFilesParams, WorkspaceEdit};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The edits that keep every path to a moved file right.
///
/// # Errors
/// None of its own.
pub fn will_rename(
    snapshot: &Snapshot,
    params: RenameFilesParams,
) -> Result<Option<WorkspaceEdit>, Failure> {
    let mut by_root: BTreeMap<PathBuf, Vec<(String, String)>> = BTreeMap::new();
    for file in params.files {
        let (old, new) = (uri::to_path(&file.old_uri), uri::to_path(&file.new_uri));
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        let Some(root) = projects::root_of(&old, &snapshot.documents) else {
            continue;
        };
        // a file that leaves the plugin leaves its paths wrong, and that is reported
        if let (Some(old), Some(new)) = (projects::inner(&root, &old), projects::inner(&root, &new))
        {
            by_root.entry(root).or_default().push((old, new));
        }
    }
    let mut whole: Option<WorkspaceEdit> = None;
    for (root, moves) in by_root {
        let analysis = snapshot.analysis(root);
        let changes = changes(&analysis, &moves);
        if changes.is_empty() {
            continue;
        }
        let edit = edits::workspace_edit(snapshot, &analysis, &changes);
        match &mut whole {
            None => whole = Some(edit),
            Some(whole) => {
                let more = edit.document_changes.into_iter().flatten();
                whole.document_changes.get_or_insert_default().extend(more);
                let more = edit.changes.into_iter().flatten();
                whole.changes.get_or_insert_default().extend(more);
            }
        }
    }
    Ok(whole)
}

fn changes(analysis: &projects::Analysis, moves: &[(String, String)]) -> Vec<Edit> {
    let plugin = analysis.plugin();
    let mut changes: Vec<Edit> = Vec::new();
    for document in &plugin.documents {
        let tree = document.tree();
        for named in paths::in_document(analysis, document) {
            let Some(new) = moved(plugin, moves, &named.path) else {
                continue;
            };
            let written = tree.text(named.node);
            let Some(text) = rewritten(written, &named.path, &new) else {
                continue;
            };
            if let Some((span, text)) = replace_scalar(tree, named.node, &text) {
                let edit = Edit {
                    file: document.path().clone(),
                    span,
                    text,
                };
                // one file may be read in several roles
                if !changes.contains(&edit) {
                    changes.push(edit);
                }
            }
        }
    }
    changes
}

/// Where a file is after the moves, of which some may move folders.
fn moved(plugin: &Plugin, moves: &[(String, String)], path: &str) -> Option<String> {
    moves.iter().find_map(|(old, new)| {
        if path == old {
            return Some(new.clone());
        }
        let rest = path.strip_prefix(old.as_str())?.strip_prefix('/')?;
        let is_folder = plugin.files.kind(old).is_some_and(EntryKind::is_folder);
        is_folder.then(|| format!("{new}/{rest}"))
    })
}

/// A path as it must be written when its file moves: what it leaves out stays out, be it the folder
/// of pictures or the ending of a module.
fn rewritten(written: &str, old: &str, new: &str) -> Option<String> {
    if let Some(start) = old.strip_suffix(written) {
        return new.strip_prefix(start).map(str::to_owned);
    }
    let module = |path: &str| path.strip_suffix(".py").map(|path| path.replace('/', "."));
    if module(old).as_deref() == Some(written) {
        return module(new);
    }
    // `./tools/x.yaml` and the like
    let clean = crate::dialect::clean_path(written)?;
    (clean == old).then(|| new.to_owned())
}

#[cfg(test)]
mod tests {
    use super::rewritten;

    #[test]
    fn paths_keep_their_form() {
        let cases = [
            (
                "tools/a.yaml",
                "tools/a.yaml",
                "tools/b.yaml",
                Some("tools/b.yaml"),
            ),
            ("a.svg", "_assets/a.svg", "_assets/b.svg", Some("b.svg")),
            ("a.svg", "_assets/a.svg", "pictures/b.svg", None),
            ("main", "main.py", "app/start.py", Some("app.start")),
            ("./tools/a.yaml", "tools/a.yaml", "b.yaml", Some("b.yaml")),
        ];
        for (written, old, new, expected) in cases {
            assert_eq!(
                rewritten(written, old, new).as_deref(),
                expected,
                "{written}"
            );
        }
    }
}
