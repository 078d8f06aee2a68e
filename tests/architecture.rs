//! The floors of the house: which part of `src/` may use which, and how it is kept small.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor with the floors that it may use, itself aside. Bytes go one way: a floor stands
/// below every floor that may use it. `crate` itself (`lib.rs`) joins them all.
const FLOORS: [(&str, &[&str]); 19] = [
    ("finding", &[]),
    ("texts", &[]),
    ("threads", &[]),
    ("source", &["finding"]),
    ("yaml", &["finding", "source"]),
    ("dialect", &["yaml"]),
    ("format", &["finding", "source", "yaml", "dialect", "texts"]),
    ("python", &["finding", "source", "requirements", "texts"]),
    (
        "plugin",
        &[
            "finding", "source", "yaml", "dialect", "format", "python", "threads",
        ],
    ),
    ("requirements", &["finding", "source"]),
    (
        "requires",
        &[
            "finding",
            "yaml",
            "format",
            "plugin",
            "requirements",
            "report",
            "texts",
            "threads",
        ],
    ),
    (
        "rules",
        &[
            "finding",
            "source",
            "yaml",
            "dialect",
            "format",
            "python",
            "plugin",
            "requirements",
            "requires",
            "texts",
            "threads",
        ],
    ),
    // selectors are checked against the names of the rules
    (
        "policy",
        &[
            "finding", "source", "yaml", "format", "plugin", "requires", "rules", "texts",
        ],
    ),
    ("report", &["finding", "source"]),
    (
        "card",
        &[
            "finding", "yaml", "dialect", "format", "plugin", "rules", "report",
        ],
    ),
    (
        "compare",
        &[
            "finding",
            "source",
            "yaml",
            "dialect",
            "format",
            "plugin",
            "requirements",
            "requires",
            "rules",
            "policy",
            "report",
        ],
    ),
    (
        "fix",
        &[
            "finding", "source", "yaml", "python", "plugin", "policy", "report",
        ],
    ),
    (
        "cli",
        &[
            "finding", "source", "yaml", "dialect", "format", "python", "plugin", "rules",
            "policy", "report", "fix", "lsp", "compare", "texts", "threads",
        ],
    ),
    (
        "lsp",
        &[
            "finding", "source", "yaml", "dialect", "format", "python", "plugin", "rules",
            "policy", "report", "fix",
        ],
    ),
];

/// Where the machine may be touched: what reads plugins, what finds them, and the program itself.
const MACHINE: [&str; 9] = [
    "source/folder.rs",
    "source/kept.rs",
    "source/package/bytes.rs",
    "plugin/discover.rs",
    "fix/draft.rs",
    "fix/write.rs",
    "cli/",
    "lsp/",
    "main.rs",
];

/// Files above the limit of lines, and why they are.
const LONG: [(&str, &str); 8] = [
    (
        "format/compile.rs",
        "one arm for each word of the vocabulary",
    ),
    ("yaml/tests.rs", "one table of deviations"),
    (
        "format/validate.rs",
        "one arm for each tag of the validator",
    ),
    ("format/sdk/mod.rs", "one arm for each type of the SDK"),
    ("python/run.rs", "one arm for each kind of statement"),
    ("python/extract.rs", "one arm for each kind of statement"),
    ("python/usage.rs", "one arm for each kind of expression"),
    ("rules/registry.rs", "generated"),
];

const MOST_LINES: usize = 500;

#[test]
fn arrows_go_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = FLOORS.into_iter().collect();
    let mut wrong = BTreeSet::new();
    for (file, text) in sources() {
        let Some((floor, _)) = file.split_once('/') else {
            continue;
        };
        let Some(below) = allowed.get(floor) else {
            wrong.insert(format!("src/{floor} is on no floor"));
            continue;
        };
        for used in crate_paths(&text) {
            // `crate::check` and the like: what the front page itself offers is for the faces only
            let known = allowed.contains_key(used.as_str());
            let fine = if known {
                used == floor || below.contains(&used.as_str())
            } else {
                matches!(floor, "cli" | "fix" | "lsp")
            };
            if !fine {
                wrong.insert(format!("src/{file} uses crate::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that go back:\n{}", lines(wrong));
}

#[test]
fn the_table_of_floors_has_no_circle() {
    let mut below = BTreeSet::new();
    let mut left: Vec<_> = FLOORS.to_vec();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|(floor, uses)| {
            let ready = uses.iter().all(|used| below.contains(used));
            if ready {
                below.insert(*floor);
            }
            !ready
        });
        assert!(left.len() < before, "these use each other: {left:?}");
    }
}

/// A file that nobody names would be compiled by nobody, and its tests would pass for ever.
#[test]
fn every_file_of_tests_is_part_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(root.join("main.rs")).unwrap();
    let named: BTreeSet<&str> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let entries = fs::read_dir(&root).unwrap();
    let forgotten: Vec<String> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| !["main", "fuzz"].contains(&name.as_str()))
        .filter(|name| !named.contains(name.as_str()))
        .collect();
    assert_eq!(forgotten, [""; 0], "tests/main.rs does not name these");
}

#[test]
fn the_guide_names_every_floor() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let guide = fs::read_to_string(guide).unwrap();
    let unnamed: Vec<&str> = FLOORS
        .iter()
        .map(|(floor, _)| *floor)
        .filter(|floor| {
            ["/", ".rs"]
                .iter()
                .all(|end| !guide.contains(&format!("`{floor}{end}`")))
        })
        .collect();
    assert_eq!(unnamed, [""; 0]);
}

#[test]
fn only_the_edges_touch_the_machine() {
    let mut wrong = BTreeSet::new();
    for (file, text) in sources() {
        if file.ends_with("tests.rs") || MACHINE.iter().any(|part| file.starts_with(part)) {
            continue;
        }
        let text = without_tests(&text);
        for used in ["fs", "net", "process", "env"] {
            if std_modules(text).contains(used) {
                wrong.insert(format!("src/{file} uses std::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", lines(wrong));
}

#[test]
fn files_stay_small() {
    let mut wrong = BTreeSet::new();
    let mut long = BTreeSet::new();
    for (file, text) in sources() {
        let count = text.lines().count();
        if count <= MOST_LINES {
            continue;
        }
        match LONG.iter().find(|(name, _)| *name == file) {
            Some((name, _)) => {
                long.insert(*name);
            }
            None => {
                wrong.insert(format!(
                    "src/{file} has {count} lines; at most {MOST_LINES}"
                ));
            }
        }
    }
    for (name, _) in LONG {
        if !long.contains(name) {
            wrong.insert(format!("src/{name} is short now: take it off the list"));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(wrong));
}

#[test]
fn every_module_says_what_it_holds() {
    let undocumented: BTreeSet<String> = sources()
        .into_iter()
        .filter(|(file, _)| !file.contains('/') || file.ends_with("/mod.rs"))
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| format!("src/{file} does not begin with `//!`"))
        .collect();
    assert!(undocumented.is_empty(), "{}", lines(undocumented));
}

#[test]
fn paths_are_found_in_every_form() {
    let text = "use crate::source::{Span, join};\nuse crate::{finding, yaml::{Tree, go}};\n\
                // crate::comment\nlet x = crate::format::shapes();\n";
    let found: Vec<String> = crate_paths(text).into_iter().collect();
    assert_eq!(found, ["finding", "format", "source", "yaml"]);
    let found: Vec<String> = std_modules("use std::{fmt, fs::File};\nstd::process::exit(1)")
        .into_iter()
        .collect();
    assert_eq!(found, ["fmt", "fs", "process"]);
}

fn crate_paths(text: &str) -> BTreeSet<String> {
    modules(text, "crate::")
}

fn std_modules(text: &str) -> BTreeSet<String> {
    modules(text, "std::")
}

/// The first name after `root` everywhere outside comments, braces opened one level.
fn modules(text: &str, root: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + root.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_names(group)),
            None => found.extend(name(rest)),
        }
    }
    found
}

fn name(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

fn top_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut fresh) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                names.extend(name(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

/// The text before its test module.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn lines(all: BTreeSet<String>) -> String {
    all.into_iter().map(|line| line + "\n").collect()
}

/// Every file below `src/`, by its path there.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 50, "the sources are not where they should be");
    found.sort();
    found
}
