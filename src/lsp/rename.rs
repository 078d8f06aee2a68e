//! Renames a parameter, a credential or a setting in the documents and in the code.

use super::edits::{self, Group};
use super::failure::Failure;
use super::names::{self, Name};
use super::snapshot::{Snapshot, Target};
use crate::finding::{Edit, Place};
use crate::format::words::shorten;
use crate::yaml::edit::replace_scalar;
use lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};

/// What would be renamed at a place.
///
/// # Errors
/// None of its own.
pub fn prepare(
    snapshot: &Snapshot,
    params: PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Failure> {
    let position = params.text_document_position_params;
    let Some(target) = snapshot.target(&position.text_document.uri) else {
        return Ok(None);
    };
    let offset = target.offset(snapshot, position.position);
    Ok(names::at(&target, offset).map(|(name, span)| {
        PrepareRenamePlaceholder {
            range: target.range(snapshot, span),
            placeholder: name.declared.name,
        }
        .into()
    }))
}

/// The edits that give a name another.
///
/// # Errors
/// When there is no name, or the new one cannot take its place.
pub fn rename(snapshot: &Snapshot, params: RenameParams) -> Result<Option<WorkspaceEdit>, Failure> {
    let position = params.text_document_position_params;
    let nothing = || Failure::refused("there is no parameter, credential or setting here");
    let target = snapshot
        .target(&position.text_document.uri)
        .ok_or_else(nothing)?;
    let offset = target.offset(snapshot, position.position);
    let (name, _) = names::at(&target, offset).ok_or_else(nothing)?;
    let new = params.new_name.as_str();
    refuse_bad(&target, &name, new)?;
    let declarations = name.declarations.iter().chain(&name.conditions);
    let in_documents: Option<Vec<Edit>> = declarations
        .map(|place| in_document(&target, place, new))
        .collect();
    let in_documents = in_documents.ok_or_else(|| {
        Failure::refused("the name is written as a block text or an alias, which cannot be renamed")
    })?;
    let in_code = name.reads.iter().map(|place| Edit {
        file: place.file.clone(),
        span: place.span,
        text: new.to_owned(),
    });
    let old = &name.declared.name;
    let groups = vec![
        Group {
            label: "declarations",
            description: format!("`{old}` becomes `{new}` in the documents"),
            confirm: false,
            changes: in_documents,
        },
        Group {
            label: "reads in Python",
            description: format!("the code reads `{new}` where it read `{old}`"),
            confirm: false,
            changes: in_code.collect(),
        },
    ];
    Ok(Some(edits::grouped(snapshot, &target.analysis, groups)))
}

fn refuse_bad(target: &Target, name: &Name, new: &str) -> Result<(), Failure> {
    let word = names::word(name.declared.map);
    let sound = new
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if new.is_empty() || !sound {
        return Err(Failure::refused(format!(
            "`{}` is no name for a {word}: use letters, digits, `_` and `-`",
            shorten(new)
        )));
    }
    let plugin = target.analysis.plugin();
    let fields = names::declared_in(plugin, name.declared.document).into_iter();
    let mut same = fields.filter(|it| it.map == name.declared.map);
    if new != name.declared.name && same.any(|it| it.name == new) {
        return Err(Failure::refused(format!(
            "there is a {word} `{new}` already"
        )));
    }
    if let Some(odd) = name.odd_reads.first() {
        return Err(Failure::refused(format!(
            "`{}` reads it under a text that is more than the name in quotes; change that by hand",
            odd.file
        )));
    }
    if let Some(other) = names::sharing(&target.analysis, name) {
        return Err(Failure::refused(format!(
            "the code that reads it also serves `{other}`, which has a {word} of this name too"
        )));
    }
    Ok(())
}

/// The edit of a text or key in a document, quotes as they are.
fn in_document(target: &Target, place: &Place, new: &str) -> Option<Edit> {
    let tree = &target.analysis.plugin().parsed(&place.file)?.tree;
    let node = tree
        .nodes()
        .find(|it| tree.span(*it) == place.span && tree.is_scalar(*it))?;
    let (span, text) = replace_scalar(tree, node, new)?;
    Some(Edit {
        file: place.file.clone(),
        span,
        text,
    })
}
