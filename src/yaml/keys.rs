//! Keys without `?`: they are known as keys only when their `:` comes.

use super::Problem;
use super::scanner::{Scanner, Token, TokenKind, characters, signed, span, trim_end};

/// A token that turns out to be a key if a `:` follows on the same line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// The indentation says that it must be a key.
    pub(super) required: bool,
    pub(super) token: u64,
    pub(super) at: usize,
    line: u32,
    pub(super) column: usize,
}

/// The longest key, in characters, that is recognised without a `?`.
const MAX_KEY: usize = 1024;

impl Scanner<'_> {
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

    pub(super) fn head_may_be_key(&mut self) -> bool {
        while let Some(key) = self.keys.get(self.first_key) {
            if key.possible {
                if key.token > self.taken {
                    return false;
                }
                if !self.key_is_stale(self.first_key) {
                    return true;
                }
                self.give_up_key(self.first_key);
            }
            self.first_key += 1;
        }
        self.first_key = self.keys.len() - 1;
        false
    }

    pub(super) fn key_is_stale(&self, level: usize) -> bool {
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
    pub(super) fn give_up_key(&mut self, level: usize) {
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

    pub(super) fn insert_key(&mut self, key: SimpleKey) {
        let index = usize::try_from(key.token.saturating_sub(self.taken)).unwrap_or(0);
        let token = Token {
            kind: TokenKind::Key,
            span: span(key.at, key.at),
        };
        self.tokens.insert(index.min(self.tokens.len()), token);
    }
}
