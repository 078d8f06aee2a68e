use super::keys::SimpleKey;
use super::{Problem, Style, SyntaxError};
use crate::finding::Span;
use std::collections::VecDeque;

/// What the text is made of. Block collections have start and end tokens although nothing is
/// written there: they follow from the indentation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    StreamEnd,
    Version,
    TagHandle(Box<(String, String)>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowMappingStart,
    FlowSequenceEnd,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    /// Handle (empty for `!<...>` and a bare `!`) and suffix.
    Tag(Box<(String, String)>),
    Scalar {
        style: Style,
        /// The text in the source, if `text` is not there.
        content: Span,
        text: Option<Box<str>>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// Reading cannot go on here; it may be resumed on a later line than the one at this offset.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) from: usize,
}

/// More errors of one file are not kept.
const MAX_ERRORS: usize = 200;

/// Turns text into tokens, for both readers at once.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) line: u32,
    pub(super) line_start: usize,
    /// A place on this line and its column, so that columns need not be counted from the start.
    pub(super) known_column: (usize, usize),
    pub(super) tokens: VecDeque<Token>,
    /// The token at the front is known not to become a key.
    ready: bool,
    /// Tokens handed out so far.
    pub(super) taken: u64,
    pub(super) keys: Vec<SimpleKey>,
    /// No key below this index of `keys` is possible.
    pub(super) first_key: usize,
    pub(super) key_allowed: bool,
    pub(super) flow: usize,
    /// Column of the innermost block collection, -1 outside.
    pub(super) indent: isize,
    pub(super) indents: Vec<isize>,
    /// The line that holds the end of the last token, and whether that was a `-`; `None` after a
    /// token that took its line break along.
    pub(super) last_token: Option<(u32, bool)>,
    pub(super) comments: Vec<Span>,
    pub(super) errors: Vec<SyntaxError>,
    /// Errors before this offset follow from one already reported.
    quiet_until: usize,
    /// The daemon has read all it wants.
    pub(super) daemon_done: bool,
    daemon_refuses: bool,
    sdk_refuses: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            at: start,
            line: 0,
            line_start: start,
            known_column: (start, 0),
            tokens: VecDeque::with_capacity(32),
            ready: false,
            taken: 0,
            keys: vec![SimpleKey::default()],
            first_key: 0,
            key_allowed: true,
            flow: 0,
            indent: -1,
            indents: Vec::with_capacity(16),
            last_token: None,
            comments: Vec::new(),
            errors: Vec::new(),
            quiet_until: 0,
            daemon_done: false,
            daemon_refuses: false,
            sdk_refuses: false,
        }
    }

    /// The next token, which stays in the queue.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<&Token, Lost> {
        if !self.ready {
            self.look_ahead(1)?;
            self.ready = true;
        }
        self.tokens.front().ok_or(Lost { from: self.at })
    }

    /// Takes the next token.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Token, Lost> {
        self.peek()?;
        self.ready = false;
        self.taken += 1;
        self.tokens.pop_front().ok_or(Lost { from: self.at })
    }

    /// Reads on until at least this many tokens are in the queue.
    pub(super) fn look_ahead(&mut self, tokens: usize) -> Result<(), Lost> {
        while self.tokens.len() < tokens || self.head_may_be_key() {
            self.fetch()?;
        }
        Ok(())
    }

    /// Goes on at the start of a line, inside a block collection of this column (-1: none).
    pub(super) fn resume(&mut self, at: usize, indent: isize) {
        // lines are only compared, never reported
        self.line += 1;
        self.at = at;
        self.line_start = at;
        self.known_column = (at, 0);
        self.taken += self.tokens.len() as u64;
        self.tokens.clear();
        self.ready = false;
        self.keys.clear();
        self.keys.push(SimpleKey::default());
        self.first_key = 0;
        self.key_allowed = true;
        self.flow = 0;
        self.indents.clear();
        self.indent = indent;
        if indent >= 0 {
            self.indents.push(-1);
        }
        self.last_token = None;
        while self.comments.last().is_some_and(|c| c.start as usize >= at) {
            self.comments.pop();
        }
    }

    /// Records an error for the readers that refuse.
    pub(super) fn refuse(&mut self, daemon: bool, sdk: bool, problem: Problem, span: Span) {
        self.refuse_in(daemon, sdk, problem, span, None);
    }

    /// Like [`Self::refuse`], with the place where the construct began.
    pub(super) fn refuse_in(
        &mut self,
        daemon: bool,
        sdk: bool,
        problem: Problem,
        span: Span,
        context: Option<(Span, &'static str)>,
    ) {
        let daemon = daemon && !self.daemon_done;
        let news = daemon && !self.daemon_refuses || sdk && !self.sdk_refuses;
        if !daemon && !sdk
            || !news
                && ((span.start as usize) < self.quiet_until || self.errors.len() >= MAX_ERRORS)
        {
            return;
        }
        self.daemon_refuses |= daemon;
        self.sdk_refuses |= sdk;
        if self.daemon_refuses && self.sdk_refuses && daemon {
            self.quiet_until = self.line_end(span.start as usize) + 1;
        }
        self.errors.push(SyntaxError {
            daemon,
            sdk,
            problem,
            span,
            context,
        });
    }

    /// Errors on the line after this offset are taken to follow from the last one.
    pub(super) fn quiet_next_line(&mut self) {
        self.quiet_until = self.line_end(self.line_end(self.at) + 1) + 1;
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The character at an offset; a space at the end.
    pub(super) fn char_at(&self, at: usize) -> char {
        self.text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or(' ')
    }

    /// The span of the character at an offset.
    pub(super) fn char_span(&self, at: usize) -> Span {
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => span(at, at + c.len_utf8()),
            None => span(at, at),
        }
    }

    /// The length of the line break at an offset; 0 if there is none.
    pub(super) fn break_at(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(b'\n') => 1,
            Some(b'\r') => 1 + usize::from(self.byte(at + 1) == Some(b'\n')),
            Some(0xc2) if self.byte(at + 1) == Some(0x85) => 2,
            Some(0xe2)
                if self.byte(at + 1) == Some(0x80)
                    && matches!(self.byte(at + 2), Some(0xa8 | 0xa9)) =>
            {
                3
            }
            _ => 0,
        }
    }

    /// True at a space, a tab, a line break and the end.
    pub(super) fn blank_at(&self, at: usize) -> bool {
        match self.byte(at) {
            None | Some(b' ' | b'\t') => true,
            _ => self.break_at(at) > 0,
        }
    }

    /// The offset of the line break, or the end, that ends the line.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.bytes.len() && self.break_at(at) == 0 {
            at += 1;
        }
        at.min(self.bytes.len())
    }

    /// Steps over a line break of this length.
    pub(super) fn new_line(&mut self, length: usize) {
        self.at += length;
        self.line += 1;
        self.line_start = self.at;
        self.known_column = (self.at, 0);
    }

    /// The column of the current place, counted from 0 in characters.
    pub(super) fn column(&mut self) -> usize {
        let (at, column) = self.known_column;
        let column = column + characters(self.bytes.get(at..self.at).unwrap_or_default());
        self.known_column = (self.at, column);
        column
    }

    /// True if `---` or `...` stands at the start of the line and of the current place.
    pub(super) fn marker_here(&self) -> bool {
        self.at == self.line_start
            && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
            && self.blank_at(self.at + 3)
    }

    pub(super) fn push(&mut self, kind: TokenKind, start: usize) {
        self.last_token = Some((self.line, kind == TokenKind::BlockEntry));
        self.tokens.push_back(Token {
            kind,
            span: span(start, self.at),
        });
    }
}

/// A range of offsets; texts longer than `u32` are never scanned.
pub(super) fn span(start: usize, end: usize) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(number(start), number(end))
}

pub(super) fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}

/// The number of characters: every byte but a continuation byte begins one.
pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The end of the text without trailing blanks.
pub(super) fn trim_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let text = bytes.get(start..end).unwrap_or_default();
    let blanks = text
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    end - blanks
}
