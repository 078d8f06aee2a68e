//! The program itself: what it prints where, and its exit status.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_difylint");

/// The program in a folder, with an environment that does not depend on the machine.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder);
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "TERM_PROGRAM",
        "COLUMNS",
        "GITHUB_STEP_SUMMARY",
    ] {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", "xterm-256color");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder with a plugin whose manifest is empty, which every engine must refuse.
fn broken() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("plugins/demo")).unwrap();
    fs::write(folder.path().join("plugins/demo/manifest.yaml"), "").unwrap();
    folder
}

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn help_teaches() {
    let here = empty();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_check", &["check", "--help"]),
        ("help_rules", &["rules", "-h"]),
    ] {
        let output = run(here.path(), arguments);
        assert_eq!(status(&output), 0);
        assert!(output.stderr.is_empty());
        insta::assert_snapshot!(name, text(&output.stdout));
    }
    let bare = run(here.path(), &[]);
    assert_eq!((status(&bare), bare.stdout.len()), (2, 0));
    assert!(text(&bare.stderr).contains("Usage:"));
}

#[test]
fn exit_statuses() {
    let (broken, empty) = (broken(), empty());
    let of = |folder: &Path, arguments: &[&str]| status(&run(folder, arguments));
    assert_eq!(of(broken.path(), &["check"]), 1);
    assert_eq!(of(broken.path(), &["check", "plugins/demo"]), 1);
    assert_eq!(of(broken.path(), &["check", "--fail-on", "never"]), 0);
    assert_eq!(
        of(broken.path(), &["check", "--severity", "ALL=warning"]),
        0
    );
    assert_eq!(
        of(
            broken.path(),
            &["check", "--severity", "ALL=warning", "--fail-on", "warning"]
        ),
        1
    );
    assert_eq!(
        of(
            broken.path(),
            &["check", "--severity", "ALL=info", "--fail-on", "warning"]
        ),
        0
    );
    assert_eq!(of(broken.path(), &["check", "--ignore", "ALL"]), 0);
    assert_eq!(of(broken.path(), &["check", "--stage", "install"]), 1);
    assert_eq!(of(empty.path(), &["check"]), 3);
    assert_eq!(of(empty.path(), &["check", "nowhere"]), 2);
    assert_eq!(of(empty.path(), &["check", "--output-format", "xml"]), 2);
    assert_eq!(of(empty.path(), &["check", "--stage", "lunch"]), 2);
    assert_eq!(of(empty.path(), &["check", "-j", "0"]), 2);
    assert_eq!(of(empty.path(), &["explain", "no/rule"]), 2);
    assert_eq!(of(empty.path(), &["--version"]), 0);
}

#[test]
fn failures_say_what_to_do() {
    let here = empty();
    fs::create_dir(here.path().join("demo")).unwrap();
    for (name, arguments) in [
        ("fail_path_without_command", &["demo"][..]),
        ("fail_unknown_command", &["chek"]),
        ("fail_missing_path", &["check", "nowhere"]),
        ("fail_nothing_to_check", &["check", "demo", "."]),
        ("fail_unknown_format", &["check", "-o", "jsn"]),
        (
            "fail_two_on_stdout",
            &["check", "demo", "-o", "full", "-o", "json"],
        ),
        ("fail_unknown_rule", &["check", "--ignore", "all"]),
        ("fail_bad_severity", &["check", "--severity", "ALL=fatal"]),
        ("fail_stdin_without_name", &["check", "-"]),
        ("fail_unknown_schema", &["schema", "diagnostic"]),
    ] {
        let arguments = [&["--color", "never"], arguments].concat();
        let mut command = program(here.path(), &arguments);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.stdout.is_empty(), "{name}");
        assert!(matches!(status(&output), 2 | 3), "{name}");
        insta::assert_snapshot!(name, text(&output.stderr));
    }
}

#[test]
fn colours_follow_the_wishes_of_the_user() {
    let broken = broken();
    let colours = |arguments: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&["check"], arguments].concat();
        let mut command = program(broken.path(), &arguments);
        command.envs(environment.iter().copied());
        command.output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!colours(&[], &[]), "a pipe");
    assert!(colours(&["--color", "always"], &[]));
    assert!(colours(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(
        colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]),
        "empty means not set"
    );
    assert!(!colours(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn several_outputs_in_one_run() {
    let broken = broken();
    let arguments = [
        "check",
        "-o",
        "concise",
        "-o",
        "json=out.json",
        "-o",
        "full=out.txt",
    ];
    let output = run(broken.path(), &arguments);
    assert_eq!(status(&output), 1);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert!(
        lines[0].contains("plugins/demo/manifest.yaml:1:1: error["),
        "{lines:?}"
    );
    let json = fs::read(broken.path().join("out.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert!(json["summary"]["errors"].as_u64() >= Some(1));
    assert!(
        fs::read_to_string(broken.path().join("out.txt"))
            .unwrap()
            .contains("┌─")
    );
    let mut names: Vec<_> = fs::read_dir(broken.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["out.json", "out.txt", "plugins"],
        "no drafts stay behind"
    );
}

#[test]
fn a_failed_output_leaves_nothing_behind() {
    let broken = broken();
    fs::write(broken.path().join("old.json"), "old").unwrap();
    let output = run(
        broken.path(),
        &["check", "-o", "json=old.json", "-o", "full=no/where.txt"],
    );
    assert_eq!(status(&output), 2);
    assert_eq!(
        fs::read_to_string(broken.path().join("old.json")).unwrap(),
        "old"
    );
    assert_eq!(fs::read_dir(broken.path()).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn devices_and_links_stay_what_they_are() {
    let broken = broken();
    let link = broken.path().join("link.json");
    fs::write(broken.path().join("real.json"), "old").unwrap();
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    let arguments = ["check", "-o", "json=link.json", "-o", "full=/dev/null"];
    assert_eq!(status(&run(broken.path(), &arguments)), 1);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        fs::read_to_string(broken.path().join("real.json"))
            .unwrap()
            .starts_with('{')
    );
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(
        status(&run(
            broken.path(),
            &["check", "-o", "json=a", "-o", "full=a"]
        )),
        2
    );
}

#[test]
fn the_exit_status_does_not_depend_on_the_format() {
    let broken = broken();
    for format in ["full", "concise", "json", "json=x.json"] {
        let output = run(broken.path(), &["check", "-q", "-o", format]);
        assert_eq!(status(&output), 1, "{format}");
    }
}

#[test]
fn standard_input_stands_for_a_file() {
    let broken = broken();
    let arguments = [
        "check",
        "-",
        "--stdin-filename",
        "plugins/demo/manifest.yaml",
        "-o",
        "concise",
    ];
    let mut child = program(broken.path(), &arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 1);
    assert!(text(&output.stdout).contains("plugins/demo/manifest.yaml:"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly_with_the_right_status() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..300 {
        let plugin = folder.path().join(format!("plugin{n}"));
        fs::create_dir(&plugin).unwrap();
        fs::write(plugin.join("manifest.yaml"), "").unwrap();
    }
    for arguments in [
        &["check"][..],
        &["check", "-o", "json"],
        &["completions", "bash"],
        &["man"],
    ] {
        let mut child = program(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut one = [0; 1];
        stdout.read_exact(&mut one).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(
            status(&output),
            i32::from(arguments[0] == "check"),
            "{arguments:?}"
        );
    }
}

#[test]
fn completions_man_and_schemas() {
    let here = empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(here.path(), &["completions", shell]);
        assert_eq!(status(&output), 0);
        assert!(text(&output.stdout).contains("stdin-filename"), "{shell}");
    }
    assert!(text(&run(here.path(), &["man"]).stdout).contains(".TH difylint 1"));
    let manual = run(here.path(), &["man", "check"]);
    assert!(text(&manual.stdout).contains("fail\\-on"));
    let schema = run(here.path(), &["schema", "diagnostics"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert_eq!(schema["title"], "difylint diagnostics");
    let kinds = run(here.path(), &["schema"]);
    assert!(
        text(&kinds.stdout)
            .lines()
            .any(|kind| kind == "diagnostics")
    );
    let rules = run(here.path(), &["rules", "-o", "json"]);
    let rules: serde_json::Value = serde_json::from_slice(&rules.stdout).unwrap();
    assert!(rules.is_array());
}

#[test]
fn the_exit_status_is_the_same_in_every_format() {
    let broken = broken();
    for wish in [
        &[][..],
        &["--fail-on", "never"],
        &["--severity", "ALL=warning"],
        &["--severity", "ALL=warning", "--fail-on", "warning"],
        &["--ignore", "ALL"],
        &["nowhere"],
    ] {
        let of = |format: &str| {
            let arguments = [&["check", "--output-format", format], wish].concat();
            status(&run(broken.path(), &arguments))
        };
        let expected = of("full");
        for format in difylint::report::FORMATS {
            assert_eq!(of(format.name), expected, "{} {wish:?}", format.name);
        }
    }
}

#[test]
fn all_formats_in_one_run() {
    let broken = broken();
    let mut arguments = vec!["check".to_owned()];
    for format in difylint::report::FORMATS {
        arguments.push("--output-format".to_owned());
        arguments.push(format!("{}=out.{}", format.name, format.name));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = run(broken.path(), &arguments);
    assert_eq!((status(&output), output.stdout.len()), (1, 0));
    for format in difylint::report::FORMATS {
        let file = broken.path().join(format!("out.{}", format.name));
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains("manifest.yaml"), "{}", format.name);
    }
}

#[test]
fn annotations_come_with_a_job_summary() {
    let broken = broken();
    let page = broken.path().join("summary.md");
    fs::write(&page, "before\n").unwrap();
    let check = |format: &str, page: &Path| {
        let mut command = program(broken.path(), &["check", "--output-format", format]);
        command.env("GITHUB_STEP_SUMMARY", page);
        command.output().unwrap()
    };
    let output = check("concise", &page);
    assert_eq!(status(&output), 1);
    assert_eq!(fs::read_to_string(&page).unwrap(), "before\n");
    let output = check("github", &page);
    assert_eq!(status(&output), 1);
    assert!(text(&output.stdout).starts_with("::error file=plugins/demo/manifest.yaml,"));
    let first = fs::read_to_string(&page).unwrap();
    assert!(first.starts_with("before\n## difylint: "), "{first}");
    // a second step adds to it
    check("github", &page);
    let second = fs::read_to_string(&page).unwrap();
    assert_eq!(second.matches("## difylint: ").count(), 2);
    // a runner that names a file that cannot be is no failure of the check
    let output = check("github", &broken.path().join("nowhere/summary.md"));
    assert_eq!(status(&output), 1);
    assert!(text(&output.stderr).starts_with("difylint: no job summary: cannot write"));
    let output = check("github", Path::new(""));
    assert_eq!((status(&output), output.stderr.len()), (1, 0));
}

/// The page of formats knows them all, and its commands run.
#[test]
fn formats_are_documented() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = fs::read_to_string(page).unwrap();
    let sections: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`'))
        .collect();
    let formats: Vec<&str> = difylint::report::FORMATS
        .iter()
        .map(|format| format.name)
        .collect();
    assert_eq!(sections, formats);
    let broken = broken();
    let commands = page
        .split("```sh\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("difylint "));
    let mut count = 0;
    for command in commands {
        let command = command.split('|').next().unwrap();
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let output = run(broken.path(), &arguments);
        assert_eq!(status(&output), 1, "{command}\n{}", text(&output.stderr));
        count += 1;
    }
    assert_eq!(count, formats.len());
}
