//! One requirement of PEP 508, within bounds that `pep508_rs` does not set itself.

use pep508_rs::{Requirement, VerbatimUrl};
use std::str::FromStr as _;

/// Longer ones are not read; addresses with a token and a checksum have some hundred bytes.
const MAX_BYTES: usize = 8_192;

/// `pep508_rs` descends once for each bracket, and brings a marker into a form that may take twice
/// the time for each further word. Nobody asks here what a marker says: of a longer one only what
/// stands before it is read.
const MAX_MARKER_BYTES: usize = 1_000;
const MAX_MARKER_WORDS: usize = 16;

/// Reads a requirement as it is written, without a comment.
///
/// # Errors
/// Why it is none, in words.
pub fn parse(written: &str) -> Result<Requirement<VerbatimUrl>, String> {
    if written.len() > MAX_BYTES {
        return Err(format!(
            "it has {} bytes, more than the {MAX_BYTES} that are read",
            written.len()
        ));
    }
    names_end_well(written)?;
    Requirement::from_str(within_bounds(written)).map_err(|error| {
        let text = error.message.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })
}

/// `pep508_rs` 0.9 panics at a package or an extra whose name ends with a mark and is followed by
/// something: `a_ >= 1`, `a[b-]`.
fn names_end_well(written: &str) -> Result<(), String> {
    let written = written.trim_start();
    let is_part = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let (name, rest) = written.split_at(written.find(|it| !is_part(it)).unwrap_or(written.len()));
    let extras = rest.trim_start().strip_prefix('[').unwrap_or_default();
    let extras = extras.split(']').next().unwrap_or_default();
    for (name, what) in std::iter::once((name, "package")).chain(
        extras
            .split(|it: char| it == ',' || it.is_whitespace())
            .map(|extra| (extra, "extra")),
    ) {
        if let Some(last) = name
            .trim()
            .chars()
            .next_back()
            .filter(|it| "-_.".contains(*it))
        {
            return Err(format!(
                "the name of {what} `{}` ends with `{last}`; it must end with a letter or digit",
                name.trim()
            ));
        }
    }
    Ok(())
}

fn within_bounds(written: &str) -> &str {
    // an address may hold `;`, and ends where a blank comes before one
    let mark = if written.contains('@') { " ;" } else { ";" };
    let Some((before, marker)) = written.split_once(mark) else {
        return written;
    };
    let words = marker.split(|it: char| it.is_whitespace() || "()\"'".contains(it));
    let joints = words.filter(|it| matches!(*it, "and" | "or")).count();
    let many = joints + marker.matches('(').count() > MAX_MARKER_WORDS;
    // `pep508_rs` cuts a marker inside a character when it tells of a mistake in it
    if many || marker.len() > MAX_MARKER_BYTES || !marker.is_ascii() {
        before
    } else {
        written
    }
}
