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

/// A token that turns out to be a key if a `:` follows on the same line.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    /// The indentation says that it must be a key.
    required: bool,
    token: u64,
    at: usize,
    line: u32,
    column: usize,
}

/// The longest key, in characters, that is recognised without a `?`.
const MAX_KEY: usize = 1024;

/// yaml.v3 refuses more nested brackets, or more nested indentations, than this.
const DAEMON_DEPTH: usize = 10_000;

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
    known_column: (usize, usize),
    tokens: VecDeque<Token>,
    /// Tokens handed out so far.
    taken: u64,
    keys: Vec<SimpleKey>,
    /// No key below this index of `keys` is possible.
    first_key: usize,
    pub(super) key_allowed: bool,
    pub(super) flow: usize,
    /// Column of the innermost block collection, -1 outside.
    pub(super) indent: isize,
    indents: Vec<isize>,
    /// The line that holds the end of the last token, and whether that was a `-`.
    last_token: Option<(u32, bool)>,
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
            tokens: VecDeque::new(),
            taken: 0,
            keys: vec![SimpleKey::default()],
            first_key: 0,
            key_allowed: true,
            flow: 0,
            indent: -1,
            indents: Vec::new(),
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
    pub(super) fn peek(&mut self) -> Result<&Token, Lost> {
        while self.tokens.is_empty() || self.head_may_be_key() {
            self.fetch()?;
        }
        self.tokens.front().ok_or(Lost { from: self.at })
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Result<Token, Lost> {
        self.peek()?;
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

    /// Notes that the token about to be read may turn out to be a key.
    pub(super) fn save_key(&mut self) {
        if !self.key_allowed {
            return;
        }
        let column = self.column();
        self.drop_key();
        let level = self.keys.len() - 1;
        self.keys[level] = SimpleKey {
            possible: true,
            required: self.flow == 0 && self.indent == signed(column),
            token: self.taken + self.tokens.len() as u64,
            at: self.at,
            line: self.line,
            column,
        };
        self.first_key = self.first_key.min(level);
    }

    /// True if a `:` here would make a key of what stands before it.
    pub(super) fn may_be_key(&self) -> bool {
        let level = self.keys.len() - 1;
        self.keys[level].possible && !self.key_is_stale(level)
    }

    fn head_may_be_key(&mut self) -> bool {
        while let Some(key) = self.keys.get(self.first_key) {
            if key.possible {
                if !self.key_is_stale(self.first_key) {
                    return key_token(&self.keys, self.first_key) == self.taken;
                }
                self.give_up_key(self.first_key);
            }
            self.first_key += 1;
        }
        self.first_key = self.keys.len() - 1;
        false
    }

    fn key_is_stale(&self, level: usize) -> bool {
        let key = self.keys[level];
        if key.line < self.line {
            return true;
        }
        let length = self.at.saturating_sub(key.at);
        length > MAX_KEY
            && (length > 4 * MAX_KEY
                || characters(self.bytes.get(key.at..self.at).unwrap_or_default()) > MAX_KEY)
    }

    /// What could have been a key is none. If it had to be one, that is an error, and it is made a
    /// key without value.
    fn give_up_key(&mut self, level: usize) {
        let key = self.keys[level];
        self.keys[level].possible = false;
        if !key.possible || !key.required {
            return;
        }
        let end = self
            .tokens
            .get(usize::try_from(key.token.saturating_sub(self.taken)).unwrap_or(0))
            .map_or(key.at, |token| token.span.end as usize);
        let line_end = self.line_end(key.at);
        let problem = if end > line_end {
            Problem::KeyOnSeveralLines
        } else if key.line == self.line && self.byte(self.at) == Some(b':') {
            Problem::LongKey
        } else {
            Problem::MissingColon
        };
        let end = trim_end(self.bytes, key.at, line_end);
        self.refuse(true, true, problem, span(key.at, end));
        self.insert_key(key);
    }

    pub(super) fn drop_key(&mut self) {
        self.give_up_key(self.keys.len() - 1);
    }

    fn insert_key(&mut self, key: SimpleKey) {
        let index = usize::try_from(key.token.saturating_sub(self.taken)).unwrap_or(0);
        let token = Token {
            kind: TokenKind::Key,
            span: span(key.at, key.at),
        };
        self.tokens.insert(index.min(self.tokens.len()), token);
    }

    /// Opens a block collection if the column lies deeper than the innermost one.
    fn roll(
        &mut self,
        column: usize,
        token: Option<u64>,
        kind: TokenKind,
        at: usize,
    ) -> Result<(), Lost> {
        if self.flow > 0 || self.indent >= signed(column) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = signed(column);
        if self.indents.len() > DAEMON_DEPTH {
            return self.too_deep();
        }
        let index = token.map_or(self.tokens.len(), |token| {
            usize::try_from(token.saturating_sub(self.taken)).unwrap_or(0)
        });
        let token = Token {
            kind,
            span: span(at, at),
        };
        self.tokens.insert(index.min(self.tokens.len()), token);
        Ok(())
    }

    /// Closes the block collections that lie deeper than the column.
    fn unroll(&mut self, column: isize) {
        if self.flow > 0 {
            return;
        }
        while self.indent > column {
            self.tokens.push_back(Token {
                kind: TokenKind::BlockEnd,
                span: span(self.at, self.at),
            });
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn too_deep(&mut self) -> Result<(), Lost> {
        self.refuse(true, true, Problem::TooDeep, self.char_span(self.at));
        Err(Lost {
            from: self.bytes.len(),
        })
    }

    fn fetch(&mut self) -> Result<(), Lost> {
        self.skip_to_token();
        let column = self.column();
        self.unroll(signed(column));
        let start = self.at;
        let Some(byte) = self.byte(start) else {
            self.unroll(-1);
            self.drop_key();
            self.key_allowed = false;
            self.push(TokenKind::StreamEnd, start);
            return Ok(());
        };
        if start == self.line_start {
            if byte == b'%' {
                self.unroll(-1);
                self.drop_key();
                self.key_allowed = false;
                return self.directive();
            }
            if self.marker_here() {
                self.unroll(-1);
                self.drop_key();
                self.key_allowed = false;
                self.at += 3;
                self.push(
                    if byte == b'-' {
                        TokenKind::DocumentStart
                    } else {
                        TokenKind::DocumentEnd
                    },
                    start,
                );
                return Ok(());
            }
        }
        let in_flow = self.flow > 0;
        match byte {
            b'[' => return self.open_flow(TokenKind::FlowSequenceStart),
            b'{' => return self.open_flow(TokenKind::FlowMappingStart),
            b']' => self.close_flow(TokenKind::FlowSequenceEnd),
            b'}' => self.close_flow(TokenKind::FlowMappingEnd),
            b',' => {
                self.drop_key();
                self.key_allowed = true;
                self.at += 1;
                self.push(TokenKind::FlowEntry, start);
            }
            b'-' if self.blank_at(start + 1) => return self.entry(column),
            b'?' if in_flow || self.blank_at(start + 1) => return self.explicit_key(column),
            b':' if in_flow || self.blank_at(start + 1) => return self.value(column),
            b'*' | b'&' => self.anchor(),
            b'!' => self.tag(),
            b'|' if !in_flow => self.block_scalar(Style::Literal),
            b'>' if !in_flow => self.block_scalar(Style::Folded),
            b'\'' => self.quoted_scalar(Style::Single),
            b'"' => self.quoted_scalar(Style::Double),
            b'@' | b'`' | b'%' | b'|' | b'>' => {
                let problem = Problem::BadFirstCharacter(char::from(byte));
                self.refuse(true, true, problem, self.char_span(start));
                self.rest_of_line();
            }
            _ => self.plain_scalar(),
        }
        Ok(())
    }

    fn open_flow(&mut self, kind: TokenKind) -> Result<(), Lost> {
        self.save_key();
        let start = self.at;
        self.flow += 1;
        self.keys.push(SimpleKey::default());
        if self.flow > DAEMON_DEPTH {
            return self.too_deep();
        }
        self.key_allowed = true;
        self.at += 1;
        self.push(kind, start);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind) {
        self.drop_key();
        if self.flow > 0 {
            self.flow -= 1;
            self.keys.pop();
            self.first_key = self.first_key.min(self.keys.len() - 1);
        }
        self.key_allowed = false;
        let start = self.at;
        self.at += 1;
        self.push(kind, start);
    }

    fn entry(&mut self, column: usize) -> Result<(), Lost> {
        let start = self.at;
        if self.flow == 0 {
            if !self.key_allowed {
                self.refuse(true, true, Problem::ItemOnKeyLine, span(start, start + 1));
                self.rest_of_line();
                return Ok(());
            }
            self.roll(column, None, TokenKind::BlockSequenceStart, start)?;
        }
        self.drop_key();
        self.key_allowed = true;
        self.at += 1;
        self.push(TokenKind::BlockEntry, start);
        Ok(())
    }

    fn explicit_key(&mut self, column: usize) -> Result<(), Lost> {
        let start = self.at;
        if self.flow == 0 {
            if !self.key_allowed {
                self.refuse(true, true, Problem::KeyNotAllowed, span(start, start + 1));
                self.rest_of_line();
                return Ok(());
            }
            self.roll(column, None, TokenKind::BlockMappingStart, start)?;
        }
        self.drop_key();
        self.key_allowed = self.flow == 0;
        self.at += 1;
        self.push(TokenKind::Key, start);
        Ok(())
    }

    fn value(&mut self, column: usize) -> Result<(), Lost> {
        let start = self.at;
        let level = self.keys.len() - 1;
        let key = self.keys[level];
        if key.possible && !self.key_is_stale(level) {
            self.insert_key(key);
            self.roll(
                key.column,
                Some(key.token),
                TokenKind::BlockMappingStart,
                key.at,
            )?;
            self.keys[level].possible = false;
            self.key_allowed = false;
        } else if key.possible && key.required {
            self.give_up_key(level);
            self.key_allowed = false;
        } else {
            if self.flow == 0 {
                if !self.key_allowed {
                    self.refuse(true, true, Problem::SecondColon, span(start, start + 1));
                    self.at = self.line_end(start);
                    self.quiet_next_line();
                    return Ok(());
                }
                self.roll(column, None, TokenKind::BlockMappingStart, start)?;
            }
            self.key_allowed = self.flow == 0;
            self.drop_key();
        }
        self.at += 1;
        self.push(TokenKind::Value, start);
        Ok(())
    }

    /// After an error: the rest of the line becomes a text, so that the value is not lost.
    pub(super) fn rest_of_line(&mut self) {
        let start = self.at;
        let mut end = start;
        while end < self.bytes.len() && self.break_at(end) == 0 {
            let byte = self.bytes[end];
            if self.flow > 0 && end > start && matches!(byte, b',' | b']' | b'}')
                || byte == b'#' && end > start && matches!(self.bytes[end - 1], b' ' | b'\t')
            {
                break;
            }
            end += 1;
        }
        self.at = end;
        let end = trim_end(self.bytes, start, end);
        self.key_allowed = false;
        self.push(
            TokenKind::Scalar {
                style: Style::Plain,
                content: span(start, end),
                text: None,
            },
            start,
        );
        if let Some(token) = self.tokens.back_mut() {
            token.span = span(start, end);
        }
    }

    fn skip_to_token(&mut self) {
        // where a comment ended that yaml.v3 reads together with those on the lines below
        let mut comment_end = None;
        loop {
            let mut tab = None;
            while let Some(byte @ (b' ' | b'\t')) = self.byte(self.at) {
                if byte == b'\t' && tab.is_none() {
                    tab = Some(self.at);
                }
                self.at += 1;
            }
            if let Some(tab) = tab {
                self.judge_tab(tab, comment_end);
            }
            if self.byte(self.at) == Some(b'#') {
                let start = self.at;
                self.at = self.line_end(start);
                self.comments.push(span(start, self.at));
                if self
                    .last_token
                    .is_none_or(|(line, item)| item || line < self.line)
                {
                    comment_end = Some(self.at);
                }
            }
            match self.break_at(self.at) {
                0 => return,
                length => self.new_line(length),
            }
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// PyYAML stops at every tab in front of a token. yaml.v3 does so only where a key may begin,
    /// and not when its reading of comments has already gone over the tab.
    fn judge_tab(&mut self, tab: usize, comment_end: Option<usize>) {
        let here = self.byte(self.at);
        let same_line = self
            .last_token
            .is_some_and(|(line, item)| line == self.line && !item);
        let daemon = self.flow == 0
            && self.key_allowed
            && !(here == Some(b'#') && same_line)
            && !comment_end.is_some_and(|end| self.only_blank_to_comment(end));
        let before = self.bytes.get(self.line_start..tab).unwrap_or_default();
        let problem = if daemon && before.iter().all(|byte| *byte == b' ') {
            Problem::TabIndentation
        } else {
            Problem::TabBetweenTokens
        };
        self.refuse(daemon, true, problem, span(tab, self.at));
    }

    fn only_blank_to_comment(&self, from: usize) -> bool {
        // yaml.v3 looks 512 bytes ahead
        self.bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take(512)
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            == Some(&b'#')
            && self.bytes[from..self.at.max(from)]
                .iter()
                .all(|byte| *byte != b'#')
    }
}

fn key_token(keys: &[SimpleKey], level: usize) -> u64 {
    keys.get(level).map_or(u64::MAX, |key| key.token)
}

/// A range of offsets; texts longer than `u32` are never scanned.
pub(super) fn span(start: usize, end: usize) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(number(start), number(end))
}

fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}

/// The number of characters: every byte but a continuation byte begins one.
fn characters(bytes: &[u8]) -> usize {
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
