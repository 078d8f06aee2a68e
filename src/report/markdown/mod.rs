//! A comment for a pull request: the table of checks that reviewers look for, then the findings.
//!
//! A comment holds so much and no more. What does not fit is counted, and errors go first.

mod escape;
mod group;

use super::counts::Counts;
use super::text::{count, number};
use super::{Format, Look, PluginReport, RootKind, Run, Summary};
use crate::finding::Severity;
use escape::cell;
use group::{Group, marked};
use std::io::{self, Write};

/// Characters that GitHub takes in a comment, as UTF-16 units to be on the safe side.
const MAX_SIZE: usize = 65_536;
/// Of these, what the table may take, and what is kept for the closing lines.
const TABLE_SIZE: usize = 20_000;
const CLOSING_SIZE: usize = 1_000;
/// Up to so many plugins, those without findings have a line too.
const FEW_PLUGINS: usize = 20;
/// Characters of a plugin's name that are shown.
const MAX_TITLE: usize = 120;

/// The comment, which can only be written when everything is known.
pub(super) struct Markdown {
    look: Look,
    run: Run,
    rows: Vec<String>,
    rows_size: usize,
    /// Plugins with findings whose row did not fit, and plugins without findings that have none.
    more_rows: usize,
    clean: usize,
    plugins: Vec<String>,
    groups: Vec<Group>,
    /// Size of the groups kept, by severity.
    kept: [usize; 3],
}

impl Markdown {
    pub(super) fn new(look: &Look) -> Self {
        Self {
            look: Look {
                unicode: look.unicode,
                quiet: look.quiet,
                stages: look.stages,
                ..Look::PLAIN
            },
            run: Run::new(0),
            rows: Vec::new(),
            rows_size: 0,
            more_rows: 0,
            clean: 0,
            plugins: Vec::new(),
            groups: Vec::new(),
            kept: [0; 3],
        }
    }
}

impl Format for Markdown {
    fn begin(&mut self, _: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.run = *run;
        Ok(())
    }

    fn plugin(&mut self, _: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        if report.findings.is_empty() && self.run.plugins > FEW_PLUGINS {
            self.clean += 1;
            return Ok(());
        }
        let row = self.row(report);
        let size = size(&row);
        if self.rows_size + size > TABLE_SIZE {
            self.more_rows += 1;
        } else {
            self.rows_size += size;
            self.rows.push(row);
        }
        if report.findings.is_empty() {
            return Ok(());
        }
        let mut plugin = None;
        for mut group in group::groups(report, &self.look, &self.run) {
            let kept = &mut self.kept[group.severity as usize];
            let at = *plugin.get_or_insert_with(|| {
                self.plugins.push(title(report));
                self.plugins.len() - 1
            });
            group.plugin = at;
            // what can never be shown need not be kept
            if *kept + group.size > MAX_SIZE {
                group.text = None;
            } else {
                *kept += group.size;
            }
            self.groups.push(group);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let head = self.head(summary);
        let shown = self.choose(MAX_SIZE.saturating_sub(size(&head) + CLOSING_SIZE));
        out.write_all(head.as_bytes())?;
        let mut last = None;
        let mut hidden = Counts::default();
        for (group, shown) in self.groups.iter().zip(shown) {
            let Some(text) = group.text.as_ref().filter(|_| shown) else {
                hidden.add(group.severity, group.findings);
                continue;
            };
            if last != Some(group.plugin) {
                last = Some(group.plugin);
                out.write_all(self.heading(group.plugin).as_bytes())?;
            }
            out.write_all(text.as_bytes())?;
        }
        if hidden.all() > 0 {
            writeln!(
                out,
                "\n**And {} more** ({}): a comment has no room for them; run `difylint check`.",
                number(hidden.all()),
                hidden.words("–"),
            )?;
        }
        if self.look.quiet {
            return Ok(());
        }
        let version = env!("CARGO_PKG_VERSION");
        let files = count(summary.files, "file");
        let mut closing = format!("\n<sub>difylint {version}, {files}");
        if summary.fixable > 0 {
            closing.push_str(&format!(
                ", {} fixable by <code>difylint fix</code>",
                number(summary.fixable)
            ));
        }
        if summary.suppressed > 0 {
            closing.push_str(&format!(", {} suppressed", number(summary.suppressed)));
        }
        writeln!(out, "{closing}</sub>")
    }
}

impl Markdown {
    fn row(&self, report: &PluginReport) -> String {
        let mut row = format!("| {}", cell(&title(report)));
        if self.run.plugins > 1 && report.name.is_some() {
            row.push_str(&format!(" in {}", cell(&report.root)));
        }
        if report.kind == RootKind::Bundle {
            row.push_str(" (bundle)");
        }
        row.push_str(" |");
        for stage in self.look.stages.iter() {
            let word = match (report.accepts(stage), self.look.unicode) {
                (true, true) => "✅",
                (true, false) => "ok",
                (false, true) => "❌",
                (false, false) => "REJECTED",
            };
            row.push_str(&format!(" {word} |"));
        }
        let mut counts = Counts::default();
        for finding in &report.findings {
            counts.add(finding.severity, 1);
        }
        row.push_str(&format!(" {} |\n", counts.words("–")));
        row
    }

    fn head(&self, summary: &Summary) -> String {
        let plugins = count(summary.plugins, "plugin");
        let mut counts = Counts::default();
        counts.add(Severity::Error, summary.errors);
        counts.add(Severity::Warning, summary.warnings);
        counts.add(Severity::Info, summary.infos);
        let mut head = if counts.all() == 0 {
            format!("## difylint: all good in {plugins}\n")
        } else {
            format!("## difylint: {} in {plugins}\n", counts.words("–"))
        };
        if self.look.quiet {
            return head;
        }
        if !self.rows.is_empty() {
            head.push_str("\n| plugin |");
            let mut line = "| --- |".to_owned();
            for stage in self.look.stages.iter() {
                head.push_str(&format!(" {stage} |"));
                line.push_str(" :-: |");
            }
            head.push_str(&format!(" findings |\n{line} --- |\n"));
            head.extend(self.rows.iter().map(String::as_str));
        }
        if self.more_rows > 0 {
            let more = count(self.more_rows, "more plugin");
            head.push_str(&format!("\n{more} with findings.\n"));
        }
        if self.clean > 0 {
            let clean = count(self.clean, "plugin");
            head.push_str(&format!("\n{clean} without findings.\n"));
        }
        head
    }

    fn heading(&self, plugin: usize) -> String {
        match self.plugins.get(plugin).filter(|_| self.run.plugins > 1) {
            Some(title) => format!("\n### {}\n", escape::code(title)),
            None => String::new(),
        }
    }

    /// Which groups are shown in so much room: errors before warnings before advice, and in order.
    fn choose(&self, mut room: usize) -> Vec<bool> {
        let mut shown = vec![false; self.groups.len()];
        let mut headed = vec![false; self.plugins.len()];
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            for (group, shown) in self.groups.iter().zip(&mut shown) {
                if group.severity != severity || group.text.is_none() {
                    continue;
                }
                let headed = headed.get_mut(group.plugin);
                let needs_heading = headed.as_ref().is_some_and(|headed| !**headed);
                let heading = if needs_heading {
                    size(&self.heading(group.plugin))
                } else {
                    0
                };
                if let Some(left) = room.checked_sub(group.size + heading) {
                    room = left;
                    *shown = true;
                    if let Some(headed) = headed {
                        *headed = true;
                    }
                }
            }
        }
        shown
    }
}

fn title(report: &PluginReport) -> String {
    marked(&report.title(), MAX_TITLE)
}

fn size(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
