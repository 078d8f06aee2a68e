//! What narrows a run: the list of known findings, and what git says has changed.

use crate::support::folders::copy;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const NAME: &str = "difylint-baseline.json";

/// A folder with plugins that each have three findings.
fn repository(plugins: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for plugin in plugins {
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool");
        let root = folder.path().join(plugin);
        copy(&good, &root);
        edit(
            &root.join("tools/count_text.yaml"),
            "Contar Texto",
            "\" Contar Texto\"",
        );
        edit(&root.join("requirements.txt"), "\n", "\nrequests\n");
        edit(&root.join("README.md"), "\n", "\n\n![x](none.png)\n");
    }
    folder
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{} has no `{from}`", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Runs the program; what it says begins with its arguments and its exit status.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        // what a hook of git would set must not lead astray
        .env("GIT_DIR", "/nowhere")
        .env("GIT_INDEX_FILE", "/nowhere/index")
        .output()
        .unwrap();
    let mut text = format!("$ difylint {}\n", arguments.join(" "));
    let real = folder.canonicalize().unwrap();
    for (name, bytes) in [("", output.stdout), ("stderr: ", output.stderr)] {
        let said = String::from_utf8(bytes).unwrap();
        for line in said.lines().filter(|line| !line.trim().is_empty()) {
            let line = line.replace(real.to_str().unwrap(), "<repository>");
            let _ = writeln!(text, "{name}{line}");
        }
    }
    let _ = writeln!(text, "exit {}\n", output.status.code().unwrap());
    text
}

fn shows(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+ ms", "N ms");
    settings.add_filter(r#""duration_ms":\d+"#, r#""duration_ms":N"#);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

const CHECK: [&str; 4] = ["check", "--baseline", NAME, "-o=concise"];

#[test]
fn known_findings_are_not_shown() {
    let here = repository(&["plugins/one", "plugins/two"]);
    let here = here.path();
    let mut text = run(here, &["check", "-o=concise"]);
    text += &run(here, &["baseline", "update"]);
    text += &fs::read_to_string(here.join(NAME)).unwrap();
    text += &run(here, &CHECK);
    // elsewhere in the file, and at another place in the list
    let tool = here.join("plugins/one/tools/count_text.yaml");
    edit(&tool, "identity:", "# 一\n\nidentity:");
    text += "moved:\n";
    text += &run(here, &CHECK);
    edit(&tool, "统计文字", "'统计文字 '");
    text += "one more:\n";
    text += &run(here, &CHECK);
    text += &run(here, &["baseline", "update", "plugins/one"]);
    text += &run(here, &["baseline", "show"]);
    shows("known", &text);
}

#[test]
fn the_list_shrinks() {
    let here = repository(&["plugins/one", "plugins/two"]);
    let here = here.path();
    run(here, &["baseline", "update"]);
    let before = fs::read_to_string(here.join(NAME)).unwrap();
    let mut text = run(here, &["baseline", "prune", "--check"]);
    edit(&here.join("plugins/one/requirements.txt"), "requests\n", "");
    text += &run(here, &CHECK);
    // rules that take no part say nothing of their entries
    text += &run(
        here,
        &["check", "--baseline", NAME, "--select", "i18n,suppression"],
    );
    text += &run(here, &["baseline", "prune", "--select", "i18n"]);
    assert_eq!(fs::read_to_string(here.join(NAME)).unwrap(), before);
    text += &run(here, &["baseline", "prune", "--check"]);
    assert_eq!(fs::read_to_string(here.join(NAME)).unwrap(), before);
    text += &run(here, &["baseline", "prune"]);
    let after = fs::read_to_string(here.join(NAME)).unwrap();
    let changed = difylint::fix::Changed {
        path: NAME.to_owned(),
        before: Some(before),
        after,
    };
    text += &difylint::fix::unified(&changed, NAME);
    text += &run(here, &CHECK);
    fs::remove_dir_all(here.join("plugins/two")).unwrap();
    text += &run(here, &["baseline", "prune"]);
    text += &run(here, &["baseline", "show"]);
    shows("shrinks", &text);
}

#[test]
fn plugins_are_named_from_the_folder_of_the_list() {
    let here = repository(&["plugins/one"]);
    let here = here.path();
    fs::create_dir(here.join("ci")).unwrap();
    run(here, &["baseline", "update", "--baseline", "ci/known.json"]);
    let text = fs::read_to_string(here.join("ci/known.json")).unwrap();
    assert!(text.contains("\"../plugins/one\": ["), "{text}");
    for (folder, list, root) in [
        (".", "ci/known.json", "plugins"),
        ("plugins/one", "../../ci/known.json", "."),
        ("ci", "known.json", "../plugins/one"),
    ] {
        let said = run(
            &here.join(folder),
            &["check", root, "--baseline", list, "-o=concise"],
        );
        assert!(
            said.contains("all good") && said.contains("3 suppressed"),
            "{said}"
        );
    }
}

#[test]
fn lists_that_cannot_be_read() {
    let here = repository(&["one"]);
    let here = here.path();
    let mut text = run(here, &CHECK);
    for broken in [
        "{",
        "{\"schema_version\": 9, \"plugins\": {}}",
        "{\n\"schema_version\": 1,\n\"plugins\": {\"名\": 3}}",
    ] {
        fs::write(here.join(NAME), broken).unwrap();
        text += &run(here, &CHECK);
    }
    text += &run(
        here,
        &[
            "baseline",
            "update",
            "one/README.md",
            "--baseline",
            "x.json",
        ],
    );
    text += &run(here, &["baseline", "update", "--baseline", "none/x.json"]);
    text += &run(here, &["baseline", "prune", "--baseline", "x.json"]);
    shows("unreadable", &text);
    assert_eq!(fs::read_dir(here).unwrap().count(), 2);
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "x"]);
}

const SINCE: [&str; 3] = ["check", "--since=main", "-o=concise"];
const CHANGED: [&str; 3] = ["check", "--changed", "-o=concise"];

#[test]
fn only_what_a_branch_touches() {
    let names = [
        "plugins/一",
        "plugins/one",
        "plugins/one-more",
        "plugins/two",
    ];
    let here = repository(&names);
    let here = here.path();
    git(here, &["init", "-q"]);
    commit(here);
    let mut text = String::from("nothing:\n");
    text += &run(here, &SINCE);
    text += &run(here, &["check", "--changed", "-o=json", "plugins/two"])
        .lines()
        .filter(|line| !line.contains("version"))
        .fold(String::new(), |all, line| all + line + "\n");

    git(here, &["checkout", "-qb", "work"]);
    fs::remove_file(here.join("plugins/one-more/PRIVACY.md")).unwrap();
    edit(&here.join("plugins/一/README.md"), "\n", "\n\n");
    commit(here);
    // what happens on the other branch meanwhile is not this one's
    git(here, &["checkout", "-q", "main"]);
    edit(&here.join("plugins/two/README.md"), "\n", "\n\n");
    commit(here);
    git(here, &["checkout", "-q", "work"]);
    text += "a file gone, one changed:\n";
    text += &run(here, &SINCE);
    text += &run(here, &CHANGED);

    fs::write(here.join("plugins/one/new.py"), "").unwrap();
    text += "one that git does not know yet:\n";
    text += &run(here, &CHANGED);
    text += &run(
        here,
        &[
            "check",
            "--since",
            "main",
            "plugins/one",
            "-q",
            "-o=concise",
        ],
    );
    git(here, &["add", "-A"]);
    text += "staged, asked from inside:\n";
    text += &run(&here.join("plugins"), &CHANGED);
    shows("since", &text);
}

#[test]
fn a_plugin_that_moved_is_touched() {
    let here = repository(&["one", "two"]);
    let here = here.path();
    git(here, &["init", "-q"]);
    commit(here);
    git(here, &["mv", "one", "three"]);
    git(here, &["mv", "two/PRIVACY.md", "PRIVACY.md"]);
    shows("moved", &run(here, &CHANGED));
}

#[test]
fn what_git_cannot_say() {
    let here = repository(&["one"]);
    let here = here.path();
    let mut text = String::from("no repository:\n");
    // a repository above the temporary folder would answer
    text += &run(here, &CHANGED);
    git(here, &["init", "-q"]);
    text += "no commit:\n";
    text += &run(here, &CHANGED);
    text += &run(here, &SINCE);
    commit(here);
    text += "no such revision:\n";
    text += &run(here, &["check", "--since", "origin/main"]);
    text += &run(here, &["check", "--since=--output=x"]);
    git(here, &["checkout", "-q", "--orphan", "other"]);
    git(here, &["commit", "-qm", "another"]);
    text += "nothing in common:\n";
    text += &run(here, &SINCE);
    text += &run(here, &["check", "--since", "main", "--changed"]);
    shows("git_cannot", &text);
    assert!(!here.join("x").exists());
}
