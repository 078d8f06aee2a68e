//! Lines, indentation and line breaks of a document.

use crate::yaml::{Kind, NodeId, Tree};

/// Where the entries of a block collection begin.
pub(super) struct Layout {
    pub(super) indent: usize,
    newline: &'static str,
}

impl Layout {
    /// The layout of a block mapping or list; `None` if it is empty or a flow collection, or is
    /// indented with anything but spaces and dashes.
    pub(super) fn of(tree: &Tree, collection: NodeId) -> Option<Self> {
        let start = match tree.kind(collection) {
            Kind::Mapping { flow: false } => tree.span(tree.pairs(collection).next()?.0).start,
            Kind::Sequence { flow: false } => dash_of(tree, *tree.items(collection).first()?)?,
            _ => return None,
        };
        let source = tree.source();
        let before = source.get(line_start(source, start) as usize..start as usize)?;
        before
            .chars()
            .all(|c| matches!(c, ' ' | '-'))
            .then(|| Self {
                indent: column(source, start),
                newline: line_break(source),
            })
    }

    /// The top of a document.
    pub(super) fn top(tree: &Tree) -> Self {
        Self {
            indent: 0,
            newline: line_break(tree.source()),
        }
    }

    pub(super) const fn deeper(self, step: usize) -> Self {
        Self {
            indent: self.indent + step,
            ..self
        }
    }

    pub(super) const fn newline(&self) -> &'static str {
        self.newline
    }

    /// The lines of a text at this indentation, with this document's line breaks.
    pub(super) fn indented(&self, text: &str) -> String {
        text.lines().fold(String::new(), |mut out, line| {
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', self.indent));
            }
            out.push_str(line);
            out.push_str(self.newline);
            out
        })
    }
}

/// How many blanks deeper than its key a nested block begins: as beside it, else as elsewhere in
/// the document, else 2. `list` asks for lists, which may begin below their key.
pub(super) fn step(tree: &Tree, mapping: NodeId, list: bool) -> usize {
    let here = tree
        .pairs(mapping)
        .find_map(|(key, value)| step_of(tree, key, value, list));
    let anywhere = || {
        tree.nodes()
            .filter(|node| tree.is_mapping(*node))
            .flat_map(|node| tree.pairs(node))
            .find_map(|(key, value)| step_of(tree, key, value, list))
    };
    here.or_else(anywhere).unwrap_or(2)
}

fn step_of(tree: &Tree, key: NodeId, value: NodeId, list: bool) -> Option<usize> {
    let source = tree.source();
    let inner = match tree.kind(value) {
        Kind::Mapping { flow: false } if !list => tree.span(tree.pairs(value).next()?.0).start,
        Kind::Sequence { flow: false } if list => dash_of(tree, *tree.items(value).first()?)?,
        _ => return None,
    };
    let step = column(source, inner).checked_sub(column(source, tree.span(key).start))?;
    (step <= 8 && (list || step > 0)).then_some(step)
}

/// The `-` of an item of a block list.
pub(super) fn dash_of(tree: &Tree, item: NodeId) -> Option<u32> {
    let mut end = tree.span(item).start;
    if let Some(tag) = tree.tag(item) {
        end = end.min(tag.span.start);
    }
    if let Some(anchor) = tree.anchor(item) {
        end = end.min(anchor.start.checked_sub(1)?);
    }
    let mut before = tree.source().get(..end as usize)?;
    loop {
        let trimmed = before.trim_end();
        if trimmed.ends_with('-') {
            return u32::try_from(trimmed.len() - 1).ok();
        }
        // a comment may stand between the dash and its item
        let at = u32::try_from(trimmed.len()).ok()?;
        let comment = tree.comments().partition_point(|it| it.start < at);
        let comment = tree.comments().get(comment.checked_sub(1)?)?;
        if comment.end < at {
            return None;
        }
        before = before.get(..comment.start as usize)?;
    }
}

/// The line break that a text uses first; LF if it has none.
pub(super) fn line_break(source: &str) -> &'static str {
    match source.find(['\n', '\r']).map(|at| &source.as_bytes()[at..]) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}

/// The offset at which the line of an offset begins, a byte order mark left out.
pub(super) fn line_start(source: &str, offset: u32) -> u32 {
    let before = source.get(..offset as usize).unwrap_or(source);
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let mark = if start == 0 && source.starts_with('\u{feff}') {
        3
    } else {
        start
    };
    u32::try_from(mark).unwrap_or(0)
}

/// The offset at which the line of an offset ends, before its line break.
pub(super) fn line_end(source: &str, offset: u32) -> u32 {
    let rest = source.get(offset as usize..).unwrap_or("");
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    offset + u32::try_from(length).unwrap_or(0)
}

/// The offset at which the next line begins, `end` being the end of one; `None` at the end of the
/// text.
pub(super) fn next_line(source: &str, end: u32) -> Option<u32> {
    let rest = source.get(end as usize..)?;
    let length = match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return None,
    };
    Some(end + length)
}

/// True if only blanks stand before an offset on its line.
pub(super) fn is_first_on_line(source: &str, offset: u32) -> bool {
    let start = line_start(source, offset) as usize;
    source
        .get(start..offset as usize)
        .is_some_and(|before| before.trim().is_empty())
}

/// How many characters stand before an offset on its line.
pub(super) fn column(source: &str, offset: u32) -> usize {
    let start = line_start(source, offset) as usize;
    source
        .get(start..offset as usize)
        .map_or(0, |before| before.chars().count())
}
