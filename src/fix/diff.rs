//! Changes as a unified diff, as `diff -u`, `patch` and `git apply` have it.

use super::Changed;
use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::udiff::UnifiedHunkHeader;
use similar::{DiffOp, DiffTag};
use std::fmt::Write as _;

/// Lines that stay the same around a change.
const CONTEXT: usize = 3;

/// The lines of a text with their ends. A lone `\r` ends no line of a diff.
pub fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What became of the lines of one text in another.
pub fn changes(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    captured(old, new).into_ops()
}

/// The change of a file; `path` is what stands in its header, after `a/` and `b/`.
pub fn unified(changed: &Changed, path: &str) -> String {
    let (old, new) = (
        lines(changed.before.as_deref().unwrap_or("")),
        lines(&changed.after),
    );
    // a blank in a name ends it, unless a tab follows
    let end = if path.contains(' ') { "\t" } else { "" };
    let from = match changed.before {
        Some(_) => format!("a/{path}{end}"),
        None => "/dev/null".to_owned(),
    };
    let mut text = String::new();
    for hunk in captured(&old, &new).into_grouped_ops(CONTEXT) {
        if hunk.is_empty() {
            continue;
        }
        if text.is_empty() {
            let _ = write!(text, "--- {from}\n+++ b/{path}{end}\n");
        }
        let _ = writeln!(text, "{}", UnifiedHunkHeader::new(&hunk));
        for op in hunk {
            let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
            match op.tag() {
                DiffTag::Equal => add(&mut text, ' ', before),
                DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                    add(&mut text, '-', before);
                    add(&mut text, '+', after);
                }
            }
        }
    }
    text
}

/// By one algorithm alone: the library's own choice among five would be a twentieth of the program.
fn captured(old: &[&str], new: &[&str]) -> Capture {
    let mut found = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut found, old, 0..old.len(), new, 0..new.len());
    found.into_inner().into_inner()
}

fn add(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}
