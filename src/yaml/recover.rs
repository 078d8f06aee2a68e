//! What to say about an error, and where to go on after it.

use super::parser::{Parser, State};
use super::scanner::{Lost, TokenKind as T, span, trim_end};
use super::{Kind, Problem, Style};

/// How often reading may go back to the line after an opening bracket.
const MAX_REWINDS: usize = 20;

impl Parser<'_> {
    /// The next token cannot stand here, for either reader.
    pub(super) fn unexpected(&mut self, problem: Problem) -> Result<(), Lost> {
        let last = self.last.clone();
        let token = self.scanner.peek()?.clone();
        let start = token.span.start as usize;
        let end = trim_end(
            self.scanner.bytes,
            start,
            self.scanner.line_end(start).max(start),
        );
        let same_line = self.scanner.line_end(last.span.end as usize) >= end;
        let bracket = self.brackets.last().copied();
        let mut context = bracket.map(|bracket| (bracket, "the bracket is opened here"));
        let mut place = match token.kind {
            T::FlowEntry | T::FlowMappingEnd | T::FlowSequenceEnd => token.span,
            _ => span(start, end),
        };
        let quoted = matches!(&last.kind, T::Scalar { style, .. }
            if matches!(style, Style::Single | Style::Double));
        let problem = match (&token.kind, bracket) {
            (T::StreamEnd | T::DocumentStart | T::DocumentEnd, Some(bracket)) => {
                context = None;
                place = bracket;
                Problem::UnclosedBracket(self.scanner.char_at(bracket.start as usize))
            }
            (_, Some(bracket)) if self.left_brackets(start) => {
                context = None;
                place = bracket;
                Problem::UnclosedBracket(self.scanner.char_at(bracket.start as usize))
            }
            (T::FlowMappingEnd | T::FlowSequenceEnd, None) => {
                Problem::StrayBracket(self.scanner.char_at(start))
            }
            (_, Some(_)) => problem,
            _ if same_line && quoted => {
                context = Some((last.span, "the quoted text"));
                Problem::TextAfterQuote
            }
            _ if same_line && matches!(last.kind, T::FlowMappingEnd | T::FlowSequenceEnd) => {
                Problem::TextAfterBracket
            }
            (T::BlockMappingStart | T::BlockSequenceStart, None) => Problem::Indentation,
            _ => problem,
        };
        self.scanner.refuse_in(true, true, problem, place, context);
        // an unclosed bracket swallows lines that are sound: they are read again, a few times
        let from = match self.brackets.first() {
            Some(first) if self.rewinds < MAX_REWINDS => first.start as usize,
            _ => start,
        };
        Err(self.lost(from))
    }

    /// True if the line of this offset looks like one that follows the brackets: it is indented
    /// no deeper than what holds them.
    fn left_brackets(&self, at: usize) -> bool {
        let Some(bracket) = self.brackets.first() else {
            return false;
        };
        let before = self.scanner.text.get(bracket.start as usize..at);
        let Some((_, line)) = before.and_then(|text| text.rsplit_once('\n')) else {
            return false;
        };
        let spaces = line.bytes().take_while(|byte| *byte == b' ').count();
        isize::try_from(spaces).unwrap_or(isize::MAX) <= self.scanner.indent
    }

    pub(super) fn lost(&self, from: usize) -> Lost {
        Lost {
            from: from.min(self.scanner.bytes.len()),
        }
    }

    /// Goes on after an error at the next line that begins like an entry of the root; false if
    /// there is none.
    pub(super) fn resume(&mut self, from: usize) -> bool {
        let root = self.builder.root();
        let line_start = |at: usize| {
            let line = self.scanner.text.get(..at).unwrap_or("");
            // a byte order mark takes no column
            let first = line.len() - line.trim_start_matches('\u{feff}').len();
            line.rfind('\n').map_or(first, |end| end + 1)
        };
        let (column, items) = match root {
            Some((Kind::Mapping { flow: false }, start)) => {
                (start as usize - line_start(start as usize), false)
            }
            Some((Kind::Sequence { flow: false }, start)) => {
                (start as usize - line_start(start as usize), true)
            }
            Some((Kind::Scalar(_) | Kind::Alias, _)) | None => (0, false),
            Some(_) => return false,
        };
        let Some(at) = self.entry_after(from, column, items) else {
            return false;
        };
        if let Some((Kind::Mapping { .. } | Kind::Sequence { .. }, _)) = root {
            if at < self.scanner.at {
                self.rewinds += 1;
                let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                self.builder.rewind(offset(from), offset(at));
            }
            while self.builder.depth() > 1 {
                self.builder.close(None);
            }
            self.builder.complete_pair();
            self.scanner
                .resume(at, isize::try_from(column).unwrap_or(0));
            let state = if items {
                State::BlockEntry
            } else {
                State::BlockKey
            };
            self.states.clear();
            self.states.push(state);
            self.brackets.clear();
            return true;
        }
        self.builder.clear();
        self.states.clear();
        self.brackets.clear();
        self.scanner.resume(at, -1);
        loop {
            // each round ends later in the text
            match self.node(true, false) {
                Ok(()) => return true,
                Err(Lost { from }) => match self.entry_after(from.max(self.scanner.at), 0, false) {
                    Some(at) => {
                        self.builder.clear();
                        self.states.clear();
                        self.brackets.clear();
                        self.scanner.resume(at, -1);
                    }
                    None => return false,
                },
            }
        }
    }

    /// The start of the next line whose text begins at this column and may be an entry.
    fn entry_after(&self, from: usize, column: usize, items: bool) -> Option<usize> {
        let bytes = self.scanner.bytes;
        let mut at = self.scanner.line_end(from);
        loop {
            let length = self.scanner.break_at(at);
            if length == 0 {
                return None;
            }
            at += length;
            let line = bytes.get(at..).unwrap_or_default();
            let spaces = line.iter().take_while(|byte| **byte == b' ').count();
            let text = line.get(spaces..).unwrap_or_default();
            let is_item = text.first() == Some(&b'-') && self.scanner.blank_at(at + spaces + 1);
            let is_entry = match text.first() {
                None | Some(b'\t' | b'\n' | b'\r' | b'#' | b']' | b'}' | b',') => false,
                Some(_) => is_item == items,
            };
            if spaces == column && is_entry {
                return Some(at);
            }
            at = self.scanner.line_end(at);
        }
    }
}
