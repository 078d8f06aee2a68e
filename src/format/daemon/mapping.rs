//! Keys of a mapping as yaml.v3 takes them: duplicates refused, merge keys followed.

use super::Decoder;
use crate::finding::{RuleId, Stages};
use crate::format::refusal::{Part, Refusal};
use crate::format::words::shorten;
use crate::yaml::{Entries, Kind, NodeId, Reader, Style, Tree};
use hashbrown::HashMap;

/// Keys and values of a mapping with merge keys followed: own keys first, then merged ones that no
/// earlier one hides. Malformed merges bring nothing.
pub fn entries(tree: &Tree, mapping: NodeId) -> Entries<'_> {
    let Some(mapping) = tree.target(mapping) else {
        return Entries::none();
    };
    if let Some(written) = tree.written(mapping) {
        return written;
    }
    let mut found = Vec::new();
    collect(tree, mapping, &mut found, 0);
    found.into()
}

/// The value of a key among the [`entries`].
pub fn entry(tree: &Tree, mapping: NodeId, key: &str) -> Option<NodeId> {
    let mapping = tree.target(mapping)?;
    if let Some(mut written) = tree.written(mapping) {
        let found = written.find(|(own, _)| tree.has_text(*own, key));
        return found.map(|(_, value)| value);
    }
    let mut merges = false;
    for (own, value) in tree.pairs(mapping) {
        if is_merge(tree, own) {
            merges = true;
        } else if tree.has_text(own, key) {
            return Some(value);
        }
    }
    let mut merged = merges.then(|| entries(tree, mapping))?;
    let found = merged.find(|(own, _)| tree.has_text(*own, key));
    found.map(|(_, value)| value)
}

fn collect(tree: &Tree, mapping: NodeId, found: &mut Vec<(NodeId, NodeId)>, depth: usize) {
    let mut merge = None;
    for (key, value) in tree.pairs(mapping) {
        if is_merge(tree, key) {
            merge = Some(value);
        } else if depth == 0 || !has_key(tree, found, key) {
            found.push((key, value));
        }
    }
    let Some(merge) = merge.and_then(|merge| tree.target(merge)) else {
        return;
    };
    if depth > 32 {
        return;
    }
    match tree.kind(merge) {
        Kind::Mapping { .. } => collect(tree, merge, found, depth + 1),
        _ => {
            for item in tree
                .items(merge)
                .iter()
                .filter_map(|item| tree.target(*item))
            {
                collect(tree, item, found, depth + 1);
            }
        }
    }
}

fn has_key(tree: &Tree, found: &[(NodeId, NodeId)], key: NodeId) -> bool {
    found
        .iter()
        .any(|(other, _)| tree.is_scalar(*other) && tree.text(*other) == tree.text(key))
}

/// A plain `<<`.
#[inline]
pub(super) fn is_merge(tree: &Tree, key: NodeId) -> bool {
    tree.has_text(key, "<<")
        && tree.kind(key) == Kind::Scalar(Style::Plain)
        && tree
            .tag(key)
            .is_none_or(|tag| matches!(tag.name.as_str(), "!" | MERGE_TAG))
}

const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

impl<'t> Decoder<'t> {
    /// The entries of a mapping that the daemon decodes; empty after a duplicate key, because the
    /// decoder leaves such a mapping alone.
    pub(super) fn keyed(&mut self, mapping: NodeId) -> Entries<'t> {
        if let Some(written) = self.tree.written(mapping) {
            return written;
        }
        if self.duplicates(mapping) {
            return Entries::none();
        }
        self.merges(mapping, 0);
        entries(self.tree, mapping)
    }

    /// The text of a key; `None` for a null key, which is skipped, and for a list or mapping as
    /// key, which is refused.
    pub(super) fn key_text(&mut self, key: NodeId) -> Option<&'t str> {
        if self.tree.is_plainly_text(key) {
            return Some(self.tree.text(key));
        }
        let target = self.tree.target(key)?;
        if self.is_null(target) {
            return None;
        }
        if !self.tree.is_scalar(target) {
            self.complex_key(key);
            return None;
        }
        Some(self.tree.text(target))
    }

    pub(super) fn complex_key(&mut self, key: NodeId) {
        let help = match self.tree.is_mapping(key) {
            true => "a template goes in quotes: \"{{ ... }}\"",
            false => "use a plain word as the key",
        };
        self.refuse(
            "yaml/complex-key",
            key,
            format!("a key must be text, not `{}`", shorten(self.tree.raw(key))),
            "the daemon's decoder takes only scalars as keys",
            Some(help.to_owned()),
        );
    }

    /// True if the mapping has a key twice.
    pub(super) fn duplicates(&mut self, mapping: NodeId) -> bool {
        let tree = self.tree;
        let mut first: HashMap<(u8, &str), NodeId> = HashMap::new();
        let mut found = false;
        for (key, _) in tree.pairs(mapping) {
            // yaml.v3 compares kind and text: `1` and `"1"` are the same key, and so are any two
            // lists or any two mappings
            let kind = match tree.kind(key) {
                Kind::Scalar(_) => 0,
                Kind::Alias => 1,
                Kind::Sequence { .. } => 2,
                Kind::Mapping { .. } => 3,
            };
            match first.entry((kind, tree.text(key))) {
                hashbrown::hash_map::Entry::Vacant(place) => {
                    place.insert(key);
                }
                hashbrown::hash_map::Entry::Occupied(place) => {
                    found = true;
                    self.refusals.push(Refusal {
                        rule: RuleId("yaml/duplicate-key"),
                        node: key,
                        part: Part::Value,
                        reader: Reader::Daemon,
                        stages: Stages::DAEMON,
                        message: format!("the key `{}` stands here twice", shorten(tree.text(key))),
                        note: "the daemon stops with \"mapping key already defined\"; the SDK \
                               silently takes the last one"
                            .to_owned(),
                        help: Some("keep one of the two".to_owned()),
                        also: Some((*place.get(), "first here")),
                        missing: None,
                    });
                }
            }
        }
        found
    }

    fn merges(&mut self, mapping: NodeId, depth: usize) {
        let merge = self
            .tree
            .pairs(mapping)
            .rfind(|(key, _)| is_merge(self.tree, *key));
        let Some((_, value)) = merge else { return };
        let Some(target) = self.tree.target(value) else {
            return;
        };
        let sources = match self.tree.kind(target) {
            Kind::Mapping { .. } => vec![target],
            Kind::Sequence { .. } if target == value => self
                .tree
                .items(target)
                .iter()
                .map(|item| self.tree.target(*item).unwrap_or(*item))
                .collect(),
            _ => Vec::new(),
        };
        if sources.iter().any(|source| !self.tree.is_mapping(*source))
            || sources.is_empty() && !self.tree.is_sequence(target)
        {
            self.refuse(
                "yaml/bad-merge",
                value,
                format!(
                    "`<<` takes a mapping or a list of them, not `{}`",
                    shorten(self.tree.raw(value))
                ),
                "the daemon stops with \"map merge requires map or sequence of maps as the value\"",
                Some("name an anchored mapping: `<<: *name`".to_owned()),
            );
            return;
        }
        if depth < 32 {
            for source in sources {
                self.duplicates(source);
                self.merges(source, depth + 1);
            }
        }
    }
}
