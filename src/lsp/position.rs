//! Byte offsets inside, lines and columns of the client's encoding outside: this is the border.

use crate::finding::Span;
use crate::source::{LineIndex, SourceFile};
use lsp_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, as every client can.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The first of ours among those of the client; it names them in the order in which it likes
    /// them, but all of them cost it the same and bytes cost us nothing.
    pub fn negotiate(offered: &[String]) -> Self {
        let offers = |name: &str| offered.iter().any(|it| it == name);
        if offers("utf-8") {
            Self::Utf8
        } else if !offers("utf-16") && offers("utf-32") {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// The protocol's word.
    pub const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with its lines and the client's encoding.
#[derive(Clone, Copy)]
pub struct Lines<'t> {
    text: &'t str,
    index: &'t LineIndex,
    encoding: Encoding,
    /// A byte order mark that an editor does not show, at the start of the first line.
    mark: usize,
}

impl<'t> Lines<'t> {
    /// Of a text as the client has it.
    pub const fn new(text: &'t str, index: &'t LineIndex, encoding: Encoding) -> Self {
        Self {
            text,
            index,
            encoding,
            mark: 0,
        }
    }

    /// Of a file, which the client may have open or not: of a file that it opens itself it would
    /// take the byte order mark away.
    pub fn of(file: &'t SourceFile, open: bool, encoding: Encoding) -> Self {
        let mark = !open && file.text().starts_with('\u{feff}');
        Self {
            mark: if mark { '\u{feff}'.len_utf8() } else { 0 },
            ..Self::new(file.text(), file.lines(), encoding)
        }
    }

    /// Where a byte stands; offsets past the end and inside a character move to the next place
    /// before.
    pub fn position(&self, offset: u32) -> Position {
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.index.line_of(u32::try_from(end).unwrap_or(u32::MAX));
        let start = self
            .index
            .span_of(line)
            .map_or(0, |span| span.start as usize);
        let start = start.max(if line == 0 { self.mark } else { 0 });
        let before = self.text.get(start..end).unwrap_or("");
        let column = match self.encoding {
            Encoding::Utf8 => before.len(),
            encoding => before.chars().map(|c| encoding.width(c)).sum(),
        };
        Position {
            line: number(line),
            character: number(column),
        }
    }

    /// The range of a span.
    pub fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start),
            end: self.position(span.end),
        }
    }

    /// The byte at a position. As the protocol says, a column past the end of its line is the end
    /// of the line; a line past the last is the end of the text.
    pub fn offset(&self, position: Position) -> u32 {
        let Some(line) = self.index.span_of(position.line as usize) else {
            return number(self.text.len());
        };
        let mark = if position.line == 0 { self.mark } else { 0 };
        let start = line.start as usize + mark;
        let whole = self.text.get(start..line.end as usize).unwrap_or("");
        let shown = whole.trim_end_matches(['\n', '\r']);
        let (mut column, mut offset) = (0, start);
        for c in shown.chars() {
            column += self.encoding.width(c);
            if column > position.character as usize {
                break;
            }
            offset += c.len_utf8();
        }
        number(offset)
    }

    /// The span of a range; an end before the start makes it empty.
    pub fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: 1\r\n名称: 🚀 x\n\nlast";

    fn lines(index: &LineIndex, encoding: Encoding) -> Lines<'_> {
        Lines::new(TEXT, index, encoding)
    }

    #[test]
    fn columns_in_every_encoding() {
        let index = LineIndex::new(TEXT);
        let x = u32::try_from(TEXT.find('x').unwrap()).unwrap();
        for (encoding, column) in [
            (Encoding::Utf8, 13),
            (Encoding::Utf16, 7),
            (Encoding::Utf32, 6),
        ] {
            let lines = lines(&index, encoding);
            let position = lines.position(x);
            assert_eq!(
                (position.line, position.character),
                (1, column),
                "{encoding:?}"
            );
            assert_eq!(lines.offset(position), x, "{encoding:?}");
        }
    }

    #[test]
    fn every_boundary_survives_the_way_there_and_back() {
        let index = LineIndex::new(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = lines(&index, encoding);
            for (at, c) in TEXT
                .char_indices()
                .filter(|(_, c)| !matches!(c, '\r' | '\n'))
            {
                let offset = u32::try_from(at).unwrap();
                assert_eq!(
                    lines.offset(lines.position(offset)),
                    offset,
                    "{c} {encoding:?}"
                );
            }
        }
    }

    #[test]
    fn wild_positions_are_clamped() {
        let index = LineIndex::new(TEXT);
        let lines = lines(&index, Encoding::Utf16);
        let at = |line, character| lines.offset(Position { line, character });
        assert_eq!(at(0, 99), 4, "before the line break");
        assert_eq!(at(99, 0) as usize, TEXT.len());
        assert_eq!(at(u32::MAX, u32::MAX) as usize, TEXT.len());
        // inside the surrogate pair of the rocket: before it
        assert_eq!(at(1, 5) as usize, TEXT.find('🚀').unwrap());
        assert_eq!(lines.position(u32::MAX), lines.position(number(TEXT.len())));
    }

    #[test]
    fn a_byte_order_mark_counts_only_where_the_client_has_it() {
        let file = SourceFile::new("x", "\u{feff}name: x".as_bytes().to_vec());
        let column = |open| {
            Lines::of(&file, open, Encoding::Utf16)
                .position(3)
                .character
        };
        assert_eq!((column(false), column(true)), (0, 1));
        let start = Position {
            line: 0,
            character: 0,
        };
        assert_eq!(Lines::of(&file, false, Encoding::Utf16).offset(start), 3);
    }

    #[test]
    fn negotiation() {
        let of = |offered: &[&str]| {
            let offered: Vec<String> = offered.iter().map(|it| (*it).to_owned()).collect();
            Encoding::negotiate(&offered)
        };
        assert_eq!(of(&[]), Encoding::Utf16);
        assert_eq!(of(&["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(of(&["utf-32"]), Encoding::Utf32);
        assert_eq!(of(&["utf-32", "utf-16"]), Encoding::Utf16);
    }
}
