//! Changes of files as the client applies them.

use super::position::Lines;
use super::projects::Analysis;
use super::snapshot::Snapshot;
use super::uri;
use crate::finding::{Edit as Change, Span};
use crate::fix::diff;
use crate::source::SourceFile;
use lsp_types::{
    AnnotatedTextEdit, ChangeAnnotation, CreateFile, DocumentChange, Edit,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A group of edits with a name, which the client may show for consent.
pub struct Group<'g> {
    /// What they do.
    pub label: &'g str,
    /// Where, in words.
    pub description: String,
    /// The user should look at them before they are applied.
    pub confirm: bool,
    /// The edits.
    pub changes: Vec<Change>,
}

/// Edits of files that exist.
pub fn workspace_edit(
    snapshot: &Snapshot,
    analysis: &Analysis,
    changes: &[Change],
) -> WorkspaceEdit {
    let group = Group {
        label: "",
        description: String::new(),
        confirm: false,
        changes: changes.to_vec(),
    };
    grouped(snapshot, analysis, vec![group])
}

/// Edits in groups; a client that knows no groups gets the edits alone.
pub fn grouped(snapshot: &Snapshot, analysis: &Analysis, groups: Vec<Group<'_>>) -> WorkspaceEdit {
    let annotated = snapshot.client.annotates_changes;
    let mut annotations = HashMap::new();
    let mut files: BTreeMap<String, Vec<(TextEdit, Option<String>)>> = BTreeMap::new();
    for (at, group) in groups.into_iter().enumerate() {
        let id = (annotated && !group.label.is_empty()).then(|| format!("difylint-{at}"));
        if let Some(id) = id.clone().filter(|_| !group.changes.is_empty()) {
            let annotation = ChangeAnnotation {
                label: group.label.to_owned(),
                needs_confirmation: Some(group.confirm),
                description: Some(group.description),
            };
            annotations.insert(id, annotation);
        }
        for change in group.changes {
            let edit = TextEdit {
                range: snapshot.range(analysis, &change.file, change.span),
                new_text: change.text,
            };
            let edits = files.entry(change.file.to_string()).or_default();
            edits.push((edit, id.clone()));
        }
    }
    if !snapshot.client.document_changes {
        let changes = files.into_iter().map(|(path, edits)| {
            let edits = edits.into_iter().map(|(edit, _)| edit).collect();
            (snapshot.uri(analysis, &path), edits)
        });
        return WorkspaceEdit {
            changes: Some(changes.collect()),
            ..WorkspaceEdit::default()
        };
    }
    let changes = files.into_iter().map(|(path, edits)| {
        let edits = edits.into_iter().map(|(text_edit, id)| match id {
            None => Edit::TextEdit(text_edit),
            Some(annotation_id) => Edit::AnnotatedTextEdit(AnnotatedTextEdit {
                annotation_id,
                text_edit,
            }),
        });
        document_edit(snapshot, analysis, &path, edits.collect())
    });
    WorkspaceEdit {
        document_changes: Some(changes.collect()),
        change_annotations: (!annotations.is_empty()).then_some(annotations),
        ..WorkspaceEdit::default()
    }
}

/// A new file with its text.
pub fn creation(snapshot: &Snapshot, analysis: &Analysis, path: &str, text: &str) -> WorkspaceEdit {
    let create = CreateFile {
        uri: snapshot.uri(analysis, path),
        options: None,
        annotation_id: None,
    };
    let start = lsp_types::Range::default();
    let edit = Edit::TextEdit(TextEdit {
        range: start,
        new_text: text.to_owned(),
    });
    WorkspaceEdit {
        document_changes: Some(vec![
            DocumentChange::CreateFile(create),
            document_edit(snapshot, analysis, path, vec![edit]),
        ]),
        ..WorkspaceEdit::default()
    }
}

/// An edit of a file that may belong to no plugin; `file` is its text.
pub fn of_text(
    snapshot: &Snapshot,
    path: &Path,
    file: &SourceFile,
    span: Span,
    new_text: String,
) -> WorkspaceEdit {
    let open = snapshot.documents.get(path);
    let lines = Lines::of(file, open.is_some(), snapshot.client.encoding);
    let edit = TextEdit {
        range: lines.range(span),
        new_text,
    };
    let uri = open.map_or_else(|| uri::of_path(path), |document| document.uri.clone());
    if !snapshot.client.document_changes {
        return WorkspaceEdit {
            changes: Some(HashMap::from([(uri, vec![edit])])),
            ..WorkspaceEdit::default()
        };
    }
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: open.map(|document| document.version),
            text_document_identifier: TextDocumentIdentifier { uri },
        },
        edits: vec![Edit::TextEdit(edit)],
    };
    WorkspaceEdit {
        document_changes: Some(vec![DocumentChange::TextDocumentEdit(change)]),
        ..WorkspaceEdit::default()
    }
}

/// Edits of one document, in the version that they were made for.
fn document_edit(
    snapshot: &Snapshot,
    analysis: &Analysis,
    path: &str,
    edits: Vec<Edit>,
) -> DocumentChange {
    DocumentChange::TextDocumentEdit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: snapshot.document(analysis, path).map(|it| it.version),
            text_document_identifier: TextDocumentIdentifier {
                uri: snapshot.uri(analysis, path),
            },
        },
        edits,
    })
}

/// The lines of a text that differ in another, as edits of the first.
pub fn between(path: &str, before: &str, after: &str) -> Vec<Change> {
    let (old, new) = (diff::lines(before), diff::lines(after));
    let ops = diff::changes(&old, &new);
    let old = starts(old.into_iter().map(str::len));
    let new = starts(new.into_iter().map(str::len));
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or(0);
    let changed = ops.iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    let changes = changed.map(|op| {
        let (from, to) = (op.old_range(), op.new_range());
        let text = after
            .get(at(&new, to.start)..at(&new, to.end))
            .unwrap_or("");
        let offset = |line| u32::try_from(at(&old, line)).unwrap_or(u32::MAX);
        Change {
            file: path.into(),
            span: Span::new(offset(from.start), offset(from.end)),
            text: text.to_owned(),
        }
    });
    changes.collect()
}

/// The offsets at which pieces of these lengths begin, and that of the end.
fn starts(lengths: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0];
    let mut end = 0;
    for length in lengths {
        end += length;
        starts.push(end);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_make_the_other_text() {
        for (before, after) in [
            ("a\nb\nc\n", "a\nx\nc\n"),
            ("", "a\n"),
            ("a", ""),
            ("名\r\nb\r\nc", "名\r\nc\r\nd\r\n"),
            ("a\nb\n", "a\nb\n"),
        ] {
            let mut text = before.to_owned();
            for change in between("x", before, after).into_iter().rev() {
                text.replace_range(change.span.range(), &change.text);
            }
            assert_eq!(text, after);
        }
    }
}
