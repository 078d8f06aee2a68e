//! Other words for a scalar or a key.

use super::quoting::{can_be_plain, plain_or_quoted, quoted};
use super::refusal::{has_properties, is_crowded, is_repeated, is_simple_key};
use super::{Replacement, has_comment, in_flow};
use crate::yaml::{Kind, NodeId, Style, Tree};

/// Puts another text in place of a scalar. A quoted scalar keeps its quotes; a plain one gets
/// quotes only where it must; a block scalar becomes a scalar on one line.
pub fn replace_scalar(tree: &Tree, node: NodeId, text: &str) -> Option<Replacement> {
    let written = match tree.kind(node) {
        Kind::Scalar(style @ (Style::Single | Style::Double)) => quoted(text, style),
        Kind::Scalar(_) => plain_or_quoted(text, in_flow(tree, node)),
        _ => return None,
    };
    put(tree, node, written)
}

/// Puts a plain scalar in quotes, so that both readers take it for the text that it shows.
pub fn quote(tree: &Tree, node: NodeId) -> Option<Replacement> {
    let text = tree.text(node);
    let plain = tree.kind(node) == Kind::Scalar(Style::Plain);
    if !plain || text.is_empty() {
        return None;
    }
    put(tree, node, quoted(text, Style::Double))
}

/// Puts a word without quotes in place of a scalar, whatever the readers take it for: a number,
/// `true`, `null`. `None` if the word cannot stand without quotes.
pub fn write_plain(tree: &Tree, node: NodeId, word: &str) -> Option<Replacement> {
    let fits = tree.is_scalar(node) && can_be_plain(word, in_flow(tree, node));
    fits.then(|| put(tree, node, word.to_owned())).flatten()
}

/// Gives a key another name; a quoted key keeps its quotes. `None` if the mapping has that name.
pub fn rename_key(tree: &Tree, key: NodeId, name: &str) -> Option<Replacement> {
    let mapping = tree.parent(key)?;
    let taken = is_crowded(tree, mapping) || tree.entry(mapping, name).is_some();
    if taken || !is_simple_key(tree, key) {
        return None;
    }
    replace_scalar(tree, key, name)
}

fn put(tree: &Tree, node: NodeId, written: String) -> Option<Replacement> {
    let span = tree.span(node);
    if has_properties(tree, node) || is_repeated(tree, node) {
        return None;
    }
    let block = matches!(
        tree.kind(node),
        Kind::Scalar(Style::Literal | Style::Folded)
    );
    if block && has_comment(tree, span) {
        return None;
    }
    // an empty value stands right after its `:`
    let blank = if span.is_empty() { " " } else { "" };
    Some((span, format!("{blank}{written}")))
}
