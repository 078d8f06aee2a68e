//! Texts in quotes.

use super::plain::Breaks;
use super::scanner::{Scanner, TokenKind, span};
use super::{Problem, Style};
use crate::finding::Span;

impl Scanner<'_> {
    pub(super) fn quoted_scalar(&mut self, style: Style) {
        self.save_key();
        self.key_allowed = false;
        let start = self.at;
        let first_line = (self.line, self.line_start);
        self.at += 1;
        match self.quoted_text(start, style) {
            Ok((content, text)) => {
                self.at += 1;
                let kind = TokenKind::Scalar {
                    style,
                    content,
                    text: text.map(String::into_boxed_str),
                };
                self.push(kind, start);
            }
            Err(problem) => {
                let end = self.line_end(start);
                let context = (!matches!(problem, Problem::UnclosedQuote(_))).then(|| {
                    let here = self.char_span(start);
                    (here, "the quotes begin here")
                });
                let place = match context {
                    Some(_) => span(self.at, self.at + 3),
                    None => span(start, end),
                };
                self.refuse_in(true, true, problem, place, context);
                self.at = end;
                (self.line, self.line_start) = first_line;
                self.resume_line(start, end, style);
            }
        }
    }

    /// After quotes that never end: the rest of the line is the text, and what is indented deeper
    /// than the surrounding mapping belongs to it.
    fn resume_line(&mut self, start: usize, end: usize, style: Style) {
        let kind = TokenKind::Scalar {
            style,
            content: span(start + 1, end),
            text: None,
        };
        self.push(kind, start);
        if self.flow > 0 {
            return;
        }
        loop {
            let length = self.break_at(self.at);
            if length == 0 {
                return;
            }
            let next = self.at + length;
            let spaces = self.bytes[next..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
            let deeper = isize::try_from(spaces).unwrap_or(isize::MAX) > self.indent;
            if next + spaces < self.bytes.len()
                && self.break_at(next + spaces) == 0
                && !(deeper && self.indent >= 0)
            {
                return;
            }
            self.new_line(length);
            self.key_allowed = true;
            self.at = self.line_end(self.at);
        }
    }

    /// The inside of the quotes: where it is, and the text if it is not just that.
    fn quoted_text(
        &mut self,
        start: usize,
        style: Style,
    ) -> Result<(Span, Option<String>), Problem> {
        let quote = self.bytes[start];
        let mut text: Option<String> = None;
        // the source from here on is not in `text` yet
        let mut pending = start + 1;
        loop {
            if self.marker_here() {
                return Err(Problem::MarkerInQuotes);
            }
            let Some(byte) = self.byte(self.at) else {
                return Err(Problem::UnclosedQuote(char::from(quote)));
            };
            if byte == quote {
                if quote == b'\'' && self.byte(self.at + 1) == Some(b'\'') {
                    self.at += 1;
                    self.flush(&mut text, pending, self.at);
                    self.at += 1;
                    pending = self.at;
                    continue;
                }
                let content = span(start + 1, self.at);
                if text.is_some() {
                    self.flush(&mut text, pending, self.at);
                }
                return Ok((content, text));
            }
            if byte == b'\\' && style == Style::Double {
                self.flush(&mut text, pending, self.at);
                self.at += 1;
                match self.break_at(self.at) {
                    0 => self.escape(text.get_or_insert_default(), start),
                    length => {
                        self.new_line(length);
                        let breaks = self.quoted_space();
                        breaks.add_to(text.get_or_insert_default());
                    }
                }
                pending = self.at;
            } else if self.break_at(self.at) > 0 {
                let end = super::scanner::trim_end(self.bytes, pending, self.at);
                self.flush(&mut text, pending, end);
                let breaks = self.quoted_space();
                breaks.fold_into(text.get_or_insert_default());
                pending = self.at;
            } else {
                self.at += 1;
            }
        }
    }

    fn flush(&self, text: &mut Option<String>, from: usize, to: usize) {
        let piece = self.text.get(from..to).unwrap_or("");
        text.get_or_insert_default().push_str(piece);
    }

    /// Steps over line breaks and the blanks that begin lines.
    fn quoted_space(&mut self) -> Breaks {
        let mut breaks = Breaks::default();
        while !self.marker_here() {
            match (self.byte(self.at), self.break_at(self.at)) {
                (Some(b' ' | b'\t'), _) => self.at += 1,
                (_, 0) => break,
                (_, length) => {
                    breaks.push(self.break_char());
                    self.new_line(length);
                }
            }
        }
        breaks
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut String, start: usize) {
        let backslash = self.at - 1;
        let Some(byte) = self.byte(self.at) else {
            return;
        };
        let plain = match byte {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' => ' ',
            b'"' => '"',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'/' | b'\'' => {
                // `\/` is for PyYAML, `\'` is for yaml.v3
                let problem = Problem::UnknownEscape(char::from(byte));
                let place = span(backslash, self.at + 1);
                self.refuse(byte == b'/', byte == b'\'', problem, place);
                char::from(byte)
            }
            b'x' => return self.escape_code(text, backslash, 2),
            b'u' => return self.escape_code(text, backslash, 4),
            b'U' => return self.escape_code(text, backslash, 8),
            _ => {
                let c = self.char_at(self.at);
                let context = Some((self.char_span(start), "the quotes begin here"));
                let place = span(backslash, self.at + c.len_utf8());
                self.refuse_in(true, true, Problem::UnknownEscape(c), place, context);
                text.push('\\');
                return;
            }
        };
        text.push(plain);
        self.at += 1;
    }

    fn escape_code(&mut self, text: &mut String, backslash: usize, digits: usize) {
        let letter = char::from(self.bytes[self.at]);
        let Some(code) = self.hexadecimal(self.at + 1, digits) else {
            let place = span(backslash, self.at + 1);
            self.refuse(true, true, Problem::ShortEscape(letter), place);
            text.push('\\');
            return;
        };
        self.at += 1 + digits;
        let place = span(backslash, self.at);
        if let Some(c) = char::from_u32(code) {
            text.push(c);
            return;
        }
        // Python keeps halves of surrogate pairs, Go refuses them
        let surrogate = (0xd800..0xe000).contains(&code);
        self.refuse(true, !surrogate, Problem::EscapeWithoutCharacter, place);
        let low = (code < 0xdc00 && self.bytes.get(self.at..self.at + 2) == Some(b"\\u"))
            .then(|| self.hexadecimal(self.at + 2, 4))
            .flatten()
            .filter(|low| (0xdc00..0xe000).contains(low));
        if let (true, Some(low)) = (surrogate, low) {
            self.at += 6;
            let code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        } else {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn hexadecimal(&self, from: usize, digits: usize) -> Option<u32> {
        let digits = self.bytes.get(from..from + digits)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}
