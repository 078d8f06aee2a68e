//! Secrets that would be published with the plugin.

use crate::dialect::uuid::is_uuid;
use crate::finding::{Place, Stage, Stages};
use crate::plugin::Plugin;
use crate::rules::documents::place;
use crate::rules::{Context, Draft, On};
use crate::source::{Content, SourceFile};
use regex::bytes::Regex;
use std::sync::LazyLock;

pub const CHECK: On = On::Plugin(check);

/// Larger files are data, not sources.
const LARGEST: u64 = 1024 * 1024;

/// What a secret begins with, what it is, and how many letters and digits follow at least.
const TOKENS: [(&str, &str, usize); 13] = [
    ("sk-proj-", "an OpenAI key", 20),
    ("sk-ant-", "an Anthropic key", 20),
    ("ghp_", "a GitHub token", 36),
    ("gho_", "a GitHub token", 36),
    ("ghu_", "a GitHub token", 36),
    ("ghs_", "a GitHub token", 36),
    ("ghr_", "a GitHub token", 36),
    ("xoxb-", "a Slack token", 20),
    ("xoxp-", "a Slack token", 20),
    ("xoxa-", "a Slack token", 20),
    ("AKIA", "an AWS access key", 16),
    ("AIza", "a Google key", 35),
    ("sk-", "an API key", 32),
];

/// The secrets in a file, and what they are.
struct Secrets(Vec<(Place, &'static str)>);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let walk = plugin.packed.walk(plugin.files.as_ref());
    for path in &walk.files {
        let lock = path.ends_with(".lock") || path.ends_with(".svg");
        if lock {
            continue;
        }
        let secrets = cx.fact_of_small_file(path, LARGEST, |content| Secrets::of(path, content));
        let Some(secrets) = secrets else { continue };
        for (place, what) in &secrets.0 {
            let help = "revoke it now, then remove it from the file and from the history of the repository";
            cx.report(
                Draft::new(place.clone(), format!("{what} stands in the file"))
                    .stages(Stages::only(Stage::Marketplace))
                    .note("whoever has the package can use it; the Marketplace refuses the plugin")
                    .help(help),
            );
        }
    }
}

impl Secrets {
    fn of(path: &str, content: Content) -> Self {
        if memchr::memchr(0, &content).is_some() || !is_suspect(&content) {
            return Self(Vec::new());
        }
        let file = SourceFile::new(path, content);
        let found = secrets(file.text()).into_iter();
        Self(
            found
                .map(|(at, length, what)| (place(&file, at, length), what))
                .collect(),
        )
    }
}

/// A quick look before the text is read as such.
fn is_suspect(bytes: &[u8]) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = ["PRIVATE KEY-----", "REMOTE_INSTALL_KEY"].into_iter();
        let words = words.chain(TOKENS.iter().map(|(start, ..)| *start));
        let words: Vec<String> = words.map(regex::escape).collect();
        Regex::new(&words.join("|")).ok()
    });
    WORDS.as_ref().is_none_or(|words| words.is_match(bytes))
}

/// Offset, length and kind of each secret, at most one of a kind in a line.
fn secrets(text: &str) -> Vec<(usize, usize, &'static str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("PRIVATE KEY-----") {
        let line = text
            .get(..at)
            .and_then(|text| text.rsplit('\n').next())
            .unwrap_or_default();
        if let Some(start) = line.find("-----BEGIN ") {
            found.push((
                at - line.len() + start,
                line.len() - start + 16,
                "a private key",
            ));
        }
    }
    for (at, name) in text.match_indices("REMOTE_INSTALL_KEY=") {
        let value = text
            .get(at + name.len()..)
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default();
        let value = value.trim().trim_matches(['"', '\'']);
        if is_uuid(value) && !is_sample(value) {
            found.push((at, name.len() + value.len(), "a key for remote debugging"));
        }
    }
    for (start, what, least) in TOKENS {
        for (at, _) in text.match_indices(start) {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let rest = text.get(at + start.len()..).unwrap_or_default();
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let token = rest.get(..length).unwrap_or_default();
            let known = found.iter().any(|(other, ..)| *other == at);
            let alone = !before.is_some_and(is_part);
            if alone && !known && length >= least && !is_sample(token) {
                found.push((at, start.len() + length, what));
            }
        }
    }
    found
}

/// Few different characters, or a word that says so: an example.
fn is_sample(token: &str) -> bool {
    let mut letters: Vec<char> = token.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let lower = token.to_ascii_lowercase();
    let words = [
        "example",
        "your",
        "xxxx",
        "1234567",
        "abcdef",
        "placeholder",
        "test",
        "sample",
        "dummy",
    ];
    letters.len() < 8
        || words.iter().any(|word| lower.contains(word))
        || !token.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        // put together here, so that no scanner takes this file for a leak
        let token = format!("gh{}_{}", "p", "q9Zr7Kd2Wm4Xs8Tn6Vb3Lc5Hj1Gf0Pa2Ue9Y");
        let key = format!("-----BEGIN RSA {} KEY-----\nabc", "PRIVATE");
        let install = "REMOTE_INSTALL_KEY=\"7f2c1e9a-4b3d-48e6-9a51-0c8d2f6e7b13\"";
        assert_eq!(secrets(&token)[0], (0, 40, "a GitHub token"));
        assert_eq!(secrets(&key)[0].2, "a private key");
        assert_eq!(secrets(install)[0].2, "a key for remote debugging");
        for harmless in [
            "sk-",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "task-force-of-all-the-people-in-the-world",
            "REMOTE_INSTALL_KEY=\n",
        ] {
            assert!(secrets(harmless).is_empty(), "{harmless}");
        }
    }
}
