//! Entries, items and blocks that are added.

use super::layout::{Layout, dash_of, line_end, line_start, step};
use super::ownership::{end_with_comments, start_with_comments};
use super::quoting::plain_or_quoted;
use super::refusal::{has_properties, is_crowded, is_open_ended, is_repeated, is_simple_key};
use super::remove::rest_is_comment;
use super::{Replacement, has_comment, in_flow, is_empty, is_flow, is_flow_kind};
use crate::finding::Span;
use crate::yaml::{Kind, NodeId, Style, Tree};

/// Adds an entry to a mapping, after the last of the keys `before` that it has, else at its end.
/// `value` is YAML without indentation; lines after the first are indented as the mapping needs.
/// `None` if the mapping has the key.
pub fn insert_entry(
    tree: &Tree,
    mapping: NodeId,
    before: &[&str],
    key: &str,
    value: &str,
) -> Option<Replacement> {
    if is_crowded(tree, mapping) || tree.entry(mapping, key).is_some() || is_repeated(tree, mapping)
    {
        return None;
    }
    let list = value.starts_with("- ");
    let text = entry_text(
        key,
        value,
        step(tree, mapping, list),
        in_flow_or_is(tree, mapping),
    );
    add_entry(tree, mapping, before, &text)
}

/// Adds the text of an entry, at no indentation, to a mapping.
pub(super) fn add_entry(
    tree: &Tree,
    mapping: NodeId,
    before: &[&str],
    text: &str,
) -> Option<Replacement> {
    if !is_sound(text) {
        return None;
    }
    if is_empty(tree, mapping) {
        return fill_empty(tree, mapping, text);
    }
    let pairs: Vec<(NodeId, NodeId)> = tree.pairs(mapping).collect();
    let wanted = pairs
        .iter()
        .rev()
        .find(|(key, _)| tree.is_scalar(*key) && before.contains(&tree.text(*key)));
    let (_, value) = wanted.or(pairs.last())?;
    if is_flow(tree, mapping) {
        return flow_addition(tree, mapping, *value, text);
    }
    let layout = Layout::of(tree, mapping)?;
    after_lines(tree, *value, &layout, text)
}

/// Adds an item at the end of a list, in the list's own style. `item` is YAML without indentation.
pub fn append_item(tree: &Tree, list: NodeId, item: &str) -> Option<Replacement> {
    let text = dashed(item);
    if !is_sound(&text) || is_repeated(tree, list) {
        return None;
    }
    let Some(last) = tree.items(list).last() else {
        return fill_empty(tree, list, &text);
    };
    if is_flow(tree, list) {
        return flow_addition(tree, list, *last, item);
    }
    let layout = Layout::of(tree, list)?;
    after_lines(tree, *last, &layout, &text)
}

/// Adds an item in front of another one of the same list.
pub fn insert_item(tree: &Tree, next: NodeId, item: &str) -> Option<Replacement> {
    let list = tree.parent(next).filter(|list| tree.is_sequence(*list))?;
    let text = dashed(item);
    if !is_sound(&text) || is_repeated(tree, list) {
        return None;
    }
    if is_flow(tree, list) {
        let fits = is_sound(&format!("[{item}]")) && item.lines().count() == 1;
        let start = tree.span(next).start;
        let bare = !has_properties(tree, next);
        return (fits && bare).then(|| (Span::at(start), format!("{}, ", item.trim_end())));
    }
    let layout = Layout::of(tree, list)?;
    let dash = dash_of(tree, next)?;
    let first = tree.items(list).first() == Some(&next);
    let source = tree.source();
    let line = line_start(source, dash);
    let blank = source.get(line as usize..dash as usize)?.trim().is_empty();
    let above = tree
        .items(list)
        .iter()
        .rev()
        .find(|it| **it < next)
        .is_some_and(|it| is_open_ended(tree, *it));
    if !blank || above {
        return None;
    }
    let at = if first {
        line
    } else {
        start_with_comments(tree, dash)
    };
    Some((Span::at(at), layout.indented(&text)))
}

/// Turns an empty value (nothing, null, `{}`, `[]`) into a block of these lines: one step deeper
/// than its key, or behind its dash.
pub fn fill_empty(tree: &Tree, node: NodeId, block: &str) -> Option<Replacement> {
    let nothing = matches!(tree.kind(node), Kind::Scalar(Style::Plain))
        && matches!(tree.text(node), "" | "~" | "null" | "Null" | "NULL");
    let bare = is_flow_kind(tree, node) && is_empty(tree, node);
    let odd = has_properties(tree, node) || is_repeated(tree, node);
    if !(nothing || bare) || odd || !is_sound(block) || has_comment(tree, tree.span(node)) {
        return None;
    }
    if in_flow(tree, node) {
        return fill_in_flow(tree, node, block);
    }
    let Some(parent) = tree.parent(node) else {
        return fill_document(tree, node, block);
    };
    if tree.is_sequence(parent) {
        let layout = Layout::of(tree, parent)?.deeper(2);
        let from = dash_of(tree, node)? + 1;
        return fill(
            tree,
            Span::new(from, tree.span(node).end),
            " ",
            layout.indented(block).trim_start(),
        );
    }
    let key = tree.key_of(node).filter(|key| is_simple_key(tree, *key))?;
    let colon = tree.span(key).end + find_colon(tree, key)?;
    let deeper = step(tree, parent, block.starts_with("- "));
    let layout = Layout::of(tree, parent)?.deeper(deeper);
    let range = Span::new(colon, tree.span(node).end.max(colon));
    fill(tree, range, layout.newline(), &layout.indented(block))
}

/// Puts lines in place of a range, the comment behind it kept on its line.
fn fill(tree: &Tree, range: Span, lead: &str, lines: &str) -> Option<Replacement> {
    let source = tree.source();
    if has_comment(tree, range) || !rest_is_comment(tree, range.end) {
        return None;
    }
    let lines = lines.trim_end_matches(['\n', '\r']);
    let stop = line_end(source, range.end);
    if !has_comment(tree, Span::new(range.end, stop)) {
        return Some((range, format!("{lead}{lines}")));
    }
    if lead == " " {
        return None;
    }
    let comment = source.get(range.end as usize..stop as usize)?.trim_start();
    let range = Span::new(range.start, stop);
    Some((range, format!(" {comment}{lead}{lines}")))
}

fn fill_in_flow(tree: &Tree, node: NodeId, block: &str) -> Option<Replacement> {
    let mut lines = block.lines();
    let (line, None) = (lines.next()?, lines.next()) else {
        return None;
    };
    let text = match line.strip_prefix("- ") {
        Some(item) => format!("[{item}]"),
        None => format!("{{{line}}}"),
    };
    let span = tree.span(node);
    let blank = if span.is_empty() { " " } else { "" };
    is_sound(&text).then(|| (span, format!("{blank}{text}")))
}

fn fill_document(tree: &Tree, node: NodeId, block: &str) -> Option<Replacement> {
    let span = tree.span(node);
    let alone = line_start(tree.source(), span.start) == span.start;
    (alone && !span.is_empty())
        .then(|| fill(tree, span, "", &Layout::top(tree).indented(block)))
        .flatten()
}

/// The distance from the end of a key to behind its colon.
fn find_colon(tree: &Tree, key: NodeId) -> Option<u32> {
    let rest = tree.source().get(tree.span(key).end as usize..)?;
    let at = rest.find(':')?;
    rest.get(..at)?
        .trim()
        .is_empty()
        .then_some(u32::try_from(at + 1).ok()?)
}

fn entry_text(key: &str, value: &str, step: usize, flow: bool) -> String {
    let key = plain_or_quoted(key, flow);
    let opens_block = value
        .lines()
        .next()
        .is_some_and(|line| line.starts_with(['|', '>']) && !line.starts_with("> "));
    if opens_block {
        return format!("{key}: {value}\n");
    }
    if !value.contains('\n') && !value.starts_with("- ") {
        return format!("{key}: {value}\n");
    }
    let deeper = |line: &str| match line {
        "" => String::new(),
        line => format!("{:step$}{line}", ""),
    };
    let lines: Vec<String> = value.lines().map(deeper).collect();
    format!("{key}:\n{}\n", lines.join("\n"))
}

fn dashed(item: &str) -> String {
    let mut lines = item.lines();
    let first = lines.next().unwrap_or_default();
    lines.fold(format!("- {first}\n"), |text, line| match line {
        "" => text + "\n",
        line => format!("{text}  {line}\n"),
    })
}

/// True for YAML that both readers take.
fn is_sound(text: &str) -> bool {
    let tree = Tree::parse(text);
    tree.errors().is_empty() && tree.root().is_some_and(|root| !tree.is_scalar(root))
}

fn in_flow_or_is(tree: &Tree, mapping: NodeId) -> bool {
    in_flow(tree, mapping) || is_flow(tree, mapping)
}

fn flow_addition(tree: &Tree, collection: NodeId, last: NodeId, text: &str) -> Option<Replacement> {
    let text = text.trim_end();
    // `[a: 1]` holds a mapping without braces of its own
    let braces = tree.raw(collection).starts_with(['{', '[']);
    let fits = !text.contains('\n') && is_sound(&format!("[{text}]"));
    (braces && fits).then(|| (Span::at(tree.span(last).end), format!(", {text}")))
}

/// An insertion of whole lines behind a member of a block collection.
fn after_lines(tree: &Tree, member: NodeId, layout: &Layout, text: &str) -> Option<Replacement> {
    let end = tree.span(member).end;
    if !rest_is_comment(tree, end) || is_open_ended(tree, member) {
        return None;
    }
    let at = end_with_comments(tree, end, layout.indent);
    let lines = layout.indented(text);
    let lines = lines.trim_end_matches(['\n', '\r']);
    Some((Span::at(at), format!("{}{lines}", layout.newline())))
}
