//! Puts the text of an example into a YAML file, at a JSON Pointer.

use difylint::yaml::{NodeId, Tree};

/// The text with the entry at the pointer replaced by the block, or with the block added at the end
/// of the pointer's parent when there is no such entry.
pub fn place(text: &str, pointer: &str, block: &str) -> Result<String, String> {
    let tree = Tree::parse(text);
    if let Some(node) = tree.find(pointer) {
        let start = start_of(&tree, node).ok_or_else(|| format!("{pointer} is no entry"))?;
        let end = end_of(text, start);
        let column = column_of(text, start);
        let block = indented(block, column);
        return Ok([
            &text[..start],
            &block[column.min(block.len())..],
            &text[end..],
        ]
        .concat());
    }
    let (above, _) = pointer
        .rsplit_once('/')
        .ok_or_else(|| format!("no pointer: {pointer}"))?;
    let parent = tree
        .find(above)
        .ok_or_else(|| format!("{above} does not exist"))?;
    let last = tree
        .pairs(parent)
        .map(|(_, value)| value)
        .chain(tree.items(parent).iter().copied());
    let last = last
        .last()
        .ok_or_else(|| format!("{above} has no entry to stand beside"))?;
    let start = start_of(&tree, last).ok_or_else(|| format!("{above} is not in block style"))?;
    let end = end_of(text, start);
    let (before, after) = text.split_at(end);
    let line_end = if before.ends_with('\n') { "" } else { "\n" };
    Ok([
        before,
        line_end,
        &indented(block, column_of(text, start)),
        after,
    ]
    .concat())
}

/// Where an entry begins: its key, or the dash of a list item.
fn start_of(tree: &Tree, node: NodeId) -> Option<usize> {
    let parent = tree.parent(node)?;
    if tree.is_mapping(parent) {
        return Some(tree.span(tree.key_of(node)?).start as usize);
    }
    let before = tree.source().get(..tree.span(node).start as usize)?;
    let dash = before.rfind('-')?;
    before[dash + 1..]
        .chars()
        .all(char::is_whitespace)
        .then_some(dash)
}

/// Where an entry ends: at the first line that is not deeper than its beginning.
fn end_of(text: &str, start: usize) -> usize {
    let column = column_of(text, start);
    let is_key = !text[start..].starts_with("- ");
    let mut end = start;
    let mut offset = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        offset += line.len();
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let item = is_key && indent == column && content.starts_with("- ");
        if number == 0 || (indent > column && !content.trim().is_empty()) || item {
            end = offset;
        } else if !content.trim().is_empty() {
            break;
        }
    }
    end
}

fn column_of(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn indented(block: &str, column: usize) -> String {
    let indent = " ".repeat(column);
    block
        .split_inclusive('\n')
        .map(|line| {
            if line.trim().is_empty() {
                line.to_owned()
            } else {
                indent.clone() + line
            }
        })
        .collect()
}

#[test]
fn entries_are_replaced_and_added() {
    let text = "a:\n  - name: x\n    b: 1\n\n  - name: y\nc: 文\nd:\n- 1\n";
    let with = |pointer, block| place(text, pointer, block).unwrap();
    assert_eq!(with("/c", "c: 2\n"), text.replace("c: 文", "c: 2"));
    assert_eq!(
        with("/a/0/name", "name:\n  z\n"),
        text.replace("name: x", "name:\n      z")
    );
    assert_eq!(with("/a/1", "- q\n"), text.replace("- name: y", "- q"));
    assert_eq!(
        with("/a/0", "- q\n"),
        text.replace("- name: x\n    b: 1", "- q")
    );
    assert_eq!(
        with("/a/-", "- q\n"),
        text.replace("name: y\n", "name: y\n  - q\n")
    );
    assert_eq!(
        with("/a/0/k", "k:\n  1\n"),
        text.replace("b: 1\n", "b: 1\n    k:\n      1\n")
    );
    assert_eq!(with("/d", "d: 1\n"), text.replace("d:\n- 1", "d: 1"));
    assert_eq!(with("/e", "e: 1\n"), text.to_owned() + "e: 1\n");
    assert!(place(text, "/c/d", "d: 1\n").is_err());
    assert!(place(text, "/z/d", "d: 1\n").is_err());
}
