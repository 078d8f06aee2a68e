//! Completion in documents, from the schemas.

use super::client::Client;
use super::cursor::{self, Cursor, Writing};
use super::failure::Failure;
use super::fields::{Field, shape, since, takes};
use super::skeleton::{self, TabStops};
use super::snapshot::{Snapshot, Target};
use super::{mentions, names, paths};
use crate::finding::Span;
use crate::format::{ConsoleText, DocumentKind, PlainType, Shape, ShapeId};
use crate::yaml::NodeId;
use crate::yaml::edit::plain_or_quoted;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList,
    CompletionParams, CompletionResponse, Documentation, InsertTextFormat, InsertTextMode,
    MarkupContent, MarkupKind, TextEdit,
};

/// What may be written at a place.
///
/// # Errors
/// When the request was cancelled.
pub fn completion(
    snapshot: &Snapshot,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>, Failure> {
    let position = params.text_document_position_params;
    let Some(target) = snapshot.target(&position.text_document.uri) else {
        return Ok(None);
    };
    let offset = target.offset(snapshot, position.position);
    let found = if target.path.ends_with(".py") {
        names::completions(&target, offset)
    } else {
        in_document(&target, offset)
    };
    let Some((span, drafts)) = found else {
        return Ok(None);
    };
    let lines = snapshot.lines(&target.analysis, &target.file);
    let range = lines.range(span);
    let snippets = snapshot.client.snippets;
    let drafts = drafts
        .into_iter()
        .filter(|it| snippets || !it.snippet)
        .enumerate();
    let items = drafts
        .map(|(at, draft)| draft.item(at, range, &snapshot.client))
        .collect();
    Ok(Some(
        CompletionList {
            is_incomplete: false,
            items,
            ..CompletionList::default()
        }
        .into(),
    ))
}

/// Something that may be written.
#[derive(Debug, Default)]
pub struct Draft {
    label: String,
    text: String,
    kind: Option<CompletionItemKind>,
    detail: String,
    documentation: String,
    snippet: bool,
    /// Words by which it is found beside its label.
    filter: String,
}

impl Draft {
    /// A value, written as YAML needs it.
    pub fn value(text: impl Into<String>, kind: CompletionItemKind) -> Self {
        let text = text.into();
        Self {
            label: text.clone(),
            text: plain_or_quoted(&text, false),
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// A text that is written as it is.
    pub fn literal(text: &str, kind: CompletionItemKind, detail: String) -> Self {
        Self {
            label: text.to_owned(),
            text: text.to_owned(),
            kind: Some(kind),
            detail,
            ..Self::default()
        }
    }

    fn item(self, at: usize, range: lsp_types::Range, client: &Client) -> CompletionItem {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let lines = self.text.contains('\n');
        let edit = TextEdit {
            range,
            new_text: self.text,
        };
        let detail = some(self.detail);
        let label_details = detail.as_ref().filter(|_| client.label_details);
        CompletionItem {
            label: self.label,
            label_details: label_details.map(|detail| CompletionItemLabelDetails {
                detail: None,
                description: Some(detail.clone()),
            }),
            kind: self.kind,
            detail,
            documentation: some(self.documentation).map(|value| {
                Documentation::MarkupContent(MarkupContent {
                    kind: MarkupKind::Markdown,
                    value,
                })
            }),
            sort_text: Some(format!("{at:04}")),
            filter_text: some(self.filter),
            insert_text_format: self.snippet.then_some(InsertTextFormat::Snippet),
            insert_text_mode: lines.then_some(InsertTextMode::AdjustIndentation),
            text_edit: Some(edit.into()),
            ..CompletionItem::default()
        }
    }
}

/// What may be written at an offset of a document, and what it replaces.
pub fn in_document(target: &Target, offset: u32) -> Option<(Span, Vec<Draft>)> {
    let kind = target.kind()?;
    let cursor = cursor::at(target.file.text(), offset)?;
    let mut drafts = match cursor.writing {
        Writing::Word | Writing::Key | Writing::Item => words(target, &cursor, kind),
        Writing::Value if is_key(&cursor) => words(target, &cursor, kind),
        Writing::Value => {
            let shape = cursor.shape_of(cursor.node, kind).map(shape);
            let mut drafts = mentions::completions(target, &cursor, cursor.node, kind);
            drafts.extend(shape.map_or_else(Vec::new, |shape| values(target, shape)));
            drafts
        }
    };
    let taken = neighbours(&cursor);
    drafts.retain(|draft| !taken.contains(&draft.label));
    if cursor.blank {
        for draft in &mut drafts {
            draft.text.insert(0, ' ');
        }
    }
    Some((cursor.span, drafts))
}

/// The texts of the list that the cursor is in: none is wanted twice.
fn neighbours(cursor: &Cursor) -> Vec<String> {
    let tree = &cursor.tree;
    let above = std::iter::successors(Some(cursor.node), |node| tree.parent(*node));
    // the word itself, or the mapping that it looks like without its colon
    let list = above.take(3).find(|node| tree.is_sequence(*node));
    let items = list.map_or(&[][..], |list| tree.items(list)).iter();
    items
        .filter(|item| tree.is_scalar(**item) && **item != cursor.node)
        .map(|item| tree.text(*item).to_owned())
        .collect()
}

/// True in a flow mapping, where a key without a colon is a key.
fn is_key(cursor: &Cursor) -> bool {
    let key_of = |parent| cursor.tree.pairs(parent).any(|(key, _)| key == cursor.node);
    cursor.parent().is_some_and(key_of)
}

/// At a word: keys of the mapping, values of an item, or an item of a list whose dash is missing.
fn words(target: &Target, cursor: &Cursor, kind: DocumentKind) -> Vec<Draft> {
    let Some(mapping) = cursor.parent() else {
        return Vec::new();
    };
    let tree = &cursor.tree;
    if cursor.writing == Writing::Item {
        let list = tree.parent(mapping).filter(|it| tree.is_sequence(*it));
        let id = list.and_then(|list| cursor.shape_of(list, kind));
        return id.map_or_else(Vec::new, |id| items(target, cursor, shape(id), "- "));
    }
    let Some(id) = cursor.shape_of(mapping, kind) else {
        return Vec::new();
    };
    let shape = shape(id);
    let alone = tree.pairs(mapping).count() == 1 && cursor.writing == Writing::Word;
    let in_list = tree
        .parent(mapping)
        .is_some_and(|list| tree.is_sequence(list));
    let mut drafts = Vec::new();
    if alone && in_list {
        drafts.extend(whole(id, cursor, ""));
        drafts.extend(mentions::completions(target, cursor, mapping, kind));
        drafts.extend(values(target, shape));
    }
    drafts.extend(keys(cursor, mapping, shape, kind));
    if let Some(id) = shape.additional.filter(|_| cursor.writing == Writing::Word) {
        drafts.extend(whole_entry(id, cursor));
    }
    if alone && !in_list && takes(shape, PlainType::Array) {
        drafts.extend(items(target, cursor, shape, "- "));
    }
    drafts
}

/// The keys that a mapping does not have yet: required ones first, each group as in the schema.
fn keys(cursor: &Cursor, mapping: NodeId, shape: &Shape, kind: DocumentKind) -> Vec<Draft> {
    let tree = &cursor.tree;
    let has = |name: &str| tree.pairs(mapping).any(|(key, _)| tree.text(key) == name);
    let field = |key, id: ShapeId| Field {
        parent: Some(shape),
        key,
        shape: self::shape(id),
        kind,
    };
    let mut missing: Vec<(Field<'_>, ShapeId)> = shape
        .properties
        .iter()
        .filter(|(key, _)| !has(key))
        .map(|(key, id)| (field(key, *id), *id))
        .filter(|(field, _)| !field.is_dead())
        .collect();
    missing.sort_by_key(|(field, _)| !field.is_required());
    missing
        .into_iter()
        .map(|(field, id)| {
            let (text, snippet) = key_text(cursor, field.key, id);
            Draft {
                label: field.key.to_owned(),
                text,
                kind: Some(CompletionItemKind::Property),
                detail: field.detail(),
                documentation: field.documentation(),
                snippet,
                filter: String::new(),
            }
        })
        .collect()
}

/// What is written for a key, and whether it has tab stops.
fn key_text(cursor: &Cursor, key: &str, id: ShapeId) -> (String, bool) {
    let written = plain_or_quoted(key, cursor.flow);
    if cursor.writing == Writing::Key {
        return (written, false);
    }
    if cursor.flow || !skeleton::is_block(shape(id)) {
        return (format!("{written}: "), false);
    }
    let mut stops = TabStops::new();
    let lines = skeleton::entry(&written, id, &mut stops);
    (indented(&lines, cursor.offset), true)
}

/// Lines after the first stand as deep as the first: editors indent them like the line, which may
/// begin with a dash.
fn indented(lines: &[String], offset: usize) -> String {
    let blanks = " ".repeat(offset);
    lines.join(&format!("\n{blanks}"))
}

/// Items of a list.
fn items(target: &Target, cursor: &Cursor, list: &Shape, dash: &str) -> Vec<Draft> {
    let Some(id) = list.items else {
        return Vec::new();
    };
    let mut drafts: Vec<Draft> = whole(id, cursor, dash).into_iter().collect();
    for mut draft in values(target, shape(id)) {
        draft.text.insert_str(0, dash);
        drafts.push(draft);
    }
    drafts
}

/// A whole item: a parameter, a credential, an option.
fn whole(id: ShapeId, cursor: &Cursor, dash: &str) -> Option<Draft> {
    let shape = shape(id);
    let lines = skeleton::lines(id, &mut TabStops::new());
    let lines = match dash {
        "" => lines,
        _ => skeleton::dashed(lines),
    };
    snippet(shape, cursor, &lines)
}

/// A whole entry of a mapping whose keys are names: a credential of a tool provider.
fn whole_entry(id: ShapeId, cursor: &Cursor) -> Option<Draft> {
    let mut stops = TabStops::new();
    let name = stops.next();
    snippet(shape(id), cursor, &skeleton::entry(&name, id, &mut stops))
}

fn snippet(shape: &Shape, cursor: &Cursor, lines: &[String]) -> Option<Draft> {
    if cursor.flow || shape.noun.is_empty() || shape.properties.is_empty() {
        return None;
    }
    Some(Draft {
        label: format!("new {}", shape.noun),
        text: indented(lines, cursor.offset),
        kind: Some(CompletionItemKind::Snippet),
        detail: "what one must have".to_owned(),
        documentation: shape.description.to_owned(),
        snippet: true,
        filter: shape
            .properties
            .first()
            .map_or_else(String::new, |(key, _)| (*key).to_owned()),
    })
}

/// The values of a shape.
fn values(target: &Target, shape: &Shape) -> Vec<Draft> {
    if let Some(what) = shape.path {
        return paths::completions(target, what);
    }
    let words = match shape.plain.words.is_empty() {
        false => shape.plain.words.clone(),
        true => shape
            .console
            .as_ref()
            .map_or(&[][..], ConsoleText::words)
            .to_vec(),
    };
    if words.is_empty() {
        let words = skeleton::words(shape).into_iter();
        return words
            .map(|word| Draft::literal(&word, CompletionItemKind::Keyword, String::new()))
            .collect();
    }
    let known = |word: &str| shape.values.iter().find(|it| it.value == word);
    words
        .iter()
        .map(|word| Draft {
            detail: known(word)
                .and_then(|value| value.since.as_ref())
                .map_or_else(String::new, since),
            documentation: known(word).map_or_else(String::new, |it| it.description.to_owned()),
            ..Draft::value(*word, CompletionItemKind::EnumMember)
        })
        .collect()
}
