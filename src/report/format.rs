use super::{PluginReport, concise, full, github, gitlab, json, json_lines};
use super::{html, junit, markdown, rdjson, sarif};
use crate::finding::{Applicability, Fix, RuleId, Severity, Stages};
use std::io::{self, Write};
use std::time::Duration;

/// A form of output. It is told of the plugins one by one and writes what it can at once.
///
/// Every method may fail only because `out` fails.
pub trait Format: Send {
    /// Before the first plugin.
    ///
    /// # Errors
    /// When `out` cannot be written.
    fn begin(&mut self, out: &mut dyn Write, run: &Run) -> io::Result<()>;

    /// One checked plugin.
    ///
    /// # Errors
    /// When `out` cannot be written.
    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()>;

    /// After the last plugin.
    ///
    /// # Errors
    /// When `out` cannot be written.
    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;

    /// True if it shows the cards of plugins, which are read for that only.
    fn shows_cards(&self) -> bool {
        false
    }
}

/// What is known before the first plugin is checked.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// How many plugins will be checked.
    pub plugins: usize,
    /// What the page of a rule says. The floor of the rules stands elsewhere, so it is handed in.
    pub rule: fn(RuleId) -> Option<RuleText>,
}

impl Run {
    /// A run over so many plugins that knows no pages.
    pub const fn new(plugins: usize) -> Self {
        Self {
            plugins,
            rule: |_| None,
        }
    }
}

/// What a rule's page says, as far as reports show it.
#[derive(Clone, Copy, Debug)]
pub struct RuleText {
    /// One line: what is wrong when the rule reports.
    pub summary: &'static str,
    /// The severity of its findings unless the user chose another.
    pub severity: Severity,
    /// The stages that its findings can name.
    pub stages: Stages,
    /// The page in Markdown, without its front matter.
    pub body: &'static str,
}

impl RuleText {
    /// The text of a section, heading aside; empty when the page has no such section.
    pub fn section(&self, heading: &str) -> &'static str {
        let mut parts = self.body.split("\n## ").skip(1);
        let found = parts.find_map(|part| part.strip_prefix(heading)?.strip_prefix('\n'));
        found.map_or("", str::trim)
    }
}

/// Totals of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// Plugins checked.
    pub plugins: usize,
    /// Files read.
    pub files: usize,
    /// Findings shown with this severity.
    pub errors: usize,
    /// Likewise.
    pub warnings: usize,
    /// Likewise.
    pub infos: usize,
    /// Findings shown that come with a fix.
    pub fixable: usize,
    /// Those of them whose fix may be applied unseen.
    pub safely_fixable: usize,
    /// Findings that the policy took out.
    pub suppressed: usize,
    /// Some finding makes the run fail.
    pub fails: bool,
    /// Some finding says that something could not be checked.
    pub unchecked: bool,
    /// Wall-clock time of the check.
    pub duration: Duration,
}

impl Summary {
    /// Counts one more plugin.
    pub fn add(&mut self, report: &PluginReport) {
        self.plugins += 1;
        self.files += report.files;
        self.errors += report.count(Severity::Error);
        self.warnings += report.count(Severity::Warning);
        self.infos += report.count(Severity::Info);
        let fixable = report
            .findings
            .iter()
            .filter(|finding| !finding.fixes.is_empty());
        for finding in fixable {
            let safe = |fix: &Fix| fix.applicability == Applicability::Safe;
            self.fixable += 1;
            self.safely_fixable += usize::from(finding.fixes.iter().any(safe));
        }
        self.suppressed += report.suppressed.len();
        self.fails |= report
            .findings
            .iter()
            .any(|it| report.fails_on(it.severity));
        self.unchecked |= report.is_unchecked();
    }

    /// How many findings are shown.
    pub const fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }

    /// The exit status of a run with these totals: it does not depend on the output.
    pub const fn exit_status(&self) -> u8 {
        exit_status(self.fails, self.unchecked)
    }
}

/// The exit status of a run that fails, or in which something could not be checked.
pub const fn exit_status(fails: bool, unchecked: bool) -> u8 {
    match (fails, unchecked) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    }
}

/// How texts for people look where they are shown. Forms for machines pay no heed to it.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colours by ANSI escape sequences.
    pub color: bool,
    /// Characters outside ASCII in frames and verdicts.
    pub unicode: bool,
    /// Links by OSC 8 escape sequences.
    pub links: bool,
    /// Columns that may be used.
    pub width: usize,
    /// Findings only: no verdicts, no closing line.
    pub quiet: bool,
    /// The stages whose verdicts are shown.
    pub stages: Stages,
}

impl Look {
    /// The look of a file or a pipe: no escape sequences, 100 columns.
    pub const PLAIN: Self = Self {
        color: false,
        unicode: true,
        links: false,
        width: 100,
        quiet: false,
        stages: Stages::ALL,
    };
}

/// An entry in the list of formats.
#[derive(Debug)]
pub struct FormatMeta {
    /// The word on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Makes a writer.
    pub make: fn(&Look) -> Box<dyn Format>,
}

/// All formats. A new one is one file and one entry here.
pub static FORMATS: &[FormatMeta] = &[
    FormatMeta {
        name: "full",
        summary: "frames with the source text, for people",
        make: |look| Box::new(full::Full::new(*look)),
    },
    FormatMeta {
        name: "concise",
        summary: "one line per finding, for people and editors",
        make: |look| Box::new(concise::Concise::new(*look)),
    },
    FormatMeta {
        name: "json",
        summary: "one object, for programs (see `difylint schema diagnostics`)",
        make: |_| Box::new(json::Json::default()),
    },
    FormatMeta {
        name: "json-lines",
        summary: "one object a line, for programs that read as it comes",
        make: |_| Box::new(json_lines::JsonLines),
    },
    FormatMeta {
        name: "sarif",
        summary: "SARIF 2.1.0, for code scanning and SARIF viewers",
        make: |_| Box::new(sarif::Sarif::default()),
    },
    FormatMeta {
        name: "github",
        summary: "annotations of GitHub Actions, with a job summary",
        make: |look| Box::new(github::GitHub::new(look)),
    },
    FormatMeta {
        name: "gitlab",
        summary: "Code Quality report, for GitLab merge requests",
        make: |_| Box::new(gitlab::GitLab::default()),
    },
    FormatMeta {
        name: "junit",
        summary: "JUnit XML, for the test pages of CI systems",
        make: |_| Box::new(junit::JUnit::default()),
    },
    FormatMeta {
        name: "rdjson",
        summary: "Reviewdog Diagnostic Format, with suggestions",
        make: |_| Box::new(rdjson::Rdjson::default()),
    },
    FormatMeta {
        name: "markdown",
        summary: "a pull request comment with verdicts and findings",
        make: |look| Box::new(markdown::Markdown::new(look)),
    },
    FormatMeta {
        name: "html",
        summary: "a page with each plugin's card, verdicts and findings",
        make: |look| Box::new(html::Html::new(look)),
    },
];

/// The format of this name.
pub fn find(name: &str) -> Option<&'static FormatMeta> {
    FORMATS.iter().find(|format| format.name == name)
}
