//! Texts without quotes.

use super::scanner::{Scanner, TokenKind, span};
use super::{Problem, Style};

/// Bytes that may end a run of text without quotes: blanks, indicators, and the first bytes of the
/// line breaks beyond ASCII.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b" \t\n\r:,?[]{}\xc2\xe2";
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn plain_scalar(&mut self) {
        self.save_key();
        let start = self.at;
        let mut end = start;
        // filled from the second line on; until then the text is a piece of the source
        let mut text: Option<String> = None;
        let mut several_lines = false;
        // every token takes at least one character, whatever happens
        let mut chunk_end = self
            .plain_end(start)
            .max(self.char_span(start).end as usize);
        while chunk_end > self.at {
            if let Some(text) = &mut text {
                text.push_str(self.text.get(self.at..chunk_end).unwrap_or(""));
            }
            self.at = chunk_end;
            end = chunk_end;
            several_lines = false;
            if !self.blank_at(end) || end == self.bytes.len() {
                break;
            }
            let (breaks, tab) = self.plain_space();
            several_lines = !breaks.is_empty();
            if self.plain_goes_on(several_lines) {
                chunk_end = self.plain_end(self.at);
            }
            let goes_on = chunk_end > self.at;
            if let Some(tab) = tab {
                let problem = if goes_on {
                    Problem::TabInPlainText
                } else {
                    Problem::TabBetweenTokens
                };
                self.refuse(false, true, problem, span(tab, tab + 1));
            }
            if goes_on && several_lines {
                let before = || self.text.get(start..end).unwrap_or("").to_owned();
                breaks.fold_into(text.get_or_insert_with(before));
            } else if let (true, Some(text)) = (goes_on, &mut text) {
                text.push_str(self.text.get(end..self.at).unwrap_or(""));
            }
        }
        self.key_allowed = several_lines;
        let at = std::mem::replace(&mut self.at, end);
        self.push(
            TokenKind::Scalar {
                style: Style::Plain,
                content: span(start, end),
                text: text.map(String::into_boxed_str),
            },
            start,
        );
        self.at = at;
        if several_lines {
            self.last_token = None;
        }
    }

    fn plain_goes_on(&self, several_lines: bool) -> bool {
        let outdented = self.flow == 0 && self.at - self.line_start < self.continuation();
        self.at < self.bytes.len()
            && self.byte(self.at) != Some(b'#')
            && !self.marker_here()
            && !(several_lines && outdented)
    }

    /// The column that a continued text must reach.
    fn continuation(&self) -> usize {
        usize::try_from(self.indent + 1).unwrap_or(0)
    }

    /// The end of a run without blanks.
    fn plain_end(&mut self, from: usize) -> usize {
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let ordinary = rest.iter().position(|byte| MAY_END[usize::from(*byte)]);
            let Some(ordinary) = ordinary else {
                return self.bytes.len();
            };
            at += ordinary;
            let byte = self.bytes[at];
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => return at,
                b':' if self.blank_at(at + 1) => return at,
                b':' if self.flow > 0 && self.tight_colon_ends(at) => return at,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if self.flow > 0 => return at,
                0xc2 | 0xe2 if self.break_at(at) > 0 => return at,
                _ => at += 1,
            }
        }
    }

    /// In brackets, a `:` that touches `,` or a bracket ends the text for PyYAML only.
    fn tight_colon_ends(&mut self, at: usize) -> bool {
        let bracket = match self.byte(at + 1) {
            Some(b'[' | b'{') => true,
            Some(b',' | b']' | b'}') => false,
            _ => return false,
        };
        if bracket {
            // for yaml.v3 the bracket then follows a text without a comma
            self.refuse(true, false, Problem::TightColon, span(at, at + 1));
            return true;
        }
        if !self.may_be_key() {
            self.refuse(false, true, Problem::TightColon, span(at, at + 1));
            return false;
        }
        true
    }

    /// Steps over blanks and line breaks: the breaks, and the first tab.
    fn plain_space(&mut self) -> (Breaks, Option<usize>) {
        let mut breaks = Breaks::default();
        let mut tab = None;
        loop {
            match self.byte(self.at) {
                Some(b' ') => self.at += 1,
                Some(b'\t') => {
                    if !breaks.is_empty() && self.at - self.line_start < self.continuation() {
                        let here = span(self.at, self.at + 1);
                        self.refuse(true, true, Problem::TabIndentation, here);
                    }
                    tab.get_or_insert(self.at);
                    self.at += 1;
                }
                _ => match self.break_at(self.at) {
                    0 => return (breaks, tab),
                    length => {
                        breaks.push(self.break_char());
                        self.new_line(length);
                        if self.marker_here() {
                            return (breaks, tab);
                        }
                    }
                },
            }
        }
    }

    /// What the line break at the current place stands for in a text.
    pub(super) fn break_char(&self) -> char {
        match self.char_at(self.at) {
            separator @ ('\u{2028}' | '\u{2029}') => separator,
            _ => '\n',
        }
    }
}

/// The line breaks between two lines of a text; there is mostly one.
#[derive(Default)]
pub(super) struct Breaks {
    first: Option<char>,
    others: String,
}

impl Breaks {
    pub(super) fn push(&mut self, separator: char) {
        match self.first {
            None => self.first = Some(separator),
            Some(_) => self.others.push(separator),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Adds them as they are.
    pub(super) fn add_to(&self, text: &mut String) {
        text.extend(self.first);
        text.push_str(&self.others);
    }

    /// Adds what a text without quotes or in quotes has in their place.
    pub(super) fn fold_into(&self, text: &mut String) {
        match self.first {
            Some('\n') if self.others.is_empty() => text.push(' '),
            None | Some('\n') => text.push_str(&self.others),
            Some(_) => self.add_to(text),
        }
    }
}
