//! What must not matter: how many threads there are, in which order a folder lists its files, how
//! the path was given, how lines end and how far they are indented.

use difylint::finding::Finding;
use difylint::policy::{Policy, Selector};
use difylint::report::PluginReport;
use difylint::source::{Content, Entry, EntryKind, Files, Folder, Memory, ReadError, join};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sound plugins and the broken ones.
fn plugins() -> Vec<PathBuf> {
    let mut plugins: Vec<PathBuf> = ["good", "broken"]
        .iter()
        .flat_map(|it| fs::read_dir(root().join("corpus").join(it)).unwrap())
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir())
        .collect();
    plugins.sort();
    plugins
}

fn policy() -> Policy {
    Policy {
        select: vec![Selector::All],
        ..Policy::default()
    }
}

fn check(files: impl Files + 'static) -> PluginReport {
    difylint::check(Arc::new(files), "plugin", &policy())
}

/// All files of a plugin, in memory.
fn memory(folder: &Path) -> Memory {
    fn add(files: &Folder, folder: &str, into: &mut Memory) {
        for entry in files.list(folder).unwrap() {
            let path = join(folder, &entry.name);
            if entry.kind.is_folder() {
                add(files, &path, into);
            } else if let Ok(bytes) = files.read(&path) {
                into.insert(path, bytes);
            }
        }
    }
    let mut memory = Memory::new();
    add(&Folder::new(folder), "", &mut memory);
    memory
}

#[test]
fn the_number_of_threads() {
    let told = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_difylint"))
            .args(["check", "-o", "json", "--isolated", "--select", "ALL"])
            .args(["--threads", threads, "corpus"])
            .current_dir(root())
            .output()
            .unwrap();
        let mut value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        value["summary"]["duration_ms"].take();
        value
    };
    let alone = told("1");
    assert!(alone["plugins"].as_array().unwrap().len() > 20);
    for threads in ["2", "7"] {
        assert_eq!(told(threads), alone, "{threads} threads");
    }
}

/// Lists folders in another order than by name.
struct Shuffled {
    below: Folder,
    turn: usize,
}

impl Files for Shuffled {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        self.below.read(path)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.below.kind(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.below.size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.below.list(folder)?;
        if self.turn == 0 {
            entries.reverse();
        } else if !entries.is_empty() {
            let turn = self.turn % entries.len();
            entries.rotate_left(turn);
        }
        Ok(entries)
    }
}

#[test]
fn the_order_of_listings() {
    for plugin in plugins() {
        let sorted = check(Folder::new(&plugin)).findings;
        for turn in 0..4 {
            let below = Folder::new(&plugin);
            let found = check(Shuffled { below, turn }).findings;
            assert_eq!(found, sorted, "{}", plugin.display());
        }
    }
}

/// The findings of the program as JSON, without the words for the root.
fn told(here: &Path, path: &str) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(["check", "-o", "json", "--isolated", "--select", "ALL", path])
        .current_dir(here)
        .output()
        .unwrap();
    let mut value: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let findings = value["diagnostics"].take();
    let root = value["plugins"][0]["root"].as_str().unwrap().to_owned();
    let above = format!("{}/", root.trim_end_matches('/'));
    let mut text = findings.to_string();
    if root != "." {
        text = text
            .replace(&format!("\"{above}"), "\"")
            .replace(&format!("\"{root}\""), "\".\"");
    }
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_way_a_path_is_given() {
    for name in [
        "broken/tool-and-model",
        "broken/missing-icon",
        "good/trigger",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let plugin = folder.join("some/corpus");
        let files = memory(&root().join("corpus").join(name));
        for path in files.paths() {
            let file = plugin.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, files.get(path).unwrap()).unwrap();
        }
        fs::create_dir_all(folder.join("other")).unwrap();
        let inside = told(&plugin, ".");
        let absolute = plugin.display().to_string();
        for (here, path) in [
            ("some/corpus", "./"),
            ("some/corpus", "../corpus"),
            ("some", "corpus"),
            ("some", "corpus/"),
            ("some", "./corpus"),
            ("some", "./corpus//"),
            ("some", "corpus/."),
            ("", "some/corpus"),
            ("", "some/corpus/manifest.yaml"),
            ("", "some"),
            ("other", "../some/corpus"),
            ("other", absolute.as_str()),
        ] {
            assert_eq!(
                told(&folder.join(here), path),
                inside,
                "{name}: {path} from {here:?}"
            );
        }
    }
}

/// What a finding says, without its place in bytes.
fn words(finding: &Finding) -> (String, String, Option<String>, String) {
    let rule = finding.rule.to_string();
    let file = finding.place.file.to_string();
    (rule, file, finding.pointer.clone(), finding.message.clone())
}

/// Rules that speak of bytes themselves: what they say may change with the bytes.
fn is_about_bytes(finding: &Finding, about: &[&str]) -> bool {
    about.contains(&finding.rule.0) || about.contains(&finding.rule.category())
}

/// The same findings, but for the rules named.
fn same_but(before: &PluginReport, after: &PluginReport, about: &[&str], what: &str) {
    let all = |report: &PluginReport| {
        let findings = report.findings.iter();
        let mut words: Vec<_> = findings
            .filter(|it| !is_about_bytes(it, about))
            .map(words)
            .collect();
        words.sort();
        words
    };
    let (before, after) = (all(before), all(after));
    let lost: Vec<_> = before.iter().filter(|it| !after.contains(it)).collect();
    let new: Vec<_> = after.iter().filter(|it| !before.contains(it)).collect();
    assert_eq!((lost, new), (Vec::new(), Vec::new()), "{what}");
    assert_eq!(before.len(), after.len(), "{what}");
}

/// The plugin with its YAML texts changed.
fn with_yaml(folder: &Path, change: impl Fn(&str, &str) -> Option<String>) -> (Memory, Memory) {
    let before = memory(folder);
    let mut after = memory(folder);
    let paths: Vec<String> = before.paths().map(str::to_owned).collect();
    for path in paths.iter().filter(|it| it.ends_with(".yaml")) {
        let text = std::str::from_utf8(before.get(path).unwrap());
        if let Some(text) = text.ok().and_then(|text| change(path, text)) {
            after.insert(path.clone(), text.into_bytes());
        }
    }
    (before, after)
}

#[test]
fn the_ends_of_lines_and_the_byte_order_mark() {
    for plugin in plugins() {
        let name = plugin.display().to_string();
        let (before, after) = with_yaml(&plugin, |_, text| {
            (!text.contains('\r')).then(|| text.replace('\n', "\r\n"))
        });
        same_but(
            &check(before),
            &check(after),
            &["yaml/crlf"],
            &format!("CRLF: {name}"),
        );
        let (before, after) = with_yaml(&plugin, |_, text| {
            (!text.starts_with('\u{feff}')).then(|| format!("\u{feff}{text}"))
        });
        let about = ["yaml/byte-order-mark"];
        same_but(
            &check(before),
            &check(after),
            &about,
            &format!("BOM: {name}"),
        );
    }
}

#[test]
fn a_comment_moves_lines_and_nothing_else() {
    for plugin in plugins() {
        let (before, after) = with_yaml(&plugin, |_, text| {
            let plain = !text.starts_with(['%', '\u{feff}']) && !text.contains('\0');
            plain.then(|| format!("# a line more\n{text}"))
        });
        let (before, after) = (check(before), check(after));
        same_but(&before, &after, &[], &plugin.display().to_string());
        let lines = |report: &PluginReport| {
            let mut lines: Vec<_> = report
                .findings
                .iter()
                .filter(|it| it.place.file.ends_with(".yaml"))
                .filter_map(|it| Some((words(it), report.start_of(&it.place)?)))
                .map(|(words, at)| (words, at.line, at.column))
                .collect();
            lines.sort();
            lines
        };
        for (one, other) in lines(&before).iter().zip(lines(&after)) {
            // UTF-16 and the like were left alone
            let moved = (other.1 - one.1, other.2);
            assert!(moved == (1, one.2) || other == *one, "{one:?} {other:?}");
        }
    }
}

/// The text with every indentation made wider; `None` where that could change what it says.
fn wider(text: &str, factor: usize) -> Option<String> {
    let bare = |it: char| matches!(it, '|' | '>' | '\t' | '\0' | '\r');
    let tree = difylint::yaml::Tree::parse(text);
    let spread = tree
        .nodes()
        .any(|node| tree.is_scalar(node) && tree.raw(node).contains('\n'));
    if text.contains(bare) || spread || !tree.errors().is_empty() {
        return None;
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let depth = line.len() - line.trim_start_matches(' ').len();
        let (space, rest) = line.split_at(depth);
        // what follows a dash stands as far in as the keys below it
        let (dash, rest) = rest
            .strip_prefix("- ")
            .map_or(("", rest), |rest| ("- ", rest));
        format!(
            "{}{}{rest}",
            space.repeat(factor),
            dash.replace(' ', &" ".repeat(2 * factor - 1))
        )
    });
    Some(lines.collect())
}

#[test]
fn the_width_of_indentation() {
    let mut changed = 0;
    for plugin in plugins() {
        let widened = std::cell::Cell::new(0);
        let (before, after) = with_yaml(&plugin, |_, text| {
            // `- a: b` keeps its keys below each other only where the dash is not moved alone
            let text = wider(text, 2)?;
            difylint::yaml::Tree::parse(&text)
                .errors()
                .is_empty()
                .then(|| {
                    widened.set(widened.get() + 1);
                    text
                })
        });
        changed += widened.get();
        same_but(
            &check(before),
            &check(after),
            &[],
            &plugin.display().to_string(),
        );
    }
    println!("{changed} files were indented wider");
    assert!(changed > 10, "nothing was tried");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Blank lines and comments between the lines of a document without block texts.
    #[test]
    fn comments_anywhere_between_entries(which in 0_usize..1000, at in prop::collection::vec(0_usize..400, 1..6)) {
        let plugins = plugins();
        let plugin = &plugins[which % plugins.len()];
        let touched = std::cell::RefCell::new(BTreeSet::new());
        let (before, after) = with_yaml(plugin, |path, text| {
            wider(text, 1)?;
            touched.borrow_mut().insert(path.to_owned());
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            for at in &at {
                // in front of a line, never behind a last one that does not end
                let at = at % lines.len().max(1);
                lines.insert(at, ["# x\n", "\n", "        # far in\n"][at % 3]);
            }
            Some(lines.concat())
        });
        same_but(&check(before), &check(after), &[], &plugin.display().to_string());
    }
}
