//! White space around a text.

use crate::finding::{Applicability, Edit, Fix, Span};
use crate::format::words::name_of;
use crate::plugin::Node;
use crate::rules::locales::Localized;
use crate::rules::{Context, Draft, On};
use crate::yaml::{Kind, Style};

pub const CHECK: On = On::Localized(check);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    for (node, text) in localized.texts.iter().flatten().copied() {
        let trimmed = text.trim();
        if trimmed.len() == text.len() || trimmed.is_empty() {
            continue;
        }
        let (tree, value) = (node.tree(), node.id());
        let where_ = match (text.starts_with(trimmed), text.ends_with(trimmed)) {
            (true, _) if text.ends_with('\n') => "ends with a line break",
            (true, _) => "ends with white space",
            (_, true) => "begins with white space",
            _ => "has white space around it",
        };
        let message = format!("{} {where_}", name_of(tree, value));
        let draft = Draft::key(node, message)
            .note("the text is shown as it is, space included")
            .help(match tree.kind(value) {
                Kind::Scalar(Style::Literal) => "write `|-` instead of `|`",
                Kind::Scalar(Style::Folded) => "write `>-` instead of `>`",
                _ => "remove it",
            });
        cx.report(draft.fix(fix(node, text, trimmed)));
    }
}

fn fix(node: Node<'_>, text: &str, trimmed: &str) -> Option<Fix> {
    let (tree, value) = (node.tree(), node.id());
    let span = tree.span(value);
    let raw = tree.raw(value);
    let edit = |span, text: &str| Edit {
        file: node.document().path().clone(),
        span,
        text: text.to_owned(),
    };
    let edits = match tree.kind(value) {
        Kind::Scalar(Style::Literal | Style::Folded) => {
            // `|`, `|2`, `|+`: the strip indicator goes to the end of the header
            if text.trim_end_matches('\n') != trimmed {
                return None;
            }
            let header = raw
                .get(1..)?
                .find(|c: char| !c.is_ascii_digit() && c != '+')?;
            let word = raw.get(1..=header)?.replace('+', "");
            let end = span.start + u32::try_from(header).ok()? + 1;
            vec![edit(Span::new(span.start + 1, end), &format!("{word}-"))]
        }
        Kind::Scalar(Style::Single | Style::Double) => {
            let inner = raw.get(1..raw.len().checked_sub(1)?)?;
            // escapes and line breaks inside are for a person
            if inner != text {
                return None;
            }
            let left = inner.len() - inner.trim_start().len();
            let right = inner.len() - inner.trim_end().len();
            let (left, right) = (u32::try_from(left).ok()?, u32::try_from(right).ok()?);
            let start = Span::new(span.start + 1, span.start + 1 + left);
            let end = Span::new(span.end - 1 - right, span.end - 1);
            [start, end]
                .into_iter()
                .filter(|span| !span.is_empty())
                .map(|it| edit(it, ""))
                .collect()
        }
        _ => return None,
    };
    Some(Fix {
        title: "remove the white space around the text".to_owned(),
        applicability: Applicability::Safe,
        edits,
    })
}
