use super::full::closing_line;
use super::text::{Style, clean, paint};
use super::{Format, Look, PluginReport, Run, Summary};
use crate::finding::Severity;
use std::io::{self, Write};

/// `path:line:column: error[rule] message`, one line per finding.
pub(super) struct Concise {
    look: Look,
}

impl Concise {
    pub(super) fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Format for Concise {
    fn begin(&mut self, _: &mut dyn Write, _: &Run) -> io::Result<()> {
        Ok(())
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        let color = self.look.color;
        for finding in &report.findings {
            let path = report.path_of(&finding.place.file);
            // a finding about a whole file stands at its beginning: editors want every line alike
            let (line, column) = report
                .start_of(&finding.place)
                .map_or((1, 1), |start| (start.line, start.column));
            writeln!(
                out,
                "{}:{line}:{column}: {}[{}] {}",
                paint(color, Style::Bold, clean(&path)),
                paint(color, style_of(finding.severity), finding.severity),
                finding.rule,
                clean(&finding.message),
            )?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        if self.look.quiet {
            return Ok(());
        }
        writeln!(out, "{}", closing_line(&self.look, summary))
    }
}

pub(super) const fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Info => Style::Info,
    }
}
