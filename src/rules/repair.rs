//! Repairs: edits of one document put together to fixes.
//!
//! A rule says what is meant and how sure that is; how it is written stands in `yaml::edit`.
//! Every function gives `None` where the text cannot be changed without touching what is not meant:
//! aliases, explicit tags, block scalars.

mod collections;
pub mod ignore;
mod missing;
pub mod node;
mod numbers;
mod refused;
pub mod requirement;
mod values;
pub mod words;

pub use refused::refused;

use crate::finding::{Applicability, Edit, Fix, Span};
use crate::format::PlainType;
use crate::format::words::shorten;
use crate::plugin::Document;
use crate::source::Encoding;
use crate::yaml::edit::{self, Replacement};
use crate::yaml::{Kind, NodeId, Style, Tree};

pub use Applicability::{Safe, Unsafe};

/// Replacements in one document, under a title.
pub fn fix(
    document: &Document,
    how: Applicability,
    title: impl Into<String>,
    edits: Vec<Replacement>,
) -> Option<Fix> {
    let edit = |(span, text)| Edit {
        file: document.path().clone(),
        span,
        text,
    };
    // the offsets are those of the decoded text
    let decoded = document.parsed.file.encoding() != Encoding::Utf8;
    (!edits.is_empty() && !decoded).then(|| Fix {
        title: title.into(),
        applicability: how,
        edits: edits.into_iter().map(edit).collect(),
    })
}

/// Gives a key another name.
pub fn rename(document: &Document, key: NodeId, name: &str, how: Applicability) -> Option<Fix> {
    let tree = untagged(document, key)?;
    let edit = edit::rename_key(tree, key, name)?;
    let title = format!("rename `{}` to `{name}`", shorten(tree.text(key)));
    fix(document, how, title, vec![edit])
}

/// Puts a text in place of a scalar, in quotes where it needs them.
pub fn write(document: &Document, node: NodeId, text: &str, how: Applicability) -> Option<Fix> {
    let edit = edit::replace_scalar(untagged(document, node)?, node, text)?;
    let title = format!("write `{}`", shorten(text));
    fix(document, how, title, vec![edit])
}

/// Puts YAML on one line in place of a node that stands on one line: `true`, `3`, `[a]`.
pub fn write_yaml(
    document: &Document,
    node: NodeId,
    yaml: &str,
    how: Applicability,
) -> Option<Fix> {
    let tree = untagged(document, node)?;
    let span = tree.span(node);
    let one_line = !tree.raw(node).contains('\n') && tree.target(node) == Some(node);
    let blank = if span.is_empty() { " " } else { "" };
    let edit = one_line.then(|| (span, format!("{blank}{yaml}")))?;
    fix(
        document,
        how,
        format!("write `{}`", shorten(yaml)),
        vec![edit],
    )
}

/// Puts a plain scalar in quotes.
pub fn quote(document: &Document, node: NodeId, how: Applicability) -> Option<Fix> {
    let tree = untagged(document, node)?;
    let edit = edit::quote(tree, node)?;
    let title = format!("quote `{}`", shorten(tree.text(node)));
    fix(document, how, title, vec![edit])
}

/// Removes the entry or the item that a node is the value of.
pub fn remove(document: &Document, node: NodeId, how: Applicability) -> Option<Fix> {
    let tree = document.tree();
    let (edits, title) = match tree.key_of(node) {
        Some(key) => (
            edit::remove_entry(tree, key)?,
            format!("remove `{}`", shorten(tree.text(key))),
        ),
        None => {
            let what = match tree.text(node) {
                "" => "the entry".to_owned(),
                text => format!("`{}`", shorten(text)),
            };
            (edit::remove_item(tree, node)?, format!("remove {what}"))
        }
    };
    fix(document, how, title, edits)
}

/// Adds an entry to a mapping, behind those of the keys `before` that it has. `value` is YAML
/// without indentation.
pub fn add(
    document: &Document,
    mapping: NodeId,
    before: &[&str],
    (key, value): (&str, &str),
    how: Applicability,
) -> Option<Fix> {
    let edit = edit::insert_entry(document.tree(), mapping, before, key, value)?;
    let title = match value.contains('\n') {
        true => format!("add `{key}`"),
        false => format!("add `{key}: {}`", shorten(value)),
    };
    fix(document, how, title, vec![edit])
}

/// Takes an explicit tag away. A scalar of another type is written as the type that its place wants.
pub fn without_tag(document: &Document, node: NodeId) -> Option<Fix> {
    let tree = document.tree();
    let tag = tree.tag(node)?;
    let end = tree.span(node).end;
    let inner = tree.source().get(tag.span.end as usize..end as usize)?;
    // nothing but the tag stands there: what is meant by it nobody can know
    if inner.trim().is_empty() {
        return None;
    }
    let mut start = tag.span.start;
    let mut text = inner.trim_start_matches(' ').to_owned();
    if text.starts_with(['\n', '\r']) {
        // the value begins on the next line, and no blank stays behind the `:`
        let before = tree.source().get(..start as usize)?;
        start = u32::try_from(before.trim_end_matches(' ').len()).ok()?;
    } else if tree.is_scalar(node)
        && let Some(shape) = document.shape_of(node)
    {
        let written = tree.text(node);
        let wants = |wanted| shape.plain.types.first() == Some(&wanted);
        if wants(PlainType::Integer) {
            text = numbers::whole(written)?.to_string();
        } else if wants(PlainType::String) && matches!(tree.kind(node), Kind::Scalar(Style::Plain))
        {
            text = scalar(written);
        }
    }
    let edit = (Span::new(start, end), text);
    fix(document, Unsafe, "remove the tag", vec![edit])
}

/// Block YAML as flow YAML on one line.
fn on_one_line(yaml: &str) -> Option<String> {
    let tree = Tree::parse(yaml);
    let mut out = String::new();
    flow(&tree, tree.root()?, &mut out)?;
    Some(out)
}

fn flow(tree: &Tree, node: NodeId, out: &mut String) -> Option<()> {
    if tree.is_mapping(node) {
        out.push('{');
        for (at, (key, value)) in tree.pairs(node).enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            flow(tree, key, out)?;
            out.push_str(": ");
            flow(tree, value, out)?;
        }
        out.push('}');
    } else if tree.is_sequence(node) {
        out.push('[');
        for (at, item) in tree.items(node).iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            flow(tree, *item, out)?;
        }
        out.push(']');
    } else {
        match tree.kind(node) {
            // what was plain in a block may need quotes here
            Kind::Scalar(Style::Plain) if tree.text(node).contains([',', '[', ']', '{', '}']) => {
                out.push_str(&edit::quoted(tree.text(node), Style::Double));
            }
            Kind::Scalar(Style::Plain | Style::Single | Style::Double) => {
                out.push_str(tree.raw(node));
            }
            _ => return None,
        }
    }
    Some(())
}

/// Puts YAML on one line in place of a value that may stand on several.
pub fn write_inline(
    document: &Document,
    node: NodeId,
    yaml: &str,
    how: Applicability,
) -> Option<Fix> {
    let tree = untagged(document, node)?;
    let key = tree.key_of(node)?;
    let rest = tree.source().get(tree.span(key).end as usize..)?;
    let gap = rest.find(|c: char| c != ' ')?;
    // `key : value` and `? key` are for a person
    if gap != 0 || !rest.starts_with(':') || tree.anchor(node).is_some() {
        return None;
    }
    let start = tree.span(key).end;
    let edit = (
        Span::new(start, tree.span(node).end.max(start + 1)),
        format!(": {yaml}"),
    );
    fix(
        document,
        how,
        format!("write `{}`", shorten(yaml)),
        vec![edit],
    )
}

/// A text as YAML, in quotes where a reader would take it for something else.
pub fn scalar(text: &str) -> String {
    edit::plain_or_quoted(text, false)
}

/// The tree, unless the node has an explicit tag: that would apply to the new value too.
fn untagged(document: &Document, node: NodeId) -> Option<&Tree> {
    let tree = document.tree();
    tree.tag(node).is_none().then_some(tree)
}
