//! What hooks and actions run: the plugin around changed files, and the script of the action.

use crate::support::folders::copy;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DIFYLINT: &str = env!("CARGO_BIN_EXE_difylint");

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name)
}

/// A repository with a sound plugin, a broken one, and a file of none.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&corpus("good/tool"), &folder.path().join("plugins/sound"));
    copy(
        &corpus("broken/first-look"),
        &folder.path().join("plugins/broken"),
    );
    fs::write(folder.path().join("README.md"), "# Plugins\n").unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(DIFYLINT);
    command.current_dir(folder).args(arguments).env_clear();
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_plugin_around_a_file_is_checked_whole() {
    let folder = repository();
    let files = [
        "README.md",
        "plugins/broken/tools/greet.yaml",
        "plugins/broken/README.md",
        "plugins/gone.yaml",
    ];
    let mut arguments = vec!["check", "--around", "-o", "concise", "-q"];
    arguments.extend(files);
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    // the manifest was not among the files
    let author = "plugins/broken/manifest.yaml:3:9: error[shape/malformed-value]";
    assert_eq!(told.matches(author).count(), 1, "{told}");
    assert!(!told.contains("plugins/sound"), "{told}");
}

#[test]
fn files_of_no_plugin_are_nothing_to_complain_about() {
    let folder = repository();
    let output = run(folder.path(), &["check", "--around", "-q", "README.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = run(folder.path(), &["fix", "--around", "README.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// Runs the script of the action as GitHub does.
fn action(folder: &Path, inputs: &[(&str, &str)]) -> Option<(Output, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("action/run.sh");
    let outputs = folder.join("outputs.txt");
    let output = Command::new("bash")
        .arg(script)
        .current_dir(folder)
        .env("DIFYLINT_BINARY", DIFYLINT)
        .env("GITHUB_OUTPUT", &outputs)
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .envs(inputs.iter().copied())
        .output();
    let Ok(output) = output else {
        println!("skipped: there is no bash");
        return None;
    };
    Some((output, fs::read_to_string(outputs).unwrap_or_default()))
}

#[test]
fn the_action_annotates_and_says_how_it_went() {
    let folder = repository();
    let inputs = [
        ("DIFYLINT_PATH", "plugins/sound\nplugins/broken\n"),
        ("DIFYLINT_PROFILE", "marketplace"),
        ("DIFYLINT_SARIF", "out.sarif"),
        ("DIFYLINT_ARGS", "--ignore\nasset\n"),
    ];
    let Some((output, outputs)) = action(folder.path(), &inputs) else {
        return;
    };
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.contains("::error file=plugins/broken/manifest.yaml,line=3,"),
        "{told}"
    );
    assert_eq!(outputs, "status=1\nsarif=out.sarif\nhtml=\n");
    let sarif = fs::read_to_string(folder.path().join("out.sarif")).unwrap();
    assert!(sarif.contains("\"2.1.0\""));
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.contains("Greeting-Lab"), "{summary}");
}

#[test]
fn inputs_of_the_action_are_no_commands() {
    let folder = repository();
    let inputs = [
        (
            "DIFYLINT_PATH",
            "$(touch stolen)\n; touch stolen\n`touch stolen`",
        ),
        ("DIFYLINT_ARGS", ""),
    ];
    let Some((output, outputs)) = action(folder.path(), &inputs) else {
        return;
    };
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(!folder.path().join("stolen").exists());
    assert_eq!(outputs, "status=2\nsarif=\nhtml=\n");
}
