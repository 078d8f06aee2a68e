//! The daemon's checks of who the plugin is, when the package is uploaded (`ManifestValidate` and
//! the pattern of the unique identifier).

use super::daemon::entries;
use super::refusal::{Part, Refusal};
use super::words::{describe, name_of};
use crate::dialect::version;
use crate::finding::{RuleId, Stage, Stages};
use crate::yaml::{NodeId, Reader, Tree, go};

/// A key, what is sound for it, what that is called, and what to do otherwise.
type Field = (&'static str, fn(&str) -> bool, &'static str, &'static str);

/// What the daemon objects to in author, name and version of a manifest.
pub fn check(tree: &Tree) -> Vec<Refusal> {
    let Some(root) = tree.root().and_then(|root| tree.target(root)) else {
        return Vec::new();
    };
    if !tree.is_mapping(root) {
        return Vec::new();
    }
    let fields: [Field; 3] = [
        (
            "author",
            |text| is_word(text, 64),
            WORD,
            "use 1 to 64 of these characters",
        ),
        (
            "name",
            |text| is_word(text, 128),
            WORD,
            "use 1 to 128 of these characters",
        ),
        (
            "version",
            version::is_identity_version,
            "numbers",
            "write three, such as `0.1.0`",
        ),
    ];
    let found = entries(tree, root);
    let mut refusals = Vec::new();
    for (key, sound, wanted, help) in fields {
        let node = found
            .clone()
            .rfind(|(k, _)| tree.has_text(*k, key))
            .map(|(_, value)| value);
        let target = node.and_then(|node| tree.target(node));
        let text = target.filter(|n| tree.is_scalar(*n) && !go::is_null(tree, *n));
        if text.is_some_and(|text| sound(&go::string(tree, text))) {
            continue;
        }
        // a list or mapping is refused by the decoder already
        if target.is_some_and(|target| !tree.is_scalar(target)) {
            continue;
        }
        refusals.push(refusal(tree, root, key, text, (wanted, help)));
    }
    refusals
}

/// What author and name are made of.
const WORD: &str = "lower-case letters, digits, `_` and `-`";

fn refusal(
    tree: &Tree,
    root: NodeId,
    key: &str,
    node: Option<NodeId>,
    (wanted, help): (&str, &str),
) -> Refusal {
    let empty = node.is_none_or(|node| tree.text(node).is_empty());
    let (rule, part, message) = match node {
        None => (
            "shape/missing-key",
            Part::Inside,
            format!("`{key}` is missing"),
        ),
        Some(node) if empty => (
            "shape/missing-key",
            Part::Value,
            format!("{} is empty", name_of(tree, node)),
        ),
        Some(node) => (
            "shape/malformed-value",
            Part::Value,
            format!(
                "{} must be {wanted}, not {}",
                name_of(tree, node),
                describe(tree, node)
            ),
        ),
    };
    Refusal {
        rule: RuleId(rule),
        node: node.unwrap_or(root),
        part,
        reader: Reader::Daemon,
        stages: Stages::only(Stage::Install),
        message,
        note:
            "the daemon builds the plugin's identifier from author, name and version and refuses \
               the upload with \"plugin_unique_identifier is not valid\""
                .to_owned(),
        help: Some(if empty && wanted == WORD {
            help.replace("these characters", WORD)
        } else {
            help.to_owned()
        }),
        also: None,
        missing: node.is_none().then(|| key.to_owned()),
    }
}

fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}
