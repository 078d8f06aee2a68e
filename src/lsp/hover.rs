//! What the schemas and the rules say about the place under the mouse.

use super::cursor::shape_of;
use super::failure::Failure;
use super::fields::{Field, shape, since};
use super::snapshot::{Snapshot, Target};
use super::{links, names};
use crate::finding::Span;
use crate::rules;
use crate::yaml::Tree;
use lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind};

/// The hover of a place.
///
/// # Errors
/// None of its own.
pub fn hover(snapshot: &Snapshot, params: HoverParams) -> Result<Option<Hover>, Failure> {
    let position = params.text_document_position_params;
    let Some(target) = snapshot.target(&position.text_document.uri) else {
        return Ok(None);
    };
    let offset = target.offset(snapshot, position.position);
    let mut parts = Vec::new();
    let mut span = None;
    if let Some((field, text)) = field(&target, offset) {
        span = Some(field);
        parts.push(text);
    }
    if let Some((name, at)) = names::at(&target, offset) {
        span = span.or(Some(at));
        parts.push(name_text(&name));
    }
    if let Some((at, file)) = links::file_at(&target, offset) {
        span = Some(at);
        let uri = snapshot.uri(&target.analysis, &file);
        parts.push(match is_picture(&file) {
            true => format!("[{file}]({uri})\n\n![]({uri})"),
            false => format!("[{file}]({uri})"),
        });
    }
    let models = links::models_at(&target, offset);
    if models.len() > 1 {
        parts.push(format!("Finds {} models.", models.len()));
    }
    parts.extend(findings(&target, offset));
    if parts.is_empty() {
        return Ok(None);
    }
    Ok(Some(Hover {
        contents: MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n\n---\n\n"),
        }
        .into(),
        range: span.map(|span| target.range(snapshot, span)),
    }))
}

/// True for a file that an editor may show as a picture.
fn is_picture(file: &str) -> bool {
    let ending = file.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    matches!(
        ending.as_str(),
        "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp"
    )
}

/// The field at an offset: the span of its key or value, and what it is.
fn field(target: &Target, offset: u32) -> Option<(Span, String)> {
    let kind = target.kind()?;
    let tree = tree_of(target);
    let node = tree.node_at(offset).filter(|node| tree.is_scalar(*node))?;
    let parent = tree.parent(node);
    let key = tree.key_of(node);
    let field = shape(shape_of(&tree, node, kind, 0)?);
    let of = parent
        .and_then(|it| shape_of(&tree, it, kind, 0))
        .map(shape);
    let title = match key.or(parent.filter(|it| tree.is_mapping(*it)).and(Some(node))) {
        Some(key) => tree.text(key),
        None => "",
    };
    // an item is called after its list
    let list = parent.and_then(|list| tree.key_of(list));
    let shown = match (title, field.noun, list) {
        ("", "", Some(list)) => tree.text(list),
        ("", noun, _) => noun,
        (title, ..) => title,
    };
    let mut text = match shown {
        "" => String::new(),
        shown => format!("**{shown}**"),
    };
    let facts = Field {
        parent: of.filter(|_| !title.is_empty()),
        key: title,
        shape: field,
        kind,
    };
    text.push_str(&format!("\n\n{}", facts.documentation()));
    let is_value = key.is_some() || title.is_empty();
    let value = field
        .values
        .iter()
        .find(|it| is_value && it.value == tree.text(node));
    if let Some(value) = value {
        text.push_str(&format!("\n\n`{}`: {}", value.value, value.description));
        if let Some(floor) = &value.since {
            text.push_str(&format!(" ({})", since(floor)));
        }
    }
    Some((tree.span(node), text.trim().to_owned()))
}

/// The tree of a file that some document refers to, or of one that none does yet.
pub fn tree_of(target: &Target) -> Tree {
    match target.analysis.plugin().parsed(&target.path) {
        Some(parsed) => parsed.tree.clone(),
        None => Tree::parse(target.file.text()),
    }
}

fn name_text(name: &names::Name) -> String {
    let word = names::word(name.declared.map);
    let reads = name.reads.len() + name.odd_reads.len();
    let times = match reads {
        0 => "is not read by its name in the code".to_owned(),
        1 => "is read once in the code".to_owned(),
        reads => format!("is read {reads} times in the code"),
    };
    format!("The {word} `{}` {times}.", name.declared.name)
}

/// The rules of the findings at an offset.
fn findings(target: &Target, offset: u32) -> Vec<String> {
    let found = target.analysis.report().findings.iter();
    let mut rules: Vec<_> = found
        .filter(|it| *it.place.file == *target.path && it.place.span.touches(offset))
        // what concerns the file as a whole stands at its start only to stand somewhere
        .filter(|it| !it.place.span.is_empty())
        .map(|it| it.rule)
        .collect();
    rules.sort();
    rules.dedup();
    let rules = rules.into_iter().filter_map(|rule| rules::find(rule.0));
    rules
        .map(|rule| format!("[{}]({}): {}", rule.id, rule.url(), rule.summary))
        .collect()
}
