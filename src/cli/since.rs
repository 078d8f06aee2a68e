//! Only the plugins that a change touches: what `git` says is different.

use super::args::ScopeArgs;
use super::error::AppError;
use super::git;
use crate::plugin::Target;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The targets that are touched, and how they were asked for in words; all of them, without words,
/// when nothing was asked.
pub struct Narrowed {
    /// The touched ones, in their order.
    pub targets: Vec<Target>,
    /// `2 of 12 plugins are touched since `main``.
    pub words: Option<String>,
}

/// Leaves the targets that differ from the given revision or have changes that are not committed.
///
/// # Errors
/// When there is no git, no repository, or no such revision.
pub fn narrow(targets: Vec<Target>, args: &ScopeArgs) -> Result<Narrowed, AppError> {
    let from = match (&args.since, args.changed) {
        (Some(reference), _) => From::Reference(reference),
        (None, true) => From::LastCommit,
        (None, false) => {
            return Ok(Narrowed {
                targets,
                words: None,
            });
        }
    };
    let all = targets.len();
    let mut repositories: Vec<Repository> = Vec::new();
    let mut touched = Vec::new();
    for target in targets {
        let path = Path::new(&target.display);
        let path = path.canonicalize().map_err(|error| AppError::Unreadable {
            what: format!("`{}`", target.display),
            reason: error.to_string().to_lowercase(),
        })?;
        let folder = if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(&path)
        };
        let top = top_of(folder)?;
        let known = repositories.iter().position(|it| it.top == top);
        let known = match known {
            Some(at) => at,
            None => {
                repositories.push(Repository::read(top, &from)?);
                repositories.len() - 1
            }
        };
        if repositories.get(known).is_some_and(|it| it.touches(&path)) {
            touched.push(target);
        }
    }
    let since = match from {
        From::Reference(reference) => format!("since `{reference}`"),
        From::LastCommit => "since the last commit".to_owned(),
    };
    let words = match (touched.len(), all) {
        (0, 1) => format!("the plugin was not touched {since}: nothing to check"),
        (0, _) => format!("none of {all} plugins was touched {since}: nothing to check"),
        (1, 1) => format!("the plugin was touched {since}"),
        (n, _) => format!("{n} of {all} plugins touched {since}"),
    };
    Ok(Narrowed {
        targets: touched,
        words: Some(words),
    })
}

enum From<'a> {
    /// Where the branch left this revision.
    Reference(&'a str),
    /// The last commit of the branch.
    LastCommit,
}

struct Repository {
    top: PathBuf,
    /// Absolute paths of files that are different, new or gone.
    changed: BTreeSet<PathBuf>,
}

impl Repository {
    fn read(top: PathBuf, from: &From<'_>) -> Result<Self, AppError> {
        let mut names = Vec::new();
        match base(&top, from)? {
            Some(base) => names.push(different(&top, &[&base])?),
            // nothing is committed yet: what is staged is all there is
            None => {
                names.push(different(&top, &["--cached"])?);
                names.push(different(&top, &[])?);
            }
        }
        names.push(answer(
            &top,
            &["ls-files", "-z", "--others", "--exclude-standard"],
        )?);
        let changed = names
            .iter()
            .flat_map(|names| names.split(|byte| *byte == 0))
            .filter(|name| !name.is_empty())
            .map(|name| top.join(path_of(name)))
            .collect();
        Ok(Self { top, changed })
    }

    /// True if something in the folder is different, or the folder lies in a module of its own that
    /// is.
    fn touches(&self, root: &Path) -> bool {
        let mut below = self.changed.range(root.to_path_buf()..);
        below.next().is_some_and(|path| path.starts_with(root))
            || root.ancestors().any(|above| self.changed.contains(above))
    }
}

fn different(top: &Path, what: &[&str]) -> Result<Vec<u8>, AppError> {
    let mut arguments = vec![
        "diff",
        "--name-only",
        "-z",
        // a file that moved is touched where it was, too
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=none",
    ];
    arguments.extend(what);
    arguments.push("--");
    answer(top, &arguments)
}

/// The commit to compare with; `None` before the first one.
fn base(top: &Path, from: &From<'_>) -> Result<Option<String>, AppError> {
    let commit = |name: &str| -> Result<Option<String>, AppError> {
        let name = format!("{name}^{{commit}}");
        let output = run(top, &["rev-parse", "--verify", "--quiet", &name])?;
        Ok(output.status.success().then(|| line(&output.stdout)))
    };
    let head = commit("HEAD")?;
    let From::Reference(reference) = from else {
        return Ok(head);
    };
    // git would take it for an option
    let found = if reference.starts_with('-') || reference.is_empty() {
        None
    } else {
        commit(reference)?
    };
    let Some(found) = found else {
        return Err(AppError::Git {
            message: format!("git knows no revision `{reference}` in `{}`", top.display()),
            help:
                "name a commit, a tag or a branch that this clone has; `git fetch origin` brings \
                   those of the remote, which are called `origin/NAME`"
                    .to_owned(),
        });
    };
    let Some(head) = head else {
        return Ok(None);
    };
    let output = run(top, &["merge-base", &found, &head])?;
    if output.status.success() {
        return Ok(Some(line(&output.stdout)));
    }
    Err(AppError::Git {
        message: format!("`{reference}` and this branch have no commit in common"),
        help: "if the clone is shallow, fetch more of its history: `git fetch --unshallow`, or \
               `fetch-depth: 0` where a workflow checks it out"
            .to_owned(),
    })
}

fn top_of(folder: &Path) -> Result<PathBuf, AppError> {
    let output = run(folder, &["rev-parse", "--show-toplevel"])?;
    if !output.status.success() {
        let said = line(&output.stderr);
        return Err(AppError::Git {
            message: format!(
                "`{}` is in no git repository that can be read",
                folder.display()
            ),
            help: format!("git says: {}", said.trim_start_matches("fatal: ")),
        });
    }
    let mut path = output.stdout;
    while path
        .last()
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    {
        path.pop();
    }
    let top = path_of(&path);
    Ok(top.canonicalize().unwrap_or(top))
}

fn answer(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, AppError> {
    let output = run(folder, arguments)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(AppError::Git {
        message: format!("`git {}` failed", arguments.first().unwrap_or(&"")),
        help: format!(
            "git says: {}",
            line(&output.stderr).trim_start_matches("fatal: ")
        ),
    })
}

fn run(folder: &Path, arguments: &[&str]) -> Result<Output, AppError> {
    let output = git::command(folder, arguments).output();
    output.map_err(|error| AppError::Git {
        message: match error.kind() {
            io::ErrorKind::NotFound => "there is no `git` to ask what has changed".to_owned(),
            _ => format!("git cannot be run: {}", error.to_string().to_lowercase()),
        },
        help: "install git, or name the plugins to check".to_owned(),
    })
}

fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().next().unwrap_or_default().trim().to_owned()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
