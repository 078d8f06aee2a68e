//! What a fix would do, as lines that go and lines that come.

use super::PluginReport;
use super::text::{char_width, clean, width};
use crate::finding::{Edit, Fix, Span};
use crate::source::SourceFile;
use std::sync::Arc;

/// Lines shown of those that go, and of those that come.
const MAX_LINES: usize = 6;
/// A change over more text than this is not shown; its title says what it does.
const MAX_BYTES: u32 = 64 * 1024;
/// Columns kept before the first difference of a line that is too long.
const LEAD: usize = 24;

/// Lines that follow each other in one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Relative to the plugin root.
    pub file: Arc<str>,
    /// Number of the first line, from 1.
    pub line: usize,
    /// What goes.
    pub removed: Vec<String>,
    /// What comes.
    pub added: Vec<String>,
    /// Lines of both kinds that are not in the lists.
    pub hidden: usize,
}

/// The changes of a fix in order of place, their lines at most `columns` wide. None for texts that
/// are not at hand, and for changes that cannot be seen, of blanks at a line's end for example.
pub(super) fn changes(
    report: &PluginReport,
    fix: &Fix,
    columns: usize,
    cut_mark: &str,
) -> Vec<Change> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| (&edit.file, edit.span));
    let files = edits.chunk_by(|one, next| one.file == next.file);
    files
        .flat_map(|edits| {
            match edits
                .first()
                .and_then(|edit| report.sources.get(&edit.file))
            {
                Some(source) => hunks(source, edits)
                    .into_iter()
                    .filter_map(|hunk| hunk.change(source, columns, cut_mark))
                    .collect(),
                None => created(edits, columns, cut_mark)
                    .into_iter()
                    .collect::<Vec<_>>(),
            }
        })
        .collect()
}

/// A file that the fix makes.
fn created(edits: &[&Edit], columns: usize, cut_mark: &str) -> Option<Change> {
    let [edit] = edits else {
        return None;
    };
    if edit.span != Span::at(0) || edit.text.len() > MAX_BYTES as usize {
        return None;
    }
    let lines: Vec<&str> = edit.text.lines().collect();
    Change::of(edit.file.clone(), 0, &[], &lines, columns, cut_mark)
}

/// Edits that touch the same lines.
struct Hunk<'a> {
    /// Numbers of the first and the last line, from 0.
    lines: (usize, usize),
    edits: Vec<&'a Edit>,
}

fn hunks<'a>(source: &SourceFile, edits: &[&'a Edit]) -> Vec<Hunk<'a>> {
    let mut hunks: Vec<Hunk<'a>> = Vec::new();
    for edit in edits {
        let first = source.lines().line_of(edit.span.start);
        let last = source.lines().line_of(edit.span.end).max(first);
        match hunks.last_mut().filter(|hunk| hunk.lines.1 >= first) {
            Some(hunk) => {
                hunk.lines.1 = hunk.lines.1.max(last);
                hunk.edits.push(edit);
            }
            None => hunks.push(Hunk {
                lines: (first, last),
                edits: vec![edit],
            }),
        }
    }
    hunks
}

impl Hunk<'_> {
    fn change(&self, source: &SourceFile, columns: usize, cut_mark: &str) -> Option<Change> {
        let index = source.lines();
        let start = index.span_of(self.lines.0)?.start;
        let window = Span::new(start, index.span_of(self.lines.1)?.end);
        if window.len() > MAX_BYTES {
            return None;
        }
        let before = source.text().get(window.range())?;
        let mut after = String::new();
        let mut at = window.start;
        for edit in &self.edits {
            after.push_str(source.text().get(Span::new(at, edit.span.start).range())?);
            after.push_str(&edit.text);
            at = edit.span.end;
        }
        after.push_str(source.text().get(Span::new(at, window.end).range())?);
        let old: Vec<&str> = before.lines().collect();
        let new: Vec<&str> = after.lines().collect();
        let path = source.path().clone();
        Change::of(path, self.lines.0, &old, &new, columns, cut_mark)
    }
}

impl Change {
    /// `line` counts from 0.
    fn of(
        file: Arc<str>,
        line: usize,
        old: &[&str],
        new: &[&str],
        columns: usize,
        cut_mark: &str,
    ) -> Option<Self> {
        let same = |(one, other): &(&&str, &&str)| one == other;
        let head = old.iter().zip(new).take_while(same).count();
        let (old, new) = (old.get(head..)?, new.get(head..)?);
        let tail = old.iter().rev().zip(new.iter().rev());
        let tail = tail.take_while(same).count();
        let old = old.get(..old.len() - tail)?;
        let new = new.get(..new.len() - tail)?;
        let show = |lines: &[&str], others: &[&str]| -> Vec<String> {
            lines
                .iter()
                .take(MAX_LINES)
                .enumerate()
                .map(|(at, line)| cut(line, others.get(at).copied(), columns, cut_mark))
                .collect()
        };
        let (removed, added) = (show(old, new), show(new, old));
        let hidden = old.len() + new.len() - removed.len() - added.len();
        (removed != added).then_some(Self {
            file,
            line: line + head + 1,
            removed,
            added,
            hidden,
        })
    }
}

/// A line that fits: what it differs in from its other form is kept in sight.
fn cut(line: &str, other: Option<&str>, columns: usize, mark: &str) -> String {
    let line = clean(line);
    let line = line.trim_end();
    if width(line) <= columns {
        return line.to_owned();
    }
    let other = other.map(clean).unwrap_or_default();
    let pairs = line.chars().zip(other.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    let skip = same.saturating_sub(LEAD);
    let mut shown = String::new();
    if skip > 0 {
        shown.push_str(mark);
    }
    let room = columns.saturating_sub(width(mark));
    let mut used = width(&shown);
    for character in line.chars().skip(skip) {
        used += char_width(character);
        if used > room {
            shown.push_str(mark);
            break;
        }
        shown.push(character);
    }
    shown
}
