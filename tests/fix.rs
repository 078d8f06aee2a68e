//! Fixes on real plugins, and how files are written.

use difylint::finding::{Applicability, Edit, Finding, Fix, Severity};
use difylint::fix::{Changed, Outcome, WriteRefusal, fix, write_all};
use difylint::plugin::{Target, discover};
use difylint::policy::Policy;
use difylint::yaml::Tree;
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

/// The most lines that an edit of one of these titles can touch, by file and title.
type Reach = HashMap<(String, String), usize>;

#[test]
fn safe_fixes_hold_on_real_plugins() {
    let applied = hold_on_real_plugins(false);
    assert!(applied.is_none_or(|applied| applied > 300), "{applied:?}");
}

#[test]
fn unsafe_fixes_hold_on_real_plugins() {
    hold_on_real_plugins(true);
}

fn hold_on_real_plugins(unsafe_too: bool) -> Option<usize> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/official");
    if !corpus.is_dir() {
        println!("skipped: {} is not there", corpus.display());
        return None;
    }
    let targets = discover(&[corpus]).unwrap();
    let totals: Vec<(usize, usize, Vec<String>)> = targets
        .par_iter()
        .map(|target| holds(target, unsafe_too))
        .collect();
    let applied: usize = totals.iter().map(|it| it.0).sum();
    let files: usize = totals.iter().map(|it| it.1).sum();
    println!(
        "{applied} fixes in {files} files of {} plugins",
        targets.len()
    );
    let wrong: Vec<&String> = totals.iter().flat_map(|it| &it.2).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    Some(applied)
}

/// How many fixes were applied in how many files, and what went wrong.
fn holds(target: &Target, unsafe_too: bool) -> (usize, usize, Vec<String>) {
    let root = target.display.as_str();
    let policy = Policy::default();
    let reach: Mutex<Reach> = Mutex::default();
    let wanted = |_: &Finding, fix: &Fix| {
        for edit in &fix.edits {
            let lines = edit.text.lines().count() + 2 + edit.span.len() as usize / 2;
            let key = (edit.file.to_string(), fix.title.clone());
            let mut reach = reach.lock().unwrap();
            let most = reach.entry(key).or_default();
            *most = (*most).max(lines);
        }
        unsafe_too || fix.applicability == Applicability::Safe
    };
    let before = difylint::check(target.files.clone(), root, &policy);
    let outcome = fix(target.files.clone(), root, &policy, &wanted);
    let mut wrong: Vec<String> = outcome
        .failed
        .iter()
        .map(|it| format!("not proved: {} {}: {:?}", it.rule, it.title, it.failure))
        .collect();
    if outcome
        .report
        .rejected
        .iter()
        .any(|it| !before.rejected.contains(it))
    {
        wrong.push("a verdict is worse".to_owned());
    }
    // an unsafe repair may uncover advice that nobody could give before
    let weighs = |it: &&Finding| !unsafe_too || it.severity > Severity::Info;
    let left = outcome.report.findings.iter().filter(weighs).count();
    let repaired = if unsafe_too { 0 } else { outcome.applied.len() };
    if left + repaired > before.findings.iter().filter(weighs).count() {
        wrong.push("a fix did not take its finding away".to_owned());
    }
    let again = fix(outcome.files.clone(), root, &policy, &wanted);
    if !again.changed.is_empty() || !again.applied.is_empty() {
        wrong.push("a second run changes something".to_owned());
    }
    for changed in &outcome.changed {
        let known = reach.lock().unwrap();
        wrong.extend(odd_changes(&outcome, changed, &known));
    }
    let wrong = wrong
        .into_iter()
        .map(|it| format!("{root}: {it}"))
        .collect();
    (outcome.applied.len(), outcome.changed.len(), wrong)
}

/// Whatever differs beyond what the applied fixes of the file can reach.
fn odd_changes(outcome: &Outcome, changed: &Changed, reach: &Reach) -> Vec<String> {
    let path = &changed.path;
    let mut wrong = Vec::new();
    let on_disk = outcome.files.read(path).unwrap();
    if *on_disk != *changed.after.as_bytes() {
        wrong.push(format!("{path}: the result is not what would be written"));
    }
    let Some(before) = changed.before.as_deref() else {
        return wrong;
    };
    let after = changed.after.as_str();
    if before.contains("\r\n") != after.contains("\r\n") {
        wrong.push(format!("{path}: the line ends differ"));
    }
    let mut titles = outcome.applied.iter().filter(|it| *it.place.file == **path);
    let unmarked = titles.any(|it| it.rule.0 == "yaml/byte-order-mark");
    if !unmarked && before.contains('\u{feff}') != after.contains('\u{feff}') {
        wrong.push(format!("{path}: the byte order mark differs"));
    }
    if before.ends_with('\n') != after.ends_with('\n') {
        wrong.push(format!("{path}: the end of the file differs"));
    }
    let comments = |text: &str| {
        let tree = Tree::parse(text);
        let texts = tree.comments().iter().map(|it| text[it.range()].to_owned());
        texts.collect::<Vec<_>>()
    };
    // a `#` in Markdown is a heading, and the proof has its own look at lines that move
    if !path.ends_with(".md") && comments(before) != comments(after) {
        wrong.push(format!("{path}: the comments differ"));
    }
    let differ = similar::TextDiff::from_lines(before, after)
        .iter_all_changes()
        .filter(|it| it.tag() != similar::ChangeTag::Equal)
        .count();
    let most: usize = outcome
        .applied
        .iter()
        .filter_map(|it| reach.get(&(path.clone(), it.title.clone())))
        .sum();
    if differ > 2 * most {
        wrong.push(format!(
            "{path}: {differ} lines differ, at most {most} could"
        ));
    }
    wrong
}

fn change(path: &str, before: Option<&str>, after: &str) -> Changed {
    Changed {
        path: path.to_owned(),
        before: before.map(str::to_owned),
        after: after.to_owned(),
    }
}

fn one(before: &str, after: &str) -> [Changed; 1] {
    [change("tools/a.yaml", Some(before), after)]
}

/// A folder with `tools/a.yaml`.
fn plugin(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tools")).unwrap();
    fs::write(folder.path().join("tools/a.yaml"), text).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn files_are_replaced_whole_or_not_at_all() {
    let folder = plugin("a: 1\n");
    let path = folder.path().join("tools/a.yaml");
    write_all(folder.path(), &one("a: 1\n", "a: 2\n")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 2\n");

    let refused = write_all(folder.path(), &one("a: 1\n", "a: 3\n")).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::ChangedMeanwhile));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 2\n");

    fs::remove_file(&path).unwrap();
    let refused = write_all(folder.path(), &one("a: 2\n", "a: 3\n")).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::Vanished));
    assert_eq!(
        names(&folder.path().join("tools")),
        [""; 0],
        "no draft is left"
    );
}

#[test]
fn one_refusal_leaves_all_files_as_they_were() {
    let folder = plugin("a: 1\n");
    fs::write(folder.path().join("b.yaml"), "b: 0\n").unwrap();
    let changes = [
        change("new/deep/c.md", None, "c\n"),
        change("tools/a.yaml", Some("a: 1\n"), "a: 2\n"),
        change("b.yaml", Some("b: 1\n"), "b: 2\n"),
    ];
    let refused = write_all(folder.path(), &changes).unwrap_err();
    assert_eq!(refused.path, "b.yaml");
    assert!(refused.written.is_empty());
    assert_eq!(names(folder.path()), ["b.yaml", "tools"]);
    assert_eq!(names(&folder.path().join("tools")), ["a.yaml"]);
    let text = fs::read_to_string(folder.path().join("tools/a.yaml")).unwrap();
    assert_eq!(text, "a: 1\n");

    fs::write(folder.path().join("b.yaml"), "b: 1\n").unwrap();
    write_all(folder.path(), &changes).unwrap();
    let text = fs::read_to_string(folder.path().join("new/deep/c.md")).unwrap();
    assert_eq!(text, "c\n");
    assert_eq!(names(&folder.path().join("new/deep")), ["c.md"]);
}

#[test]
fn a_file_that_came_meanwhile_is_not_overwritten() {
    let folder = plugin("a: 1\n");
    let changes = [change("tools/a.yaml", None, "mine\n")];
    let refused = write_all(folder.path(), &changes).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::ChangedMeanwhile));
    let text = fs::read_to_string(folder.path().join("tools/a.yaml")).unwrap();
    assert_eq!(text, "a: 1\n");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = plugin("");
    let outside = tempfile::tempdir().unwrap();
    let real = folder.path().join("real.yaml");
    fs::write(&real, "a: 1\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("tools/a.yaml");
    fs::remove_file(&link).unwrap();
    symlink("../real.yaml", &link).unwrap();
    write_all(folder.path(), &one("a: 1\n", "a: 2\n")).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "a: 2\n");
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);

    fs::remove_file(&link).unwrap();
    let foreign = outside.path().join("x.yaml");
    fs::write(&foreign, "a: 1\n").unwrap();
    symlink(&foreign, &link).unwrap();
    let refused = write_all(folder.path(), &one("a: 1\n", "a: 2\n")).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::Outside));
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "a: 1\n");

    symlink(outside.path(), folder.path().join("away")).unwrap();
    let new = [change("away/deep/new.md", None, "x\n")];
    let refused = write_all(folder.path(), &new).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::Outside));
    assert_eq!(names(outside.path()), ["x.yaml"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = plugin("a: 1\n");
    let path = folder.path().join("tools/a.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = write_all(folder.path(), &one("a: 1\n", "a: 2\n")).unwrap_err();
    assert!(matches!(refused.reason, WriteRefusal::ReadOnly));
    assert_eq!(refused.reason.to_string(), "it is read-only");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 1\n");
    assert_eq!(names(&folder.path().join("tools")), ["a.yaml"]);
}

#[test]
fn an_edit_of_no_file_creates_one() {
    let edit = Edit::create("readme/README_zh_Hans.md", "# 搜索\n");
    assert!(edit.span.is_empty() && edit.span.start == 0);
}
