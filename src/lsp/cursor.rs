//! Where in a document somebody is writing, also while the text is not yet YAML.
//!
//! The word under the cursor is replaced by a placeholder that is sound in its place, the text is
//! parsed, and the placeholder is looked up in the tree: what stands around it is what stands
//! around the cursor.

use crate::finding::Span;
use crate::format::{DocumentKind, ShapeId, shapes};
use crate::yaml::{NodeId, Tree};

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// A key, or an item of a list of texts: it depends on what the schema has there.
    Word,
    /// A key that has its colon already.
    Key,
    /// The value of a key, or an item of a flow list.
    Value,
    /// An item of a list whose dash is still missing.
    Item,
}

/// The place of the cursor.
#[derive(Debug)]
pub struct Cursor {
    /// What is being written.
    pub writing: Writing,
    /// The text that a completion replaces.
    pub span: Span,
    /// The columns by which it stands deeper than the first character of its line.
    pub offset: usize,
    /// A blank must be written before it: `type:|`.
    pub blank: bool,
    /// It stands in `[ ]` or `{ }`.
    pub flow: bool,
    /// The document with a placeholder in place of the text.
    pub tree: Tree,
    /// The placeholder.
    pub node: NodeId,
}

/// A word that no document contains.
const PLACEHOLDER: &str = "difylintCursorHere";

/// The place of an offset in a text; `None` in comments, in block texts and where the text around
/// makes no sense.
pub fn at(text: &str, offset: u32) -> Option<Cursor> {
    let offset = offset as usize;
    let before = text.get(..offset)?;
    let begin = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let begin = if text.get(begin..)?.starts_with('\u{feff}') {
        begin + 3
    } else {
        begin
    };
    let rest = text.get(begin..)?;
    let line = rest.split(['\n', '\r']).next().unwrap_or(rest);
    let cursor = offset.checked_sub(begin)?;
    let scan = Scan::of(line);
    if scan.comment.is_some_and(|comment| cursor >= comment) {
        return None;
    }
    let content = line.get(..scan.comment.unwrap_or(line.len()))?;
    let token = token(content, &scan, cursor)?;
    let place = |writing: Writing, filler: &str| {
        let (start, end) = (begin + token.start, begin + token.end);
        let patched = format!("{}{filler}{}", text.get(..start)?, text.get(end..)?);
        let tree = Tree::parse(&patched);
        let node = tree
            .nodes()
            .find(|node| tree.is_scalar(*node) && tree.text(*node) == PLACEHOLDER)?;
        tree.parent(node).or(tree.root())?;
        let column = line.get(..token.start)?.chars().count();
        let indent = line.len() - line.trim_start_matches(' ').len();
        Some(Cursor {
            writing,
            span: Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?),
            offset: column.saturating_sub(indent.min(column)),
            blank: token.blank,
            flow: token.flow,
            tree,
            node,
        })
    };
    match token.writing {
        Writing::Word => place(Writing::Word, &format!("{PLACEHOLDER}: "))
            .or_else(|| place(Writing::Item, &format!("- {PLACEHOLDER}: ")))
            .filter(|it| it.writing == Writing::Word || it.tree.parent(it.node).is_some()),
        writing if token.blank => place(writing, &format!(" {PLACEHOLDER}")),
        writing => place(writing, PLACEHOLDER),
    }
}

impl Cursor {
    /// The mapping or list that the placeholder stands in.
    pub fn parent(&self) -> Option<NodeId> {
        self.tree.parent(self.node)
    }

    /// The shape of a node of the patched document.
    pub fn shape_of(&self, node: NodeId, kind: DocumentKind) -> Option<ShapeId> {
        shape_of(&self.tree, node, kind, 0)
    }
}

/// The shape that the schema of a kind has for a node of a document.
pub fn shape_of(tree: &Tree, node: NodeId, kind: DocumentKind, depth: usize) -> Option<ShapeId> {
    // as deep as the schemas are
    if depth > 64 {
        return None;
    }
    let Some(parent) = tree.parent(node) else {
        return Some(shapes().root(kind));
    };
    let shape = shapes().get(shape_of(tree, parent, kind, depth + 1)?);
    if tree.is_sequence(parent) {
        return shape.items;
    }
    let key = tree.key_of(node).unwrap_or(node);
    shape.property(tree.text(key)).or(shape.additional)
}

/// What a line consists of.
#[derive(Default)]
struct Scan {
    /// Where its comment begins.
    comment: Option<usize>,
    /// Its first `:` that ends a key, outside quotes and brackets.
    colon: Option<usize>,
    /// Quotes, brackets and commas of flow collections outside quotes.
    marks: Vec<(usize, char)>,
}

impl Scan {
    fn of(line: &str) -> Self {
        let mut scan = Self::default();
        let (mut quote, mut depth, mut previous) = (None, 0_usize, ' ');
        let mut characters = line.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map_or(' ', |(_, c)| *c);
            match (quote, c) {
                (Some('"'), '\\') => {
                    characters.next();
                }
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                // a quote inside a plain word is a letter: `it's`
                (None, '"' | '\'') if matches!(previous, ' ' | '[' | '{' | ',' | ':' | '-') => {
                    quote = Some(c);
                }
                (None, '#') if previous == ' ' => {
                    scan.comment = Some(at);
                    return scan;
                }
                (None, ':') if matches!(next, ' ' | '\t') || next == ',' && depth > 0 => {
                    if depth == 0 && scan.colon.is_none() {
                        scan.colon = Some(at);
                    }
                    scan.marks.push((at, ':'));
                }
                (None, '[' | '{') if depth > 0 || matches!(previous, ' ' | '[' | '{' | ',') => {
                    depth += 1;
                    scan.marks.push((at, c));
                }
                (None, ']' | '}') if depth > 0 => {
                    depth -= 1;
                    scan.marks.push((at, c));
                }
                (None, ',') if depth > 0 => scan.marks.push((at, ',')),
                _ => {}
            }
            previous = if c == '\t' { ' ' } else { c };
        }
        scan
    }

    /// True if a bracket is open at the place.
    fn is_flow(&self, cursor: usize) -> bool {
        let mut depth = 0_i32;
        for (_, mark) in self.marks.iter().filter(|(at, _)| *at < cursor) {
            depth += match mark {
                '[' | '{' => 1,
                ']' | '}' => -1,
                _ => 0,
            };
        }
        depth > 0
    }
}

struct Token {
    writing: Writing,
    start: usize,
    end: usize,
    blank: bool,
    flow: bool,
}

/// The word that the cursor is in or at, as a range of the line.
fn token(content: &str, scan: &Scan, cursor: usize) -> Option<Token> {
    let word = |writing, start: usize, end: usize| Token {
        writing,
        start,
        end,
        blank: false,
        flow: false,
    };
    let trimmed = content.trim_end().len();
    if trimmed == 0 {
        return Some(word(Writing::Word, cursor, cursor.max(content.len())));
    }
    if scan.is_flow(cursor) {
        return Some(flow_token(content, scan, cursor));
    }
    let start = after_dashes(content);
    if cursor < start {
        return None;
    }
    match scan.colon.filter(|colon| *colon >= start) {
        Some(colon) if cursor <= colon => Some(word(Writing::Key, start, colon)),
        Some(colon) => {
            let value = content.get(colon + 1..)?;
            let from = colon + 1 + (value.len() - value.trim_start().len());
            let from = from.min(cursor);
            let written = content.get(from..)?.trim_start();
            if written.starts_with(['|', '>', '&', '*', '!']) {
                return None;
            }
            Some(Token {
                blank: cursor == colon + 1,
                ..word(Writing::Value, from, trimmed.max(cursor))
            })
        }
        None => Some(word(Writing::Word, start.min(cursor), trimmed.max(cursor))),
    }
}

/// Where the text of a line begins behind its dashes.
fn after_dashes(content: &str) -> usize {
    let mut start = content.len() - content.trim_start().len();
    while let Some(rest) = content.get(start..).and_then(|rest| rest.strip_prefix('-')) {
        if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
            break;
        }
        start = content.len() - rest.trim_start().len();
        if rest.trim_start().is_empty() {
            // behind the only blank after the dash
            start = content.len() - rest.len() + rest.len().min(1);
            break;
        }
    }
    start
}

fn flow_token(content: &str, scan: &Scan, cursor: usize) -> Token {
    let before = scan.marks.iter().rev().find(|(at, _)| *at < cursor);
    let after = scan.marks.iter().find(|(at, _)| *at >= cursor);
    let from = before.map_or(0, |(at, _)| at + 1);
    let to = after.map_or(content.len(), |(at, _)| *at);
    let inside = content.get(from..to).unwrap_or("");
    let start = from + (inside.len() - inside.trim_start().len());
    Token {
        writing: if after.is_some_and(|(_, mark)| *mark == ':') {
            Writing::Key
        } else {
            Writing::Value
        },
        start: start.min(cursor),
        end: (from + inside.trim_end().len()).max(cursor),
        blank: before.is_some_and(|(at, mark)| *mark == ':' && at + 1 == cursor),
        flow: true,
    }
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;
