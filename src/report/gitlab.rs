use super::{Format, PluginReport, Run, Summary};
use crate::finding::{Finding, Severity, hash_of};
use hashbrown::HashMap;
use serde::Serialize;
use std::io::{self, Write};

/// GitLab's Code Quality report: one JSON array.
#[derive(Default)]
pub(super) struct GitLab {
    any: bool,
}

impl Format for GitLab {
    fn begin(&mut self, out: &mut dyn Write, _: &Run) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        let mut seen = HashMap::new();
        for finding in &report.findings {
            out.write_all(if self.any { b",\n" } else { b"\n" })?;
            self.any = true;
            serde_json::to_writer(&mut *out, &Issue::of(report, finding, &mut seen))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _: &Summary) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    /// `seen`: how often a fingerprint came up in this plugin.
    fn of(report: &PluginReport, finding: &'a Finding, seen: &mut HashMap<String, usize>) -> Self {
        let path = report.path_of(&finding.place.file);
        // a finding about a whole file stands at its beginning: GitLab demands a line
        let (begin, end) = report.lines_of(&finding.place).unwrap_or((1, 1));
        Self {
            description: &finding.message,
            check_name: finding.rule.0,
            fingerprint: fingerprint(&path, finding, seen),
            severity: match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path,
                lines: Lines { begin, end },
            },
        }
    }
}

/// GitLab shows only one of several issues with the same fingerprint: the path tells plugins
/// apart, and a number findings of the same words in one file.
fn fingerprint(path: &str, finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let own = finding.fingerprint();
    let times = seen.entry(own.clone()).or_default();
    *times += 1;
    hash_of(&[path, &own, &times.to_string()])
}
