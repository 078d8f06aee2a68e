//! What no edit can touch without a guess.

use crate::yaml::{Kind, NodeId, Style, Tree};

/// True if an alias repeats the node or something that holds it: an edit of one place would change
/// two.
pub fn is_repeated(tree: &Tree, node: NodeId) -> bool {
    if tree.anchors.is_empty() {
        return false;
    }
    let mut at = Some(node);
    while let Some(node) = at {
        if has_alias(tree, node) {
            return true;
        }
        at = tree.parent(node);
    }
    false
}

/// Members of a collection beyond which nobody edits it one by one. To look at all siblings for each
/// of a hundred thousand findings would take minutes.
const CROWD: usize = 2_000;

/// True if the collection has more members than are edited one by one.
pub(super) fn is_crowded(tree: &Tree, collection: NodeId) -> bool {
    tree.children(collection).len() > CROWD
}

/// True if an alias needs an anchor in the node, which would be lost with it.
pub(super) fn is_needed(tree: &Tree, node: NodeId) -> bool {
    !tree.anchors.is_empty()
        && (has_alias(tree, node)
            || tree.items(node).iter().any(|item| is_needed(tree, *item))
            || tree
                .pairs(node)
                .any(|(key, value)| is_needed(tree, key) || is_needed(tree, value)))
}

fn has_alias(tree: &Tree, node: NodeId) -> bool {
    tree.anchor(node).is_some()
        && tree
            .nodes()
            .any(|other| tree.kind(other) == Kind::Alias && tree.target(other) == Some(node))
}

/// True for a tag or an anchor in front of a node.
pub(super) fn has_properties(tree: &Tree, node: NodeId) -> bool {
    tree.tag(node).is_some() || tree.anchor(node).is_some()
}

/// True for a key that stands for its own text: no merge key, no `? key`, no tag, no anchor.
pub(super) fn is_simple_key(tree: &Tree, key: NodeId) -> bool {
    let plain_merge = tree.kind(key) == Kind::Scalar(Style::Plain) && tree.text(key) == "<<";
    let before = tree.source().get(..tree.span(key).start as usize);
    let explicit = before.is_some_and(|it| it.trim_end_matches([' ', '\t']).ends_with('?'));
    tree.is_scalar(key) && !plain_merge && !explicit && !has_properties(tree, key)
}

/// True if the text of a block scalar depends on the lines that follow it: it keeps the blank
/// lines at its end, or the file ends without the line break that it would have.
pub(super) fn is_open_ended(tree: &Tree, node: NodeId) -> bool {
    let mut last = node;
    loop {
        let inner = match tree.kind(last) {
            Kind::Sequence { .. } => tree.items(last).last().copied(),
            Kind::Mapping { .. } => tree.pairs(last).next_back().map(|(_, value)| value),
            _ => None,
        };
        match inner {
            Some(inner) => last = inner,
            None => break,
        }
    }
    if !matches!(
        tree.kind(last),
        Kind::Scalar(Style::Literal | Style::Folded)
    ) {
        return false;
    }
    let raw = tree.raw(last);
    let header = raw.lines().next().unwrap_or("");
    let header = header.split('#').next().unwrap_or("");
    let after = tree
        .source()
        .get(tree.span(last).end as usize..)
        .unwrap_or("");
    header.contains('+') || (!header.contains('-') && !after.contains(['\n', '\r']))
}
