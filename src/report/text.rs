//! Small things that every text for people needs: colour, safe characters, numbers, line breaks.

use std::borrow::Cow;
use std::fmt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a piece of text is, for its colour on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No colour.
    Plain,
    /// The main message.
    Bold,
    /// What may be overlooked.
    Dim,
    /// A refusal.
    Error,
    /// A warning.
    Warning,
    /// Advice.
    Info,
    /// An acceptance.
    Good,
    /// A line that goes.
    Removed,
    /// Lines and numbers of a frame, and further places.
    Frame,
}

impl Style {
    /// The escape sequence that begins the style.
    pub const fn start(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Error => "\x1b[1;31m",
            Self::Warning => "\x1b[1;33m",
            Self::Info => "\x1b[1;36m",
            Self::Good => "\x1b[32m",
            Self::Removed => "\x1b[31m",
            Self::Frame => "\x1b[94m",
        }
    }
}

/// The escape sequence that ends every style.
pub(super) const RESET: &str = "\x1b[0m";

/// A text in a style, or bare when `color` is false.
pub fn paint<T: fmt::Display>(color: bool, style: Style, text: T) -> Painted<T> {
    Painted { color, style, text }
}

/// What [`paint`] makes.
#[derive(Clone, Copy, Debug)]
pub struct Painted<T> {
    color: bool,
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.color && self.style != Style::Plain {
            write!(f, "{}{}{RESET}", self.style.start(), self.text)
        } else {
            self.text.fmt(f)
        }
    }
}

/// The text on one line, without characters that a terminal would obey or that reorder a line, and
/// without commands to a CI system that reads its own log. A plugin is foreign matter: its keys and
/// file names must not be able to draw on the screen or to speak for the tool.
pub fn clean(text: &str) -> Cow<'_, str> {
    let commands = commands(text);
    if commands.is_empty() && !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let characters = text.char_indices().map(|(at, character)| {
        if commands.contains(&at) {
            char::REPLACEMENT_CHARACTER
        } else {
            visible(character)
        }
    });
    Cow::Owned(characters.collect())
}

/// Where a text would be taken for a command in a log: `::name` of GitHub Actions at its beginning,
/// `##[name]` of GitHub Actions and `##vso[name]` of Azure Pipelines anywhere.
pub(super) fn commands(text: &str) -> Vec<usize> {
    let start = text.len() - text.trim_start().len();
    let opening = text[start..].starts_with("::").then_some(start);
    let marks = text.match_indices("##").filter(|(at, mark)| {
        let rest = text[at + mark.len()..].trim_start_matches('#');
        let word = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        word.starts_with('[')
    });
    opening.into_iter().chain(marks.map(|(at, _)| at)).collect()
}

/// The character itself if it is safe to show, else a visible stand-in of one column.
pub(super) fn visible(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        _ if is_unsafe(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// True for what a terminal would obey, and for what turns the direction of a line.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{2028}' | '\u{2029}' | '\u{feff}'
            // marks that turn the direction of what follows
            | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Columns that the text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Columns that the character takes on a terminal.
pub(super) fn char_width(character: char) -> usize {
    character.width().unwrap_or(1)
}

/// A number with a comma at the thousands.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 file`, `3,308 files`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(n))
}

/// Breaks a text at its spaces into lines of at most `columns` columns. A longer word stays whole;
/// the text's own line ends stay.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut used) = (String::new(), 0);
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let wide = width(word);
            if used > 0 && used + 1 + wide > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_draw() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c d");
        assert!(matches!(clean("名称 🚀"), Cow::Borrowed(_)));
    }

    #[test]
    fn foreign_text_cannot_command() {
        for (text, expected) in [
            ("::error file=x::y", "\u{fffd}:error file=x::y"),
            ("  ::group::", "  \u{fffd}:group::"),
            ("a ##[error]b", "a \u{fffd}#[error]b"),
            ("##vso[task.setvariable]", "\u{fffd}#vso[task.setvariable]"),
            ("####[x]", "\u{fffd}#\u{fffd}#[x]"),
            ("###[x]", "\u{fffd}##[x]"),
        ] {
            assert_eq!(clean(text), expected);
        }
        for harmless in ["a::b", "## heading", "# [x]", "##"] {
            assert_eq!(clean(harmless), harmless);
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(0, "file"), "0 files");
        assert_eq!(count(3308, "file"), "3,308 files");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(123), "123");
    }

    #[test]
    fn wrapping_counts_columns() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("名称 名称 名称", 9), ["名称 名称", "名称"]);
        assert_eq!(wrap("aaaaaaaaaa b", 3), ["aaaaaaaaaa", "b"]);
        assert_eq!(wrap("a\n\nb", 3), ["a", "", "b"]);
        assert!(wrap("", 3).is_empty());
    }
}
