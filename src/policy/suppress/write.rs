//! Comments for what is found now, as edits of the files.

use super::comments::{self, Comment, Language};
use super::directive::{Addressed, Covers, Directive};
use super::words::{NAME, Scope};
use crate::finding::{Applicability, Edit, Finding, Fix, Severity, Span};
use crate::source::{Files, SourceFile};
use crate::yaml::{NodeId, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a comment has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// Before the content of the file.
    Top,
    /// On this line, counted from 0, or before it.
    Line(usize),
}

/// True if a comment may be written for the finding: not for what a stage refuses, which stays
/// refused whatever a comment says, nor for what is wrong with comments.
pub fn may_be_ignored(finding: &Finding) -> bool {
    finding.severity < Severity::Error && answers_to_rules(finding)
}

/// False for what nothing takes out: what is wrong with comments, and with difylint itself.
pub fn answers_to_rules(finding: &Finding) -> bool {
    !matches!(finding.rule.category(), "suppression" | "internal")
}

/// A comment that a person asked for: it takes one finding out, or all that its rule finds in the
/// file. `None` where a comment has no place or no effect.
pub fn ignore(files: &dyn Files, finding: &Finding, scope: Scope) -> Option<Fix> {
    if !answers_to_rules(finding) {
        return None;
    }
    let page = Page::read(files, &finding.place.file)?;
    let spot = match (page.spot(finding), scope) {
        // what is wrong with the file as a whole has no line of its own
        (Spot::Top, Scope::Near) => return None,
        (_, Scope::File) => Spot::Top,
        (line, Scope::Near) => line,
    };
    let (span, text) = page.edit(spot, &[finding], None)?;
    let place = match scope {
        Scope::Near => "on this line",
        Scope::File => "in this file",
    };
    Some(Fix {
        title: format!("ignore `{}` {place}", finding.rule),
        applicability: Applicability::Safe,
        edits: vec![Edit {
            file: finding.place.file.clone(),
            span,
            text,
        }],
    })
}

/// For each place, a comment that takes its findings out, and one of these. Findings without a
/// place for a comment (in a picture, a file that does not exist) get none.
pub fn ignores(
    files: &dyn Files,
    findings: &[Finding],
    reason: Option<&str>,
) -> Vec<(Finding, Fix)> {
    let mut by_file: BTreeMap<&Arc<str>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|it| may_be_ignored(it)) {
        by_file
            .entry(&finding.place.file)
            .or_default()
            .push(finding);
    }
    let mut written = Vec::new();
    for (path, findings) in by_file {
        let Some(page) = Page::read(files, path) else {
            continue;
        };
        let mut spots: BTreeMap<Spot, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            spots.entry(page.spot(finding)).or_default().push(finding);
        }
        for (spot, findings) in spots {
            let Some((span, text)) = page.edit(spot, &findings, reason) else {
                continue;
            };
            let Some(first) = findings.first() else {
                continue;
            };
            let fix = Fix {
                title: format!("ignore {}", rules(&findings).join(", ")),
                applicability: Applicability::Safe,
                edits: vec![Edit {
                    file: path.clone(),
                    span,
                    text,
                }],
            };
            written.push(((*first).clone(), fix));
        }
    }
    written
}

fn rules(findings: &[&Finding]) -> Vec<&'static str> {
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.0).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// A file to write comments into.
struct Page {
    file: SourceFile,
    language: Language,
    tree: Option<Tree>,
    comments: Vec<Comment>,
    strings: Vec<Span>,
    directives: Vec<Directive>,
    newline: &'static str,
}

impl Page {
    fn read(files: &dyn Files, path: &str) -> Option<Self> {
        let language = Language::of(path)?;
        // offsets of a text in another encoding are not those of the file
        let text = files.read(path).ok()?.text()?.clone();
        let newline = match text.find(['\n', '\r']).and_then(|at| text.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        };
        let file = SourceFile::new(path, text);
        let tree = (language == Language::Yaml).then(|| Tree::parse(file.text()));
        let comments = comments::comments(file.text(), language, tree.as_ref());
        let strings = match language {
            Language::Code { literal } => comments::code(file.text(), literal).strings,
            _ => Vec::new(),
        };
        let directives = Addressed::read(file.clone(), tree.as_ref());
        let directives = directives.map_or_else(Vec::new, |it| it.directives);
        Some(Self {
            file,
            language,
            tree,
            comments,
            strings,
            directives,
            newline,
        })
    }

    fn spot(&self, finding: &Finding) -> Spot {
        let span = finding.place.span;
        if span.start == 0 && span.is_empty() {
            return Spot::Top;
        }
        Spot::Line(self.file.lines().line_of(span.start))
    }

    fn edit(
        &self,
        spot: Spot,
        findings: &[&Finding],
        reason: Option<&str>,
    ) -> Option<(Span, String)> {
        let rules = rules(findings);
        let scope = match spot {
            Spot::Top => Scope::File,
            Spot::Line(_) => Scope::Near,
        };
        if let Some(extended) = self.extended(spot, &rules) {
            return Some(extended);
        }
        let reason = reason.map_or_else(String::new, |reason| format!(" -- {reason}"));
        let words = format!("{NAME}: {}[{}]{reason}", scope.as_str(), rules.join(", "));
        let comment = self.language.comment(&words);
        match spot {
            Spot::Top => {
                let at = self.top()?;
                Some((Span::at(at), format!("{comment}{}", self.newline)))
            }
            Spot::Line(line) => {
                let behind = self.behind(line, &comment);
                behind.or_else(|| self.above(line, findings, &comment))
            }
        }
    }

    /// A comment that is there already, with these rules in its list too.
    fn extended(&self, spot: Spot, rules: &[&str]) -> Option<(Span, String)> {
        let directive = self.directives.iter().find(|it| match (spot, it.covers) {
            (Spot::Top, Covers::File) => true,
            (Spot::Line(line), Covers::Line(other)) => line == other,
            (Spot::Line(line), Covers::Next(other)) => {
                line == other && self.language == Language::Ignore
            }
            _ => false,
        })?;
        let words = directive.words.as_ref().ok()?;
        let mut names: Vec<&str> = words.names.iter().map(|name| name.text.as_str()).collect();
        names.extend(
            rules
                .iter()
                .filter(|rule| !words.names.iter().any(|it| it.text == **rule)),
        );
        let comment = directive.comment.span;
        let before = Span::new(comment.start, words.list.start);
        let after = Span::new(words.list.end, comment.end);
        let text = format!(
            "{}{}{}",
            self.file.slice(before),
            names.join(", "),
            self.file.slice(after)
        );
        Some((comment, text))
    }

    /// The offset at which the first line of the file begins that is free.
    fn top(&self) -> Option<u32> {
        let text = self.file.text();
        let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        if self.language == Language::Markdown && text.get(at..)?.starts_with("---") {
            // front matter has to come first
            return None;
        }
        // Python looks for its encoding in the first two lines, the system for an interpreter
        for line in 0..2 {
            let span = self.file.lines().span_of(line)?;
            let words = self.file.slice(span).trim_start_matches('\u{feff}');
            if words.starts_with("#!") || words.starts_with('#') && words.contains("coding") {
                at = span.end as usize;
            }
        }
        u32::try_from(at).ok()
    }

    /// The comment at the end of a line, if a comment may stand there.
    fn behind(&self, line: usize, comment: &str) -> Option<(Span, String)> {
        let span = self.file.lines().span_of(line)?;
        let words = self.file.slice(span);
        let end = span.start + u32::try_from(words.trim_end().len()).ok()?;
        if words.trim_end().ends_with('\\') || self.inside_scalar(end) {
            return None;
        }
        let other = self
            .comments
            .iter()
            .find(|it| it.span.start < end && end <= it.span.end);
        match (self.language, other) {
            (Language::Ignore, _) => None,
            (Language::Markdown, _) => {
                let edit = (Span::at(end), format!(" {comment}"));
                self.is_seen(&edit).then_some(edit)
            }
            // the line is a comment itself: what is found in it is not reached by another
            (_, Some(other)) if other.alone => None,
            (_, Some(other)) => {
                let before = self.file.slice(other.span).trim_end();
                Some((other.span, format!("{before}  {comment}")))
            }
            (_, None) => Some((Span::at(end), format!("  {comment}"))),
        }
    }

    /// The comment on a line of its own before the line, or before the entry that the line is in.
    fn above(&self, line: usize, findings: &[&Finding], comment: &str) -> Option<(Span, String)> {
        let lines = self.file.lines();
        let line = match &self.tree {
            Some(tree) => {
                let first = findings.first()?.place.span;
                lines.line_of(entry_around(tree, first)?)
            }
            None => line,
        };
        let mut start = lines.span_of(line)?.start;
        if start == 0 && self.file.text().starts_with('\u{feff}') {
            start = 3;
        }
        if self.inside_scalar(start) {
            return None;
        }
        let text = self.file.slice(Span::new(start, lines.span_of(line)?.end));
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let indent = text.get(..indent)?;
        let edit = (
            Span::at(start),
            format!("{indent}{comment}{}", self.newline),
        );
        self.is_seen(&edit).then_some(edit)
    }

    /// True if the offset lies in a text that a comment would become a part of, or break off.
    fn inside_scalar(&self, offset: u32) -> bool {
        let inside = |span: Span| span.start < offset && offset < span.end;
        if let Some(tree) = &self.tree {
            let node = tree.node_at(offset).filter(|node| tree.is_scalar(*node));
            return node.is_some_and(|node| inside(tree.span(node)));
        }
        let at = self.strings.partition_point(|it| it.end <= offset);
        self.strings.get(at).is_some_and(|it| inside(*it))
    }

    /// True if the text with the edit has one comment more.
    fn is_seen(&self, (span, text): &(Span, String)) -> bool {
        let mut edited = self.file.text().to_owned();
        if edited.get(span.range()).is_none() {
            return false;
        }
        edited.replace_range(span.range(), text);
        let comments = comments::comments(&edited, self.language, None);
        comments.len() == self.comments.len() + 1
    }
}

/// Where the innermost entry begins that holds a range and is the first thing on its line.
fn entry_around(tree: &Tree, span: Span) -> Option<u32> {
    let mut node = tree.node_at(span.start);
    while let Some(at) = node {
        let start = tree.span(at).start;
        if let Some(parent) = tree.parent(at) {
            // of a mapping the keys begin entries, of a list the items
            let entry = if tree.is_mapping(parent) {
                let key = key_of(tree, at);
                (tree.span(key), tree.pairs(parent).find(|(k, _)| *k == key))
            } else {
                (tree.span(at), None)
            };
            let end = entry
                .1
                .map_or(tree.span(at).end, |(_, value)| tree.span(value).end);
            let start = entry.0.start;
            if start <= span.start && span.end <= end.max(start) && is_first(tree.source(), start) {
                return Some(start);
            }
        } else if start > span.start {
            return None;
        }
        node = tree.parent(at);
    }
    None
}

fn key_of(tree: &Tree, node: NodeId) -> NodeId {
    tree.key_of(node).unwrap_or(node)
}

/// True if nothing but blanks and the dashes of lists stand before an offset on its line.
fn is_first(source: &str, offset: u32) -> bool {
    let before = source.get(..offset as usize).unwrap_or(source);
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    line.trim_start_matches('\u{feff}')
        .chars()
        .all(|c| matches!(c, ' ' | '\t' | '-'))
}
