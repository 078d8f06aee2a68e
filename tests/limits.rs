//! `docs/limits.md` says what the source says, and names tests that exist; and the limits of the
//! tool's own files hold.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of all Rust files below a folder, by path from `src/` or `tests/`.
fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            into.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

struct Sources(Vec<(String, String)>);

impl Sources {
    fn of(folder: &str) -> Self {
        let mut found = Vec::new();
        sources(&root().join(folder), &mut found);
        Self(found)
    }

    /// The value of a constant of a file, which may be made of others.
    fn value(&self, file: &str, name: &str) -> Option<u64> {
        let text = &self.0.iter().find(|(path, _)| path == file)?.1;
        let (_, rest) = text.split_once(&format!("const {name}: "))?;
        let (_, rest) = rest.split_once(" = ")?;
        let (formula, _) = rest.split_once(';')?;
        formula.split(" * ").try_fold(1, |product: u64, factor| {
            let number = factor.replace('_', "").parse().ok();
            let number = number.or_else(|| {
                let name = factor.rsplit("::").next()?;
                let shared = ["src/source/limits.rs", "src/source/mod.rs"];
                std::iter::once(file)
                    .chain(shared)
                    .find_map(|file| self.value(file, name))
            });
            product.checked_mul(number?)
        })
    }

    fn has_test(&self, name: &str) -> bool {
        // targets of the fuzzer are tests by name alone
        let (written, fed) = (format!("fn {name}("), format!("\n    {name}\n"));
        self.0.iter().any(|(path, text)| {
            text.contains(&written) || path == "tests/fuzz.rs" && text.contains(&fed)
        })
    }
}

fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_page_says_what_the_source_says() {
    let (source, mut tests) = (Sources::of("src"), Sources::of("tests"));
    tests.0.extend(Sources::of("src").0);
    let page = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let mut listed = Vec::new();
    for row in page.lines().filter(|it| it.starts_with("| ")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [what, most, then, constant, test] = cells[..] else {
            panic!("not five cells: {row}");
        };
        if what == "What" {
            continue;
        }
        let digits = most.split(' ').next().unwrap().replace(',', "");
        let most: u64 = digits
            .parse()
            .unwrap_or_else(|_| panic!("no number: {row}"));
        if let [file, name] = quoted(constant)[..] {
            let value = source.value(&format!("src/{file}"), name);
            assert_eq!(value, Some(most), "{file} {name}");
            listed.push(name.to_owned());
        } else {
            assert_eq!(constant, "the format's own", "{row}");
        }
        for rule in quoted(then).into_iter().filter(|it| it.contains('/')) {
            let page = root().join(format!("rules/{rule}.md"));
            assert!(page.is_file(), "there is no rule {rule}");
        }
        match quoted(test)[..] {
            [test] => assert!(tests.has_test(test), "there is no test `{test}`"),
            _ => assert!(test.starts_with("none: "), "{row}"),
        }
    }
    let shared = &source
        .0
        .iter()
        .find(|(path, _)| path == "src/source/limits.rs")
        .unwrap()
        .1;
    for line in shared
        .lines()
        .filter_map(|it| it.strip_prefix("pub const "))
    {
        let name = line.split(':').next().unwrap();
        assert!(
            listed.iter().any(|it| it == name),
            "{name} is not on the page"
        );
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Status 2, and this in what is said; line breaks of the terminal aside.
fn fails_with(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    let plain: Vec<&str> = said.split_whitespace().filter(|it| *it != "│").collect();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(plain.join(" ").contains(words), "{said}");
}

fn plugin() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("manifest.yaml"), "type: plugin\n").unwrap();
    folder
}

#[test]
fn large_files_of_the_tool_itself() {
    let folder = plugin();
    let large = fs::File::create(folder.path().join("large")).unwrap();
    large.set_len(17 * 1024 * 1024).unwrap();
    fails_with(
        &run(folder.path(), &["check", "--config", "large"]),
        "16777216",
    );
    fails_with(
        &run(folder.path(), &["check", "--baseline", "large"]),
        "16777216",
    );
}

/// A document of the plugin that is not read is told of: it would seem to be sound.
#[test]
fn a_document_that_is_too_large() {
    let folder = plugin();
    let manifest = "type: plugin\nplugins:\n  tools:\n    - a.yaml\n";
    fs::write(folder.path().join("manifest.yaml"), manifest).unwrap();
    let large = fs::File::create(folder.path().join("a.yaml")).unwrap();
    large.set_len(17 * 1024 * 1024).unwrap();
    let output = run(
        folder.path(),
        &["check", "--select", "path/unreadable", "-o", "concise"],
    );
    let told = String::from_utf8_lossy(&output.stdout);
    let line = "a.yaml:1:1: warning[path/unreadable] `a.yaml` is not read: it has 17825792 bytes, more \
                than the 16777216 that are read";
    assert_eq!(told.lines().next(), Some(line));
    let said = "difylint: not everything was checked: the findings say what, and why\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), said);
    assert_eq!(output.status.code(), Some(2));
    let fixed = run(folder.path(), &["fix", "--select", "path/unreadable"]);
    assert_eq!(fixed.status.code(), Some(2));
    // who knows of it may say so
    for arguments in [
        &["--select", "path/unreadable", "--fail-on", "never"][..],
        &["--select", "path", "--ignore", "path/unreadable"],
    ] {
        let output = run(folder.path(), &[&["check"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(output.stderr, b"", "{arguments:?}");
    }
}

/// The rules after whose findings nobody knows that all is well.
#[test]
fn rules_that_say_that_something_was_not_checked() {
    let source = fs::read_to_string(root().join("src/report/mod.rs")).unwrap();
    let (_, list) = source.split_once("const UNCHECKED").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let rules: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(rules.len(), 3);
    for rule in rules {
        let page = fs::read_to_string(root().join(format!("rules/{rule}.md"))).unwrap();
        let plain = page.replace('\n', " ");
        assert!(
            plain.contains("ends with the status 2 if no finding makes it 1"),
            "{rule}"
        );
    }
}

#[test]
fn very_many_files_that_extend_one_another() {
    let folder = plugin();
    for n in 0..40 {
        let text = format!("extend = \"{}.toml\"\n", n + 1);
        fs::write(folder.path().join(format!("{n}.toml")), text).unwrap();
    }
    fails_with(
        &run(folder.path(), &["check", "--config", "0.toml"]),
        "more than 32 files extend one another",
    );
}

#[test]
fn too_much_input() {
    let folder = plugin();
    let mut child = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(["check", "-", "--stdin-filename", "manifest.yaml"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // it is not read to its end
    let _ = input.write_all(&vec![b'#'; 17 * 1024 * 1024]);
    drop(input);
    fails_with(
        &child.wait_with_output().unwrap(),
        "more than 16777216 bytes",
    );
}

#[test]
fn folders_that_are_too_deep() {
    let folder = tempfile::tempdir().unwrap();
    let below = |depth: usize| folder.path().join("a/".repeat(depth));
    for depth in [31, 40] {
        fs::create_dir_all(below(depth).join("p")).unwrap();
        fs::write(below(depth).join("p/manifest.yaml"), "").unwrap();
    }
    let output = run(folder.path(), &["check", "-o", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["plugins"].as_array().unwrap().len(), 1);
    // named, it is found
    let deep = below(40);
    let output = run(
        folder.path(),
        &["check", "-o", "json", deep.to_str().unwrap()],
    );
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["plugins"].as_array().unwrap().len(), 1);
}

/// Up to the limit every finding is shown; of more the rest is counted, in every form of output.
#[test]
fn a_thousand_findings_in_one_file() {
    let folder = plugin();
    let manifest = |keys: usize| {
        let keys: String = (0..keys).map(|n| format!("odd_key_{n}: 1\n")).collect();
        fs::write(
            folder.path().join("manifest.yaml"),
            format!("type: plugin\n{keys}"),
        )
        .unwrap();
        let arguments = [
            "check",
            "-o",
            "json",
            "--isolated",
            "--select",
            "shape/unknown-key",
        ];
        let output = run(folder.path(), &arguments);
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        value["diagnostics"].as_array().unwrap().clone()
    };
    let found = manifest(1000);
    assert_eq!(found.len(), 1000);
    assert!(
        found
            .iter()
            .all(|it| it["message"].as_str().unwrap().contains("odd_key_"))
    );
    let found = manifest(1003);
    assert_eq!(found.len(), 1001);
    let message = "`shape/unknown-key` finds more than 1000 things in this file; the rest is only \
                   counted";
    assert_eq!(found[0]["message"], message);
    assert_eq!(found[0]["note"], "3 more were found");
}
