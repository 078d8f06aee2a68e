use super::prose::{address, remarks};
use super::text::clean;
use super::{Format, PluginReport, Run, Summary};
use crate::finding::Finding;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

/// JUnit XML: a suite for each plugin, a case for each finding, and one case that passes for a
/// plugin without findings. The totals stand at the top, so that all of it waits for the end.
pub(super) struct JUnit {
    run: Run,
    report: Report,
}

impl Default for JUnit {
    fn default() -> Self {
        Self {
            run: Run::new(0),
            report: Report::new(env!("CARGO_PKG_NAME")),
        }
    }
}

impl Format for JUnit {
    fn begin(&mut self, _: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.run = *run;
        Ok(())
    }

    fn plugin(&mut self, _: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        let root = xml(&report.root);
        let mut suite = TestSuite::new(root.clone());
        for finding in &report.findings {
            suite.add_test_case(self.case(report, finding));
        }
        if report.findings.is_empty() {
            let mut clean = TestCase::new("no findings", TestCaseStatus::success());
            clean.set_classname(root);
            suite.add_test_case(clean);
        }
        // the crate writes this number as `disabled` only, and readers look for both
        let skipped = suite.disabled.to_string();
        suite.extra.insert("skipped".into(), skipped.into());
        self.report.add_test_suite(suite);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.report.set_time(summary.duration);
        // by way of memory: the crate's error would hide that a pipe is closed
        let mut text = Vec::new();
        let written = self.report.serialize(&mut text);
        written.map_err(io::Error::other)?;
        out.write_all(&text)
    }
}

impl JUnit {
    /// A finding that makes the run fail is a failure; others are skipped cases, so that the page
    /// of results is red exactly if the exit status is.
    fn case(&self, report: &PluginReport, finding: &Finding) -> TestCase {
        let message = xml(&finding.message);
        let mut status = if report.fails_on(finding.severity) {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::skipped()
        };
        let mut lines = vec![
            format!("{}[{}]: {message}", finding.severity, finding.rule),
            format!("at: {}", address(report, &finding.place)),
        ];
        lines.extend(remarks(report, finding));
        status
            .set_message(message.clone())
            .set_type(finding.severity.as_str())
            .set_description(xml_lines(&lines));
        let path = xml(&report.path_of(&finding.place.file));
        let mut case = TestCase::new(format!("{}: {message}", finding.rule), status);
        case.set_classname(path.clone());
        case.extra.insert("file".into(), path.into());
        if let Some(start) = report.start_of(&finding.place) {
            let line = start.line.to_string();
            case.extra.insert("line".into(), line.into());
        }
        case
    }
}

/// XML 1.0 has no place for U+FFFE and U+FFFF at all, not even escaped.
fn xml(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn xml_lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| xml(line)).collect();
    lines.join("\n")
}
