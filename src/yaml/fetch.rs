//! What the character at the start of a token decides.

use super::keys::SimpleKey;
use super::scanner::{Lost, Scanner, Token, TokenKind, signed, span, trim_end};
use super::{Problem, Style};

/// yaml.v3 refuses more nested brackets, or more nested indentations, than this.
const DAEMON_DEPTH: usize = 10_000;

impl Scanner<'_> {
    /// Reads the next token, and those that follow from its place.
    pub(super) fn fetch(&mut self) -> Result<(), Lost> {
        self.skip_to_token();
        let column = self.column();
        self.unroll(signed(column));
        let start = self.at;
        let Some(byte) = self.byte(start) else {
            // nothing before the end can be a key any more
            self.line += 1;
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
                self.directive();
                return Ok(());
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
                self.last_token = None;
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
}
