//! The lines of source that a finding points at, with what is meant marked in them.

use super::escape::text;
use crate::finding::{Finding, Place};
use crate::report::excerpt::Excerpts;
use crate::report::frame::MAX_LABELS;
use crate::report::prose::address;
use crate::report::text::count;
use crate::report::{PluginReport, means_whole_file};
use codespan_reporting::files::Files;
use std::fmt::Write;
use std::ops::Range;

/// Columns of a line; a browser breaks lines, so this only bounds the page.
const COLUMNS: usize = 240;

/// A place in an excerpt, and what is said of it.
struct Mark<'f> {
    at: Range<usize>,
    message: &'f str,
    primary: bool,
}

/// Draws the places of a finding, a frame for each file.
pub(super) fn frames(out: &mut String, report: &PluginReport, finding: &Finding) {
    let own = (&finding.place, finding.remark.as_str());
    let others = finding.labels.iter().take(MAX_LABELS);
    let others = others.map(|label| (&label.place, label.message.as_str()));
    let mut excerpts = Excerpts::default();
    let mut noted = Vec::new();
    let mut files: Vec<&Place> = Vec::new();
    let mut bare = Vec::new();
    for (number, (place, message)) in std::iter::once(own).chain(others).enumerate() {
        let source = report.sources.get(&place.file);
        let Some(source) = source.filter(|_| !means_whole_file(place)) else {
            // the finding's own file is its heading already
            if number > 0 || !message.is_empty() {
                bare.push((place, message));
            }
            continue;
        };
        let at = excerpts.note(String::new(), source, place.span);
        if at.0 == files.len() {
            files.push(place);
        }
        noted.push((at, message, number == 0));
    }
    excerpts.write(COLUMNS, "…");
    for (file, place) in files.into_iter().enumerate() {
        let marks = noted.iter().filter(|((of, _), ..)| *of == file);
        let marks = marks.map(|((_, label), message, primary)| Mark {
            at: excerpts.range_of(file, *label),
            message,
            primary: *primary,
        });
        let marks: Vec<Mark<'_>> = marks.collect();
        out.push_str("<figure><figcaption>");
        text(out, &address(report, place));
        out.push_str("</figcaption><pre>");
        lines(out, &excerpts, file, &marks);
        out.push_str("</pre></figure>\n");
    }
    for (place, message) in bare {
        out.push_str("<p class=place>");
        text(out, &address(report, place));
        if !message.is_empty() {
            out.push_str(": ");
            super::escape::prose(out, message);
        }
        out.push_str("</p>\n");
    }
    if let Some(hidden) = finding.labels.len().checked_sub(MAX_LABELS + 1) {
        let more = count(hidden + 1, "further place");
        let _ = writeln!(out, "<p class=place>and {more}</p>");
    }
}

fn lines(out: &mut String, excerpts: &Excerpts, file: usize, marks: &[Mark<'_>]) {
    let Ok(source) = excerpts.source(file) else {
        return;
    };
    let known: Vec<(usize, Range<usize>)> = excerpts.lines(file).collect();
    let touched = |line: &Range<usize>| {
        let touches = |mark: &Mark<'_>| mark.at.start <= line.end && line.start <= mark.at.end;
        marks.iter().any(touches)
    };
    let shown: Vec<bool> = known.iter().map(|(_, line)| touched(line)).collect();
    let mut last = None;
    for (at, (number, line)) in known.iter().enumerate() {
        let shows = |at: Option<usize>| at.and_then(|at| shown.get(at)).copied().unwrap_or(false);
        let bridge = shows(at.checked_sub(1)) && shows(at.checked_add(1));
        if !shows(Some(at)) && !bridge {
            continue;
        }
        if last.is_some_and(|last| last + 1 < *number) {
            out.push_str("<span class=gap>⋯</span>");
        }
        last = Some(*number);
        let _ = write!(out, "<span class=line data-n={}>", number + 1);
        pieces(out, source, line, marks);
        out.push_str("</span>");
        for mark in marks.iter().filter(|mark| !mark.message.is_empty()) {
            if line.start <= mark.at.end && mark.at.end <= line.end {
                let class = if mark.primary { "say p" } else { "say" };
                let _ = write!(out, "<span class=\"{class}\">");
                super::escape::prose(out, mark.message);
                out.push_str("</span>");
            }
        }
    }
}

/// A line cut where marks begin and end; where marks overlap, the finding's own place wins.
fn pieces(out: &mut String, source: &str, line: &Range<usize>, marks: &[Mark<'_>]) {
    let mut edges: Vec<usize> = vec![line.start, line.end];
    for mark in marks {
        let inside = [mark.at.start, mark.at.end].into_iter();
        edges.extend(inside.filter(|at| line.start <= *at && *at <= line.end));
    }
    edges.sort_unstable();
    edges.dedup();
    let point = |out: &mut String, at: usize| {
        let is_here = |mark: &&Mark<'_>| mark.at.is_empty() && mark.at.start == at;
        if let Some(mark) = marks.iter().find(is_here) {
            open(out, mark.primary, true);
            out.push_str("</mark>");
        }
    };
    point(out, line.start);
    for piece in edges.windows(2) {
        let [start, end] = piece else { continue };
        let covers = |mark: &&Mark<'_>| mark.at.start <= *start && *end <= mark.at.end;
        let words = source.get(*start..*end).unwrap_or_default();
        let covering = marks.iter().filter(covers);
        match covering.map(|mark| mark.primary).max() {
            Some(primary) => {
                open(out, primary, false);
                text(out, words);
                out.push_str("</mark>");
            }
            None => text(out, words),
        }
        point(out, *end);
    }
}

fn open(out: &mut String, primary: bool, empty: bool) {
    let class = match (primary, empty) {
        (true, false) => "p",
        (true, true) => "p at",
        (false, false) => "s",
        (false, true) => "s at",
    };
    let _ = write!(out, "<mark class=\"{class}\">");
}
