//! The file of known findings: read for a check, and kept by `difylint baseline`.

use super::args::{BaselineAction, BaselineArgs, BaselineUse};
use super::config::{self, Unused};
use super::engine::{Crew, Settings};
use super::error::AppError;
use super::{check, output};
use crate::finding::{Finding, Stages, SuppressedBy};
use crate::fix::{Changed, write_all};
use crate::plugin::MANIFEST;
use crate::policy::baseline::Baseline;
use crate::policy::{Policy, Said};
use crate::report::{PluginReport, count, number};
use crate::source::{LineIndex, MAX_FILE_BYTES};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Keeps or shows a baseline.
///
/// # Errors
/// When arguments are wrong, there is nothing to check, or the file cannot be read or written.
pub fn run(args: &BaselineArgs) -> Result<u8, AppError> {
    match &args.action {
        BaselineAction::Update(args) => update(args),
        BaselineAction::Prune { args, check } => prune(args, *check),
        BaselineAction::Show { baseline } => show(baseline),
    }
}

/// The baseline of this file.
///
/// # Errors
/// When there is no such file, or it is no baseline.
pub fn read(path: &Path) -> Result<Arc<Baseline>, AppError> {
    match File::read(path)? {
        Some(file) => Ok(Arc::new(file.baseline)),
        None => Err(missing(path)),
    }
}

fn missing(path: &Path) -> AppError {
    AppError::BadValue {
        message: format!("there is no baseline `{}`", path.display()),
        help: format!(
            "write one of what is found now: `difylint baseline update --baseline {}`",
            path.display()
        ),
    }
}

/// What the command line says about the baseline: its path, absolute.
///
/// # Errors
/// When the working directory is gone.
pub fn said(path: Option<&Path>) -> Result<Option<Said<PathBuf>>, AppError> {
    let Some(path) = path else { return Ok(None) };
    let path = if path.is_absolute() {
        path.to_owned()
    } else {
        here()?.join(path)
    };
    Ok(Some(Said::on_command_line(path)))
}

/// A baseline with the file that it is kept in.
struct File {
    folder: PathBuf,
    name: String,
    text: Option<String>,
    baseline: Baseline,
}

impl File {
    /// `None` when there is no such file.
    fn read(path: &Path) -> Result<Option<Self>, AppError> {
        let unreadable = |error: &io::Error| AppError::Unreadable {
            what: format!("the baseline `{}`", path.display()),
            reason: error.to_string().to_lowercase(),
        };
        match fs::metadata(path) {
            Ok(facts) if facts.len() > MAX_FILE_BYTES => {
                return Err(unreadable(&io::Error::other(format!(
                    "it has more than {MAX_FILE_BYTES} bytes"
                ))));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
        let mut file = Self::new(path)?;
        file.baseline = Baseline::read(&text, file.folder.clone(), here()?).map_err(|bad| {
            AppError::bad_baseline(path, &text, offset(&text, bad.at), bad.message)
        })?;
        file.text = Some(text);
        Ok(Some(file))
    }

    fn new(path: &Path) -> Result<Self, AppError> {
        let bad = |reason: String| AppError::Unwritable {
            what: format!("the baseline `{}`", path.display()),
            reason,
        };
        let name = path
            .file_name()
            .ok_or_else(|| bad("it is no name of a file".to_owned()))?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = folder
            .canonicalize()
            .map_err(|error| bad(error.to_string().to_lowercase()))?;
        Ok(Self {
            baseline: Baseline::new(folder.clone(), here()?),
            folder,
            name: name.to_string_lossy().into_owned(),
            text: None,
        })
    }

    fn write(&self) -> Result<(), AppError> {
        let after = self.baseline.text();
        if self.text.as_ref() == Some(&after) {
            return Ok(());
        }
        let changed = Changed {
            path: self.name.clone(),
            before: self.text.clone(),
            after,
        };
        let folder = self.folder.to_string_lossy();
        write_all(&self.folder, &[changed]).map_err(|error| super::fix::unwritable(&folder, &error))
    }
}

fn here() -> Result<PathBuf, AppError> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.map_err(|error| AppError::Unreadable {
        what: "the working directory".to_owned(),
        reason: error.to_string().to_lowercase(),
    })
}

/// The byte offset of a line and a column that count from 1.
fn offset(text: &str, at: Option<(usize, usize)>) -> usize {
    let Some((line, column)) = at else { return 0 };
    let lines = LineIndex::new(text);
    let span = lines.span_of(line.saturating_sub(1));
    let start = span.map_or(text.len(), |span| span.start as usize);
    let at = (start + column.saturating_sub(1)).min(text.len());
    text.floor_char_boundary(at)
}

fn update(args: &BaselineUse) -> Result<u8, AppError> {
    let mut file = match File::read(&args.baseline)? {
        Some(file) => file,
        None => File::new(&args.baseline)?,
    };
    let before = file.baseline.total();
    let plugins = each(args, None, &mut |policy, report| {
        file.baseline
            .record(&report.root, policy, report.findings.iter());
    })?;
    file.write()?;
    let line = format!(
        "{}: {} known now, {} before; {} checked\n",
        args.baseline.display(),
        count(file.baseline.total(), "finding"),
        number(before),
        count(plugins, "plugin")
    );
    output::print(line.as_bytes())?;
    Ok(0)
}

fn prune(args: &BaselineUse, check_only: bool) -> Result<u8, AppError> {
    let mut file = File::read(&args.baseline)?.ok_or_else(|| missing(&args.baseline))?;
    let before = file.baseline.total();
    let known = Arc::new(file.baseline.clone());
    each(args, Some(&known), &mut |policy, report| {
        let known = report
            .suppressed
            .iter()
            .filter(|it| it.by == SuppressedBy::Baseline);
        let known: Vec<&Finding> = known.map(|it| &it.finding).collect();
        file.baseline
            .record(&report.root, policy, known.into_iter());
    })?;
    let folder = file.folder.clone();
    let stays = |name: &str| fs::symlink_metadata(folder.join(name).join(MANIFEST)).is_ok();
    file.baseline.keep_plugins(stays);
    let after = file.baseline.total();
    let name = args.baseline.display();
    if check_only {
        let line = match before - after {
            0 => format!("{name}: {} known, none gone\n", count(after, "finding")),
            gone => format!(
                "{name}: {} gone of {}; `difylint baseline prune` takes them off the list\n",
                number(gone),
                number(before)
            ),
        };
        output::print(line.as_bytes())?;
        return Ok(u8::from(before > after));
    }
    file.write()?;
    let line = format!(
        "{name}: {} known now, {} taken off\n",
        count(after, "finding"),
        number(before - after)
    );
    output::print(line.as_bytes())?;
    Ok(0)
}

/// Checks the plugins of the arguments against a baseline and hands over what held for them and
/// their reports; gives their number.
fn each(
    args: &BaselineUse,
    known: Option<&Arc<Baseline>>,
    tell: &mut dyn FnMut(&Policy, &PluginReport),
) -> Result<usize, AppError> {
    let targets = check::targets(&args.paths, None)?;
    if let Some(target) = targets.iter().find(|target| target.only.is_some()) {
        return Err(AppError::BadValue {
            message: "a baseline is kept for whole plugins".to_owned(),
            help: format!("give the folder: `{}`", target.display),
        });
    }
    let settings = Settings {
        stages: Stages::ALL,
        cards: false,
    };
    let resolver = config::resolver(&args.rules, config::layer(&args.rules, None, &[])?)?;
    let mut jobs = check::jobs(targets, &resolver, &args.paths, &mut Unused::new(&[]))?;
    for job in &mut jobs {
        job.policy.baseline = known.cloned();
    }
    let policies: Vec<Policy> = jobs.iter().map(|job| job.policy.clone()).collect();
    let mut next = policies.iter();
    Crew::of(None).check(jobs, &settings, &mut |report| {
        if let Some(policy) = next.next() {
            tell(policy, report);
        }
    });
    Ok(policies.len())
}

fn show(path: &Path) -> Result<u8, AppError> {
    let baseline = read(path)?;
    let mut text = format!(
        "{}: {} of {}\n",
        path.display(),
        count(baseline.total(), "known finding"),
        count(baseline.plugins().len(), "plugin")
    );
    for (plugin, entries) in baseline.plugins() {
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in entries {
            *rules.entry(&entry.rule).or_default() += entry.count;
        }
        let _ = writeln!(text, "\n{}", crate::report::clean(plugin));
        for (rule, found) in rules {
            let rule = crate::report::clean(rule);
            let _ = writeln!(text, "{:>7}  {rule}", number(found));
        }
    }
    output::print(text.as_bytes())?;
    Ok(0)
}
