//! What is wrong with the comments themselves.

use super::directive::{Addressed, Directive};
use super::words::{self, Mistake, Name, Words};
use crate::finding::{Applicability, Edit, Finding, Fix, Place, RuleId, Severity, Span};
use crate::format::words::shorten;
use crate::policy::Selector;
use crate::rules;

/// A comment, or one of its names, that takes nothing out.
const UNUSED: RuleId = RuleId("suppression/unused");
/// A name that no rule or category has.
const UNKNOWN: RuleId = RuleId("suppression/unknown-rule");
/// A comment without a reason.
pub const MISSING_REASON: RuleId = RuleId("suppression/missing-reason");
/// A comment that cannot be understood.
const MALFORMED: RuleId = RuleId("suppression/malformed");

/// Findings about the comments of a file; `findings` are those of the whole plugin.
pub fn review(file: &Addressed, findings: &[Finding]) -> Vec<Finding> {
    let here: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.place.file == *file.file.path())
        .collect();
    // what a rule that failed would have found, nobody knows; nor what was only counted
    let complete = !findings
        .iter()
        .any(|finding| finding.rule.0 == "internal/rule-failed" || finding.more > 0);
    let mut found = Vec::new();
    for directive in &file.directives {
        match &directive.words {
            Ok(words) => {
                let review = Review {
                    file,
                    directive,
                    words,
                    here: &here,
                };
                review.unknown(&mut found);
                if complete {
                    review.unused(&mut found);
                }
                review.reason(&mut found);
            }
            Err(mistake) => found.push(malformed(file, directive, mistake, &here)),
        }
    }
    found
}

struct Review<'r> {
    file: &'r Addressed,
    directive: &'r Directive,
    words: &'r Words,
    here: &'r [&'r Finding],
}

impl Review<'_> {
    fn unknown(&self, found: &mut Vec<Finding>) {
        for name in &self.words.names {
            let Err(unknown) = &name.selector else {
                continue;
            };
            let shown = shorten(&name.text);
            let message = match name.text.as_str() {
                "ALL" => "a comment cannot take out `ALL`".to_owned(),
                _ => format!("there is no rule or category `{shown}`"),
            };
            let mut finding = finding(self.file, UNKNOWN, name.span, message);
            finding.note = Some("the comment takes nothing out for this name".to_owned());
            finding.help = Some(match (&unknown.meant, name.text.as_str()) {
                (Some(meant), _) => format!("did you mean `{meant}`?"),
                (None, "ALL") => {
                    "name the rules or categories; what is found later would be hidden too"
                        .to_owned()
                }
                (None, _) => "`difylint rules` lists them".to_owned(),
            });
            let meant = unknown.meant.as_ref().filter(|meant| {
                let other = words::selector(meant);
                other.is_ok_and(|other| self.takes_out(&other))
            });
            finding.fixes.extend(meant.map(|meant| {
                let title = format!("write `{meant}`");
                self.rewritten(title, |text| {
                    text.replace_range(within(self, name.span), meant)
                })
            }));
            found.push(finding);
        }
    }

    fn unused(&self, found: &mut Vec<Finding>) {
        let unused: Vec<&Name> = self
            .words
            .names
            .iter()
            .filter(|name| (name.selector.as_ref()).is_ok_and(|it| !self.takes_out(it)))
            .collect();
        let nothing = unused.len() == self.words.names.len();
        let note = match self.directive.covers {
            super::directive::Covers::Nothing => "nothing follows the comment",
            super::directive::Covers::File => "nothing of the kind is found in this file",
            super::directive::Covers::Entry(_) => {
                "nothing of the kind is found in the entry that follows"
            }
            super::directive::Covers::Next(_) => {
                "nothing of the kind is found on the line that follows"
            }
            super::directive::Covers::Line(_) => "nothing of the kind is found on this line",
        };
        if nothing {
            let mut finding = finding(
                self.file,
                UNUSED,
                self.directive.own,
                format!("the comment for {} takes nothing out", list(&unused)),
            );
            finding.note = Some(note.to_owned());
            finding.help = Some("remove it: what it was for is gone".to_owned());
            finding.fixes.push(removal(self.file, self.directive));
            found.push(finding);
            return;
        }
        for name in unused {
            let shown = shorten(&name.text);
            let mut finding = finding(
                self.file,
                UNUSED,
                name.span,
                format!("`{shown}` takes nothing out"),
            );
            finding.note = Some(note.to_owned());
            finding.help = Some(format!("remove `{shown}` from the comment"));
            let others = self.words.names.iter().filter(|other| *other != name);
            let others: Vec<&str> = others.map(|other| other.text.as_str()).collect();
            let title = format!("remove `{shown}` from the comment");
            let fix = self.rewritten(title, |text| {
                text.replace_range(within(self, self.words.list), &others.join(", "));
            });
            finding.fixes.push(fix);
            found.push(finding);
        }
    }

    fn reason(&self, found: &mut Vec<Finding>) {
        if self.words.reason.is_some() {
            return;
        }
        let names: Vec<&Name> = self.words.names.iter().collect();
        let mut finding = finding(
            self.file,
            MISSING_REASON,
            self.directive.own,
            format!("the comment does not say why it takes out {}", list(&names)),
        );
        finding.note = Some("who reads it later cannot know whether it still holds".to_owned());
        finding.help = Some(format!(
            "write the reason behind the bracket: `{}[{}] -- why`",
            self.words.scope.as_str(),
            shorten(self.file.file.slice(self.words.list)),
        ));
        found.push(finding);
    }

    fn takes_out(&self, selector: &Selector) -> bool {
        self.here.iter().any(|finding| {
            selector.covers(finding.rule) && self.file.speaks_for(self.directive.covers, finding)
        })
    }

    fn rewritten(&self, title: String, change: impl FnOnce(&mut String)) -> Fix {
        let comment = self.directive.comment.span;
        let mut text = self.file.file.slice(comment).to_owned();
        change(&mut text);
        one_edit(self.file, title, comment, text)
    }
}

/// A range of the file as a range of the comment's text.
fn within(review: &Review<'_>, span: Span) -> std::ops::Range<usize> {
    let start = review.directive.comment.span.start;
    Span::new(
        span.start.saturating_sub(start),
        span.end.saturating_sub(start),
    )
    .range()
}

fn malformed(
    file: &Addressed,
    directive: &Directive,
    mistake: &Mistake,
    here: &[&Finding],
) -> Finding {
    let mut finding = finding(file, MALFORMED, mistake.span, mistake.message.clone());
    finding.note = Some("a comment that is not understood takes nothing out".to_owned());
    finding.help = Some(mistake.help.clone());
    let repaired = mistake.repaired.as_ref().filter(|text| {
        // offered only where it does some good
        let words = words::parse(text, 0).and_then(Result::ok);
        words.is_some_and(|words| {
            let covers = Addressed::covers_with(directive, &words);
            words.names.iter().all(|name| {
                name.selector.as_ref().is_ok_and(|it| {
                    here.iter()
                        .any(|finding| it.covers(finding.rule) && file.speaks_for(covers, finding))
                })
            })
        })
    });
    finding.fixes.extend(repaired.map(|text| {
        let comment = directive.comment.span;
        let before = Span::new(comment.start, directive.own.start);
        let written = format!("{}{}", file.file.slice(before), file.language.comment(text));
        one_edit(
            file,
            "write it so that it is understood".to_owned(),
            comment,
            written,
        )
    }));
    finding
}

/// Removes a comment: its line if it stands alone, the blanks before it if it does not.
fn removal(file: &Addressed, directive: &Directive) -> Fix {
    let title = "remove the comment".to_owned();
    let comment = directive.comment.span;
    if directive.own != comment {
        // the part for other tools stays
        let kept = Span::new(comment.start, directive.own.start);
        let kept = file.file.slice(kept).trim_end().to_owned();
        return one_edit(file, title, comment, kept);
    }
    let lines = file.file.lines();
    let line = |offset| lines.span_of(lines.line_of(offset)).unwrap_or(comment);
    let text = file.file.text();
    let mut first = line(comment.start).start;
    if first == 0 && text.starts_with('\u{feff}') {
        first = 3;
    }
    if directive.comment.alone {
        let span = Span::new(first, line(comment.end).end);
        return one_edit(file, title, span, String::new());
    }
    let before = file.file.slice(Span::new(first, comment.start));
    let blanks = before.len() - before.trim_end().len();
    let start = comment
        .start
        .saturating_sub(u32::try_from(blanks).unwrap_or(0));
    one_edit(file, title, Span::new(start, comment.end), String::new())
}

fn one_edit(file: &Addressed, title: String, span: Span, text: String) -> Fix {
    Fix {
        title,
        applicability: Applicability::Safe,
        edits: vec![Edit {
            file: file.file.path().clone(),
            span,
            text,
        }],
    }
}

fn finding(file: &Addressed, rule: RuleId, span: Span, message: String) -> Finding {
    let severity = rules::find(rule.0).map_or(Severity::Warning, |meta| meta.severity);
    let place = Place {
        file: file.file.path().clone(),
        span,
    };
    Finding::new(rule, severity, place, message)
}

/// `a`, `b` and 3 more
fn list(names: &[&Name]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .take(2)
        .map(|name| format!("`{}`", shorten(&name.text)))
        .collect();
    match names.len() {
        0..=2 => quoted.join(" and "),
        more => format!("{} and {} more", quoted.join(", "), more - 2),
    }
}
