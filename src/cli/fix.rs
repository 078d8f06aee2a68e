use super::args::FixArgs;
use super::check;
use super::config::{self, Unused};
use super::engine::Job;
use super::error::AppError;
use super::output;
use crate::finding::{Applicability, Finding, Fix, Severity};
use crate::fix::{self, Attempt, Outcome, WriteError};
use crate::plugin::Target;
use crate::report::{Look, PluginReport, count};
use std::fmt::Write as _;
use std::path::Path;

/// Applies fixes, or shows what they would change.
///
/// # Errors
/// When arguments are wrong, there is nothing to check, or a file cannot be written.
pub fn run(args: &FixArgs, _look: &Look) -> Result<u8, AppError> {
    let layer = config::layer(&args.rules, None, &[])?;
    let mut resolver = config::resolver(&args.rules, layer)?;
    let only = config::selectors(&args.rule)?;
    let wanted = |finding: &Finding, fix: &Fix| {
        (args.unsafe_fixes || fix.applicability == Applicability::Safe)
            && (only.is_empty() || only.iter().any(|it| it.covers(finding.rule)))
    };
    let mut total = Totals::default();
    let mut text = String::new();
    let targets = check::targets(&args.paths, None)?;
    let jobs = check::jobs(targets, &mut resolver, &args.paths, &mut Unused::new(&[]))?;
    if !args.diff {
        refuse_packages(&jobs)?;
    }
    for job in &jobs {
        let target = &job.target;
        let outcome = fix::fix(target.files.clone(), &target.display, &job.policy, &wanted);
        total.add(&outcome);
        if args.diff {
            for changed in &outcome.changed {
                let path = outcome.report.path_of(&changed.path);
                text.push_str(&fix::unified(changed, &path));
            }
            continue;
        }
        write_all(target, &outcome)?;
        tell(&mut text, &outcome);
    }
    if !args.diff {
        text.push_str(&total.line(args.unsafe_fixes));
    }
    output::print(text.as_bytes())?;
    let fails = if args.diff {
        total.files > 0
    } else {
        total.errors > 0
    };
    Ok(u8::from(fails))
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

/// Writes the changed files of a plugin.
///
/// # Errors
/// When one cannot be written; those before it are.
pub fn write_all(target: &Target, outcome: &Outcome) -> Result<(), AppError> {
    for changed in &outcome.changed {
        fix::write(Path::new(&target.display), changed).map_err(unwritable)?;
    }
    Ok(())
}

/// Why a file was not written, in words.
pub fn unwritable(error: WriteError) -> AppError {
    match error {
        WriteError::ChangedMeanwhile(path) => AppError::Unwritable {
            what: format!("`{}`", path.display()),
            reason: "it changed meanwhile; run it again".to_owned(),
        },
        WriteError::Outside(path) => AppError::Unwritable {
            what: format!("`{}`", path.display()),
            reason: "a link leads out of the plugin".to_owned(),
        },
        WriteError::Refused(path, error) => AppError::Unwritable {
            what: format!("`{}`", path.display()),
            reason: error.to_string().to_lowercase(),
        },
    }
}

fn tell(text: &mut String, outcome: &Outcome) {
    for attempt in &outcome.applied {
        let _ = writeln!(
            text,
            "fixed {}: {}",
            place(&outcome.report, attempt),
            attempt.title
        );
    }
    for attempt in &outcome.failed {
        let reason = attempt.failure.as_deref().unwrap_or("its proof failed");
        let _ = writeln!(
            text,
            "not fixed {}: {} ({reason}; this is a mistake in difylint, please report it)",
            place(&outcome.report, attempt),
            attempt.title
        );
    }
}

/// The file and the rule; lines have moved since.
fn place(report: &PluginReport, attempt: &Attempt) -> String {
    format!("{} [{}]", report.path_of(&attempt.place.file), attempt.rule)
}

#[derive(Default)]
struct Totals {
    applied: usize,
    files: usize,
    errors: usize,
    warnings: usize,
    unsafe_left: usize,
}

impl Totals {
    fn add(&mut self, outcome: &Outcome) {
        self.applied += outcome.applied.len();
        self.files += outcome.changed.len();
        self.errors += outcome.report.count(Severity::Error);
        self.warnings += outcome.report.count(Severity::Warning);
        let left = outcome.report.findings.iter();
        self.unsafe_left += left
            .filter(|it| {
                it.fixes
                    .iter()
                    .any(|fix| fix.applicability == Applicability::Unsafe)
            })
            .count();
    }

    fn line(&self, unsafe_too: bool) -> String {
        let mut line = format!(
            "fixed {} in {}; {} and {} left",
            count(self.applied, "finding"),
            count(self.files, "file"),
            count(self.errors, "error"),
            count(self.warnings, "warning"),
        );
        if self.unsafe_left > 0 && !unsafe_too {
            let _ = write!(line, "; {} more with `--unsafe`", self.unsafe_left);
        }
        line.push('\n');
        line
    }
}
