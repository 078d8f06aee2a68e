//! The front page: what it shows is what the program prints, and what it names exists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BEGIN: &str = "<!-- output of: ";
const END: &str = "<!-- end of output -->";

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("FORCE_COLOR")
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

/// The page with every output block filled.
fn filled(page: &str) -> String {
    let mut result = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (command, after) = after.split_once(" -->\n").expect("the comment is closed");
        let (_, after) = after.split_once(END).expect("the block is closed");
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("difylint"));
        let output = run(&repository(), &words.collect::<Vec<_>>());
        let text = String::from_utf8(output.stdout).unwrap();
        let text = steady(&text);
        result += &format!("{before}{BEGIN}{command} -->\n```text\n{text}\n```\n{END}");
        rest = after;
    }
    result + rest
}

/// Without trailing blanks and the time that the run took.
fn steady(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let timed = line.split_once(" files, ").and_then(|(before, rest)| {
            let (_, after) = rest.split_once("s)")?;
            Some(format!("{before} files){after}"))
        });
        timed.unwrap_or_else(|| line.trim_end().to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_outputs_on_the_front_page_are_real() {
    let path = repository().join("README.md");
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains(BEGIN));
    let fresh = filled(&page);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
        return;
    }
    assert!(
        page == fresh,
        "README.md is not fresh; `UPDATE=1 cargo test --test all readme::` writes it"
    );
}

/// The lines of code blocks that call the program, without comments, pipes and redirections.
fn commands(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = !inside && language == "sh";
            continue;
        }
        let code = line.split(" #").next().unwrap_or("").trim();
        let call = code
            .strip_prefix("difylint ")
            .or_else(|| code.strip_prefix("cargo run --release -- "));
        if let Some(call) = call.filter(|_| inside) {
            found.push(
                call.split(['|', '<', '>'])
                    .next()
                    .unwrap_or("")
                    .trim()
                    .to_owned(),
            );
        }
    }
    // in running text
    for word in page.split('`').skip(1).step_by(2) {
        if let Some(call) = word
            .strip_prefix("difylint ")
            .filter(|call| !call.contains('\n'))
        {
            found.push(
                call.split(['|', '<', '>'])
                    .next()
                    .unwrap_or("")
                    .trim()
                    .to_owned(),
            );
        }
    }
    found
}

#[test]
fn every_command_on_the_front_page_parses() {
    let page = fs::read_to_string(repository().join("README.md")).unwrap();
    let commands = commands(&page);
    assert!(commands.len() >= 8, "{commands:?}");
    let empty = tempfile::tempdir().unwrap();
    for command in commands {
        let command = command
            .replace("SHELL", "bash")
            .replace("corpus/broken/first-look", ".");
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let output = run(empty.path(), &arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        let understood = match output.status.code() {
            Some(0 | 1 | 3) => true,
            // the paths of the examples are not there
            _ => ["does not exist", "standard input"]
                .iter()
                .any(|words| error.contains(words)),
        };
        assert!(understood, "difylint {command}\n{error}");
    }
}
