//! `difylint fix` as people and programs meet it.
#![cfg(unix)]

use crate::support::folders::copy;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn command(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

fn difylint(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, env!("CARGO_BIN_EXE_difylint"), arguments)
        .output()
        .unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// A sound plugin in a folder with a blank in its name, and the files in which locales are
/// mistyped: one with CRLF and a byte order mark, one without its last line break.
fn mistyped() -> (tempfile::TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool");
    copy(&sound, &folder.path().join("my plugin"));
    let files = yaml_with_locales(&folder.path().join("my plugin"));
    let [first, second] = &files;
    let text = fs::read_to_string(first).unwrap();
    let text = text.replace("zh_Hans:", "zh-Hans:").replace('\n', "\r\n");
    fs::write(first, format!("\u{feff}{text}")).unwrap();
    let text = fs::read_to_string(second).unwrap();
    let text = text.replace("zh_Hans:", "zh-Hans:");
    fs::write(second, text.trim_end()).unwrap();
    (folder, files)
}

/// The first tool and the first provider.
fn yaml_with_locales(root: &Path) -> [PathBuf; 2] {
    ["tools", "provider"].map(|folder| {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
        paths.retain(|it| it.extension().is_some_and(|ending| ending == "yaml"));
        paths.sort();
        let path = paths.remove(0);
        assert!(fs::read_to_string(&path).unwrap().contains("zh_Hans:"));
        path
    })
}

fn texts(files: &[PathBuf; 2]) -> [String; 2] {
    [0, 1].map(|at| fs::read_to_string(&files[at]).unwrap())
}

#[test]
fn the_diff_is_what_fixing_does() {
    let (folder, files) = mistyped();
    let before = texts(&files);
    let diff = difylint(folder.path(), &["fix", "--diff", "my plugin"]);
    assert_eq!(
        status(&diff),
        1,
        "{}",
        String::from_utf8_lossy(&diff.stderr)
    );
    assert_eq!(texts(&files), before, "nothing is written");
    fs::write(folder.path().join("fix.diff"), &diff.stdout).unwrap();

    let (twin, twins) = mistyped();
    let fixed = difylint(twin.path(), &["fix", "my plugin"]);
    assert_eq!(status(&fixed), 0, "{}", stdout(&fixed));
    for (before, after) in before.iter().zip(texts(&twins)) {
        assert_eq!(before.replace("zh-Hans:", "zh_Hans:"), after);
    }

    let applied = command(folder.path(), "git", &["apply", "-p1", "fix.diff"])
        .env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap())
        .output();
    let Ok(applied) = applied else {
        println!("skipped: there is no git");
        return;
    };
    assert!(
        applied.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&applied.stderr),
        stdout(&diff)
    );
    assert_eq!(texts(&files), texts(&twins));

    let again = difylint(folder.path(), &["fix", "--diff", "my plugin"]);
    assert_eq!((status(&again), stdout(&again)), (0, ""));
}

#[test]
fn what_is_told() {
    let (folder, _) = mistyped();
    let fixed = difylint(folder.path(), &["fix", "my plugin"]);
    let told = stdout(&fixed);
    assert!(
        told.contains("[i18n/mistyped-locale]: rename `zh-Hans`"),
        "{told}"
    );
    assert!(told.contains(" in 2 files; "), "{told}");
    let again = difylint(folder.path(), &["fix", "my plugin"]);
    assert!(
        stdout(&again).starts_with("nothing to fix; "),
        "{}",
        stdout(&again)
    );
}

#[test]
fn programs_get_an_object() {
    let (folder, _) = mistyped();
    let output = difylint(folder.path(), &["fix", "-o", "json", "--diff", "my plugin"]);
    assert_eq!(status(&output), 1);
    let summary: serde_json::Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(summary["schema_version"], 1);
    assert_eq!(summary["summary"]["files"], 2);
    let plugin = &summary["plugins"][0];
    assert_eq!(plugin["root"], "my plugin");
    assert_eq!(plugin["fixed"][0]["rule"], "i18n/mistyped-locale");
    assert_eq!(plugin["files"][0]["written"], false);
    let diff = plugin["files"][0]["diff"].as_str().unwrap();
    assert!(diff.starts_with("--- a/my plugin/provider/"), "{diff}");
}

#[test]
fn one_file_or_one_rule_alone() {
    let (folder, files) = mistyped();
    let before = texts(&files);
    let file = files[0].strip_prefix(folder.path()).unwrap();
    let fixed = difylint(folder.path(), &["fix", file.to_str().unwrap()]);
    assert!(
        stdout(&fixed).contains(" in 1 file; "),
        "{}",
        stdout(&fixed)
    );
    assert_ne!(texts(&files)[0], before[0]);
    assert_eq!(texts(&files)[1], before[1]);

    let other = difylint(folder.path(), &["fix", "--rule", "yaml", "my plugin"]);
    assert!(
        stdout(&other).starts_with("nothing to fix; "),
        "{}",
        stdout(&other)
    );
    let fixed = difylint(
        folder.path(),
        &["fix", "--rule", "i18n/mistyped-locale", "my plugin"],
    );
    assert_eq!(status(&fixed), 0);
    assert_ne!(texts(&files)[1], before[1]);
}

#[test]
fn a_read_only_file_stops_the_plugin_whole() {
    let (folder, files) = mistyped();
    let before = texts(&files);
    fs::set_permissions(&files[1], fs::Permissions::from_mode(0o444)).unwrap();
    let output = difylint(folder.path(), &["fix", "my plugin"]);
    assert_eq!(status(&output), 2);
    let name = files[1]
        .strip_prefix(folder.path())
        .unwrap()
        .display()
        .to_string();
    let told = String::from_utf8_lossy(&output.stderr).replace(&name, "FILE");
    assert!(told.contains("read-only"), "{told}");
    assert_eq!(texts(&files), before);
}

#[test]
fn a_full_disk_loses_nothing() {
    let (folder, files) = mistyped();
    let before = texts(&files);
    // no file may grow: what a full disk does, the limit of the shell does too
    let script = format!(
        "ulimit -f 0; trap '' XFSZ; exec {} fix 'my plugin'",
        env!("CARGO_BIN_EXE_difylint")
    );
    let output = command(folder.path(), "sh", &["-c", &script])
        .output()
        .unwrap();
    assert_eq!(
        status(&output),
        2,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let words = told.split_whitespace().filter(|word| *word != "│");
    let told = words.collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("no file of this plugin was changed"),
        "{told}"
    );
    assert_eq!(texts(&files), before);
    let left = fs::read_dir(files[0].parent().unwrap()).unwrap();
    let drafts = left.filter(|it| {
        let name = it.as_ref().unwrap().file_name();
        name.to_string_lossy().contains(".tmp")
    });
    assert_eq!(drafts.count(), 0);
}

#[test]
fn packages_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.difypkg"), b"PK").unwrap();
    let output = difylint(folder.path(), &["fix", "x.difypkg"]);
    assert_eq!(status(&output), 2);
    assert_eq!(fs::read(folder.path().join("x.difypkg")).unwrap(), b"PK");
}
