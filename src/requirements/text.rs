//! `requirements.txt`: one requirement a line, comments, options, lines joined by `\`.

use super::{Requirements, span};
use crate::finding::Place;
use crate::source::SourceFile;
use std::ops::Range;

pub(super) fn read(file: &SourceFile, found: &mut Requirements) {
    found.lists = true;
    let text = file.text();
    let mut at = 0;
    let mut joined: Option<(usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let (head, continued) = match content.strip_suffix('\\') {
            Some(head) => (head, true),
            None => (content, false),
        };
        // a comment ends the joining, as it does for pip
        let (from, logical) = match joined.take() {
            Some((from, before)) => (from, before + head),
            None => (start, head.to_owned()),
        };
        if continued {
            joined = Some((from, logical));
        } else {
            one(file, from..start + content.len(), &logical, found);
        }
    }
    if let Some((from, logical)) = joined {
        one(file, from..text.len(), &logical, found);
    }
}

/// Reads a line, or several that are joined; `range` is where they stand.
fn one(file: &SourceFile, range: Range<usize>, line: &str, found: &mut Requirements) {
    let from = range.start;
    let from = if from == 0 && line.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        from
    };
    let line = line.trim_start_matches('\u{feff}');
    let written = without_comment(line);
    // options such as `--hash=...` follow the requirement on its line
    let written = written.split(" --").next().unwrap_or(written);
    let indent = written.len() - written.trim_start().len();
    let written = written.trim();
    found.includes |= written.starts_with("-r");
    let mut flags = ["-e ", "--editable "].iter();
    let editable = flags.any(|flag| written.starts_with(flag));
    if written.is_empty() || written.starts_with('-') && !editable {
        return;
    }
    let own = from + indent..from + indent + written.len();
    // what is joined stands nowhere as one piece
    let place = match file.text().get(own.clone()) {
        Some(there) if there == written => own,
        _ => range,
    };
    let place = Place {
        file: file.path().clone(),
        span: span(place),
    };
    if editable {
        found.editable.push((written.to_owned(), place));
    } else {
        found.entry(place, written, false);
    }
}

/// `#` begins a comment at the start of a line and after a blank.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (at, char) in line.char_indices() {
        if char == '#' && before.is_whitespace() {
            return line.get(..at).unwrap_or(line);
        }
        before = char;
    }
    line
}
