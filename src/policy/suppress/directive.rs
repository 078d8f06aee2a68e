//! The comments of a file that are addressed to difylint, and what each of them speaks for.

use super::comments::{self, Comment, Language};
use super::words::{self, MAX_NAMES, Mistake, Scope, Words};
use crate::finding::{Finding, Span};
use crate::source::SourceFile;
use crate::yaml::{Kind, NodeId, Tree};

/// A file with comments that are addressed to difylint.
pub struct Addressed {
    /// Its text.
    pub file: SourceFile,
    /// How it writes comments.
    pub language: Language,
    /// Its text as YAML, if it is that.
    pub tree: Option<Tree>,
    /// The comments, in order.
    pub directives: Vec<Directive>,
}

/// A comment that is addressed to difylint.
pub struct Directive {
    /// The whole comment.
    pub comment: Comment,
    /// The part that is ours: a comment may begin with words for other tools.
    pub own: Span,
    /// What it says.
    pub words: Result<Words, Mistake>,
    /// What it speaks for.
    pub covers: Covers,
}

/// The findings for which a comment speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// All of the file.
    File,
    /// Those that touch this line, counted from 0.
    Line(usize),
    /// Those that begin on this line, counted from 0.
    Next(usize),
    /// Those that lie in this entry.
    Entry(Span),
    /// None: nothing follows.
    Nothing,
}

impl Addressed {
    /// Reads the comments of a file; `None` when it has none for difylint. `tree` is the text as
    /// YAML, if that is at hand.
    pub fn read(file: SourceFile, tree: Option<&Tree>) -> Option<Self> {
        let language = Language::of(file.path())?;
        let tree = (language == Language::Yaml)
            .then(|| tree.cloned().unwrap_or_else(|| Tree::parse(file.text())));
        let comments = comments::comments(file.text(), language, tree.as_ref());
        let mut own: Vec<(Comment, Span, Result<Words, Mistake>)> = Vec::new();
        let mut names = 0;
        for comment in &comments {
            let Some((span, words)) = own_part(&file, language, *comment) else {
                continue;
            };
            names += words.as_ref().map_or(1, |words| words.names.len());
            if names > MAX_NAMES {
                own.push((*comment, span, Err(too_many(span))));
                break;
            }
            let words = words.and_then(|words| at_its_place(words, *comment, span));
            own.push((*comment, span, words));
        }
        if own.is_empty() {
            return None;
        }
        let mut following = Following::new(&file, &comments, tree.as_ref());
        let mut directives: Vec<Directive> = Vec::with_capacity(own.len());
        // from the end: what follows a comment is known when those behind it are
        for (comment, own, words) in own.into_iter().rev() {
            let covers = match &words {
                Ok(words) if words.scope == Scope::File => Covers::File,
                _ => following.covers(comment),
            };
            directives.push(Directive {
                comment,
                own,
                words,
                covers,
            });
        }
        directives.reverse();
        Some(Self {
            file,
            language,
            tree,
            directives,
        })
    }

    /// What the directive would speak for if these were its words.
    pub fn covers_with(directive: &Directive, words: &Words) -> Covers {
        match words.scope {
            Scope::File if directive.comment.heads => Covers::File,
            Scope::File => Covers::Nothing,
            Scope::Near => directive.covers,
        }
    }

    /// True if a finding of this file is one of those covered.
    pub fn speaks_for(&self, covers: Covers, finding: &Finding) -> bool {
        let span = finding.place.span;
        if covers == Covers::File {
            return true;
        }
        if span.start == 0 && span.is_empty() {
            return false;
        }
        let lines = self.file.lines();
        let begins = |line: usize| lines.line_of(span.start) == line;
        match covers {
            Covers::File => true,
            Covers::Nothing => false,
            Covers::Next(line) => begins(line),
            Covers::Line(line) => {
                begins(line)
                    || lines.line_of(span.start) < line
                        && line <= lines.line_of(span.end.saturating_sub(1))
                        && !self.is_block(span)
            }
            Covers::Entry(entry) => entry.start <= span.start && span.end <= entry.end,
        }
    }

    /// True if the range is a block mapping or list: it is shown at its first line, and has as many
    /// lines as the entries in it.
    fn is_block(&self, span: Span) -> bool {
        let Some(tree) = &self.tree else { return false };
        let mut node = tree.node_at(span.start);
        while let Some(at) = node {
            if tree.span(at) == span && is_block(tree, at) {
                return true;
            }
            node = tree.parent(at);
        }
        false
    }
}

/// The part of a comment that is addressed to difylint, and its words.
fn own_part(
    file: &SourceFile,
    language: Language,
    comment: Comment,
) -> Option<(Span, Result<Words, Mistake>)> {
    let text = file.slice(comment.inner).trim_end();
    if let Some(words) = words::parse(text, comment.inner.start) {
        return Some((comment.span, words));
    }
    if language == Language::Markdown {
        return None;
    }
    // `# noqa: E501  # difylint: ignore[...]`
    text.match_indices('#').find_map(|(at, _)| {
        let blank = text.get(..at)?.ends_with([' ', '\t']);
        let start = comment.inner.start + u32::try_from(at).ok()?;
        let rest = text.get(at + 1..).filter(|_| blank)?;
        let words = words::parse(rest, start + 1)?;
        Some((Span::new(start, comment.span.end), words))
    })
}

fn at_its_place(words: Words, comment: Comment, span: Span) -> Result<Words, Mistake> {
    if words.scope == Scope::Near || comment.heads {
        return Ok(words);
    }
    Err(Mistake {
        span,
        message: "`ignore-file` stands behind the first line of content".to_owned(),
        help: "move it to the top of the file, or write `ignore[...]` for one entry".to_owned(),
        repaired: None,
    })
}

fn too_many(span: Span) -> Mistake {
    Mistake {
        span,
        message: format!("the comments of this file name more than {MAX_NAMES} rules"),
        help: "ignore the rules for the whole file, or in the configuration".to_owned(),
        repaired: None,
    }
}

/// Finds what follows comments, asked from the last one to the first.
struct Following<'f> {
    file: &'f SourceFile,
    comments: &'f [Comment],
    /// The text as YAML, and its nodes in the order in which they are written.
    yaml: Option<(&'f Tree, Vec<NodeId>)>,
    /// The line of the comment asked for before, and the line of content that follows it.
    known: Option<(usize, Option<usize>)>,
}

impl<'f> Following<'f> {
    fn new(file: &'f SourceFile, comments: &'f [Comment], tree: Option<&'f Tree>) -> Self {
        Self {
            file,
            comments,
            yaml: tree.map(|tree| (tree, tree.nodes().collect())),
            known: None,
        }
    }

    fn covers(&mut self, comment: Comment) -> Covers {
        let lines = self.file.lines();
        if !comment.alone {
            return Covers::Line(lines.line_of(comment.span.start));
        }
        if let Some((tree, nodes)) = &self.yaml {
            let entry = next_entry(tree, nodes, comment.span.end);
            return entry.map_or(Covers::Nothing, Covers::Entry);
        }
        let next = self.next_line(lines.line_of(comment.span.end));
        self.known = Some((lines.line_of(comment.span.start), next));
        next.map_or(Covers::Nothing, Covers::Next)
    }

    /// The first line behind this one that is neither blank nor a comment.
    fn next_line(&self, line: usize) -> Option<usize> {
        let lines = self.file.lines();
        for next in line + 1..lines.count() {
            if let Some((known, answer)) = self.known
                && known == next
            {
                return answer;
            }
            let span = lines.span_of(next)?;
            let blank = self.file.slice(span).trim().is_empty();
            let at = self
                .comments
                .partition_point(|it| it.span.end <= span.start);
            let comment = self
                .comments
                .get(at)
                .is_some_and(|it| it.alone && it.span.start < span.end);
            if !blank && !comment {
                return Some(next);
            }
        }
        None
    }
}

fn is_block(tree: &Tree, node: NodeId) -> bool {
    matches!(
        tree.kind(node),
        Kind::Mapping { flow: false } | Kind::Sequence { flow: false }
    )
}

/// The entry of a mapping, or the item of a list, that begins first behind an offset; of several
/// that begin at one place, the outermost.
fn next_entry(tree: &Tree, nodes: &[NodeId], offset: u32) -> Option<Span> {
    let first = nodes.partition_point(|node| tree.span(*node).start < offset);
    let mut node = *nodes.get(first)?;
    loop {
        let parent = tree.parent(node);
        if parent.is_some_and(|parent| tree.is_sequence(parent)) || !is_block(tree, node) {
            break;
        }
        // a mapping or list that is a value, or the document: its first entry
        let first = tree.pairs(node).next().map(|(key, _)| key);
        node = first.or_else(|| tree.items(node).first().copied())?;
    }
    let span = tree.span(node);
    let value = tree.parent(node).and_then(|parent| {
        let entry = tree.pairs(parent).find(|(key, _)| *key == node);
        entry.map(|(_, value)| tree.span(value))
    });
    Some(value.map_or(span, |value| span.to(value)))
}
