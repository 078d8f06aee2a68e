//! YAML: every node and every comment that no edit covers must be there again, at the same depth
//! and in the same order, and each edit may cover one scalar, key, entry or item.

use super::{any_covers, covers, moved};
use crate::finding::{Edit, Span};
use crate::yaml::{Kind, NodeId, Reader, Style, Tree};
use hashbrown::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) fn only_declared(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let old_ranges: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let new_ranges = moved(edits);
    let (old, new) = (Tree::parse(before), Tree::parse(after));
    for reader in [Reader::Daemon, Reader::Sdk] {
        let errors = |tree: &Tree| tree.errors().iter().filter(|it| it.refuses(reader)).count();
        if errors(&new) > errors(&old) {
            return Err("the file could no longer be parsed".to_owned());
        }
    }
    for (range, new_range) in old_ranges.iter().zip(&new_ranges) {
        one_entry(&old, *range)?;
        comments_inside(&old, *range, &new, *new_range)?;
    }
    if Tokens::of(&old, &old_ranges) != Tokens::of(&new, &new_ranges) {
        return Err("a value outside the fix would change".to_owned());
    }
    if comments(&old, |it| !any_covers(&old_ranges, it))
        != comments(&new, |it| !any_covers(&new_ranges, it))
    {
        return Err("a comment outside the fix would be lost".to_owned());
    }
    Ok(())
}

/// An edit covers one scalar, some of one entry, or the whole of one collection that is not the
/// document.
fn one_entry(tree: &Tree, range: Span) -> Result<(), String> {
    let covered: Vec<NodeId> = tree
        .nodes()
        .filter(|node| is_leaf(tree, *node) && covers(range, tree.span(*node)))
        .collect();
    let (Some(first), Some(last)) = (covered.first(), covered.last()) else {
        return Ok(());
    };
    let (a, b) = (path(tree, *first), path(tree, *last));
    let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let Some(above) = common.checked_sub(1).and_then(|at| a.get(at)).copied() else {
        return Ok(());
    };
    if first == last {
        return Ok(());
    }
    let (left, right) = (a.get(common).copied(), b.get(common).copied());
    let entry = tree
        .pairs(above)
        .any(|(key, value)| Some(key) == left && Some(value) == right);
    let span = tree.span(above);
    let whole = range.start <= span.start && span.end <= range.end && tree.root() != Some(above);
    if entry || whole {
        Ok(())
    } else {
        Err("one edit covers several entries".to_owned())
    }
}

/// From the root to a node, itself included.
fn path(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    let mut path = vec![node];
    let mut at = node;
    while let Some(parent) = tree.parent(at) {
        path.push(parent);
        at = parent;
    }
    path.reverse();
    path
}

/// A comment in the place of an edit goes only with the entry that goes, or alone.
fn comments_inside(old: &Tree, range: Span, new: &Tree, new_range: Span) -> Result<(), String> {
    let puts_something = new
        .nodes()
        .any(|node| is_leaf(new, node) && covers(new_range, new.span(node)));
    if !puts_something {
        return Ok(());
    }
    let mut kept = comments(new, |it| covers(new_range, it));
    for comment in comments(old, |it| covers(range, it)) {
        match kept.iter().position(|it| *it == comment) {
            Some(at) => drop(kept.swap_remove(at)),
            None => return Err("a comment in the place of the fix would be lost".to_owned()),
        }
    }
    Ok(())
}

fn comments(tree: &Tree, wanted: impl Fn(Span) -> bool) -> Vec<&str> {
    tree.comments()
        .iter()
        .filter(|it| wanted(**it))
        .map(|it| tree.source().get(it.range()).unwrap_or("").trim_end())
        .collect()
}

fn is_leaf(tree: &Tree, node: NodeId) -> bool {
    tree.is_scalar(node) || tree.kind(node) == Kind::Alias
}

/// Depth, kind, tag and text of a node; for an alias also what it repeats.
type Token<'t> = (usize, &'static str, &'t str, &'t str, u64);

struct Tokens<'t> {
    tree: &'t Tree,
    ranges: &'t [Span],
    repeated: HashMap<NodeId, u64>,
    found: Vec<Token<'t>>,
}

impl<'t> Tokens<'t> {
    /// The nodes that no range covers.
    fn of(tree: &'t Tree, ranges: &'t [Span]) -> Vec<Token<'t>> {
        let mut tokens = Self {
            tree,
            ranges,
            repeated: HashMap::new(),
            found: Vec::new(),
        };
        if let Some(root) = tree.root() {
            tokens.collect(root, 0);
        }
        tokens.found
    }

    fn collect(&mut self, node: NodeId, depth: usize) {
        let tree = self.tree;
        let span = tree.span(node);
        let touched = if is_leaf(tree, node) {
            any_covers(self.ranges, span)
        } else {
            self.ranges
                .iter()
                .any(|range| range.start <= span.start && span.end <= range.end)
        };
        if !touched {
            let tag = tree.tag(node).map_or("", |tag| tag.name.as_str());
            let repeated = match tree.kind(node) {
                Kind::Alias => tree.target(node).map_or(0, |target| self.content(target)),
                _ => 0,
            };
            self.found
                .push((depth, word(tree, node), tag, tree.text(node), repeated));
        }
        for (key, value) in tree.pairs(node) {
            self.collect(key, depth + 1);
            self.collect(value, depth + 1);
        }
        for item in tree.items(node) {
            self.collect(*item, depth + 1);
        }
    }

    /// A number for everything in a node: an edit there would change what aliases repeat.
    fn content(&mut self, node: NodeId) -> u64 {
        if let Some(known) = self.repeated.get(&node) {
            return *known;
        }
        let mut hasher = DefaultHasher::new();
        hash(self.tree, node, &mut hasher);
        let number = hasher.finish();
        self.repeated.insert(node, number);
        number
    }
}

fn hash(tree: &Tree, node: NodeId, hasher: &mut DefaultHasher) {
    (word(tree, node), tree.text(node)).hash(hasher);
    tree.tag(node).map(|tag| &tag.name).hash(hasher);
    for (key, value) in tree.pairs(node) {
        hash(tree, key, hasher);
        hash(tree, value, hasher);
    }
    for item in tree.items(node) {
        hash(tree, *item, hasher);
    }
    ")".hash(hasher);
}

/// Plain scalars are kept apart: what they are depends on how they are read.
fn word(tree: &Tree, node: NodeId) -> &'static str {
    match tree.kind(node) {
        Kind::Scalar(Style::Plain) => "plain",
        Kind::Scalar(_) => "quoted",
        Kind::Alias => "alias",
        Kind::Sequence { .. } => "list",
        Kind::Mapping { .. } => "mapping",
    }
}
