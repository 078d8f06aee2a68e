//! Which comment lines belong to an entry.
//!
//! Behind an entry, those that are indented deeper than it. In front of it, those at its own
//! indentation that touch it: not beyond a blank line, not a line of signs or a commented-out
//! entry, and not before the first entry, where they may speak of all of them.

use super::layout::{column, is_first_on_line, line_end, line_start, next_line};
use crate::finding::Span;
use crate::yaml::Tree;

/// The end of the last line that belongs to an entry which ends at `end` and begins at `column`.
pub(super) fn end_with_comments(tree: &Tree, end: u32, indent: usize) -> u32 {
    let source = tree.source();
    let mut kept = line_end(source, end);
    let mut at = kept;
    while let Some(next) = next_line(source, at) {
        let stop = line_end(source, next);
        let line = source.get(next as usize..stop as usize).unwrap_or("");
        if let Some(comment) = own_line_comment(tree, next) {
            if column(source, comment.start) <= indent {
                break;
            }
            kept = stop;
        } else if !line.trim().is_empty() {
            break;
        }
        at = stop;
    }
    kept
}

/// The start of the first line that belongs to an entry which begins at `start`.
pub(super) fn start_with_comments(tree: &Tree, start: u32) -> u32 {
    let source = tree.source();
    let indent = column(source, start);
    let mut kept = line_start(source, start);
    while let Some(above) = kept.checked_sub(1) {
        // between `\r` and `\n` no line begins
        let above = match source.get(..above as usize) {
            Some(before) if before.ends_with('\r') => above - 1,
            _ => above,
        };
        let line = line_start(source, above);
        let Some(comment) = own_line_comment(tree, line) else {
            break;
        };
        let text = source.get(comment.range()).unwrap_or("");
        if line >= kept || column(source, comment.start) != indent || !speaks(text) {
            break;
        }
        kept = line;
    }
    kept
}

/// The comment that is alone on the line which begins at `line`.
fn own_line_comment(tree: &Tree, line: u32) -> Option<Span> {
    let stop = line_end(tree.source(), line);
    let at = tree.comments().partition_point(|it| it.start < line);
    let comment = tree.comments().get(at)?;
    (comment.start <= stop && is_first_on_line(tree.source(), comment.start)).then_some(*comment)
}

/// True for words about what follows; false for a line of signs and for a commented-out entry.
fn speaks(comment: &str) -> bool {
    let body = comment.trim_start_matches('#').trim();
    let Some(first) = body.chars().next() else {
        return false;
    };
    let word = body.split([' ', '\t']).next().unwrap_or(body);
    let entry = word
        .strip_suffix(':')
        .is_some_and(|key| key.chars().all(|c| c.is_alphanumeric() || c == '_'));
    (first.is_alphanumeric() || "\"'`@(*".contains(first)) && !entry
}
