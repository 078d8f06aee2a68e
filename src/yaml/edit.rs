//! Edits of a document as replacements of byte ranges. Nothing outside a range changes: comments,
//! quotes and layout stay as their author wrote them.

mod layout;
mod quoting;

pub use quoting::{plain_or_quoted, quoted};

use super::{Kind, NodeId, Style, Tree};
use crate::finding::Span;
use layout::{Layout, is_first_on_line, line_break, line_end, line_start};

/// A text to put in place of a range.
pub type Replacement = (Span, String);

/// Puts another text in place of a scalar. A quoted scalar keeps its quotes; a plain one gets
/// quotes only where it must. `None` for block scalars and collections.
pub fn replace_scalar(tree: &Tree, node: NodeId, text: &str) -> Option<Replacement> {
    let written = match tree.kind(node) {
        Kind::Scalar(Style::Plain) => plain_or_quoted(text, in_flow(tree, node)),
        Kind::Scalar(style @ (Style::Single | Style::Double)) => quoted(text, style),
        _ => return None,
    };
    let span = tree.span(node);
    // an empty value stands right after its `:`
    let blank = if span.is_empty() { " " } else { "" };
    Some((span, format!("{blank}{written}")))
}

/// Puts a plain scalar in quotes, so that both readers take it for the text that it shows.
pub fn quote(tree: &Tree, node: NodeId) -> Option<Replacement> {
    let text = tree.text(node);
    let plain = tree.kind(node) == Kind::Scalar(Style::Plain);
    (plain && !text.is_empty()).then(|| (tree.span(node), quoted(text, Style::Double)))
}

/// Gives a key another name; a quoted key keeps its quotes.
pub fn rename_key(tree: &Tree, key: NodeId, name: &str) -> Option<Replacement> {
    replace_scalar(tree, key, name)
}

/// Removes an entry of a mapping, with the comment on its own lines. `None` where the result would
/// depend on taste: an anchored value that an alias needs, an only entry.
pub fn remove_entry(tree: &Tree, key: NodeId) -> Option<Vec<Replacement>> {
    let mapping = tree.parent(key)?;
    let pairs: Vec<(NodeId, NodeId)> = tree.pairs(mapping).collect();
    let at = pairs.iter().position(|(k, _)| *k == key)?;
    let value = pairs[at].1;
    if pairs.len() == 1 || holds_anchor(tree, value) {
        return None;
    }
    let start = tree.span(key).start;
    if is_flow(tree, mapping) {
        return Some(vec![flow_removal(
            start,
            end_of(tree, value),
            pairs.get(at + 1).map(|(k, _)| tree.span(*k).start),
            at.checked_sub(1)
                .map(|before| end_of(tree, pairs[before].1)),
        )]);
    }
    let end = block_end(tree, end_of(tree, value));
    if is_first_on_line(tree.source(), start) {
        return Some(vec![(
            Span::new(line_start(tree.source(), start), end),
            String::new(),
        )]);
    }
    // `- first: 1` followed by `second: 2`: the next key moves up behind the dash
    let next = tree.span(pairs.get(at + 1)?.0).start;
    Some(vec![(Span::new(start, next), String::new())])
}

/// Removes an item of a list. `None` like [`remove_entry`].
pub fn remove_item(tree: &Tree, item: NodeId) -> Option<Vec<Replacement>> {
    let list = tree.parent(item)?;
    let items = tree.items(list);
    let at = items.iter().position(|other| *other == item)?;
    if items.len() == 1 || holds_anchor(tree, item) {
        return None;
    }
    let start = tree.span(item).start;
    if is_flow(tree, list) {
        return Some(vec![flow_removal(
            start,
            end_of(tree, item),
            items.get(at + 1).map(|next| tree.span(*next).start),
            at.checked_sub(1).map(|before| end_of(tree, items[before])),
        )]);
    }
    let dash = line_start(tree.source(), start);
    let before = tree.source().get(dash as usize..start as usize)?;
    // `- - x`: the dash is not this item's alone
    if before.trim() != "-" {
        return None;
    }
    Some(vec![(
        Span::new(dash, block_end(tree, end_of(tree, item))),
        String::new(),
    )])
}

/// Adds an entry to a mapping, after the last of the keys `before` that it has, else at its end.
/// `value` is YAML without indentation; lines after the first are indented as the mapping needs.
pub fn insert_entry(
    tree: &Tree,
    mapping: NodeId,
    before: &[&str],
    key: &str,
    value: &str,
) -> Option<Replacement> {
    let pairs: Vec<(NodeId, NodeId)> = tree.pairs(mapping).collect();
    let text = entry_text(key, value);
    let Some(last) = pairs.last() else {
        return fill_empty(tree, mapping, &text);
    };
    let anchor = pairs
        .iter()
        .rev()
        .find(|(k, _)| before.contains(&tree.text(*k)));
    let (_, value) = anchor.unwrap_or(last);
    if is_flow(tree, mapping) {
        let one_line = text.lines().count() == 1;
        let at = end_of(tree, *value);
        return one_line.then(|| (Span::at(at), format!(", {}", text.trim_end())));
    }
    let layout = Layout::of(tree, mapping)?;
    Some(after_lines(
        tree,
        end_of(tree, *value),
        &layout.indented(&text),
    ))
}

/// Adds an item at the end of a list, in the list's own style. `item` is YAML without indentation.
pub fn append_item(tree: &Tree, list: NodeId, item: &str) -> Option<Replacement> {
    let Some(last) = tree.items(list).last() else {
        return fill_empty(tree, list, &dashed(item));
    };
    let end = end_of(tree, *last);
    if is_flow(tree, list) {
        let one_line = item.lines().count() == 1;
        return one_line.then(|| (Span::at(end), format!(", {}", item.trim_end())));
    }
    let layout = Layout::of(tree, list)?;
    Some(after_lines(tree, end, &layout.indented(&dashed(item))))
}

/// Turns an empty value (nothing, null, `{}`, `[]`) into a block of these lines, one step deeper
/// than its key.
pub fn fill_empty(tree: &Tree, node: NodeId, block: &str) -> Option<Replacement> {
    let key = tree.key_of(node)?;
    let mapping = tree.parent(node)?;
    if is_flow(tree, mapping) || tree.anchor(node).is_some() {
        return None;
    }
    let deeper = Layout::of(tree, mapping)?.deeper(Layout::step(tree));
    let newline = line_break(tree.source());
    let colon = tree.span(key).end + find_colon(tree, key)?;
    let span = Span::new(colon, tree.span(node).end.max(colon));
    let comment_follows = !tree
        .source()
        .get(span.end as usize..)?
        .starts_with(['\n', '\r'])
        && tree
            .comments()
            .iter()
            .any(|c| c.start >= span.end && c.start < line_end(tree.source(), span.end));
    if comment_follows {
        return None;
    }
    Some((
        span,
        format!(
            "{newline}{}",
            deeper.indented(block).trim_end_matches(['\n', '\r'])
        ),
    ))
}

fn find_colon(tree: &Tree, key: NodeId) -> Option<u32> {
    let rest = tree.source().get(tree.span(key).end as usize..)?;
    let at = rest.find(':')?;
    rest.get(..at)?
        .trim()
        .is_empty()
        .then_some(u32::try_from(at + 1).ok()?)
}

fn entry_text(key: &str, value: &str) -> String {
    if value.contains('\n') || value.starts_with("- ") {
        let step = |line: &str| {
            if line.is_empty() {
                String::new()
            } else {
                format!("  {line}")
            }
        };
        let lines: Vec<String> = value.lines().map(step).collect();
        format!("{key}:\n{}\n", lines.join("\n"))
    } else {
        format!("{key}: {value}\n")
    }
}

fn dashed(item: &str) -> String {
    let mut lines = item.lines();
    let first = lines.next().unwrap_or_default();
    lines.fold(format!("- {first}\n"), |text, line| {
        format!("{text}  {line}\n")
    })
}

/// An insertion of whole lines behind the line in which `end` lies.
fn after_lines(tree: &Tree, end: u32, lines: &str) -> Replacement {
    let source = tree.source();
    let newline = line_break(source);
    let at = line_end(source, end);
    let lines = lines.trim_end_matches(['\n', '\r']);
    (Span::at(at), format!("{newline}{lines}"))
}

fn flow_removal(start: u32, end: u32, next: Option<u32>, previous_end: Option<u32>) -> Replacement {
    match (next, previous_end) {
        (Some(next), _) => (Span::new(start, next), String::new()),
        (None, Some(previous)) => (Span::new(previous, end), String::new()),
        (None, None) => (Span::new(start, end), String::new()),
    }
}

/// The end of the lines that belong to a block entry, its line break included.
fn block_end(tree: &Tree, end: u32) -> u32 {
    let source = tree.source();
    let at = line_end(source, end);
    at + u32::try_from(line_break_at(source, at).len()).unwrap_or(0)
}

fn line_break_at(source: &str, at: u32) -> &str {
    let rest = source.get(at as usize..).unwrap_or("");
    ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|it| rest.starts_with(it))
        .unwrap_or("")
}

/// Where a node ends, its last line of text included.
fn end_of(tree: &Tree, node: NodeId) -> u32 {
    tree.span(node).end
}

fn is_flow(tree: &Tree, node: NodeId) -> bool {
    matches!(
        tree.kind(node),
        Kind::Mapping { flow: true } | Kind::Sequence { flow: true }
    ) && (tree.pairs(node).next().is_some() || !tree.items(node).is_empty())
}

fn in_flow(tree: &Tree, node: NodeId) -> bool {
    let mut at = tree.parent(node);
    while let Some(parent) = at {
        if matches!(
            tree.kind(parent),
            Kind::Mapping { flow: true } | Kind::Sequence { flow: true }
        ) {
            return true;
        }
        at = tree.parent(parent);
    }
    false
}

/// True if an anchor in the node would be lost with it.
fn holds_anchor(tree: &Tree, node: NodeId) -> bool {
    tree.anchor(node).is_some()
        || tree
            .items(node)
            .iter()
            .any(|item| holds_anchor(tree, *item))
        || tree
            .pairs(node)
            .any(|(key, value)| holds_anchor(tree, key) || holds_anchor(tree, value))
}

#[cfg(test)]
mod tests;
