use super::full::closing_line;
use super::prose::{address, remarks};
use super::text::{clean, count};
use super::{Format, Look, PluginReport, Run, Summary};
use crate::finding::{Finding, Place, Severity};
use std::io::{self, Write};

/// Annotations of one kind that GitHub shows for a step; it drops the rest without a word.
const SHOWN_OF_EACH_KIND: usize = 10;

/// Workflow commands of GitHub Actions: each line of the log becomes an annotation.
pub(super) struct GitHub {
    look: Look,
}

impl GitHub {
    pub(super) fn new(look: &Look) -> Self {
        let quiet = look.quiet;
        Self {
            look: Look {
                quiet,
                ..Look::PLAIN
            },
        }
    }
}

impl Format for GitHub {
    fn begin(&mut self, _: &mut dyn Write, _: &Run) -> io::Result<()> {
        Ok(())
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        for finding in &report.findings {
            writeln!(out, "{}", command(report, finding))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let dropped: Vec<String> = [
            (summary.errors, "error"),
            (summary.warnings, "warning"),
            (summary.infos, "notice"),
        ]
        .into_iter()
        .filter_map(|(all, kind)| Some((all.checked_sub(SHOWN_OF_EACH_KIND)?, kind)))
        .filter(|(more, _)| *more > 0)
        .map(|(more, kind)| count(more, kind))
        .collect();
        if !dropped.is_empty() {
            writeln!(
                out,
                "GitHub shows {SHOWN_OF_EACH_KIND} annotations of each kind for a step; {} more \
                 are only in this log and in the job summary",
                dropped.join(", ")
            )?;
        }
        if self.look.quiet {
            return Ok(());
        }
        writeln!(out, "{}", closing_line(&self.look, summary))
    }
}

fn command(report: &PluginReport, finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut command = format!("::{name} ");
    let file = clean_path(report, finding);
    // an annotation of the checkout as a whole has no file
    if file != "." {
        command.push_str(&format!("file={},", escape_property(&file)));
        command.push_str(&range(report, &finding.place));
    }
    let title = escape_property(finding.rule.0);
    // the log shows the message only, so that it names the place again
    let place = address(report, &finding.place);
    let mut message = vec![format!("{place}: {}", clean(&finding.message))];
    message.extend(remarks(report, finding));
    command.push_str(&format!("title={title}::"));
    command.push_str(&escape_data(&message.join("\n")));
    command
}

fn clean_path(report: &PluginReport, finding: &Finding) -> String {
    clean(&report.path_of(&finding.place.file)).into_owned()
}

/// Lines, and columns where GitHub takes them: for a range on one line.
fn range(report: &PluginReport, place: &Place) -> String {
    let Some(((first, last), start)) = report.lines_of(place).zip(report.start_of(place)) else {
        return String::new();
    };
    let mut range = format!("line={first},endLine={last},");
    let end = report.position(&place.file, place.span.end);
    if let Some(end) = end.filter(|end| end.line == first) {
        let (from, to) = (start.column, end.column.max(start.column));
        range.push_str(&format!("col={from},endColumn={to},"));
    }
    range
}

/// As the runner's own toolkit escapes the text of a command.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// As the runner's own toolkit escapes a property of a command.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
