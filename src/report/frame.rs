//! The lines of source that a finding points at, drawn by `codespan-reporting`.
//!
//! The crate never sees the files themselves but excerpts of them.

use super::excerpt::Excerpts;
use super::text::{RESET, Style, clean};
use super::{Look, PluginReport, means_whole_file};
use crate::finding::{Finding, Place, Severity};
use codespan_reporting::diagnostic::{self, Diagnostic, LabelStyle};
use codespan_reporting::term::{self, Chars, Config, WriteStyle};
use std::io::{self, Write};

/// Labels drawn besides the finding's own place.
pub(super) const MAX_LABELS: usize = 8;

/// A drawn frame.
pub(super) struct Frame {
    /// The lines, each with its end.
    pub text: Vec<u8>,
    /// Columns left of the frame's border: where notes have to begin.
    pub gutter: usize,
    /// Labels left out.
    pub hidden: usize,
}

/// Draws the places of a finding.
pub(super) fn render(report: &PluginReport, finding: &Finding, look: &Look) -> Frame {
    let mut places: Vec<(&Place, &str, LabelStyle)> = Vec::new();
    places.push((&finding.place, &finding.remark, LabelStyle::Primary));
    for label in finding.labels.iter().take(MAX_LABELS) {
        places.push((&label.place, &label.message, LabelStyle::Secondary));
    }
    let mut excerpts = Excerpts::default();
    let mut labels = Vec::new();
    // places without text to draw: the finding's own goes before the frames, others after them
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (place, message, style) in places {
        let source = report.sources.get(&place.file);
        match source.filter(|_| !means_whole_file(place)) {
            Some(source) => {
                let path = report.path_of(&place.file);
                labels.push((excerpts.note(path, source, place.span), message, style));
            }
            None => {
                let bare = (report.path_of(&place.file), message);
                if style == LabelStyle::Primary {
                    own.push(bare);
                } else {
                    others.push(bare);
                }
            }
        }
    }
    let columns = look.width.saturating_sub(8).max(60);
    let cut_mark = if look.unicode { "…" } else { "..." };
    excerpts.write(columns, cut_mark);
    let labels: Vec<diagnostic::Label<usize>> = labels
        .into_iter()
        .map(|((file, at), message, style)| {
            let range = excerpts.range_of(file, at);
            diagnostic::Label::new(style, file, range).with_message(clean(message))
        })
        .collect();
    let gutter = excerpts.last_line().max(1).ilog10() as usize + 1;
    let mut text = Vec::new();
    bare_files(&mut text, look, gutter, &own);
    if !labels.is_empty() {
        draw(&mut text, look, finding.severity, labels, &excerpts);
        let border = if look.unicode { "│" } else { "|" };
        let border = super::paint(look.color, Style::Frame, border);
        // writing to memory does not fail
        let _ = writeln!(text, "{:gutter$} {border}", "");
    }
    bare_files(&mut text, look, gutter, &others);
    Frame {
        text,
        gutter,
        hidden: finding.labels.len().saturating_sub(MAX_LABELS),
    }
}

fn bare_files(out: &mut Vec<u8>, look: &Look, gutter: usize, files: &[(String, &str)]) {
    let corner = if look.unicode { "┌─" } else { "-->" };
    for (path, message) in files {
        let corner = super::paint(look.color, Style::Frame, corner);
        let colon = if message.is_empty() { "" } else { ": " };
        let path = clean(path);
        // writing to memory does not fail
        let _ = writeln!(
            out,
            "{:gutter$} {corner} {path}{colon}{}",
            "",
            clean(message)
        );
    }
}

fn draw(
    out: &mut Vec<u8>,
    look: &Look,
    severity: Severity,
    labels: Vec<diagnostic::Label<usize>>,
    files: &Excerpts,
) {
    let severity = match severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Info => diagnostic::Severity::Note,
    };
    let config = Config {
        chars: if look.unicode {
            Chars::box_drawing()
        } else {
            Chars::ascii()
        },
        tab_width: 2,
        ..Config::default()
    };
    let mut brush = Brush {
        out,
        color: look.color,
        in_header: true,
    };
    let drawing = Diagnostic::new(severity).with_labels(labels);
    // it fails only for lines and offsets that `files` lacks: then the header and the notes
    // still say everything
    let _ = term::emit_to_write_style(&mut brush, &config, files, &drawing);
    // the crate ends with an empty line; more follows here
    if out.ends_with(b"\n\n") {
        out.pop();
    }
}

/// Colours the frame. The crate's own first line, the header, is dropped: its words for
/// severities are not ours.
struct Brush<'a> {
    out: &'a mut Vec<u8>,
    color: bool,
    in_header: bool,
}

impl Brush<'_> {
    fn style(&mut self, sequence: &str) -> io::Result<()> {
        if self.color && !self.in_header {
            self.out.extend_from_slice(sequence.as_bytes());
        }
        Ok(())
    }
}

impl Write for Brush<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.in_header {
            self.out.extend_from_slice(bytes);
        } else if let Some(end) = memchr::memchr(b'\n', bytes) {
            self.in_header = false;
            self.out.extend_from_slice(&bytes[end + 1..]);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Brush<'_> {
    fn set_header(&mut self, _: diagnostic::Severity) -> io::Result<()> {
        Ok(())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.style(Style::Frame.start())
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.style(Style::Frame.start())
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.style(Style::Frame.start())
    }

    fn set_label(&mut self, severity: diagnostic::Severity, label: LabelStyle) -> io::Result<()> {
        let style = match (label, severity) {
            (LabelStyle::Secondary, _) => Style::Frame,
            (LabelStyle::Primary, diagnostic::Severity::Error) => Style::Error,
            (LabelStyle::Primary, diagnostic::Severity::Warning) => Style::Warning,
            (LabelStyle::Primary, _) => Style::Info,
        };
        self.style(style.start())
    }

    fn reset(&mut self) -> io::Result<()> {
        self.style(RESET)
    }
}
