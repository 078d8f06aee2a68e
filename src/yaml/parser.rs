use super::build::{Builder, Properties};
use super::scanner::{Lost, Scanner, Token, TokenKind as T, span};
use super::{Kind, Problem, Tag, Tree};
use crate::finding::Span;
use std::sync::Arc;

/// PyYAML composes nodes recursively and ends at Python's recursion limit: measured with PyYAML
/// 6.0.3 on Python 3.11, 491 levels load and 492 do not, called from the top of a script. The SDK
/// itself stands a few calls deep when it loads a document.
const SDK_DEPTH: usize = 480;

/// What may follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    BlockEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowEntry { first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey { first: bool },
    FlowValue,
    FlowNoValue,
}

pub(super) struct Parser<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) builder: Builder<'a>,
    pub(super) states: Vec<State>,
    /// Opening brackets that are not closed yet.
    pub(super) brackets: Vec<Span>,
    /// How often reading has gone back.
    pub(super) rewinds: usize,
    /// The last token taken.
    pub(super) last: Token,
    handles: Vec<(String, String)>,
}

/// Reads the first document of a text.
pub(super) fn parse(text: &Arc<str>) -> Tree {
    if u32::try_from(text.len()).is_err() {
        let mut scanner = Scanner::new("");
        scanner.refuse(true, true, Problem::TooLong, Span::default());
        let nothing = Arc::default();
        let mut builder = Builder::new(&nothing);
        builder.tree_mut().errors = scanner.errors;
        return builder.finish();
    }
    let mut parser = Parser {
        scanner: Scanner::new(text),
        builder: Builder::new(text),
        states: Vec::with_capacity(32),
        brackets: Vec::new(),
        rewinds: 0,
        last: Token {
            kind: T::StreamEnd,
            span: Span::default(),
        },
        handles: Vec::new(),
    };
    parser.document();
    parser.control_characters();
    let Parser {
        scanner, builder, ..
    } = parser;
    let mut tree = builder.finish();
    tree.comments = scanner.comments;
    tree.errors = scanner.errors;
    tree.errors.sort_by_key(|error| error.span.start);
    tree
}

impl Parser<'_> {
    fn document(&mut self) {
        let mut lost = match self.start() {
            Ok(false) => return,
            Ok(true) => None,
            Err(lost) => Some(lost),
        };
        loop {
            if let Some(Lost { from }) = lost
                && !self.resume(from)
            {
                return;
            }
            lost = self.content().and_then(|()| self.end()).err();
            if lost.is_none() || self.scanner.daemon_done {
                return;
            }
        }
    }

    /// Reads up to the first node; false if there is none.
    fn start(&mut self) -> Result<bool, Lost> {
        let mut directive = None;
        let mut version = false;
        loop {
            let token = self.scanner.peek()?;
            let place = token.span;
            match &token.kind {
                T::Version => {
                    if version {
                        let problem = Problem::DuplicateDirective;
                        self.scanner.refuse(true, true, problem, place);
                    }
                    version = true;
                }
                T::TagHandle(parts) => {
                    let (handle, prefix) = (**parts).clone();
                    if self.handles.iter().any(|(known, _)| *known == handle) {
                        let problem = Problem::DuplicateDirective;
                        self.scanner.refuse(true, true, problem, place);
                    } else if !handle.is_empty() {
                        self.handles.push((handle, prefix));
                    }
                }
                T::DocumentStart => {
                    self.take()?;
                    self.start_content()?;
                    return Ok(true);
                }
                T::StreamEnd if directive.is_none() => return Ok(false),
                _ => {
                    if let Some(place) = directive {
                        let problem = Problem::MissingDocumentStart;
                        self.scanner.refuse(true, true, problem, place);
                    }
                    self.node(true, false)?;
                    return Ok(true);
                }
            }
            directive.get_or_insert(place);
            self.take()?;
        }
    }

    /// The node after `---`, perhaps none.
    fn start_content(&mut self) -> Result<(), Lost> {
        let end = self.last.span.end;
        match self.scanner.peek()?.kind {
            T::Version | T::TagHandle(_) | T::DocumentStart | T::DocumentEnd | T::StreamEnd => {
                self.builder.empty(end, Properties::default());
                Ok(())
            }
            _ => self.node(true, false),
        }
    }

    fn content(&mut self) -> Result<(), Lost> {
        while let Some(state) = self.states.pop() {
            if self.builder.is_full() {
                self.scanner.errors.push(super::SyntaxError {
                    daemon: false,
                    sdk: false,
                    problem: Problem::TooManyNodes,
                    span: Span::at(self.last.span.end),
                    context: None,
                });
                self.states.clear();
                self.scanner.daemon_done = true;
                return Err(self.lost(usize::MAX));
            }
            self.step(state)?;
        }
        Ok(())
    }

    /// What follows the document. yaml.v3 reads up to two tokens further than the one at which
    /// it sees the end; PyYAML wants nothing more.
    fn end(&mut self) -> Result<(), Lost> {
        self.scanner.look_ahead(3)?;
        self.scanner.daemon_done = true;
        self.daemon_control_characters();
        while self.scanner.peek()?.kind == T::DocumentEnd {
            self.take()?;
        }
        let token = self.scanner.peek()?;
        let place = token.span;
        let problem = match token.kind {
            T::StreamEnd => return Ok(()),
            T::DocumentStart => Problem::SecondDocument,
            _ => Problem::TextAfterDocument,
        };
        let place = span(
            place.start as usize,
            self.scanner.line_end(place.start as usize),
        );
        self.scanner.refuse(false, true, problem, place);
        Ok(())
    }

    fn step(&mut self, state: State) -> Result<(), Lost> {
        match state {
            State::BlockEntry | State::IndentlessEntry => self.block_entry(state),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowEntry { first } => self.flow_entry(first),
            State::FlowKey { first } => self.flow_key(first),
            State::PairKey => match self.scanner.peek()?.kind {
                T::Value | T::FlowEntry | T::FlowSequenceEnd => {
                    // yaml.v3 swallows a token here and then misses it
                    let place = self.last.span;
                    let problem = Problem::ExpectedValue;
                    self.scanner.refuse(true, false, problem, place);
                    self.empty(State::PairValue);
                    Ok(())
                }
                _ => self.node_then(State::PairValue, false, false),
            },
            State::PairValue => self.flow_value(State::PairEnd),
            State::PairEnd => {
                self.builder.close(None);
                Ok(())
            }
            State::FlowValue => self.flow_value(State::FlowKey { first: false }),
            State::FlowNoValue => {
                self.empty(State::FlowKey { first: false });
                Ok(())
            }
        }
    }

    fn block_entry(&mut self, state: State) -> Result<(), Lost> {
        match self.scanner.peek()?.kind {
            T::BlockEntry => {
                self.take()?;
                match self.scanner.peek()?.kind {
                    T::BlockEntry | T::BlockEnd => self.empty(state),
                    T::Key | T::Value if state == State::IndentlessEntry => self.empty(state),
                    _ => return self.node_then(state, true, false),
                }
            }
            T::BlockEnd if state == State::BlockEntry => {
                self.take()?;
                self.builder.close(None);
            }
            _ if state == State::IndentlessEntry => self.builder.close(None),
            _ => return self.unexpected(Problem::KeyAmongItems),
        }
        Ok(())
    }

    fn block_key(&mut self) -> Result<(), Lost> {
        match self.scanner.peek()?.kind {
            T::Key => {
                self.take()?;
                match self.scanner.peek()?.kind {
                    T::Key | T::Value | T::BlockEnd => {
                        self.empty(State::BlockValue);
                        Ok(())
                    }
                    _ => self.node_then(State::BlockValue, true, true),
                }
            }
            T::BlockEnd => {
                self.take()?;
                self.builder.close(None);
                Ok(())
            }
            T::BlockEntry => self.unexpected(Problem::ItemAmongKeys),
            _ => self.unexpected(Problem::Unexpected),
        }
    }

    fn block_value(&mut self) -> Result<(), Lost> {
        if self.scanner.peek()?.kind != T::Value {
            self.empty(State::BlockKey);
            return Ok(());
        }
        self.take()?;
        match self.scanner.peek()?.kind {
            T::Key | T::Value | T::BlockEnd => {
                self.empty(State::BlockKey);
                Ok(())
            }
            _ => self.node_then(State::BlockKey, true, true),
        }
    }

    /// Steps over the comma between two entries in brackets.
    fn comma(&mut self, first: bool, close: char) -> Result<(), Lost> {
        if first {
            return Ok(());
        }
        if self.scanner.peek()?.kind == T::FlowEntry {
            self.take()?;
            return Ok(());
        }
        self.unexpected(Problem::MissingComma(close))
    }

    fn close_bracket(&mut self) -> Result<(), Lost> {
        self.take()?;
        self.brackets.pop();
        self.builder.close(Some(self.last.span.end));
        Ok(())
    }

    fn flow_entry(&mut self, first: bool) -> Result<(), Lost> {
        if self.scanner.peek()?.kind == T::FlowSequenceEnd {
            return self.close_bracket();
        }
        self.comma(first, ']')?;
        let next = State::FlowEntry { first: false };
        match self.scanner.peek()?.kind {
            T::FlowSequenceEnd => self.close_bracket(),
            T::Key => {
                self.take()?;
                let kind = Kind::Mapping { flow: true };
                self.open(kind, self.last.span.start, Properties::default());
                self.states.extend([next, State::PairKey]);
                Ok(())
            }
            _ => self.node_then(next, false, false),
        }
    }

    fn flow_key(&mut self, first: bool) -> Result<(), Lost> {
        if self.scanner.peek()?.kind == T::FlowMappingEnd {
            return self.close_bracket();
        }
        self.comma(first, '}')?;
        match self.scanner.peek()?.kind {
            T::FlowMappingEnd => self.close_bracket(),
            T::Key => {
                self.take()?;
                match self.scanner.peek()?.kind {
                    T::Value | T::FlowEntry | T::FlowMappingEnd => {
                        self.empty(State::FlowValue);
                        Ok(())
                    }
                    _ => self.node_then(State::FlowValue, false, false),
                }
            }
            _ => self.node_then(State::FlowNoValue, false, false),
        }
    }

    fn flow_value(&mut self, next: State) -> Result<(), Lost> {
        if self.scanner.peek()?.kind == T::Value {
            self.take()?;
            match (&self.scanner.peek()?.kind, next) {
                (T::FlowEntry, _)
                | (T::FlowSequenceEnd, State::PairEnd)
                | (T::FlowMappingEnd, State::FlowKey { .. }) => {}
                _ => return self.node_then(next, false, false),
            }
        }
        self.empty(next);
        Ok(())
    }

    fn empty(&mut self, next: State) {
        self.builder
            .empty(self.last.span.end, Properties::default());
        self.states.push(next);
    }

    fn node_then(&mut self, next: State, block: bool, indentless: bool) -> Result<(), Lost> {
        self.states.push(next);
        self.node(block, indentless)
    }

    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Result<(), Lost> {
        if self.scanner.peek()?.kind == T::Alias {
            self.take()?;
            self.alias();
            return Ok(());
        }
        let (properties, end) = self.properties()?;
        let token = self.scanner.peek()?;
        let start = token.span.start;
        match token.kind {
            T::BlockEntry if indentless => {
                self.open(Kind::Sequence { flow: false }, start, properties);
                self.states.push(State::IndentlessEntry);
            }
            T::Scalar { .. } => {
                self.take()?;
                let taken = std::mem::replace(&mut self.last.kind, T::StreamEnd);
                if let T::Scalar {
                    style,
                    content,
                    text,
                } = taken
                {
                    let kind = Kind::Scalar(style);
                    self.builder
                        .leaf(kind, self.last.span, content, text, properties);
                    self.last.kind = T::Scalar {
                        style,
                        content,
                        text: None,
                    };
                }
            }
            T::FlowSequenceStart | T::FlowMappingStart => {
                self.take()?;
                self.brackets.push(self.last.span);
                if self.last.kind == T::FlowSequenceStart {
                    self.open(Kind::Sequence { flow: true }, start, properties);
                    self.states.push(State::FlowEntry { first: true });
                } else {
                    self.open(Kind::Mapping { flow: true }, start, properties);
                    self.states.push(State::FlowKey { first: true });
                }
            }
            T::BlockSequenceStart if block => {
                self.take()?;
                self.open(Kind::Sequence { flow: false }, start, properties);
                self.states.push(State::BlockEntry);
            }
            T::BlockMappingStart if block => {
                self.take()?;
                self.open(Kind::Mapping { flow: false }, start, properties);
                self.states.push(State::BlockKey);
            }
            _ => {
                let Some(end) = end else {
                    return self.unexpected(Problem::ExpectedValue);
                };
                self.builder.empty(end, properties);
            }
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind, start: u32, properties: Properties) {
        self.builder.open(kind, start, properties);
        if self.builder.depth() == SDK_DEPTH + 1 {
            let place = span(start as usize, start as usize + 1);
            self.scanner.refuse(false, true, Problem::TooDeep, place);
        }
    }

    fn alias(&mut self) {
        let place = self.last.span;
        let name = self
            .scanner
            .text
            .get(place.start as usize + 1..place.end as usize);
        let name = name.unwrap_or("");
        let target = self.builder.anchor(name);
        if target.is_none() {
            let problem = Problem::UnknownAlias(name.into());
            self.scanner.refuse(true, true, problem, place);
        }
        self.builder.alias(place, target);
    }

    /// An anchor and a tag, in either order, and where they end.
    fn properties(&mut self) -> Result<(Properties, Option<u32>), Lost> {
        let mut properties = Properties::default();
        let mut end = None;
        loop {
            let token = self.scanner.peek()?;
            match &token.kind {
                T::Anchor if properties.anchor.is_none() => {
                    let name = Span::new(token.span.start + 1, token.span.end);
                    let text = self.scanner.text.get(name.range()).unwrap_or("");
                    if self.builder.anchor(text).is_some() {
                        let problem = Problem::DuplicateAnchor(text.into());
                        self.scanner.refuse(false, true, problem, name);
                    }
                    properties.anchor = Some(name);
                }
                T::Tag(parts) if properties.tag.is_none() => {
                    let span = token.span;
                    let (handle, suffix) = (**parts).clone();
                    let known = self.handles.iter().find(|(known, _)| *known == handle);
                    let name = match (known, handle.as_str()) {
                        (Some((_, prefix)), _) => format!("{prefix}{suffix}"),
                        (None, "" | "!") => handle + &suffix,
                        (None, "!!") => format!("tag:yaml.org,2002:{suffix}"),
                        (None, _) => {
                            let name = format!("{handle}{suffix}");
                            let problem = Problem::UnknownTagHandle(handle.into());
                            self.scanner.refuse(true, true, problem, span);
                            name
                        }
                    };
                    properties.tag = Some(Tag { span, name });
                }
                _ => return Ok((properties, end)),
            }
            self.take()?;
            end = Some(self.last.span.end);
        }
    }

    fn take(&mut self) -> Result<(), Lost> {
        self.last = self.scanner.next()?;
        Ok(())
    }
}
