//! Entries that stand in the wrong mapping.

use super::insert::add_entry;
use super::layout::{column, is_first_on_line, line_break};
use super::ownership::{end_with_comments, start_with_comments};
use super::refusal::{is_crowded, is_open_ended, is_repeated, is_simple_key};
use super::remove::remove_entry;
use super::{Replacement, is_flow};
use crate::finding::Span;
use crate::yaml::{NodeId, Tree};

/// Moves an entry with its comments to another mapping, after the last of the keys `before` that
/// it has, else to its end. `None` if that mapping has such a key, or lies inside the entry.
pub fn move_entry(
    tree: &Tree,
    key: NodeId,
    to: NodeId,
    before: &[&str],
) -> Option<Vec<Replacement>> {
    let from = tree.parent(key)?;
    let taken = is_crowded(tree, to) || tree.entry(to, tree.text(key)).is_some();
    if from == to || taken || !is_simple_key(tree, key) || is_repeated(tree, to) {
        return None;
    }
    let mut removal = remove_entry(tree, key)?;
    let (gone, _) = removal.first()?.clone();
    let inside = |offset: u32| gone.start < offset && offset < gone.end;
    if inside(tree.span(to).start) {
        return None;
    }
    let text = text_of(tree, key)?;
    let (place, lines) = add_entry(tree, to, before, &text)?;
    let source = tree.source();
    // moved up out of the last entry of the other mapping: one edit, else the two would overlap
    if inside(place.start) || place == Span::at(gone.end) {
        if !place.is_empty() || is_flow(tree, to) {
            return None;
        }
        let newline = line_break(source);
        let lines = lines.strip_prefix(newline)?;
        let ended = source.get(gone.range())?.ends_with(['\n', '\r']);
        let end = if ended { newline } else { "" };
        return Some(vec![(gone, format!("{lines}{end}"))]);
    }
    removal.push((place, lines));
    removal.sort_by_key(|(span, _)| *span);
    Some(removal)
}

/// The lines of an entry without its indentation.
fn text_of(tree: &Tree, key: NodeId) -> Option<String> {
    let source = tree.source();
    let value = tree.pairs(tree.parent(key)?).find(|(k, _)| *k == key)?.1;
    let span = tree.span(key).to(tree.span(value));
    let raw = |from: u32, to: u32| source.get(from as usize..to as usize);
    if is_flow(tree, tree.parent(key)?) {
        return Some(raw(span.start, span.end)?.to_owned() + "\n");
    }
    let indent = column(source, span.start);
    let end = end_with_comments(tree, span.end, indent);
    // what follows it would become part of it
    if is_open_ended(tree, value) {
        return None;
    }
    let first = tree
        .pairs(tree.parent(key)?)
        .next()
        .is_some_and(|(k, _)| k == key);
    let above = if first || !is_first_on_line(source, span.start) {
        String::new()
    } else {
        let start = start_with_comments(tree, span.start);
        raw(start, span.start)?.trim_end_matches(' ').to_owned()
    };
    let all = above + &" ".repeat(indent) + raw(span.start, end)?;
    let mut text = String::with_capacity(all.len());
    for line in all.lines() {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        text.push_str(line.get(blanks.min(indent)..).unwrap_or(""));
        text.push('\n');
    }
    Some(text)
}
