//! The same repairs for nodes, as most rules have them at hand.

use super::{Applicability, Unsafe, fix};
use crate::finding::Fix;
use crate::plugin::Node;
use crate::yaml::{NodeId, Tree, edit};

/// Removes the entry or item of a node.
pub fn remove(node: Node<'_>, how: Applicability) -> Option<Fix> {
    super::remove(node.document(), node.id(), how)
}

/// Puts a text in place of a scalar.
pub fn write(node: Node<'_>, text: &str, how: Applicability) -> Option<Fix> {
    super::write(node.document(), node.id(), text, how)
}

/// Puts the word that was probably meant in place of a scalar.
pub fn near(node: Node<'_>, word: Option<&str>) -> Option<Fix> {
    write(node, word?, Unsafe)
}

/// Puts YAML on one line in place of a scalar.
pub fn yaml(node: Node<'_>, yaml: &str, how: Applicability) -> Option<Fix> {
    super::write_yaml(node.document(), node.id(), yaml, how)
}

/// Adds an entry to a mapping, at its end.
pub fn add(node: Node<'_>, key: &str, value: &str, how: Applicability) -> Option<Fix> {
    super::add(node.document(), node.id(), &[], (key, value), how)
}

/// Adds a text at the end of a list.
pub fn append(list: Node<'_>, text: &str, how: Applicability) -> Option<Fix> {
    let item = super::scalar(text);
    let edit = edit::append_item(list.tree(), list.id(), &item)?;
    fix(list.document(), how, format!("add `{text}`"), vec![edit])
}

/// Removes the list item around a node that repeats one, if both items are written alike.
pub fn remove_twin(again: Node<'_>, first: Node<'_>, how: Applicability) -> Option<Fix> {
    let tree = again.tree();
    let item = |node: NodeId| {
        std::iter::successors(Some(node), |node| tree.parent(*node))
            .find(|it| tree.parent(*it).is_some_and(|list| tree.is_sequence(list)))
    };
    let (later, earlier) = (item(again.id())?, item(first.id())?);
    let alike = std::ptr::eq(again.document(), first.document()) && same(tree, earlier, later);
    alike.then(|| super::remove(again.document(), later, how))?
}

/// True if two nodes are written alike, indentation and comments apart.
pub fn same(tree: &Tree, a: NodeId, b: NodeId) -> bool {
    if tree.kind(a) != tree.kind(b) || tree.text(a) != tree.text(b) {
        return false;
    }
    let (pairs, others): (Vec<_>, Vec<_>) = (tree.pairs(a).collect(), tree.pairs(b).collect());
    let (items, other_items) = (tree.items(a), tree.items(b));
    pairs.len() == others.len()
        && items.len() == other_items.len()
        && items
            .iter()
            .zip(other_items)
            .all(|(a, b)| same(tree, *a, *b))
        && pairs
            .iter()
            .zip(&others)
            .all(|(a, b)| same(tree, a.0, b.0) && same(tree, a.1, b.1))
}
