//! Anchors, aliases, tags and `%` lines.

use super::Problem;
use super::scanner::{Scanner, TokenKind, span};

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_uri(byte: u8) -> bool {
    is_name(byte) || b";/?:@&=+$,.!~*'()[]%".contains(&byte)
}

impl Scanner<'_> {
    fn name_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| is_name(**byte)).count()
    }

    pub(super) fn anchor(&mut self) {
        self.save_key();
        self.key_allowed = false;
        let start = self.at;
        let end = self.name_end(start + 1);
        let ended = self.blank_at(end)
            || matches!(
                self.byte(end),
                Some(b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`')
            );
        let sign = self.bytes[start];
        if end == start + 1 || !ended {
            let problem = Problem::BadAnchorName(char::from(sign));
            let place = span(start, self.word_end(start));
            self.refuse(true, true, problem, place);
            self.rest_of_line();
            return;
        }
        self.at = end;
        let kind = if sign == b'*' {
            TokenKind::Alias
        } else {
            TokenKind::Anchor
        };
        self.push(kind, start);
    }

    fn word_end(&self, from: usize) -> usize {
        let mut at = from;
        while !self.blank_at(at) {
            at += 1;
        }
        at
    }

    pub(super) fn tag(&mut self) {
        self.save_key();
        self.key_allowed = false;
        let start = self.at;
        let (handle, suffix) = match self.tag_parts(start) {
            Some(parts) if self.blank_at(self.at) => parts,
            _ => {
                let end = self.word_end(start);
                self.refuse(true, true, Problem::BadTag, span(start, end));
                self.at = start;
                self.rest_of_line();
                return;
            }
        };
        // PyYAML takes any `!` further on in the word for the end of a handle
        let text = &self.bytes[start..self.at];
        if handle == "!" && !suffix.is_empty() && text[1..].contains(&b'!') {
            self.refuse(false, true, Problem::BadTag, span(start, self.at));
        }
        let kind = TokenKind::Tag(Box::new((handle, suffix)));
        self.push(kind, start);
    }

    /// Reads a tag: its handle and suffix, or nothing if it is none.
    fn tag_parts(&mut self, start: usize) -> Option<(String, String)> {
        if self.byte(start + 1) == Some(b'<') {
            self.at = start + 2;
            let suffix = self.uri()?;
            if suffix.is_empty() || self.byte(self.at) != Some(b'>') {
                return None;
            }
            self.at += 1;
            return Some((String::new(), suffix));
        }
        let end = self.name_end(start + 1);
        if self.byte(end) == Some(b'!') {
            self.at = end + 1;
            let handle = self.text.get(start..self.at)?.to_owned();
            let suffix = self.uri()?;
            return (!suffix.is_empty()).then_some((handle, suffix));
        }
        self.at = start + 1;
        let suffix = self.uri()?;
        Some(if suffix.is_empty() {
            (String::new(), "!".to_owned())
        } else {
            ("!".to_owned(), suffix)
        })
    }

    /// Reads the characters of a URI, `%` escapes decoded.
    fn uri(&mut self) -> Option<String> {
        let mut octets = Vec::new();
        while let Some(byte) = self.byte(self.at).filter(|byte| is_uri(*byte)) {
            if byte == b'%' {
                let digits = self.text.get(self.at + 1..self.at + 3)?;
                if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    return None;
                }
                octets.push(u8::from_str_radix(digits, 16).ok()?);
                self.at += 3;
            } else {
                octets.push(byte);
                self.at += 1;
            }
        }
        String::from_utf8(octets).ok()
    }

    /// Reads a `%` line.
    pub(super) fn directive(&mut self) {
        let start = self.at;
        let name_end = self.name_end(start + 1);
        let line_end = self.line_end(start);
        let line = span(start, line_end);
        let name = self.text.get(start + 1..name_end).unwrap_or("");
        if name.is_empty() || !self.blank_at(name_end) {
            self.refuse(true, true, Problem::BadDirective, line);
        } else if name == "YAML" || name == "TAG" {
            self.at = name_end;
            let kind = if name == "YAML" {
                self.version(line_end)
            } else {
                self.tag_handle()
            };
            match kind.filter(|_| self.directive_ends(line_end)) {
                Some(kind) => self.push(kind, start),
                None => self.refuse(true, true, Problem::BadDirective, line),
            }
            if memchr::memchr(b'\t', &self.bytes[start..self.at.max(start)]).is_some() {
                self.refuse(false, true, Problem::TabBetweenTokens, line);
            }
        } else {
            self.refuse(true, false, Problem::UnknownDirective, line);
            if self.byte(name_end) == Some(b'\t') {
                self.refuse(false, true, Problem::TabBetweenTokens, line);
            }
            // PyYAML skips the line, but then wants a `---`, as after any other
            self.push(
                TokenKind::TagHandle(Box::new((String::new(), String::new()))),
                start,
            );
        }
        self.at = line_end;
        // the line break belongs to the line: no key may begin on the next one
        match self.break_at(line_end) {
            0 => {}
            length => self.new_line(length),
        }
    }

    fn skip_blanks(&mut self) -> usize {
        let start = self.at;
        while matches!(self.byte(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at - start
    }

    fn version(&mut self, line_end: usize) -> Option<TokenKind> {
        self.skip_blanks();
        let start = self.at;
        let digits = |at: usize| {
            self.bytes[at..line_end]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let major = digits(start);
        let minor_at = start + major + 1;
        if major == 0 || self.byte(minor_at - 1) != Some(b'.') || digits(minor_at) == 0 {
            return None;
        }
        let minor = digits(minor_at);
        self.at = minor_at + minor;
        let number = |from: usize, length: usize| {
            self.text
                .get(from..from + length)
                .and_then(|digits| digits.parse::<u32>().ok())
        };
        let one = number(start, major) == Some(1);
        let eleven = one && number(minor_at, minor) == Some(1) && major <= 2 && minor <= 2;
        let place = span(start, self.at);
        self.refuse(!eleven, !one, Problem::Version, place);
        if !self.blank_at(self.at) {
            self.refuse(false, true, Problem::BadDirective, place);
        }
        Some(TokenKind::Version)
    }

    fn tag_handle(&mut self) -> Option<TokenKind> {
        self.skip_blanks();
        let start = self.at;
        if self.byte(start) != Some(b'!') {
            return None;
        }
        let mut end = self.name_end(start + 1);
        if self.byte(end) == Some(b'!') {
            end += 1;
        } else if end > start + 1 {
            return None;
        }
        self.at = end;
        let handle = self.text.get(start..end)?.to_owned();
        if self.skip_blanks() == 0 {
            return None;
        }
        let prefix = self.uri().filter(|prefix| !prefix.is_empty())?;
        self.blank_at(self.at)
            .then(|| TokenKind::TagHandle(Box::new((handle, prefix))))
    }

    /// Steps to the end of a `%` line; false if there is something but a comment.
    fn directive_ends(&mut self, line_end: usize) -> bool {
        self.skip_blanks();
        if self.byte(self.at) == Some(b'#') {
            self.comments.push(span(self.at, line_end));
            return true;
        }
        self.at >= line_end
    }
}
