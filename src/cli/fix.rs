use super::args::{FixArgs, FixFormat};
use super::check;
use super::config::{self, Unused};
use super::engine::Job;
use super::error::AppError;
use super::output;
use crate::finding::{Applicability, Finding, Fix, Severity};
use crate::fix::{self, Attempt, Outcome, WriteError};
use crate::plugin::Target;
use crate::report::{Look, PluginReport, count, exit_status};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// Applies fixes, or shows what they would change.
///
/// # Errors
/// When arguments are wrong, there is nothing to check, or a file cannot be written.
pub fn run(args: &FixArgs, _look: &Look) -> Result<u8, AppError> {
    let layer = config::layer(&args.rules, None, &[])?;
    let resolver = config::resolver(&args.rules, layer)?;
    let only = config::selectors(&args.rule)?;
    let targets = match args.around {
        true => check::around(&args.paths)?,
        false => check::targets(&args.paths, None)?,
    };
    let jobs = check::jobs(targets, &resolver, &args.paths, &mut Unused::new(&[]))?;
    if !args.diff {
        refuse_packages(&jobs)?;
    }
    let mut summary = Summary {
        schema_version: 1,
        ..Summary::default()
    };
    let mut text = String::new();
    let mut failure = None;
    let mut unchecked = false;
    for Job { target, policy, .. } in &jobs {
        let wanted = |finding: &Finding, fix: &Fix| {
            (args.unsafe_fixes || fix.applicability == Applicability::Safe)
                && (only.is_empty() || only.iter().any(|it| it.covers(finding.rule)))
                && is_about(target, finding, fix)
        };
        let outcome = fix::fix(target.files.clone(), &target.display, policy, &wanted);
        if args.diff {
            for changed in &outcome.changed {
                text.push_str(&fix::unified(changed, &diff_path(target, &changed.path)));
            }
        } else if let Err(error) = fix::write_all(Path::new(&target.display), &outcome.changed) {
            failure = Some(unwritable(&target.display, &error));
            break;
        } else {
            tell(&mut text, &outcome);
        }
        unchecked |= outcome.report.is_unchecked();
        summary.add(target, &outcome, args.diff);
    }
    let told = match args.output_format {
        FixFormat::Json => json(&summary)?,
        FixFormat::Full if args.diff || failure.is_some() => text,
        FixFormat::Full => text + &summary.line(args.unsafe_fixes),
    };
    output::print(told.as_bytes())?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    let fails = if args.diff {
        summary.summary.files > 0
    } else {
        summary.summary.errors > 0
    };
    if unchecked {
        check::tell_unchecked();
    }
    Ok(exit_status(fails, unchecked))
}

/// A package is what was made of a folder, and may be signed: nothing is ever written into one.
///
/// # Errors
/// When there is a package among the plugins.
pub fn refuse_packages(jobs: &[Job]) -> Result<(), AppError> {
    let mut targets = jobs.iter().map(|job| &job.target);
    let package = targets.find(|it| it.files.archive().is_some());
    package.map_or(Ok(()), |package| {
        Err(AppError::BadValue {
            message: format!(
                "`{}` is a package; nothing is written into packages",
                package.display
            ),
            help: "fix the folder that it is made of and package that again; `--diff` shows what \
                   would change"
                .to_owned(),
        })
    })
}

/// Where one file was given, only what is found there and changes it alone.
fn is_about(target: &Target, finding: &Finding, fix: &Fix) -> bool {
    target.only.as_deref().is_none_or(|only| {
        *finding.place.file == *only && fix.edits.iter().all(|edit| *edit.file == *only)
    })
}

/// The path in the header of a diff: as reachable from the working directory, which `git apply`
/// and `patch -p1` want, or from the plugin root where that lies outside.
fn diff_path(target: &Target, file: &str) -> String {
    let root = Path::new(&target.display);
    let here = std::env::current_dir().ok();
    let root = here
        .and_then(|here| root.strip_prefix(here).ok())
        .unwrap_or(root);
    let reachable = root.is_relative() && !root.starts_with("..");
    let root = root.to_string_lossy().replace('\\', "/");
    match root.as_str() {
        "." | "" => file.to_owned(),
        root if reachable => format!("{root}/{file}"),
        _ => file.to_owned(),
    }
}

/// Why a file was not written, in words.
pub fn unwritable(root: &str, error: &WriteError) -> AppError {
    let others = match error.written.as_slice() {
        [] => "no file of this plugin was changed".to_owned(),
        written => format!("written before it: {}", written.join(", ")),
    };
    let root = root.trim_end_matches('/');
    AppError::Unwritable {
        what: match root {
            "." => format!("`{}`", error.path),
            root => format!("`{root}/{}`", error.path),
        },
        reason: format!("{}; {others}", error.reason),
    }
}

fn tell(text: &mut String, outcome: &Outcome) {
    let place = |attempt: &Attempt| {
        // lines have moved since
        let file = outcome.report.path_of(&attempt.place.file);
        format!("{file} [{}]: {}", attempt.rule, attempt.title)
    };
    for attempt in &outcome.applied {
        let _ = writeln!(text, "fixed {}", place(attempt));
    }
    for attempt in &outcome.failed {
        let reason = attempt.failure.as_deref().unwrap_or("its proof failed");
        let _ = writeln!(text, "not fixed {}: {reason}", place(attempt));
    }
}

/// What a run came to, for people and for programs.
#[derive(Serialize, Default)]
struct Summary {
    schema_version: u8,
    plugins: Vec<PluginSummary>,
    summary: Totals,
}

#[derive(Serialize)]
struct PluginSummary {
    root: String,
    fixed: Vec<Told>,
    refused: Vec<Told>,
    files: Vec<FileSummary>,
}

/// A fix that was applied, or the reason why it was not.
#[derive(Serialize)]
struct Told {
    rule: String,
    file: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct FileSummary {
    file: String,
    created: bool,
    written: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Serialize, Default)]
struct Totals {
    fixed: usize,
    refused: usize,
    files: usize,
    /// What is left after the fixes.
    errors: usize,
    warnings: usize,
    infos: usize,
    /// Findings that are left and have an unsafe fix.
    unsafe_left: usize,
}

impl Summary {
    fn add(&mut self, target: &Target, outcome: &Outcome, diff: bool) {
        let report = &outcome.report;
        let told = |attempt: &Attempt| Told {
            rule: attempt.rule.to_string(),
            file: report.path_of(&attempt.place.file),
            title: attempt.title.clone(),
            reason: attempt.failure.clone(),
        };
        let files = outcome.changed.iter().map(|changed| FileSummary {
            file: report.path_of(&changed.path),
            created: changed.before.is_none(),
            written: !diff,
            diff: diff.then(|| fix::unified(changed, &diff_path(target, &changed.path))),
        });
        self.plugins.push(PluginSummary {
            root: report.root.clone(),
            fixed: outcome.applied.iter().map(told).collect(),
            refused: outcome.failed.iter().map(told).collect(),
            files: files.collect(),
        });
        self.summary.add(report, outcome);
    }

    fn line(&self, unsafe_too: bool) -> String {
        let totals = &self.summary;
        let left = match (totals.errors, totals.warnings) {
            (0, 0) => "no errors or warnings left".to_owned(),
            (errors, 0) => format!("{} left", count(errors, "error")),
            (0, warnings) => format!("{} left", count(warnings, "warning")),
            (errors, warnings) => format!(
                "{} and {} left",
                count(errors, "error"),
                count(warnings, "warning")
            ),
        };
        let mut line = match totals.fixed {
            0 => format!("nothing to fix; {left}"),
            fixed => format!(
                "fixed {} in {}; {left}",
                count(fixed, "finding"),
                count(totals.files, "file")
            ),
        };
        if totals.unsafe_left > 0 && !unsafe_too {
            let _ = write!(line, "; {} fixable with `--unsafe`", totals.unsafe_left);
        }
        if totals.refused > 0 {
            let _ = write!(
                line,
                "; {} failed the proof, which is a mistake in difylint: please report it",
                count(totals.refused, "repair")
            );
        }
        line.push('\n');
        line
    }
}

impl Totals {
    fn add(&mut self, report: &PluginReport, outcome: &Outcome) {
        self.fixed += outcome.applied.len();
        self.refused += outcome.failed.len();
        self.files += outcome.changed.len();
        self.errors += report.count(Severity::Error);
        self.warnings += report.count(Severity::Warning);
        self.infos += report.count(Severity::Info);
        let left = report.findings.iter();
        let is_unsafe = |fix: &Fix| fix.applicability == Applicability::Unsafe;
        self.unsafe_left += left.filter(|it| it.fixes.iter().any(is_unsafe)).count();
    }
}

fn json(summary: &Summary) -> Result<String, AppError> {
    let text = serde_json::to_string_pretty(summary).map_err(|error| AppError::Unwritable {
        what: "standard output".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(text + "\n")
}
