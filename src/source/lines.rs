use super::Span;

/// A line and a column as people count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Counts from 1.
    pub line: u32,
    /// Counts from 1, in Unicode code points; a byte order mark does not count.
    pub column: u32,
}

/// Where the lines of a text begin. A line ends with LF, CR LF or a lone CR.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    end: u32,
}

impl LineIndex {
    /// Reads the line ends of a text.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // most lines are longer than this
        let mut starts = Vec::with_capacity(bytes.len() / 24 + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(offset(at + 1));
            }
        }
        Self {
            starts,
            end: offset(bytes.len()),
        }
    }

    /// The [`LineIndex::position`] without an index; `None` where a CR may end a line.
    pub(super) fn count_to(text: &str, offset: u32) -> Option<Position> {
        let before = text.as_bytes().get(..offset as usize)?;
        if memchr::memchr(b'\r', before).is_some() {
            return None;
        }
        let line = memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Some(position(line, before.get(start..)?))
    }

    /// The number of lines; a text that ends with a line end has an empty last line.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, counted from 0, that holds a byte offset.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The bytes of a line counted from 0, with its line end; `None` past the last.
    pub fn span_of(&self, line: usize) -> Option<Span> {
        let start = *self.starts.get(line)?;
        Some(Span::new(
            start,
            self.starts.get(line + 1).copied().unwrap_or(self.end),
        ))
    }

    /// Line and column of a byte offset of the text this index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(self.end);
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text
            .as_bytes()
            .get(start as usize..offset as usize)
            .unwrap_or_default();
        position(line, before)
    }
}

/// Behind these bytes of a line, counted from 0.
fn position(line: usize, before: &[u8]) -> Position {
    let mark = usize::from(line == 0 && before.starts_with(b"\xef\xbb\xbf"));
    // every byte but a continuation byte begins a code point
    let points = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count() - mark;
    Position {
        line: number(line + 1),
        column: number(points + 1),
    }
}

fn offset(at: usize) -> u32 {
    number(at)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, needle: &str) -> (u32, u32) {
        let offset = u32::try_from(text.find(needle).unwrap()).unwrap();
        let position = LineIndex::new(text).position(text, offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_code_points() {
        assert_eq!(at("名称: 搜索工具 # x", "# x"), (1, 10));
        assert_eq!(at("a\r\n标签: 🚀x", "x"), (2, 6));
        assert_eq!(at("a\rb\nc", "c"), (3, 1));
        assert_eq!(at("\u{feff}name: x", "name"), (1, 1));
    }

    #[test]
    fn counting_tells_the_same() {
        let text = "\u{feff}名: 1\n\n  a: 🚀 # x\nlast";
        let index = LineIndex::new(text);
        for offset in 0..=u32::try_from(text.len()).unwrap() {
            let counted = LineIndex::count_to(text, offset);
            assert_eq!(counted, Some(index.position(text, offset)), "{offset}");
        }
        assert_eq!(LineIndex::count_to("a\rb", 3), None);
        assert_eq!(LineIndex::count_to("a", 9), None);
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let text = "a\nb";
        assert_eq!(
            LineIndex::new(text).position(text, 99),
            Position { line: 2, column: 2 }
        );
    }
}
