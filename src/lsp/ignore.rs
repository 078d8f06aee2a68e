//! Comments that take a finding out of sight.

use crate::finding::{Edit, Finding, Span};
use crate::source::SourceFile;
use crate::yaml::{Kind, Tree};

/// What such a comment begins with on a line, and for a file.
const LINE: &str = "# difylint: ignore[";
const FILE: &str = "# difylint: ignore-file[";

/// The comments that may be written for a finding in a YAML file, with titles.
pub fn comments(file: &SourceFile, finding: &Finding) -> Vec<(String, Edit)> {
    if !(file.path().ends_with(".yaml") || file.path().ends_with(".yml")) {
        return Vec::new();
    }
    let rule = finding.rule;
    let before = Tree::parse(file.text());
    let offers = [
        (
            format!("ignore `{rule}` on this line"),
            on_line(file, finding),
        ),
        (
            format!("ignore `{rule}` in this file"),
            Some(in_file(file, finding)),
        ),
    ];
    offers
        .into_iter()
        .filter_map(|(title, edit)| Some((title, edit?)))
        .filter(|(_, edit)| is_only_a_comment(&before, file.text(), edit))
        .collect()
}

/// At the end of the line on which the finding begins.
fn on_line(file: &SourceFile, finding: &Finding) -> Option<Edit> {
    let lines = file.lines();
    // what concerns the file as a whole has no line of its own
    if finding.place.span.is_empty() && finding.place.span.start == 0 {
        return None;
    }
    let line = lines.span_of(lines.line_of(finding.place.span.start))?;
    let text = file.slice(line).trim_end_matches(['\n', '\r']);
    let end = line.start + u32::try_from(text.trim_end().len()).ok()?;
    if let Some(at) = text.find(LINE)
        && let Some(close) = text.get(at..)?.find(']')
    {
        let close = line.start + u32::try_from(at + close).ok()?;
        return Some(edit(file, Span::at(close), format!(", {}", finding.rule)));
    }
    let stop = line.start + u32::try_from(text.len()).ok()?;
    let comment = format!("  {LINE}{}]", finding.rule);
    Some(edit(file, Span::new(end, stop), comment))
}

/// On a line of its own at the top of the file.
fn in_file(file: &SourceFile, finding: &Finding) -> Edit {
    let newline = if file.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mark = if file.text().starts_with('\u{feff}') {
        3
    } else {
        0
    };
    let comment = format!("{FILE}{}]{newline}", finding.rule);
    edit(file, Span::at(mark), comment)
}

fn edit(file: &SourceFile, span: Span, text: String) -> Edit {
    Edit {
        file: file.path().clone(),
        span,
        text,
    }
}

/// True if the document says the same with the comment: inside a text of several lines a `#` is
/// part of the text.
fn is_only_a_comment(before: &Tree, text: &str, edit: &Edit) -> bool {
    let mut after = text.to_owned();
    if after.get(edit.span.range()).is_none() {
        return false;
    }
    after.replace_range(edit.span.range(), &edit.text);
    let after = Tree::parse(&after);
    let words = |tree: &Tree| -> Vec<(Kind, String)> {
        let nodes = tree.nodes();
        nodes
            .map(|node| (tree.kind(node), tree.text(node).to_owned()))
            .collect()
    };
    before.errors().len() == after.errors().len() && words(before) == words(&after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Place, RuleId, Severity};

    fn offered(text: &str, needle: &str) -> Vec<String> {
        let file = SourceFile::new("a.yaml", text.as_bytes().to_vec());
        let start = u32::try_from(text.find(needle).unwrap()).unwrap();
        let end = start + u32::try_from(needle.len()).unwrap();
        let place = Place {
            file: "a.yaml".into(),
            span: Span::new(start, end),
        };
        let finding = Finding::new(RuleId("x/y"), Severity::Error, place, "m");
        let mut texts = Vec::new();
        for (_, edit) in comments(&file, &finding) {
            let mut text = text.to_owned();
            text.replace_range(edit.span.range(), &edit.text);
            texts.push(text);
        }
        texts
    }

    #[test]
    fn at_the_end_of_the_line_or_at_the_top() {
        assert_eq!(
            offered("a: 名 \r\nb: 1\r\n", "名"),
            [
                "a: 名  # difylint: ignore[x/y]\r\nb: 1\r\n",
                "# difylint: ignore-file[x/y]\r\na: 名 \r\nb: 1\r\n"
            ]
        );
        assert_eq!(
            offered("a: 1  # difylint: ignore[p/q] why", "1")[0],
            "a: 1  # difylint: ignore[p/q, x/y] why"
        );
    }

    #[test]
    fn never_inside_a_text() {
        assert_eq!(
            offered("a: >\n  one\n  two\n", "one").len(),
            1,
            "the file only"
        );
        assert_eq!(offered("a: \"one\n  two\"\n", "one").len(), 1);
        assert_eq!(offered("a: |\n  one\n", "|").len(), 2);
    }
}
