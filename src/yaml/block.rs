//! Texts after `|` and `>`.

use super::scanner::{Scanner, TokenKind, span, trim_end};
use super::{Problem, Style};

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self, style: Style) {
        self.drop_key();
        self.key_allowed = true;
        let start = self.at;
        self.at += 1;
        let (chomp, increment) = self.block_header(start);
        let mut end = self.at;
        let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
        let mut breaks = String::new();
        let indent = match increment {
            Some(increment) => least + increment - 1,
            None => self.block_indentation(least, &mut breaks),
        };
        if increment.is_some() {
            self.block_breaks(indent, &mut breaks);
        }
        let mut text = String::new();
        let mut last_break = None;
        let mut was_blank = false;
        while self.at - self.line_start == indent && self.at < self.bytes.len() {
            let is_blank = matches!(self.byte(self.at), Some(b' ' | b'\t'));
            match last_break {
                Some('\n') if style == Style::Folded && !was_blank && !is_blank => {
                    text.push_str(if breaks.is_empty() { " " } else { "" });
                }
                Some(c) => text.push(c),
                None => {}
            }
            text.push_str(&breaks);
            breaks.clear();
            was_blank = is_blank;
            end = self.line_end(self.at);
            text.push_str(self.text.get(self.at..end).unwrap_or(""));
            self.at = end;
            last_break = None;
            let length = self.break_at(self.at);
            if length > 0 {
                last_break = Some(self.break_char());
                self.new_line(length);
            }
            self.block_breaks(indent, &mut breaks);
        }
        if chomp != Chomp::Strip {
            text.extend(last_break);
        }
        if chomp == Chomp::Keep {
            text.push_str(&breaks);
        }
        let at = std::mem::replace(&mut self.at, end);
        let kind = TokenKind::Scalar {
            style,
            content: span(start, end),
            text: Some(text.into_boxed_str()),
        };
        self.push(kind, start);
        self.at = at;
        self.last_token = None;
    }

    /// Reads `|` or `>` and what follows on its line, with the line break.
    fn block_header(&mut self, start: usize) -> (Chomp, Option<usize>) {
        let mut chomp = None;
        let mut increment = None;
        loop {
            match self.byte(self.at) {
                Some(byte @ (b'+' | b'-')) if chomp.is_none() => {
                    chomp = Some(if byte == b'+' {
                        Chomp::Keep
                    } else {
                        Chomp::Strip
                    });
                }
                Some(byte @ b'0'..=b'9') if increment.is_none() => {
                    increment = Some(usize::from(byte - b'0'));
                    if byte == b'0' {
                        let place = span(start, self.at + 1);
                        self.refuse(true, true, Problem::ZeroIndentation, place);
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        let after = self.at;
        while matches!(self.byte(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let tab = memchr::memchr(b'\t', &self.bytes[after..self.at]);
        if let Some(tab) = tab {
            let place = span(after + tab, self.at);
            self.refuse(false, true, Problem::TabBetweenTokens, place);
        }
        let end = self.line_end(self.at);
        if self.byte(self.at) == Some(b'#') {
            if self.at == after {
                let place = self.char_span(after);
                self.refuse(false, true, Problem::BlockHeader('#'), place);
            }
            self.comments.push(span(self.at, end));
        } else if self.at < end {
            let place = span(self.at, trim_end(self.bytes, self.at, end));
            let problem = Problem::BlockHeader(self.char_at(self.at));
            let context = Some((span(start, start + 1), "the block text begins here"));
            self.refuse_in(true, true, problem, place, context);
        }
        self.at = end;
        match self.break_at(end) {
            0 => {}
            length => self.new_line(length),
        }
        (
            chomp.unwrap_or(Chomp::Clip),
            increment.filter(|increment| *increment > 0),
        )
    }

    /// Finds the indentation from the first line that is not empty.
    fn block_indentation(&mut self, least: usize, breaks: &mut String) -> usize {
        let mut deepest = 0;
        loop {
            while self.byte(self.at) == Some(b' ') {
                self.at += 1;
            }
            let column = self.at - self.line_start;
            deepest = deepest.max(column);
            if self.byte(self.at) == Some(b'\t') {
                // for PyYAML the tab is text, if it stands deep enough
                let sdk = column < deepest.max(least);
                let place = span(self.at, self.at + 1);
                self.refuse(true, sdk, Problem::TabInBlockText, place);
                if sdk {
                    self.at = self.line_end(self.at);
                }
            }
            match self.break_at(self.at) {
                0 => return deepest.max(least),
                length => {
                    breaks.push(self.break_char());
                    self.new_line(length);
                }
            }
        }
    }

    /// Steps over empty lines and the indentation of the next one.
    fn block_breaks(&mut self, indent: usize, breaks: &mut String) {
        loop {
            while self.at - self.line_start < indent && self.byte(self.at) == Some(b' ') {
                self.at += 1;
            }
            if self.at - self.line_start < indent && self.byte(self.at) == Some(b'\t') {
                let place = span(self.at, self.at + 1);
                self.refuse(true, true, Problem::TabInBlockText, place);
                self.at = self.line_end(self.at);
            }
            match self.break_at(self.at) {
                0 => return,
                length => {
                    breaks.push(self.break_char());
                    self.new_line(length);
                }
            }
        }
    }
}
