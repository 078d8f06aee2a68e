//! Fixes on real plugins: each is proved, they come to an end, and no verdict gets worse.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

use difylint::finding::{Applicability, Finding, Fix};
use difylint::fix::{Changed, WriteError, fix, write};
use difylint::plugin::discover;
use difylint::policy::Policy;
use rayon::prelude::*;
use std::fs;
use std::path::Path;

fn safe(_: &Finding, fix: &Fix) -> bool {
    fix.applicability == Applicability::Safe
}

#[test]
fn safe_fixes_hold_on_real_plugins() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/official");
    if !corpus.is_dir() {
        println!("skipped: {} is not there", corpus.display());
        return;
    }
    let policy = Policy::default();
    let targets = discover(&[corpus]).unwrap();
    let totals: Vec<(usize, usize, Vec<String>)> = targets
        .par_iter()
        .map(|target| {
            let root = target.display.as_str();
            let before = difylint::check(target.files.clone(), root, &policy);
            let outcome = fix(target.files.clone(), root, &policy, &safe);
            let mut wrong: Vec<String> = outcome
                .failed
                .iter()
                .map(|it| format!("{root}: {} {}: {:?}", it.rule, it.title, it.failure))
                .collect();
            if outcome.report.rejected != before.rejected {
                wrong.push(format!("{root}: the verdicts differ"));
            }
            let again = fix(outcome.files.clone(), root, &policy, &safe);
            if !again.changed.is_empty() {
                wrong.push(format!("{root}: a second run changes something"));
            }
            for changed in &outcome.changed {
                let before = changed.before.as_deref().unwrap();
                if before.contains("\r\n") != changed.after.contains("\r\n") {
                    wrong.push(format!("{root}/{}: the line ends differ", changed.path));
                }
            }
            (outcome.applied.len(), outcome.changed.len(), wrong)
        })
        .collect();
    let applied: usize = totals.iter().map(|it| it.0).sum();
    let files: usize = totals.iter().map(|it| it.1).sum();
    println!(
        "{applied} fixes in {files} files of {} plugins",
        targets.len()
    );
    let wrong: Vec<&String> = totals.iter().flat_map(|it| &it.2).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(applied > 300, "{applied}");
}

fn change(before: &str, after: &str) -> Changed {
    Changed {
        path: "tools/a.yaml".to_owned(),
        before: Some(before.to_owned()),
        after: after.to_owned(),
    }
}

#[test]
fn files_are_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tools/a.yaml");
    fs::create_dir(folder.path().join("tools")).unwrap();
    fs::write(&path, "a: 1\n").unwrap();
    write(folder.path(), &change("a: 1\n", "a: 2\n")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 2\n");

    // somebody else wrote meanwhile
    let refused = write(folder.path(), &change("a: 1\n", "a: 3\n"));
    assert!(matches!(refused, Err(WriteError::ChangedMeanwhile(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 2\n");
    let left = fs::read_dir(folder.path().join("tools")).unwrap().count();
    assert_eq!(left, 1, "no draft is left behind");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tools")).unwrap();
    let real = folder.path().join("real.yaml");
    fs::write(&real, "a: 1\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("tools/a.yaml");
    symlink("../real.yaml", &link).unwrap();
    write(folder.path(), &change("a: 1\n", "a: 2\n")).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "a: 2\n");
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);

    fs::remove_file(&link).unwrap();
    let foreign = outside.path().join("x.yaml");
    fs::write(&foreign, "a: 1\n").unwrap();
    symlink(&foreign, &link).unwrap();
    let refused = write(folder.path(), &change("a: 1\n", "a: 2\n"));
    assert!(matches!(refused, Err(WriteError::Outside(_))));
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "a: 1\n");
}
