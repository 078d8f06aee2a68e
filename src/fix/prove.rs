//! The proof of a fix: outside its edits the document says what it said before, the finding is
//! gone, and nothing new appeared.

use crate::finding::{Edit, Finding, Fix, Span};
use crate::report::PluginReport;
use crate::yaml::{Kind, NodeId, Style, Tree};
use std::collections::HashMap;

/// Compares a document before and after, what the edits replace and put in its place left out.
pub(super) fn same_outside(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let old_ranges: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let new_ranges = moved(edits);
    let (old, new) = (Tree::parse(before), Tree::parse(after));
    if new.errors().len() > old.errors().len() {
        return Err("the file can no longer be parsed".to_owned());
    }
    if tokens(&old, &old_ranges) != tokens(&new, &new_ranges) {
        return Err("a value outside the fix would change".to_owned());
    }
    let comments = |tree: &Tree, ranges: &[Span]| -> Vec<String> {
        let kept = tree
            .comments()
            .iter()
            .filter(|it| !ranges.iter().any(|r| overlaps(**it, *r)));
        kept.map(|it| {
            tree.source()
                .get(it.range())
                .unwrap_or("")
                .trim_end()
                .to_owned()
        })
        .collect()
    };
    if comments(&old, &old_ranges) != comments(&new, &new_ranges) {
        return Err("a comment outside the fix would be lost".to_owned());
    }
    Ok(())
}

/// The ranges that the edits' texts take in the result.
fn moved(edits: &[Edit]) -> Vec<Span> {
    let mut shift: i64 = 0;
    let place = |at: u32, shift: i64| u32::try_from(i64::from(at) + shift).unwrap_or(u32::MAX);
    edits
        .iter()
        .map(|edit| {
            let start = place(edit.span.start, shift);
            let length = i64::try_from(edit.text.len()).unwrap_or(i64::MAX);
            let span = Span::new(start, place(start, length));
            shift += length - i64::from(edit.span.len());
            span
        })
        .collect()
}

/// What is said of comments and entries whose finding is gone.
const PURPOSELESS: [&str; 2] = ["suppression/unused", "suppression/outdated-baseline"];

/// Depth, kind and text of a node.
type Token = (usize, &'static str, String);

fn tokens(tree: &Tree, ranges: &[Span]) -> Vec<Token> {
    let mut found = Vec::new();
    if let Some(root) = tree.root() {
        collect(tree, root, 0, ranges, &mut found);
    }
    found
}

fn collect(tree: &Tree, node: NodeId, depth: usize, ranges: &[Span], found: &mut Vec<Token>) {
    let span = tree.span(node);
    let word = match tree.kind(node) {
        Kind::Scalar(Style::Plain) => "plain",
        Kind::Scalar(_) => "quoted",
        Kind::Alias => "alias",
        Kind::Sequence { .. } => "list",
        Kind::Mapping { .. } => "mapping",
    };
    let leaf = tree.is_scalar(node) || tree.kind(node) == Kind::Alias;
    let touched = if leaf {
        ranges.iter().any(|range| overlaps(span, *range))
    } else {
        ranges
            .iter()
            .any(|range| range.start <= span.start && span.end <= range.end)
    };
    if !touched {
        let tag = tree.tag(node).map_or("", |tag| tag.name.as_str());
        found.push((depth, word, format!("{tag} {}", tree.text(node))));
    }
    for (key, value) in tree.pairs(node) {
        collect(tree, key, depth + 1, ranges, found);
        collect(tree, value, depth + 1, ranges, found);
    }
    for item in tree.items(node) {
        collect(tree, *item, depth + 1, ranges, found);
    }
}

/// True if an edit's range covers some of a node: shares a byte with it, touches an empty one, or
/// is an insertion inside it.
fn overlaps(node: Span, range: Span) -> bool {
    if node.is_empty() {
        range.start <= node.start && node.start <= range.end
    } else if range.is_empty() {
        node.start < range.start && range.start < node.end
    } else {
        node.start < range.end && range.start < node.end
    }
}

/// Every finding that was to be repaired is gone, and there is none that was not there before.
pub(super) fn nothing_new(
    before: &PluginReport,
    after: &PluginReport,
    chosen: &[(Finding, Fix)],
) -> Result<(), String> {
    let key = |finding: &Finding| {
        (
            finding.rule,
            finding.place.file.clone(),
            finding.message.clone(),
        )
    };
    let mut counts: HashMap<_, i64> = HashMap::new();
    for finding in &before.findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    for (finding, _) in chosen {
        *counts.entry(key(finding)).or_default() -= 1;
    }
    for finding in &after.findings {
        let left = counts.entry(key(finding)).or_default();
        *left -= 1;
        if *left < 0 {
            let repaired = chosen.iter().any(|(other, _)| key(other) == key(finding));
            // what a repair leaves without a purpose is said at the next check
            if !repaired && PURPOSELESS.contains(&finding.rule.0) {
                continue;
            }
            return Err(match repaired {
                true => "the finding would still be there".to_owned(),
                false => format!("it would bring `{}`: {}", finding.rule, finding.message),
            });
        }
    }
    let worse = after
        .rejected
        .iter()
        .any(|stage| !before.rejected.contains(stage));
    if worse {
        Err("a stage would refuse the plugin that accepts it now".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(before: &str, at: std::ops::Range<u32>, text: &str) -> Result<(), String> {
        let edit = Edit {
            file: "x.yaml".into(),
            span: Span::new(at.start, at.end),
            text: text.to_owned(),
        };
        let mut after = before.to_owned();
        after.replace_range(edit.span.range(), text);
        same_outside(before, &after, &[edit])
    }

    #[test]
    fn an_edit_may_change_only_what_it_covers() {
        let source = "a: 1 # one\nb: [x, y]\n";
        assert_eq!(proof(source, 3..4, "\"1\""), Ok(()));
        assert_eq!(proof(source, 10..10, "\nc: 2"), Ok(()));
        assert_eq!(proof(source, 11..20, ""), Ok(()));
        assert_eq!(proof(source, 0..1, "名"), Ok(()));
        assert!(proof(source, 4..5, "").is_err(), "the comment became text");
        assert!(proof(source, 10..10, "\nc: {").is_err(), "no YAML any more");
        assert!(
            proof(source, 4..4, "\n   2").is_err(),
            "the value grew beyond the edit"
        );
        assert!(proof(source, 10..11, "\n ").is_err(), "`b` moved below `a`");
    }
}
