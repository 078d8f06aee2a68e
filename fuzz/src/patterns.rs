//! The languages of paths: ignore files, and the patterns of Go and Python. The first line is the
//! name to match, the others are patterns.

use super::text;
use difylint::dialect::py_glob::{self, Entry, EntryKind};
use difylint::dialect::{clean_path, gitignore, go_glob};

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "models/llm/a.yaml\nmodels/llm/*.yaml\nmodels/**/[a-c]?.yaml\n*\n",
        "a/b/c\n**/c\n!a/b\n/a/\n*.py[cod]\n[!a]b\\*\n",
        "[x]\n[\\]x]\n[^]\n[]a]\n[a-]\n\\\n",
        "日本/é.py\n*本/?.py\n#a\n\\#a\n\\!b\n trailing \\ \n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

pub fn ignore(data: &[u8]) {
    let text = text(data);
    let (name, patterns) = text.split_once('\n').unwrap_or((&text, ""));
    let lines = patterns.split('\n').count() as u32;
    let patterns = gitignore::Patterns::parse(patterns);
    for pattern in patterns.iter() {
        assert!(
            (1..=lines).contains(&pattern.line),
            "a pattern of line {}",
            pattern.line
        );
    }
    for is_folder in [true, false] {
        let own = patterns.excludes(name, is_folder);
        let line = patterns.excludes_below(name, is_folder);
        assert!(own.is_none() || line.is_some());
        assert!(line.is_none_or(|line| (1..=lines).contains(&line)));
    }
}

pub fn go(data: &[u8]) {
    let text = text(data);
    let (name, patterns) = text.split_once('\n').unwrap_or((&text, ""));
    for pattern in patterns.split('\n') {
        let matched = go_glob::matches(pattern, name);
        assert!(go_glob::is_valid(pattern) || matched.is_err() || matched == Ok(false));
        if pattern == name && !pattern.contains(['*', '?', '[', '\\']) {
            assert_eq!(matched, Ok(true), "a name matches itself");
        }
        clean_path(pattern);
    }
}

pub fn python(data: &[u8]) {
    let text = text(data);
    let (name, patterns) = text.split_once('\n').unwrap_or((&text, ""));
    for pattern in patterns.split('\n') {
        let whole = py_glob::matches_name(pattern, name);
        assert!(whole || pattern != "*", "`*` matches any name");
        let entries = |folder: &str| {
            let entry = |name: &str, kind| Entry {
                name: name.to_owned(),
                kind,
            };
            // three levels of the same names
            (folder.matches('/').count() < 2).then(|| {
                vec![
                    entry("a.yaml", EntryKind::File),
                    entry("around", EntryKind::FolderLink),
                    entry("models", EntryKind::Folder),
                ]
            })
        };
        let found = py_glob::expand(pattern, &entries);
        assert_eq!(found.is_err(), py_glob::check(pattern).is_err());
    }
}
