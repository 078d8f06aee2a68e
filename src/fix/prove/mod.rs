//! The proof of a fix: outside what its edits declare the file says what it said before, the
//! finding is gone, nothing new appeared, and no stage refuses what it accepted.
//!
//! An edit declares the text that it replaces and no more. What that means depends on the kind of
//! file, and files of other kinds are never changed.

mod lines;
mod python;
mod report;
mod toml;
mod yaml;

pub(super) use report::nothing_new;

use crate::finding::{Edit, Span};
use crate::plugin::IGNORE_FILES;

/// How changes of a file are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Yaml,
    Toml,
    Requirements,
    Ignore,
    Markdown,
    Python,
}

fn kind(path: &str) -> Option<Kind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match (name, ending) {
        ("requirements.txt", _) => Some(Kind::Requirements),
        (name, _) if IGNORE_FILES.contains(&name) => Some(Kind::Ignore),
        (_, "yaml" | "yml") => Some(Kind::Yaml),
        (_, "toml") => Some(Kind::Toml),
        (_, "md") => Some(Kind::Markdown),
        (_, "py") => Some(Kind::Python),
        _ => None,
    }
}

/// A file with the edits that make another text of it.
pub(super) struct Change<'a> {
    pub(super) path: &'a str,
    /// `None`: the edits create it.
    pub(super) before: Option<&'a str>,
    pub(super) after: &'a str,
    pub(super) edits: &'a [Edit],
}

/// Proves that the changes of some fixes do no more than their edits declare.
///
/// # Errors
/// What would happen besides.
pub(super) fn only_declared(changes: &[Change<'_>]) -> Result<(), String> {
    for change in changes {
        if !is_clean(change.path) {
            return Err(format!("`{}` is no path inside the plugin", change.path));
        }
        let Some(kind) = kind(change.path) else {
            return Err(format!(
                "nothing proves a change of a file like `{}`",
                change.path
            ));
        };
        let Some(before) = change.before else {
            created(change, kind)?;
            continue;
        };
        line_ends(before, change)?;
        match kind {
            Kind::Yaml => yaml::only_declared(before, change.after, change.edits)?,
            Kind::Toml => toml::only_declared(before, change.after, change.edits)?,
            Kind::Requirements => lines::requirements(before, change.after, change.edits)?,
            Kind::Python => python::only_comments(before, change.after)?,
            Kind::Ignore | Kind::Markdown => lines::whole(before, change.after, change.edits)?,
        }
    }
    let documents = |change: &&Change<'_>| kind(change.path) == Some(Kind::Markdown);
    lines::nothing_lost(&changes.iter().filter(documents).collect::<Vec<_>>())
}

/// A new file comes from one edit, an insertion at its start.
fn created(change: &Change<'_>, kind: Kind) -> Result<(), String> {
    match change.edits {
        [edit] if edit.span == Span::at(0) && !edit.text.is_empty() => {}
        _ => return Err(format!("`{}` does not exist", change.path)),
    }
    match kind {
        Kind::Yaml => yaml::only_declared("", change.after, change.edits),
        Kind::Toml => toml::only_declared("", change.after, change.edits),
        Kind::Python => Err("a fix makes no Python".to_owned()),
        Kind::Requirements | Kind::Ignore | Kind::Markdown => Ok(()),
    }
}

/// Relative, separated by `/`, without empty, `.` and `..` elements.
fn is_clean(path: &str) -> bool {
    !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// New lines end as the lines of the file do.
fn line_ends(before: &str, change: &Change<'_>) -> Result<(), String> {
    let styles = |text: &str| {
        let pairs = text.matches("\r\n").count();
        (
            pairs > 0,
            text.matches('\n').count() > pairs,
            text.matches('\r').count() > pairs,
        )
    };
    let (old, new) = (styles(before), styles(change.after));
    let known = old == (false, false, false);
    if !known && (new.0 && !old.0 || new.1 && !old.1 || new.2 && !old.2) {
        return Err("lines would end in two ways".to_owned());
    }
    let mark = Span::new(0, '\u{feff}'.len_utf8() as u32);
    let is_removal = |edit: &Edit| edit.span == mark && edit.text.is_empty();
    let marked = before.starts_with('\u{feff}') && !change.edits.iter().any(is_removal);
    if marked != change.after.starts_with('\u{feff}') {
        return Err("the byte order mark would change".to_owned());
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

/// True if an edit's range covers some of a piece of text: shares a byte with it, touches an empty
/// one, or is an insertion inside it.
fn covers(range: Span, piece: Span) -> bool {
    if piece.is_empty() {
        range.start <= piece.start && piece.start <= range.end
    } else if range.is_empty() {
        piece.start < range.start && range.start < piece.end
    } else {
        piece.start < range.end && range.start < piece.end
    }
}

fn any_covers(ranges: &[Span], piece: Span) -> bool {
    ranges.iter().any(|range| covers(*range, piece))
}

#[cfg(test)]
mod tests;
