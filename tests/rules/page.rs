//! The pages in `rules/`, and the cases that their examples make.

use super::{edit, entries};
use difylint::source::{Files, LinkTarget, Memory, Package};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A rule page.
pub struct Page {
    /// `category/wrong-state`.
    pub id: String,
    /// `never`, `sometimes` or `always`.
    pub fix: String,
    pub cases: Vec<Case>,
}

/// One plugin that the examples of a page make.
pub struct Case {
    /// The page, the line and the name of the case, for failures.
    pub label: String,
    /// What `case=` says, or `bad 1`, `good 2` ...
    pub name: String,
    /// True for `bad`: the page's rule must report.
    pub bad: bool,
    pub files: Memory,
    /// The version before, for rules about upgrades.
    pub old: Option<Memory>,
    /// Files that the blocks write.
    pub written: Vec<String>,
    /// True if some file is deliberately in another encoding.
    pub encoded: bool,
    /// The package to check in place of the files.
    pub package: Option<Vec<u8>>,
}

impl Case {
    /// What is checked.
    pub fn plugin(&self) -> Arc<dyn Files> {
        match &self.package {
            Some(bytes) => Arc::new(Package::from_bytes(bytes.clone())),
            None => Arc::new(self.files.clone()),
        }
    }
}

/// A runnable fenced block.
struct Block {
    line: usize,
    bad: bool,
    words: BTreeMap<String, String>,
    text: String,
}

const KEYS: [&str; 11] = [
    "base", "file", "at", "remove", "case", "encoding", "size", "copies", "package", "link", "in",
];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every page, or only the one that `DIFYLINT_RULE` names.
pub fn all() -> Vec<Page> {
    let only = std::env::var("DIFYLINT_RULE").ok();
    let bases = plugins(&root().join("corpus/good"));
    let mut pages = Vec::new();
    for (category, path) in below(&root().join("rules")) {
        if !path.is_dir() {
            continue;
        }
        for (name, path) in below(&path) {
            let id = format!("{category}/{}", name.trim_end_matches(".md"));
            if only.as_ref().is_none_or(|only| *only == id) {
                let text = fs::read_to_string(path).unwrap();
                pages.push(page(id, &text, &bases));
            }
        }
    }
    assert!(
        !pages.is_empty(),
        "no page is called {}",
        only.unwrap_or_default()
    );
    pages
}

fn page(id: String, text: &str, bases: &BTreeMap<String, Memory>) -> Page {
    let mut groups: Vec<(String, Vec<Block>)> = Vec::new();
    let (mut bad, mut good) = (0, 0);
    for block in blocks(&id, text) {
        let word = if block.bad { "bad" } else { "good" };
        let named = block.words.get("case").map(|name| format!("{word} {name}"));
        let name = named.unwrap_or_else(|| {
            let count = if block.bad { &mut bad } else { &mut good };
            *count += 1;
            format!("{word} {count}")
        });
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(block),
            None => groups.push((name, vec![block])),
        }
    }
    let case = |(name, blocks)| case(&id, name, blocks, bases);
    let cases = groups.into_iter().map(case).collect();
    let fix = text.lines().find_map(|line| line.strip_prefix("fix: "));
    let fix = fix.unwrap_or("never").to_owned();
    Page { id, fix, cases }
}

/// The blocks whose info string has the word `bad` or `good`.
fn blocks(id: &str, text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 {
            continue;
        }
        let mut body = String::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| *line != fence) {
            body.push_str(line);
            body.push('\n');
        }
        let line = at + 1;
        let mut words = info.split_whitespace().skip(1);
        let bad = match words.next() {
            Some("bad") => true,
            Some("good") => false,
            None => continue,
            Some(other) => panic!("rules/{id}.md:{line}: `{other}` is neither `bad` nor `good`"),
        };
        let words = words.map(|word| {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            assert!(
                KEYS.contains(&key),
                "rules/{id}.md:{line}: unknown word `{key}`"
            );
            (key.to_owned(), value.to_owned())
        });
        found.push(Block {
            line,
            bad,
            words: words.collect(),
            text: body,
        });
    }
    found
}

fn case(id: &str, name: String, blocks: Vec<Block>, bases: &BTreeMap<String, Memory>) -> Case {
    let first = &blocks[0];
    let label = format!("rules/{id}.md:{} ({name})", first.line);
    let base = blocks.iter().find_map(|block| block.words.get("base"));
    let base = base.map_or("tool", String::as_str);
    let mut files = bases
        .get(base)
        .unwrap_or_else(|| panic!("{label}: there is no corpus/good/{base}"))
        .clone();
    let mut old = id.starts_with("upgrade/").then(|| files.clone());
    let bad = first.bad;
    let (mut written, mut encoded) = (Vec::new(), false);
    let mut packed: Option<(String, String)> = None;
    for block in blocks {
        assert!(block.bad == bad, "{label}: a case is either bad or good");
        let place = format!("rules/{id}.md:{}", block.line);
        let files = match (block.words.get("in").map(String::as_str), &mut old) {
            (None, _) => &mut files,
            (Some("old"), Some(old)) => old,
            (Some(other), _) => panic!("{place}: `in={other}`"),
        };
        for path in block
            .words
            .get("remove")
            .iter()
            .flat_map(|list| list.split(','))
        {
            assert!(
                files.remove(path).is_some(),
                "{place}: there is no file {path} to remove"
            );
        }
        if let Some(how) = block.words.get("package") {
            // not a folder of texts, so the variants with other line ends leave it alone
            encoded = true;
            packed = Some((how.clone(), block.text));
            continue;
        }
        if let Some(path) = block.words.get("link") {
            let target = match block.text.trim() {
                "folder" => Some(LinkTarget::Folder),
                "nothing" => None,
                other => panic!("{place}: a link to `{other}`"),
            };
            files.insert_link(path.trim_start_matches('.'), target);
            continue;
        }
        // without a file the block only shows something
        let Some(file) = block.words.get("file") else {
            continue;
        };
        let text = match block.words.get("at") {
            None => block.text,
            Some(pointer) => {
                let old = files
                    .get(file)
                    .unwrap_or_else(|| panic!("{place}: no file {file}"));
                let old = std::str::from_utf8(old).unwrap();
                edit::place(old, pointer, &block.text)
                    .unwrap_or_else(|why| panic!("{place}: {why}"))
            }
        };
        let encoding = block.words.get("encoding").map(String::as_str);
        encoded |= encoding.is_some();
        let mut bytes = encode(&text, encoding).unwrap_or_else(|| panic!("{place}: encoding"));
        let number = |word: &str| block.words.get(word).map(|it| it.parse::<usize>().unwrap());
        if let Some(size) = number("size") {
            // not a text any more, so the variants with other line ends leave it alone
            encoded = true;
            bytes.resize(size, b' ');
        }
        for copy in 1..number("copies").unwrap_or(1) {
            files.insert(format!("{file}.{copy}"), bytes.clone());
        }
        files.insert(file, bytes);
        written.push(file.clone());
    }
    let package = packed.map(|(how, text)| match how.as_str() {
        "bytes" => text.into_bytes(),
        "entries" => entries::described(&files, &text, &|name| bases[name].clone()),
        other => panic!("{label}: package={other}"),
    });
    Case {
        label,
        name,
        bad,
        files,
        old,
        written,
        encoded,
        package,
    }
}

fn encode(text: &str, encoding: Option<&str>) -> Option<Vec<u8>> {
    match encoding {
        None => Some(text.as_bytes().to_vec()),
        Some("latin1") => {
            let bytes = text.chars().flat_map(|c| match u8::try_from(u32::from(c)) {
                Ok(byte) => vec![byte],
                Err(_) => c.to_string().into_bytes(),
            });
            Some(bytes.collect())
        }
        Some("crlf") => Some(text.replace('\n', "\r\n").into_bytes()),
        Some("base64") => Some(base64(text.trim())),
        Some("utf16") => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            Some(units.flat_map(u16::to_le_bytes).collect())
        }
        Some(_) => None,
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let value = |b: &u8| digits.iter().position(|it| it == b).unwrap();
        let bits = chunk.iter().fold(0, |bits, b| bits << 6 | value(b)) << (6 * (4 - chunk.len()));
        let all = [bits >> 16, bits >> 8, bits].map(|it| u8::try_from(it & 0xff).unwrap());
        bytes.extend(&all[..chunk.len() * 6 / 8]);
    }
    bytes
}

/// The plugins in the folders of a folder, by name.
pub fn plugins(folder: &Path) -> BTreeMap<String, Memory> {
    below(folder)
        .into_iter()
        .map(|(name, path)| {
            let mut files = Memory::new();
            collect(&path, "", &mut files);
            (name, files)
        })
        .collect()
}

fn collect(folder: &Path, prefix: &str, files: &mut Memory) {
    for (name, path) in below(folder) {
        let inner = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inner}/"), files);
        } else {
            files.insert(inner, fs::read(path).unwrap());
        }
    }
}

/// The entries of a folder, sorted by name.
fn below(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<(String, PathBuf)> = paths
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .collect();
    found.sort();
    found
}
