//! Lines, indentation and line breaks of a document.

use crate::yaml::{Kind, NodeId, Tree};

/// Where the entries of a block collection begin.
pub(super) struct Layout {
    indent: usize,
    newline: &'static str,
}

impl Layout {
    /// The layout of a block mapping or list; `None` if it is empty or a flow collection.
    pub(super) fn of(tree: &Tree, collection: NodeId) -> Option<Self> {
        let source = tree.source();
        let newline = line_break(source);
        let indent = match tree.kind(collection) {
            Kind::Mapping { flow: false } => {
                column(source, tree.span(tree.pairs(collection).next()?.0).start)
            }
            Kind::Sequence { flow: false } => {
                let first = tree.span(*tree.items(collection).first()?).start;
                let line = source.get(line_start(source, first) as usize..first as usize)?;
                let dash = line.rfind('-')?;
                column(
                    source,
                    line_start(source, first) + u32::try_from(dash).ok()?,
                )
            }
            _ => return None,
        };
        Some(Self { indent, newline })
    }

    /// How many blanks deeper this document writes nested mappings; 2 if it has none.
    pub(super) fn step(tree: &Tree) -> usize {
        let source = tree.source();
        tree.nodes()
            .filter(|node| tree.is_mapping(*node))
            .find_map(|node| {
                let key = tree.key_of(node)?;
                let inner = tree.pairs(node).next()?.0;
                let step = column(source, tree.span(inner).start)
                    .checked_sub(column(source, tree.span(key).start))?;
                (1..=8).contains(&step).then_some(step)
            })
            .unwrap_or(2)
    }

    pub(super) fn deeper(self, step: usize) -> Self {
        Self {
            indent: self.indent + step,
            ..self
        }
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

/// True if only blanks stand before an offset on its line.
pub(super) fn is_first_on_line(source: &str, offset: u32) -> bool {
    let start = line_start(source, offset) as usize;
    source
        .get(start..offset as usize)
        .is_some_and(|before| before.trim().is_empty())
}

fn column(source: &str, offset: u32) -> usize {
    let start = line_start(source, offset) as usize;
    source
        .get(start..offset as usize)
        .map_or(0, |before| before.chars().count())
}
