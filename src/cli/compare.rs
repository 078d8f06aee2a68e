//! `difylint compare`: two versions of one plugin.

use super::check::targets;
use super::config::selectors;
use super::error::AppError;
use super::{git, output};
use crate::compare::{Comparison, Grade, Incomparable, Side, compare, report};
use crate::finding::Severity;
use crate::plugin::Target;
use crate::policy::Policy;
use crate::report::{FORMATS, Look, Run, Summary};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

pub const AFTER_HELP: &str = "\
Examples:
  difylint compare published/demo demo     what breaks for those who use the published one
  difylint compare --against-ref v0.1.0    this folder against a tag, branch or commit
  difylint compare old new -o markdown     a comment for a pull request
  difylint compare old new -o full -o json=changes.json

Exit status:
  0  the version says what the changes are
  1  something breaks and the version does not say so, or it is not higher (see --fail-on)
  2  usage, configuration or internal failure, or the two cannot be compared
  3  there is no plugin

Before 1.0.0 the second number announces what breaks, from then on the first.";

/// What `compare` is told.
#[derive(Args, Debug)]
#[command(override_usage = "difylint compare [OPTIONS] OLD NEW\n       \
                            difylint compare [OPTIONS] --against-ref REF [NEW]")]
pub struct CompareArgs {
    /// Folder of the version that is in use, then folder of the one that is to come
    #[arg(value_name = "OLD NEW", num_args = 0..=2)]
    pub paths: Vec<PathBuf>,
    /// Take the old version from git: a tag, branch or commit of NEW's repository
    #[arg(long, value_name = "REF")]
    pub against_ref: Option<String>,
    /// Only these rules or categories; ALL for wordings too
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Not these rules or categories; what they find demands nothing of the version
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// What makes the exit status 1
    #[arg(long, value_name = "WHAT", default_value = "unannounced")]
    #[arg(help_heading = "Result")]
    pub fail_on: FailOn,
    /// Form of the output (full, json, markdown, or a form of `check`), to standard output or to a
    /// file; repeatable
    #[arg(
        long,
        short = 'o',
        value_name = "FORMAT[=FILE]",
        default_value = "full"
    )]
    #[arg(help_heading = "Result")]
    pub output_format: Vec<String>,
    /// Changes only: no closing lines
    #[arg(long, short, help_heading = "Result")]
    pub quiet: bool,
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A breaking change that the version does not announce, a version that is not higher.
    Unannounced,
    /// Any breaking change.
    Breaking,
    /// Any change of what others rely on.
    Any,
    /// Changes never change the exit status.
    Never,
}

impl FailOn {
    fn fails(self, comparison: &Comparison) -> bool {
        let error = comparison.severity() == Some(Severity::Error);
        match self {
            Self::Unannounced => error,
            Self::Breaking => error || comparison.count(Grade::Breaking) > 0,
            Self::Any => !comparison.changes.is_empty(),
            Self::Never => false,
        }
    }
}

/// Compares, reports, and gives the exit status.
///
/// # Errors
/// When arguments are wrong, there are no two plugins to compare, or output cannot be written.
pub fn run(args: &CompareArgs, look: &Look) -> Result<u8, AppError> {
    let policy = Policy {
        select: selectors(&args.select)?,
        ignore: selectors(&args.ignore)?,
        ..Policy::default()
    };
    let requests = output::places(&args.output_format, &Form::names(), Form::find)?;
    let look = Look {
        quiet: args.quiet,
        ..*look
    };
    let (old, new) = sides(args)?;
    let comparison = compare(&old, &new, &policy).map_err(incomparable)?;
    for (form, file) in &requests {
        match file {
            None => output::print(&form.write(&comparison, &look)?)?,
            Some(path) => {
                let plain = Look {
                    quiet: args.quiet,
                    ..Look::PLAIN
                };
                output::write(path, &form.write(&comparison, &plain)?)?;
            }
        }
    }
    Ok(u8::from(args.fail_on.fails(&comparison)))
}

fn sides(args: &CompareArgs) -> Result<(Side, Side), AppError> {
    match (&args.against_ref, args.paths.as_slice()) {
        (None, [old, new]) => {
            let (old, new) = (target(old)?, target(new)?);
            Ok((side(&old), side(&new)))
        }
        (Some(reference), paths @ ([] | [_])) => {
            let here = PathBuf::from(".");
            let new = target(paths.first().unwrap_or(&here))?;
            let root = Path::new(&new.display);
            let (files, label) = git::files_of(root, reference)?;
            Ok((Side::load(files, &label), side(&new)))
        }
        (None, _) => Err(AppError::BadValue {
            message: "there is nothing to compare with".to_owned(),
            help: "give the version in use and the new one: `difylint compare OLD NEW`, or \
                   `difylint compare --against-ref REF`"
                .to_owned(),
        }),
        (Some(_), _) => Err(AppError::BadValue {
            message: "two folders and `--against-ref`: which is the old version?".to_owned(),
            help: "give only the new one: `difylint compare --against-ref REF NEW`".to_owned(),
        }),
    }
}

fn side(target: &Target) -> Side {
    Side::load(target.files.clone(), &target.display)
}

/// The one plugin at a path.
fn target(path: &PathBuf) -> Result<Target, AppError> {
    let mut found = targets(std::slice::from_ref(path), None)?;
    match (found.pop(), found.len()) {
        (Some(target), 0) => Ok(target),
        (_, others) => Err(AppError::BadValue {
            message: format!("`{}` holds {} plugins", path.display(), others + 1),
            help: "compare them one by one".to_owned(),
        }),
    }
}

fn incomparable(why: Incomparable) -> AppError {
    AppError::BadValue {
        help: match &why {
            Incomparable::NoManifest(root, _) => format!("`difylint check {root}` says more"),
            Incomparable::Bundle(_) => {
                "a bundle only names plugins; compare the plugins".to_owned()
            }
        },
        message: format!("the two versions cannot be compared: {why}"),
    }
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Full,
    Json,
    Markdown,
    /// One of those that `check` has, by its name.
    OfCheck(&'static str),
}

impl Form {
    fn names() -> Vec<&'static str> {
        let own = ["full", "json", "markdown"];
        let of_check = FORMATS.iter().map(|format| format.name);
        let of_check = of_check.filter(|name| !own.contains(name));
        own.into_iter().chain(of_check).collect()
    }

    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "full" => Self::Full,
            "json" => Self::Json,
            "markdown" => Self::Markdown,
            _ => Self::OfCheck(FORMATS.iter().find(|format| format.name == name)?.name),
        })
    }

    fn write(self, comparison: &Comparison, look: &Look) -> Result<Vec<u8>, AppError> {
        let unwritable = |reason: String| AppError::Unwritable {
            what: "the comparison".to_owned(),
            reason,
        };
        Ok(match self {
            Self::Full => report::full(comparison, look).into_bytes(),
            Self::Json => report::json(comparison)
                .map_err(|error| unwritable(error.to_string()))?
                .into_bytes(),
            Self::Markdown => report::markdown(comparison).into_bytes(),
            Self::OfCheck(name) => {
                let mut out = Vec::new();
                if let Some(meta) = crate::report::find(name) {
                    let mut format = (meta.make)(look);
                    let findings = report::findings(comparison);
                    let mut summary = Summary::default();
                    summary.add(&findings);
                    format
                        .begin(&mut out, &Run::new(1))
                        .and_then(|()| format.plugin(&mut out, &findings))
                        .and_then(|()| format.end(&mut out, &summary))
                        .map_err(|error| unwritable(error.to_string()))?;
                }
                out
            }
        })
    }
}
