//! Files of lines: requirements, ignore files, Markdown.

use super::{Change, any_covers, moved};
use crate::finding::{Edit, Span};

/// Lines that no edit covers are there again, none of them joined with another.
pub(super) fn whole(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let old_ranges: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let appended: Vec<u32> = edits
        .iter()
        .filter(|edit| edit.span.is_empty() && !edit.text.contains(['\n', '\r']))
        .map(|edit| edit.span.end)
        .collect();
    let kept = |text, ranges: &[Span], ends: &[u32]| -> Vec<String> {
        lines(text)
            .filter(|(span, line)| !line.trim().is_empty() && !any_covers(ranges, *span))
            .filter(|(span, _)| !ends.contains(&span.end))
            .map(|(_, line)| line.to_owned())
            .collect()
    };
    if kept(before, &old_ranges, &appended) == kept(after, &moved(edits), &[]) {
        Ok(())
    } else {
        Err("a line outside the fix would change".to_owned())
    }
}

/// An edit changes the requirement of one line, or adds lines; the name of the package, options,
/// hashes, markers and comments stay.
pub(super) fn requirements(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    whole(before, after, edits)?;
    for (edit, range) in edits.iter().zip(moved(edits)) {
        if edit.span.is_empty() && edit.text.contains(['\n', '\r']) {
            continue;
        }
        let line = |text, at: u32| {
            lines(text)
                .find(|(span, _)| span.touches(at))
                .map(|(_, line)| line)
        };
        let (Some(old), Some(new)) = (line(before, edit.span.start), line(after, range.start))
        else {
            return Err("an edit lies outside the file".to_owned());
        };
        let replaced = before.get(edit.span.range()).unwrap_or("");
        if replaced.contains(['\n', '\r']) || edit.text.contains(['\n', '\r']) {
            return Err("one edit covers several lines".to_owned());
        }
        let (old, old_comment) = parts(old);
        let (new, new_comment) = parts(new);
        let remark = [old_comment, new_comment]
            .iter()
            .any(|it| it.contains(REMARK));
        let comment = old_comment == new_comment || remark;
        if name(old) != name(new) || tail(old) != tail(new) || !comment {
            return Err("more than the version would change".to_owned());
        }
    }
    Ok(())
}

/// The name of a package, extras included.
fn name(line: &str) -> &str {
    let end = line
        .find(|c: char| "<>=!~;#@ ".contains(c))
        .unwrap_or(line.len());
    line.get(..end).unwrap_or(line).trim()
}

/// What a comment to difylint has in it.
const REMARK: &str = "difylint";

/// A requirement and the comment behind it.
fn parts(line: &str) -> (&str, &str) {
    let at = match line.trim_start().starts_with('#') {
        true => Some(0),
        false => line.find(" #"),
    };
    let (code, comment) = line.split_at(at.unwrap_or(line.len()));
    (code.trim_end(), comment.trim())
}

/// Options and markers of a requirement.
fn tail(line: &str) -> &str {
    let at = [";", " --", "\\"]
        .into_iter()
        .filter_map(|sign| line.find(sign))
        .min();
    at.and_then(|at| line.get(at..)).unwrap_or("").trim()
}

/// What leaves one Markdown file comes to another, line by line. Comments to difylint may go.
pub(super) fn nothing_lost(changes: &[&Change<'_>]) -> Result<(), String> {
    let texts = changes.iter().flat_map(|change| change.edits);
    let mut put: Vec<&str> = texts
        .flat_map(|edit| edit.text.lines())
        .map(str::trim)
        .collect();
    for change in changes {
        for edit in change.edits {
            let gone = change.before.and_then(|it| it.get(edit.span.range()));
            let Some(gone) = gone.filter(|it| it.contains(['\n', '\r'])) else {
                continue;
            };
            let remark = |line: &str| line.starts_with("<!-- difylint:");
            let lines = gone.lines().map(str::trim);
            for line in lines.filter(|it| !it.is_empty() && !remark(it)) {
                match put.iter().position(|it| *it == line) {
                    Some(at) => drop(put.swap_remove(at)),
                    None => return Err(format!("the line `{line}` would be lost")),
                }
            }
        }
    }
    Ok(())
}

/// Lines without their line breaks, and where they stand.
fn lines(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    text.split_inclusive(['\n', '\r']).map(move |line| {
        let content = line.trim_end_matches(['\n', '\r']);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(offset(at), offset(at + content.len()));
        at += line.len();
        (span, content)
    })
}
