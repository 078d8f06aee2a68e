//! Lists where a mapping belongs, and mappings where a list does.

use super::values::Value;
use super::{Unsafe, fix, scalar};
use crate::finding::Fix;
use crate::format::{PlainType, shapes};
use crate::yaml::{Kind, NodeId, Tree, edit};

/// The list that a mapping stands for: of its bodies, each with its key as name; of its values,
/// where the keys only count; of the words among its keys.
pub fn as_list(value: Value<'_>) -> Option<Fix> {
    let tree = value.document.tree();
    let item = shapes().get(value.shape.items?);
    let pairs: Vec<(NodeId, NodeId)> = tree.pairs(value.node).collect();
    if pairs.is_empty() || pairs.iter().any(|(key, _)| !tree.is_scalar(*key)) {
        return None;
    }
    let lines: Vec<String> = if item.plain.types.contains(&PlainType::Object) {
        if tree
            .pairs(value.node)
            .any(|(key, _)| item.property(tree.text(key)).is_some())
        {
            // one item whose dash is missing
            vec![source(tree, value.node)?]
        } else {
            let name = ["name", "variable"]
                .into_iter()
                .find(|key| item.property(key).is_some());
            let named = |(key, body)| with_name(tree, name, key, body);
            pairs.into_iter().map(named).collect::<Option<_>>()?
        }
    } else {
        let counted = pairs
            .iter()
            .all(|(key, _)| tree.text(*key).parse::<u32>().is_ok());
        let words = &item.plain.words;
        let word = |(key, text): &(NodeId, NodeId)| {
            let wanted = if counted { *text } else { *key };
            let text = tree.text(wanted);
            let known = words.is_empty() && counted || words.contains(&text);
            (tree.is_scalar(wanted) && known && !text.contains('\n')).then(|| scalar(text))
        };
        pairs.iter().map(word).collect::<Option<_>>()?
    };
    let block = lines
        .iter()
        .fold(String::new(), |block, item| block + &dashed(item));
    let edit = edit::fill_empty(tree, value.node, &block)?;
    fix(value.document, Unsafe, "make a list of it", vec![edit])
}

/// The mapping that a list stands for: its only item, or its items by their names.
pub fn as_mapping(value: Value<'_>) -> Option<Fix> {
    let tree = value.document.tree();
    let items = tree.items(value.node);
    if items.is_empty() || items.iter().any(|item| !tree.is_mapping(*item)) {
        return None;
    }
    let named =
        value.shape.properties.is_empty() && value.shape.additional.or(value.shape.items).is_some();
    let block = match items {
        [only] if !named => source(tree, *only)?,
        _ if !named => return None,
        _ => {
            let mut block = String::new();
            for item in items {
                let name = tree
                    .get(*item, "name")
                    .or_else(|| tree.get(*item, "variable"))?;
                let body = source(tree, *item)?;
                block.push_str(&format!("{}:\n", scalar(tree.text(name))));
                if matches!(tree.kind(*item), Kind::Mapping { flow: true }) {
                    block.truncate(block.len() - 1);
                    block.push_str(&format!(" {body}\n"));
                    continue;
                }
                for line in body.lines() {
                    let blank = if line.is_empty() { "" } else { "  " };
                    block.push_str(&format!("{blank}{line}\n"));
                }
            }
            block
        }
    };
    let edit = edit::fill_empty(tree, value.node, &block)?;
    fix(value.document, Unsafe, "make a mapping of it", vec![edit])
}

/// A body with its name in it, as an item of a list.
fn with_name(tree: &Tree, key: Option<&str>, name: NodeId, body: NodeId) -> Option<String> {
    if !tree.is_mapping(body) {
        return None;
    }
    let text = source(tree, body)?;
    let Some(key) = key.filter(|key| tree.get(body, key).is_none()) else {
        return Some(text);
    };
    let name = scalar(tree.text(name));
    match tree.kind(body) {
        Kind::Mapping { flow: true } => {
            let rest = text.strip_prefix('{')?;
            let comma = if rest.trim_start().starts_with('}') {
                ""
            } else {
                ", "
            };
            Some(format!("{{{key}: {name}{comma}{rest}"))
        }
        _ => Some(format!("{key}: {name}\n{text}")),
    }
}

/// The source of a mapping without its indentation; `None` for what depends on its place.
fn source(tree: &Tree, node: NodeId) -> Option<String> {
    let span = tree.span(node);
    let raw = tree.raw(node);
    if tree.anchor(node).is_some() || tree.tag(node).is_some() || raw.contains('\t') {
        return None;
    }
    if !raw.contains(['\n', '\r']) {
        return Some(raw.to_owned());
    }
    if matches!(tree.kind(node), Kind::Mapping { flow: true }) {
        return None;
    }
    let before = tree.source().get(..span.start as usize)?;
    let column = before.len() - before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let mut text = String::new();
    for (number, line) in raw.lines().enumerate() {
        let inner = match number {
            0 => line,
            _ if line.trim().is_empty() => "",
            _ => line
                .get(column..)
                .filter(|_| line.get(..column).is_some_and(|it| it.trim().is_empty()))?,
        };
        text.push_str(inner);
        text.push('\n');
    }
    Some(text)
}

fn dashed(item: &str) -> String {
    let mut lines = item.lines();
    let first = lines.next().unwrap_or_default();
    lines.fold(format!("- {first}\n"), |text, line| {
        let blank = if line.is_empty() { "" } else { "  " };
        format!("{text}{blank}{line}\n")
    })
}
