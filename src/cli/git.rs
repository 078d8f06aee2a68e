//! The `git` program, and a folder as it was at a commit.

use super::error::AppError;
use crate::source::{Files, MAX_FILE_BYTES, Memory};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The most bytes that are taken out of a commit: packages are refused long before.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The files below a folder at a commit, and what to call their root: `v0.1.0:plugins/demo`.
///
/// # Errors
/// When `git` cannot be run, the folder is in no repository, or it was not there at that commit.
pub fn files_of(folder: &Path, reference: &str) -> Result<(Arc<dyn Files>, String), AppError> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(AppError::BadValue {
            message: format!("`{reference}` names no commit"),
            help: "give a tag, a branch or a commit, for example `HEAD~1`".to_owned(),
        });
    }
    let prefix = text(folder, &["rev-parse", "--show-prefix"], reference)?;
    let prefix = prefix.trim_end().trim_end_matches('/').to_owned();
    let label = match prefix.as_str() {
        "" => format!("{reference}:"),
        prefix => format!("{reference}:{prefix}"),
    };
    let list = text(folder, &["ls-tree", "-r", "-z", "-l", reference], reference)?;
    let mut wanted: Vec<(String, String)> = Vec::new();
    let mut total = 0_u64;
    for entry in list.split('\0').filter(|entry| !entry.is_empty()) {
        let Some((facts, path)) = entry.split_once('\t') else {
            continue;
        };
        let facts: Vec<&str> = facts.split_whitespace().collect();
        // links and submodules have no content of their own
        let (["100644" | "100755", "blob", id, size], true) = (facts.as_slice(), !path.is_empty())
        else {
            continue;
        };
        let size: u64 = size.parse().unwrap_or(u64::MAX);
        if size > MAX_FILE_BYTES {
            continue;
        }
        total = total.saturating_add(size);
        wanted.push(((*id).to_owned(), path.to_owned()));
    }
    if total > MOST_BYTES {
        return Err(unreadable(
            reference,
            format!("the folder has more than {MOST_BYTES} bytes there"),
        ));
    }
    if wanted.is_empty() {
        return Err(AppError::NothingToCheck {
            place: format!("`{label}`"),
        });
    }
    let files = contents(folder, reference, wanted)?;
    Ok((Arc::new(files), label))
}

/// Reads the blobs through one `git cat-file --batch`.
fn contents(
    folder: &Path,
    reference: &str,
    wanted: Vec<(String, String)>,
) -> Result<Memory, AppError> {
    let failed = |error: std::io::Error| unreadable(reference, error.to_string());
    let mut child = command(folder, &["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let ids: String = wanted.iter().map(|(id, _)| format!("{id}\n")).collect();
    // a thread of its own: both pipes may be full at once
    let input = child.stdin.take();
    let writer = std::thread::spawn(move || match input {
        Some(mut input) => input.write_all(ids.as_bytes()),
        None => Ok(()),
    });
    let mut files = Memory::new();
    let output = child.stdout.take().map(BufReader::new);
    let read = || -> std::io::Result<()> {
        let Some(mut output) = output else {
            return Ok(());
        };
        for (_, path) in wanted {
            let mut header = String::new();
            output.read_line(&mut header)?;
            let size = header.trim_end().rsplit(' ').next();
            let size: usize = size
                .and_then(|size| size.parse().ok())
                .filter(|size| *size as u64 <= MAX_FILE_BYTES)
                .ok_or(std::io::ErrorKind::InvalidData)?;
            let mut bytes = vec![0; size + 1];
            output.read_exact(&mut bytes)?;
            bytes.pop();
            files.insert(path, bytes);
        }
        Ok(())
    };
    let outcome = read();
    let _ = child.wait();
    let _ = writer.join();
    outcome.map_err(failed)?;
    Ok(files)
}

/// Git in this folder, so that neither the caller's environment nor the user's settings change what
/// it says.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        // a watcher is a program of the repository's choice
        .args(["-c", "core.fsmonitor=false", "-c", "diff.relative=false"])
        .args(arguments);
    // inside a hook, git names the repository and the index of the commit in the making
    let names: Vec<OsString> = std::env::vars_os().map(|(name, _)| name).collect();
    for name in names {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0");
    command
}

fn text(folder: &Path, arguments: &[&str], reference: &str) -> Result<String, AppError> {
    let output = command(folder, arguments)
        .output()
        .map_err(|error| unreadable(reference, format!("git does not run: {error}")))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let words = words.lines().next().unwrap_or("git gives no reason");
        let words = words.strip_prefix("fatal: ").unwrap_or(words);
        return Err(unreadable(reference, words.to_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn unreadable(reference: &str, reason: String) -> AppError {
    AppError::Unreadable {
        what: format!("the commit `{reference}`"),
        reason,
    }
}
