//! Edits of a document as replacements of byte ranges. Nothing outside a range changes: comments,
//! quotes and layout stay as their author wrote them.
//!
//! A function gives `None` where the result would be a guess: what an alias repeats, a key after
//! `?`, a merge key, indentation with tabs, a comment whose owner is unclear, a block scalar whose
//! blank lines at its end are part of it.

mod insert;
mod layout;
mod ownership;
mod quoting;
mod refusal;
mod relocate;
mod remove;
mod scalar;
#[cfg(test)]
mod tests;

pub use insert::{append_item, fill_empty, insert_entry, insert_item};
pub use quoting::{plain_or_quoted, quoted};
pub use refusal::is_repeated;
pub use relocate::move_entry;
pub use remove::{remove_entry, remove_item};
pub use scalar::{quote, rename_key, replace_scalar, write_plain};

use super::{Kind, NodeId, Tree};
use crate::finding::Span;

/// A text to put in place of a range.
pub type Replacement = (Span, String);

/// True for a collection in `{ }` or `[ ]` that holds something.
fn is_flow(tree: &Tree, node: NodeId) -> bool {
    is_flow_kind(tree, node) && !is_empty(tree, node)
}

fn is_empty(tree: &Tree, node: NodeId) -> bool {
    tree.pairs(node).next().is_none() && tree.items(node).is_empty()
}

fn is_flow_kind(tree: &Tree, node: NodeId) -> bool {
    matches!(
        tree.kind(node),
        Kind::Mapping { flow: true } | Kind::Sequence { flow: true }
    )
}

/// True for a node inside a flow collection.
fn in_flow(tree: &Tree, node: NodeId) -> bool {
    let mut at = tree.parent(node);
    while let Some(parent) = at {
        if is_flow_kind(tree, parent) {
            return true;
        }
        at = tree.parent(parent);
    }
    false
}

/// True if a comment begins in the range.
fn has_comment(tree: &Tree, range: Span) -> bool {
    let at = tree
        .comments()
        .partition_point(|comment| comment.start < range.start);
    tree.comments()
        .get(at)
        .is_some_and(|comment| comment.start < range.end)
}
