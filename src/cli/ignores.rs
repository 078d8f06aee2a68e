//! `check --add-ignores`: writes a comment for everything that is found now.

use super::args::IgnoresArgs;
use super::engine::Job;
use super::error::AppError;
use super::{fix, output};
use crate::finding::{Finding, Severity};
use crate::fix::{self as fixing, Outcome};
use crate::policy::{Policy, suppress};
use crate::report::count;
use std::fmt::Write as _;
use std::path::Path;

/// Writes comments into the targets' files and says what was written and what was not.
///
/// # Errors
/// When a reason is needed or cannot be written, or a file cannot be written.
pub fn run(jobs: &[Job], args: &IgnoresArgs) -> Result<u8, AppError> {
    fix::refuse_packages(jobs)?;
    let mut totals = Totals::default();
    let mut text = String::new();
    for Job { target, policy, .. } in jobs {
        let reason = reason(policy, args.reason.as_deref())?;
        let ours = |finding: &&Finding| {
            let only = target.only.as_deref();
            only.is_none_or(|only| *finding.place.file == *only)
        };
        let outcome = fixing::apply_offers(
            target.files.clone(),
            &target.display,
            policy,
            &|report, files| {
                let findings: Vec<Finding> = report.findings.iter().filter(ours).cloned().collect();
                suppress::ignores(files, &findings, reason)
            },
        );
        fixing::write_all(Path::new(&target.display), &outcome.changed)
            .map_err(|error| fix::unwritable(&target.display, &error))?;
        for attempt in &outcome.applied {
            let path = outcome.report.path_of(&attempt.place.file);
            let _ = writeln!(text, "{path}: {}", attempt.title);
        }
        let left: Vec<&Finding> = outcome.report.findings.iter().filter(ours).collect();
        for finding in left.iter().filter(|it| suppress::may_be_ignored(it)) {
            let path = outcome.report.path_of(&finding.place.file);
            let tried = outcome
                .failed
                .iter()
                .find(|it| it.rule == finding.rule && it.place == finding.place);
            let reason = tried
                .and_then(|it| it.failure.as_deref())
                .unwrap_or("there is no place for a comment");
            let rule = finding.rule;
            let _ = writeln!(text, "not ignored: {path}: {rule}: {reason}");
        }
        totals.add(&outcome, &left);
    }
    text.push_str(&totals.line());
    output::print(text.as_bytes())?;
    Ok(u8::from(totals.errors > 0))
}

/// The reason as it can be written into a comment.
fn reason<'a>(policy: &Policy, reason: Option<&'a str>) -> Result<Option<&'a str>, AppError> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let bad = |message: &str, help: &str| {
        Err(AppError::BadValue {
            message: message.to_owned(),
            help: help.to_owned(),
        })
    };
    match reason {
        None if policy.allows(suppress::MISSING_REASON) => bad(
            "comments need a reason here",
            "say why: `--add-ignores --reason \"known, see the issue\"`",
        ),
        Some(text) if text.contains(char::is_control) || text.contains("-->") => bad(
            "the reason does not fit into a comment",
            "write it on one line, without `-->`",
        ),
        reason => Ok(reason),
    }
}

#[derive(Default)]
struct Totals {
    comments: usize,
    files: usize,
    errors: usize,
    left: usize,
}

impl Totals {
    fn add(&mut self, outcome: &Outcome, left: &[&Finding]) {
        self.comments += outcome.applied.len();
        self.files += outcome.changed.len();
        let count = |wanted: &dyn Fn(&Finding) -> bool| left.iter().filter(|it| wanted(it)).count();
        self.errors += count(&|it| it.severity == Severity::Error);
        self.left += count(&suppress::may_be_ignored);
    }

    fn line(&self) -> String {
        let mut line = format!(
            "wrote {} in {}",
            count(self.comments, "comment"),
            count(self.files, "file")
        );
        if self.left > 0 {
            let _ = write!(line, "; {} left without one", count(self.left, "finding"));
        }
        if self.errors > 0 {
            let _ = write!(
                line,
                "; {} left: a comment would not make Dify take the plugin",
                count(self.errors, "error")
            );
        }
        line.push('\n');
        line
    }
}
