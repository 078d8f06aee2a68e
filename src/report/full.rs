use super::concise::style_of;
use super::text::{Style, clean, count, number, paint, wrap};
use super::{Format, Look, PluginReport, RootKind, Run, Summary, change, frame, prose};
use crate::finding::{Finding, Fix, Stage};
use std::io::{self, Write};

/// How many findings of one rule in a row are shown with their frames; the rest get a line each.
const FRAMES_IN_A_ROW: usize = 4;

/// Frames with the source text, notes, verdicts.
pub(super) struct Full {
    look: Look,
    plugins: usize,
}

impl Full {
    pub(super) fn new(look: Look) -> Self {
        Self { look, plugins: 0 }
    }
}

impl Format for Full {
    fn begin(&mut self, _: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.plugins = run.plugins;
        Ok(())
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        for group in groups(&report.findings) {
            let (framed, listed) = group.split_at(group.len().min(FRAMES_IN_A_ROW));
            for finding in framed {
                self.finding(out, report, finding)?;
            }
            if !listed.is_empty() {
                self.list(out, report, listed)?;
            }
        }
        if self.look.quiet || (report.findings.is_empty() && self.plugins != 1) {
            return Ok(());
        }
        self.verdicts(out, report)
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        if self.look.quiet {
            return Ok(());
        }
        writeln!(out, "{}", closing_line(&self.look, summary))
    }
}

impl Full {
    fn finding(
        &self,
        out: &mut dyn Write,
        report: &PluginReport,
        finding: &Finding,
    ) -> io::Result<()> {
        let look = &self.look;
        let style = style_of(finding.severity);
        let rule = finding.rule.to_string();
        let code = if look.links {
            format!("\x1b]8;;{}\x1b\\{rule}\x1b]8;;\x1b\\", finding.rule.url())
        } else {
            rule
        };
        writeln!(
            out,
            "{}{}",
            paint(
                look.color,
                style,
                format_args!("{}[{code}]", finding.severity)
            ),
            paint(
                look.color,
                Style::Bold,
                format_args!(": {}", clean(&finding.message))
            ),
        )?;
        let frame = frame::render(report, finding, look);
        out.write_all(&frame.text)?;
        let note =
            |out: &mut dyn Write, word: &str, text: &str| self.note(out, frame.gutter, word, text);
        if frame.hidden > 0 {
            note(out, "and", &count(frame.hidden, "further place"))?;
        }
        if let Some(text) = &finding.note {
            note(out, "note", text)?;
        }
        if let Some(text) = &finding.help {
            note(out, "help", text)?;
        }
        if let Some(fix) = finding.fixes.first() {
            note(out, prose::fix_heading(fix), &fix.title)?;
            self.change(out, report, finding, fix, frame.gutter)?;
        }
        if !finding.stages.is_empty() {
            let stages: Vec<&str> = finding.stages.iter().map(Stage::as_str).collect();
            note(out, "stops", &stages.join(", "))?;
        }
        note(out, "see", &finding.rule.url())?;
        writeln!(out)
    }

    /// What a fix would do: lines that go and lines that come, without a word about their place
    /// where the frame above has shown it.
    fn change(
        &self,
        out: &mut dyn Write,
        report: &PluginReport,
        finding: &Finding,
        fix: &Fix,
        gutter: usize,
    ) -> io::Result<()> {
        let (color, indent) = (self.look.color, gutter + 5);
        let columns = self.look.width.saturating_sub(indent + 2).max(30);
        let cut_mark = if self.look.unicode { "…" } else { "..." };
        let framed = report
            .start_of(&finding.place)
            .map(|start| start.line as usize);
        for change in change::changes(report, fix, columns, cut_mark) {
            let known = change.file == finding.place.file && Some(change.line) == framed;
            if !known {
                let path = report.path_of(&change.file);
                let place = format!("{}:{}", clean(&path), change.line);
                writeln!(out, "{:indent$}{}", "", paint(color, Style::Dim, place))?;
            }
            for (lines, sign, style) in [
                (&change.removed, '-', Style::Removed),
                (&change.added, '+', Style::Good),
            ] {
                for line in lines {
                    let line = format!("{sign} {line}");
                    writeln!(
                        out,
                        "{:indent$}{}",
                        "",
                        paint(color, style, line.trim_end())
                    )?;
                }
            }
            if change.hidden > 0 {
                let more = format!("{cut_mark} {}", count(change.hidden, "more line"));
                writeln!(out, "{:indent$}{}", "", paint(color, Style::Dim, more))?;
            }
        }
        Ok(())
    }

    fn note(&self, out: &mut dyn Write, gutter: usize, word: &str, text: &str) -> io::Result<()> {
        let color = self.look.color;
        let indent = gutter + 3 + word.len() + 2;
        let columns = self.look.width.saturating_sub(indent).max(30);
        let lines = wrap(text, columns);
        for (at, line) in lines.iter().enumerate() {
            if at == 0 {
                write!(out, "{:gutter$} {} ", "", paint(color, Style::Frame, "="))?;
                write!(out, "{}: ", paint(color, Style::Bold, word))?;
            } else {
                write!(out, "{:indent$}", "")?;
            }
            writeln!(out, "{}", clean(line))?;
        }
        Ok(())
    }

    /// The rest of a long row of findings of one rule, a line each.
    fn list(
        &self,
        out: &mut dyn Write,
        report: &PluginReport,
        findings: &[Finding],
    ) -> io::Result<()> {
        let color = self.look.color;
        for finding in findings {
            let path = report.path_of(&finding.place.file);
            let place = match report.start_of(&finding.place) {
                Some(start) => format!("{path}:{}:{}", start.line, start.column),
                None => path,
            };
            writeln!(
                out,
                "{}{} {}: {}",
                paint(
                    color,
                    style_of(finding.severity),
                    format_args!("{}[{}]", finding.severity, finding.rule)
                ),
                paint(color, Style::Bold, ":"),
                clean(&place),
                clean(&finding.message),
            )?;
        }
        writeln!(out)
    }

    fn verdicts(&self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        let look = &self.look;
        write!(out, "{}", paint(look.color, Style::Bold, report.title()))?;
        if self.plugins > 1 && report.name.is_some() {
            let root = format!(" ({})", clean(&report.root));
            write!(out, "{}", paint(look.color, Style::Dim, root))?;
        }
        for stage in look.stages.iter() {
            let (word, style) = match (report.accepts(stage), look.unicode) {
                (true, true) => ("✓", Style::Good),
                (true, false) => ("ok", Style::Good),
                (false, true) => ("✗", Style::Error),
                (false, false) => ("REJECTED", Style::Error),
            };
            write!(out, "  {stage} {}", paint(look.color, style, word))?;
        }
        if report.kind == RootKind::Bundle {
            write!(out, "  {}", paint(look.color, Style::Dim, "bundle"))?;
        }
        writeln!(out)?;
        if !report.findings.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Splits findings where the rule changes.
fn groups(findings: &[Finding]) -> impl Iterator<Item = &[Finding]> {
    findings.chunk_by(|one, next| one.rule == next.rule)
}

/// The last line of a run: `2 errors, 1 warning in 3 plugins (12 files, 3 ms); 1 fixable with ...`.
pub(super) fn closing_line(look: &Look, summary: &Summary) -> String {
    let plugins = count(summary.plugins, "plugin");
    let files = count(summary.files, "file");
    let millis = usize::try_from(summary.duration.as_millis()).unwrap_or(usize::MAX);
    let time = format!("{} ms", number(millis));
    let mut line = if summary.findings() == 0 {
        let good = paint(look.color, Style::Good, "all good");
        format!("{good}: {plugins}, {files} ({time})")
    } else {
        let parts = [
            (summary.errors, count(summary.errors, "error"), Style::Error),
            (
                summary.warnings,
                count(summary.warnings, "warning"),
                Style::Warning,
            ),
            (
                summary.infos,
                format!("{} info", number(summary.infos)),
                Style::Info,
            ),
        ];
        let words: Vec<String> = parts
            .into_iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(_, words, style)| paint(look.color, style, words).to_string())
            .collect();
        format!("{} in {plugins} ({files}, {time})", words.join(", "))
    };
    let careful = summary.fixable.saturating_sub(summary.safely_fixable);
    match (summary.safely_fixable, careful) {
        (0, 0) => {}
        (0, more) => {
            let words = format!("; {} fixable with `difylint fix --unsafe`", number(more));
            line.push_str(&words);
        }
        (safe, more) => {
            line.push_str(&format!("; {} fixable with `difylint fix`", number(safe)));
            if more > 0 {
                line.push_str(&format!(", {} more with `--unsafe`", number(more)));
            }
        }
    }
    if summary.suppressed > 0 {
        line.push_str(&format!("; {} suppressed", number(summary.suppressed)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn closing_lines() {
        let mut summary = Summary {
            plugins: 262,
            files: 3308,
            duration: Duration::from_millis(71),
            ..Summary::default()
        };
        let line = closing_line(&Look::PLAIN, &summary);
        assert_eq!(line, "all good: 262 plugins, 3,308 files (71 ms)");
        (summary.errors, summary.infos) = (2, 1);
        (summary.fixable, summary.safely_fixable) = (3, 1);
        let line = closing_line(&Look::PLAIN, &summary);
        assert_eq!(
            line,
            "2 errors, 1 info in 262 plugins (3,308 files, 71 ms); 1 fixable with `difylint fix`, \
             2 more with `--unsafe`"
        );
    }
}
