//! Entries and items that go away.

use super::layout::{Layout, column, dash_of, is_first_on_line, line_end, line_start, next_line};
use super::ownership::{end_with_comments, start_with_comments};
use super::refusal::{is_crowded, is_needed, is_open_ended, is_repeated, is_simple_key};
use super::{Replacement, has_comment, is_flow};
use crate::finding::Span;
use crate::yaml::{NodeId, Tree};

/// Removes an entry of a mapping with the comments that belong to it. `None` for an only entry, a
/// value that an alias needs, and what no edit can touch.
pub fn remove_entry(tree: &Tree, key: NodeId) -> Option<Vec<Replacement>> {
    let mapping = tree.parent(key).filter(|it| !is_crowded(tree, *it))?;
    let pairs: Vec<(NodeId, NodeId)> = tree.pairs(mapping).collect();
    let at = pairs.iter().position(|(k, _)| *k == key)?;
    let value = pairs.get(at)?.1;
    if !is_simple_key(tree, key) || is_needed(tree, value) {
        return None;
    }
    let member = Member {
        start: tree.span(key).start,
        end: tree.span(value).end,
        previous: at
            .checked_sub(1)
            .and_then(|it| pairs.get(it))
            .map(|it| it.1),
        next: pairs.get(at + 1).map(|it| tree.span(it.0).start),
    };
    Some(vec![member.removal(tree, mapping)?])
}

/// Removes an item of a list with the comments that belong to it. `None` like [`remove_entry`].
pub fn remove_item(tree: &Tree, item: NodeId) -> Option<Vec<Replacement>> {
    let list = tree.parent(item).filter(|it| !is_crowded(tree, *it))?;
    let items = tree.items(list);
    let at = items.iter().position(|other| *other == item)?;
    if is_needed(tree, item) {
        return None;
    }
    let flow = is_flow(tree, list);
    if flow && super::refusal::has_properties(tree, item) {
        return None;
    }
    let start = |item: NodeId| match flow {
        true => Some(tree.span(item).start),
        false => dash_of(tree, item),
    };
    let next = match items.get(at + 1) {
        Some(next) => Some(start(*next)?),
        None => None,
    };
    let member = Member {
        start: start(item)?,
        end: tree.span(item).end,
        previous: at.checked_sub(1).and_then(|it| items.get(it)).copied(),
        next,
    };
    Some(vec![member.removal(tree, list)?])
}

/// An entry or an item among its neighbours.
struct Member {
    start: u32,
    end: u32,
    previous: Option<NodeId>,
    /// Where the next one begins.
    next: Option<u32>,
}

impl Member {
    fn removal(&self, tree: &Tree, collection: NodeId) -> Option<Replacement> {
        let only = self.previous.is_none() && self.next.is_none();
        if only || is_repeated(tree, collection) {
            return None;
        }
        let range = if is_flow(tree, collection) {
            self.flow_range(tree)?
        } else {
            Layout::of(tree, collection)?;
            self.block_range(tree)?
        };
        Some((range, String::new()))
    }

    fn flow_range(&self, tree: &Tree) -> Option<Span> {
        let range = match (self.next, self.previous) {
            (Some(next), _) => Span::new(self.start, next),
            (None, Some(previous)) => Span::new(tree.span(previous).end, self.end),
            (None, None) => return None,
        };
        (!has_comment(tree, range)).then_some(range)
    }

    fn block_range(&self, tree: &Tree) -> Option<Span> {
        let source = tree.source();
        let end = end_with_comments(tree, self.end, column(source, self.start));
        if !rest_is_comment(tree, self.end) {
            return None;
        }
        if is_first_on_line(source, self.start) {
            let start = match self.previous {
                Some(_) => start_with_comments(tree, self.start),
                None => line_start(source, self.start),
            };
            if self.previous.is_some_and(|it| is_open_ended(tree, it)) {
                return None;
            }
            let end = next_line(source, end).unwrap_or(end);
            return Some(Span::new(start, end));
        }
        // `- first: 1` followed by `second: 2`: the next one moves up behind the dash
        let next = self.next?;
        let line = line_end(source, self.end);
        (!has_comment(tree, Span::new(line, next))).then(|| Span::new(self.start, next))
    }
}

/// True if nothing but a comment follows on the line.
pub(super) fn rest_is_comment(tree: &Tree, end: u32) -> bool {
    let stop = line_end(tree.source(), end);
    let rest = tree.source().get(end as usize..stop as usize).unwrap_or("");
    rest.trim().is_empty()
        || rest.trim_start().starts_with('#') && has_comment(tree, Span::new(end, stop))
}
