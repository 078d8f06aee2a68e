//! What goes wrong around difylint: rights, disks, pipes, signals, missing programs. Each ends soon,
//! with the right status and a text that says what happened, and leaves files as they were.
//!
//! What goes wrong inside a plugin is in `bad_input.rs`; a full disk and read-only files while
//! fixing in `fix_cli.rs`; a pipe that is closed early in `cli.rs`; files that vanish between
//! listing and reading in `bad_input.rs`; a rule that panics in `src/rules/context.rs`.
#![cfg(target_os = "linux")]

use crate::support::folders::copy;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_difylint");

fn command(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, PROGRAM, arguments).output().unwrap()
}

/// Runs the program as a user who is not the owner of the files; `None` where that cannot be done.
fn as_nobody(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let nobody = [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--",
        PROGRAM,
    ];
    let arguments = [&nobody, arguments].concat();
    let output = command(folder, "setpriv", &arguments).output();
    // 127: there is such a program but nobody may run ours
    let output = output
        .ok()
        .filter(|it| !matches!(it.status.code(), Some(127 | 126)));
    let may_not = |it: &Output| String::from_utf8_lossy(&it.stderr).starts_with("setpriv:");
    let output = output.filter(|it| !may_not(it));
    if output.is_none() {
        println!("skipped: this user cannot become another one");
    }
    output
}

/// Status, standard output and standard error, as a user sees them.
fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let status = output.status.code().expect("ended by a signal");
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(!stderr.contains("panicked"), "{stderr}");
    // how long it took
    let stdout = stdout
        .split_inclusive('\n')
        .map(|line| {
            match line
                .rsplit_once(", ")
                .filter(|(_, time)| time.contains("ms)"))
            {
                Some((line, _)) => format!("{line}, TIME)\n"),
                None => line.to_owned(),
            }
        })
        .collect::<String>();
    format!("status {status}\n-- output --\n{stdout}-- errors --\n{stderr}")
}

fn sound_plugin(to: &Path) {
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool"),
        to,
    );
}

/// A folder that everybody may look into, with a sound plugin `demo`.
fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    mode(folder.path(), 0o755);
    sound_plugin(&folder.path().join("demo"));
    folder
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_and_a_folder_that_may_not_be_read() {
    let folder = demo();
    mode(&folder.path().join("demo/tools/count_text.yaml"), 0o600);
    let Some(output) = as_nobody(folder.path(), &["check", "-o", "concise"]) else {
        return;
    };
    insta::assert_snapshot!("unreadable_file", told(&output));
    let folder = demo();
    mode(&folder.path().join("demo/tools"), 0o700);
    let output = as_nobody(folder.path(), &["check", "-o", "concise"]).unwrap();
    insta::assert_snapshot!("unreadable_folder", told(&output));
    mode(&folder.path().join("demo"), 0o700);
    let output = as_nobody(folder.path(), &["check", "demo"]).unwrap();
    insta::assert_snapshot!("unreadable_root", told(&output));
}

/// What cannot be searched is told of; it hides no other plugin, and no other hides it.
#[test]
fn a_folder_and_a_package_that_may_not_be_read_beside_a_plugin() {
    let folder = demo();
    fs::create_dir(folder.path().join("closed")).unwrap();
    mode(&folder.path().join("closed"), 0o700);
    fs::write(folder.path().join("a.difypkg"), "PK").unwrap();
    mode(&folder.path().join("a.difypkg"), 0o600);
    if let Some(output) = as_nobody(folder.path(), &["check", "-o", "concise"]) {
        insta::assert_snapshot!("unreadable_beside", told(&output));
    }
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let folder = demo();
    fs::create_dir(folder.path().join("settings.toml")).unwrap();
    let output = run(folder.path(), &["check", "--config", "settings.toml"]);
    insta::assert_snapshot!("configuration_is_a_folder", told(&output));
    fs::write(folder.path().join("difylint.toml"), "").unwrap();
    mode(&folder.path().join("difylint.toml"), 0o600);
    if let Some(output) = as_nobody(folder.path(), &["check"]) {
        insta::assert_snapshot!("configuration_unreadable", told(&output));
    }
}

#[test]
fn a_folder_in_which_nothing_may_be_written() {
    let folder = demo();
    let path = folder.path().join("demo/tools/count_text.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("zh_Hans:", "zh-Hans:");
    fs::write(&path, &text).unwrap();
    mode(&path, 0o666);
    let Some(output) = as_nobody(folder.path(), &["fix", "demo"]) else {
        return;
    };
    insta::assert_snapshot!("unwritable_folder", told(&output));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn outputs_that_cannot_be_written() {
    let folder = demo();
    fs::write(folder.path().join("demo/manifest.yaml"), "").unwrap();
    let output = run(folder.path(), &["check", "-o", "json=out/findings.json"]);
    insta::assert_snapshot!("output_in_missing_folder", told(&output));
    let full = "exec \"$0\" check > /dev/full";
    let output = command(folder.path(), "sh", &["-c", full, PROGRAM]).output();
    insta::assert_snapshot!("output_full", told(&output.unwrap()));
    // nothing to write to is not nothing to say: the status stays
    for closed in ["exec \"$0\" check >&-", "exec \"$0\" check >&- 2>&- <&-"] {
        let output = command(folder.path(), "sh", &["-c", closed, PROGRAM]).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert_eq!(output.stderr, b"");
    }
}

#[test]
fn without_git() {
    let folder = demo();
    let nowhere = folder.path().join("demo/tools");
    for arguments in [
        &["compare", "--against-ref", "HEAD", "demo"][..],
        &["check", "--since", "HEAD", "demo"],
    ] {
        let output = command(folder.path(), PROGRAM, arguments)
            .env("PATH", &nowhere)
            .output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        insta::assert_snapshot!(format!("without_git_{}", arguments[0]), told(&output));
    }
}

#[test]
fn folders_that_lead_to_themselves() {
    let folder = demo();
    symlink(".", folder.path().join("around")).unwrap();
    symlink("..", folder.path().join("demo/up")).unwrap();
    symlink("demo", folder.path().join("again")).unwrap();
    let output = run(
        folder.path(),
        &["check", "-o", "json", ".", "demo", "./demo/"],
    );
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let roots = found["plugins"].as_array().unwrap().iter();
    let roots: Vec<_> = roots.map(|it| it["root"].as_str().unwrap()).collect();
    assert_eq!(roots, ["demo"], "a plugin is checked once");
}

#[test]
fn a_path_that_is_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let odd = OsStr::from_bytes(b"plug\xffin");
    sound_plugin(&folder.path().join(odd));
    fs::write(folder.path().join(odd).join("tools/count_text.yaml"), "").unwrap();
    let checked = |arguments: &[&OsStr]| {
        let mut command = command(folder.path(), PROGRAM, &["check", "-o", "concise"]);
        command.args(arguments).output().unwrap()
    };
    insta::assert_snapshot!("odd_name", told(&checked(&[odd])));
    insta::assert_snapshot!("odd_name", told(&checked(&[])));
    let file = Path::new(odd).join("tools/count_text.yaml");
    insta::assert_snapshot!("odd_name_file", told(&checked(&[file.as_os_str()])));
    let missing = OsStr::from_bytes(b"none\xff");
    insta::assert_snapshot!("odd_name_missing", told(&checked(&[missing])));
}

/// Files are replaced by whole new ones, so that a signal at any time leaves the old or the new.
#[test]
fn an_interrupted_fix_leaves_no_half_written_file() {
    let folder = tempfile::tempdir().unwrap();
    let sound =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool/tools/count_text.yaml");
    let after = fs::read_to_string(sound).unwrap();
    let before = after.replace("zh_Hans:", "zh-Hans:");
    let (mut ended, mut changed) = (0, 0);
    for delay in [0, 40, 80, 120, 200, 300, 500] {
        for n in 0..12 {
            let plugin = folder.path().join(format!("plugin{n}"));
            sound_plugin(&plugin);
            fs::write(plugin.join("tools/count_text.yaml"), &before).unwrap();
        }
        let mut child = command(folder.path(), PROGRAM, &["fix"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let id = child.id().to_string();
        let _ = Command::new("kill").args(["-INT", &id]).status();
        let status = child.wait().unwrap();
        ended += usize::from(status.code().is_none());
        for n in 0..12 {
            let path = folder
                .path()
                .join(format!("plugin{n}/tools/count_text.yaml"));
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                text == before || text == after,
                "half of {}",
                path.display()
            );
            changed += usize::from(text == after);
        }
        assert_eq!(drafts(folder.path()), Vec::<String>::new());
    }
    println!("{ended} of 7 runs were interrupted; {changed} files were changed");
    assert!(ended > 0, "no run was interrupted: nothing was tried");
}

/// Files in the making, anywhere below the folder.
fn drafts(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.extend(drafts(&path));
        } else if name.ends_with(".tmp") {
            found.push(name);
        }
    }
    found
}

/// Sends the signal as soon as something is in the making, and says which signal ended it.
fn interrupted(folder: &Path, arguments: &[&str], signal: &str) -> Option<i32> {
    let mut child = command(folder, PROGRAM, arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while drafts(folder).is_empty() && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(60));
    }
    let id = child.id().to_string();
    Command::new("kill").args([signal, &id]).status().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(drafts(folder), Vec::<String>::new(), "{signal}: {status}");
    status.signal()
}

/// A signal ends the program as it ends others (a shell calls that 130 or 143), and what was in the
/// making is gone.
#[test]
fn signals_leave_nothing_in_the_making() {
    let folder = demo();
    // a check that lasts until the signal is there
    for n in 0..1000 {
        let plugin = folder.path().join(format!("plugins/{n}"));
        fs::create_dir_all(&plugin).unwrap();
        fs::write(plugin.join("manifest.yaml"), "type: plugin\n").unwrap();
    }
    for (signal, number) in [("-INT", 2), ("-TERM", 15)] {
        let arguments = ["check", "-o", "json=found.json"];
        let ended = interrupted(folder.path(), &arguments, signal);
        assert_eq!(ended, Some(number));
        assert!(!folder.path().join("found.json").exists());
    }
    // what a shell makes of it
    let script = "\"$0\" check -o json=found.json & \
        until ls -A | grep -q '[.]tmp$' || ! kill -0 $!; do :; done; \
        kill -TERM $!; wait $!; echo $?";
    let output = command(folder.path(), "sh", &["-c", script, PROGRAM]).output();
    assert_eq!(String::from_utf8_lossy(&output.unwrap().stdout), "143\n");
}

/// The files of a plugin that is being fixed are all changed, or none.
#[test]
fn signals_while_fixes_are_written() {
    let sound =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool/tools/count_text.yaml");
    let after = fs::read_to_string(sound).unwrap();
    let before = after.replace("zh_Hans:", "zh-Hans:");
    let folder = demo();
    let tools = folder.path().join("demo/tools");
    let provider = folder.path().join("demo/provider/word_tools.yaml");
    let mut text = fs::read_to_string(&provider).unwrap();
    let entry = "  - tools/count_text.yaml\n";
    assert!(text.contains(entry), "{text}");
    let more: String = (0..150).map(|n| format!("  - tools/t{n}.yaml\n")).collect();
    text = text.replace(entry, &format!("{entry}{more}"));
    fs::write(&provider, text).unwrap();
    let mut ended = 0;
    for signal in ["-INT", "-TERM", "-INT"] {
        for n in 0..150 {
            fs::write(tools.join(format!("t{n}.yaml")), &before).unwrap();
        }
        ended += usize::from(interrupted(folder.path(), &["fix", "demo"], signal).is_some());
        let changed = (0..150).filter(|n| {
            let text = fs::read_to_string(tools.join(format!("t{n}.yaml"))).unwrap();
            assert!(text == before || text == after, "half of {n}");
            text == after
        });
        let changed = changed.count();
        assert!(changed == 0 || changed == 150, "{changed} of 150");
    }
    println!("{ended} of 3 runs were interrupted");
    assert!(ended > 0, "no run was interrupted: nothing was tried");
}

#[test]
fn ten_thousand_plugins() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..10_000 {
        let plugin = folder.path().join(format!("group{}/plugin{n}", n % 100));
        fs::create_dir_all(&plugin).unwrap();
        fs::write(plugin.join("manifest.yaml"), "type: plugin\n").unwrap();
    }
    let began = Instant::now();
    // 1 GB for all of it, stacks of threads and the program itself among them
    let script = "ulimit -v 1000000; exec \"$0\" check -o json-lines=found.jsonl";
    let output = command(folder.path(), "sh", &["-c", script, PROGRAM])
        .output()
        .unwrap();
    println!("10,000 plugins in {:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let lines = fs::read_to_string(folder.path().join("found.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let plugins = lines
        .lines()
        .filter(|it| it.contains("\"verdicts\""))
        .count();
    assert_eq!(plugins, 10_000, "{last}");
    let most = if cfg!(debug_assertions) { 120 } else { 30 };
    assert!(
        began.elapsed() < Duration::from_secs(most),
        "{:?}",
        began.elapsed()
    );
}
