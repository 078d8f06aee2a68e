//! The lines of source that a frame shows: long lines cut around their labels, and without
//! characters that a terminal would obey.

use super::text::{char_width, clean, commands, visible};
use crate::source::{Position, SourceFile, Span};
use codespan_reporting::files::{Error, Files, Location};
use std::collections::BTreeMap;
use std::ops::Range;

/// A label over more lines than this is drawn on its first line only.
const MAX_LINES: usize = 12;
/// Bytes kept before and after each end of a label on a line that is too long.
const LEAD: usize = 40;
const TAIL: usize = 56;

/// The places of one finding, by file.
#[derive(Default)]
pub(super) struct Excerpts(Vec<Excerpt>);

impl Excerpts {
    /// Takes note of a label: the file's number and the label's in it.
    pub(super) fn note(&mut self, path: String, source: &SourceFile, span: Span) -> (usize, usize) {
        let found = self.0.iter().position(|e| e.source.path() == source.path());
        let file = found.unwrap_or_else(|| {
            self.0.push(Excerpt::new(path, source.clone()));
            self.0.len() - 1
        });
        let label = self.0.get_mut(file).map_or(0, |e| e.note(span));
        (file, label)
    }

    /// Cuts the lines out, once all labels are known, at `columns` with `cut_mark`.
    pub(super) fn write(&mut self, columns: usize, cut_mark: &str) {
        for excerpt in &mut self.0 {
            excerpt.write(columns, cut_mark);
        }
    }

    /// Where a label stands in the excerpt of its file.
    pub(super) fn range_of(&self, file: usize, label: usize) -> Range<usize> {
        let label = self.0.get(file).and_then(|e| e.labels.get(label));
        label.map_or(0..0, |label| label.at.clone())
    }

    /// The highest line number shown, from 1.
    pub(super) fn last_line(&self) -> usize {
        self.0.iter().map(|e| e.last_line + 1).max().unwrap_or(1)
    }

    /// The lines of a file that can be shown: their numbers from 0, and where they stand in its
    /// excerpt.
    pub(super) fn lines(&self, file: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
        let excerpt = self.0.get(file).into_iter();
        excerpt.flat_map(|it| it.lines.iter().map(|(line, at)| (*line, at.clone())))
    }

    fn get(&self, file: usize) -> Result<&Excerpt, Error> {
        self.0.get(file).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.path)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, Error> {
        let lines = &self.get(id)?.lines;
        let found = lines.iter().find(|(_, at)| byte_index <= at.end);
        found.map(|(line, _)| *line).ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, Error> {
        let lines = &self.get(id)?.lines;
        lines.get(&line_index).cloned().ok_or(Error::LineTooLarge {
            given: line_index,
            max: lines.keys().last().copied().unwrap_or(0),
        })
    }

    fn location(&'a self, id: usize, byte_index: usize) -> Result<Location, Error> {
        let excerpt = self.get(id)?;
        let label = excerpt.labels.iter().find(|l| l.at.start == byte_index);
        let position = label.map_or(Position { line: 1, column: 1 }, |label| label.position);
        Ok(Location {
            line_number: position.line as usize,
            column_number: position.column as usize,
        })
    }
}

/// The lines of one file that are drawn.
struct Excerpt {
    path: String,
    source: SourceFile,
    labels: Vec<LabelAt>,
    text: String,
    /// Line number from 0, and where the line stands in `text`, without line end.
    lines: BTreeMap<usize, Range<usize>>,
    /// Number from 0 of the last line with a label.
    last_line: usize,
}

struct LabelAt {
    /// In the file.
    span: Span,
    position: Position,
    /// In the excerpt.
    at: Range<usize>,
}

impl Excerpt {
    fn new(path: String, source: SourceFile) -> Self {
        Self {
            path: clean(&path).into_owned(),
            source,
            labels: Vec::new(),
            text: String::new(),
            lines: BTreeMap::new(),
            last_line: 0,
        }
    }

    fn note(&mut self, span: Span) -> usize {
        let (index, text) = (self.source.lines(), self.source.text());
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = offset(text.floor_char_boundary(span.start as usize));
        let mut end = offset(text.ceil_char_boundary(span.end as usize)).max(start);
        let first = index.line_of(start);
        let mut last = index.line_of(end);
        // a range that ends with a line's end belongs to that line
        if last > first && index.span_of(last).is_some_and(|line| line.start == end) {
            last -= 1;
            end = self.end_of(last);
        }
        if last - first >= MAX_LINES {
            last = first;
            end = self.end_of(first);
        }
        self.last_line = self.last_line.max(last);
        // one line more: a frame closes a gap of one line by showing it
        for line in first..=last + 1 {
            if line < index.count() {
                self.lines.entry(line).or_insert(0..0);
            }
        }
        self.labels.push(LabelAt {
            span: Span::new(start, end.max(start)),
            position: index.position(text, start),
            at: 0..0,
        });
        self.labels.len() - 1
    }

    /// The offset behind the last character of a line, without its line end.
    fn end_of(&self, line: usize) -> u32 {
        let span = self.source.lines().span_of(line).unwrap_or_default();
        let text = self.source.slice(span);
        let ends = text.len() - text.trim_end_matches(['\r', '\n']).len();
        span.end - u32::try_from(ends).unwrap_or(0)
    }

    /// Fills `text`, and puts the labels in it.
    fn write(&mut self, columns: usize, cut_mark: &str) {
        let lines: Vec<usize> = self.lines.keys().copied().collect();
        for line in lines {
            let start = self.source.lines().span_of(line).unwrap_or_default().start;
            let span = Span::new(start, self.end_of(line));
            let source = self.source.clone();
            let begin = self.text.len();
            self.write_line(source.slice(span), span, columns, cut_mark);
            self.lines.insert(line, begin..self.text.len());
            self.text.push('\n');
        }
        for label in &mut self.labels {
            label.at.end = label.at.end.max(label.at.start);
        }
    }

    fn write_line(&mut self, line: &str, span: Span, columns: usize, cut_mark: &str) {
        let mut edges: Vec<usize> = Vec::new();
        for label in &self.labels {
            for offset in [label.span.start, label.span.end] {
                if span.touches(offset) {
                    edges.push((offset - span.start) as usize);
                }
            }
        }
        let windows = windows(line, &mut edges, columns);
        let mut end = 0;
        for window in windows {
            if window.start > end {
                self.text.push_str(cut_mark);
            }
            let first = window.start;
            let shown = line.get(window.clone()).unwrap_or("");
            let commands = commands(shown);
            for (at, character) in shown.char_indices() {
                self.place_labels(span.start as usize + first + at);
                match character {
                    _ if commands.contains(&at) => self.text.push(char::REPLACEMENT_CHARACTER),
                    '\u{feff}' => {}
                    '\t' => self.text.push('\t'),
                    _ => self.text.push(visible(character)),
                }
            }
            end = window.end;
            self.place_labels(span.start as usize + end);
        }
        if end < line.len() {
            self.text.push_str(cut_mark);
        }
    }

    /// Says for every label edge at this offset of the file where it is in the excerpt.
    fn place_labels(&mut self, offset: usize) {
        let here = self.text.len();
        for label in &mut self.labels {
            if label.span.start as usize == offset {
                label.at.start = here;
            }
            if label.span.end as usize == offset {
                label.at.end = here;
            }
        }
    }
}

/// The parts of a line that are shown: all of it, or what is around the edges of labels. The work
/// does not grow with the line, which may be a whole file of 16 MiB.
fn windows(line: &str, edges: &mut [usize], columns: usize) -> Vec<Range<usize>> {
    let upto = |end| Range { start: 0, end };
    let is_short =
        line.len() <= columns * 4 && line.chars().map(char_width).sum::<usize>() <= columns;
    if is_short {
        return vec![upto(line.len())];
    }
    if edges.is_empty() {
        return vec![upto(line.floor_char_boundary(columns))];
    }
    edges.sort_unstable();
    let mut windows: Vec<Range<usize>> = Vec::new();
    for edge in edges {
        let start = line.floor_char_boundary(edge.saturating_sub(LEAD));
        let end = line.ceil_char_boundary((*edge + TAIL).min(line.len()));
        match windows.last_mut() {
            Some(last) if last.end + 8 >= start => last.end = last.end.max(end),
            _ => windows.push(start..end),
        }
    }
    // nothing is won by cutting off a few letters
    if let Some(first) = windows.first_mut().filter(|first| first.start < 8) {
        first.start = 0;
    }
    windows
}
