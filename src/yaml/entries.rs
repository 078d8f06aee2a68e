use super::{Kind, NodeId, Style, Tree};
use hashbrown::HashSet;
use std::slice::ChunksExact;
use std::vec::IntoIter;

/// Keys and values of a mapping as one reader takes them.
#[derive(Clone, Debug)]
pub struct Entries<'t>(Source<'t>);

#[derive(Clone, Debug)]
enum Source<'t> {
    Written(ChunksExact<'t, NodeId>),
    Made(IntoIter<(NodeId, NodeId)>),
}

impl Entries<'_> {
    /// No entries.
    pub(crate) fn none() -> Self {
        Self::from(Vec::new())
    }
}

impl From<Vec<(NodeId, NodeId)>> for Entries<'_> {
    fn from(entries: Vec<(NodeId, NodeId)>) -> Self {
        Self(Source::Made(entries.into_iter()))
    }
}

impl Iterator for Entries<'_> {
    type Item = (NodeId, NodeId);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Written(pairs) => pairs.next().map(pair),
            Source::Made(entries) => entries.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Source::Written(pairs) => pairs.size_hint(),
            Source::Made(entries) => entries.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Written(pairs) => pairs.next_back().map(pair),
            Source::Made(entries) => entries.next_back(),
        }
    }
}

impl ExactSizeIterator for Entries<'_> {}

#[inline]
fn pair(pair: &[NodeId]) -> (NodeId, NodeId) {
    (pair[0], pair[1])
}

impl Tree {
    /// The entries of a mapping that every reader takes as they are written: each key is a text
    /// that no other key has, and none merges. `None` says nothing: the reader's own rules decide.
    #[inline]
    pub fn written(&self, mapping: NodeId) -> Option<Entries<'_>> {
        let sound = self.is_simple(mapping) && self.is_mapping(mapping);
        sound.then(|| Entries(Source::Written(self.children(mapping).chunks_exact(2))))
    }

    /// True for a scalar that both readers take for the same text. False says nothing.
    #[inline]
    pub fn is_plainly_text(&self, scalar: NodeId) -> bool {
        self.is_simple(scalar) && self.is_scalar(scalar)
    }

    /// True if no node is an alias or has a tag, and [`Tree::written`] knows every mapping. False
    /// says nothing.
    pub(super) fn is_straight(&self) -> bool {
        !self.twisted && self.tags.is_empty()
    }

    /// What [`Tree::written`] and [`Tree::is_plainly_text`] ask of a node, told when it is made.
    pub(super) fn tell_simple(&mut self, node: NodeId) {
        let kind = self.kind(node);
        let simple = match kind {
            Kind::Scalar(style) => {
                self.tag(node).is_none()
                    && (style != Style::Plain || is_text_for_all(self.text(node)))
            }
            Kind::Mapping { .. } => self.has_plain_keys(node),
            Kind::Sequence { .. } | Kind::Alias => false,
        };
        self.twisted |= !simple && matches!(kind, Kind::Mapping { .. } | Kind::Alias);
        self.set_simple(node, simple);
    }

    fn has_plain_keys(&self, mapping: NodeId) -> bool {
        let keys = || self.pairs(mapping).map(|(key, _)| key);
        if !keys().all(|key| self.is_plainly_text(key)) {
            return false;
        }
        if self.pairs(mapping).len() > FEW {
            let mut seen = HashSet::new();
            return keys().all(|key| seen.insert(self.text(key)));
        }
        keys().enumerate().all(|(at, key)| {
            let text = self.text(key);
            keys().take(at).all(|before| !self.has_text(before, text))
        })
    }
}

/// Mappings with more entries than this are searched by hash.
pub(super) const FEW: usize = 12;

/// True for a plain scalar that is text to yaml.v3 and to PyYAML: it begins with a letter and is
/// none of their words.
fn is_text_for_all(text: &str) -> bool {
    let letter = text
        .as_bytes()
        .first()
        .is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii());
    letter && (text.len() > LONGEST_WORD || !is_word(text))
}

const LONGEST_WORD: usize = "false".len();

fn is_word(text: &str) -> bool {
    ["null", "true", "false", "yes", "no", "on", "off"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::super::{go, python};
    use super::is_text_for_all;
    use proptest::prelude::*;

    fn agree(text: &str) {
        if is_text_for_all(text) {
            assert!(
                matches!(go::resolve_text(text, true, None), Ok(go::Scalar::Str(it)) if it == text),
                "{text} is no text for the daemon"
            );
            assert!(
                matches!(python::resolve_text(text, true, None), Ok(python::Scalar::Str(it)) if it == text),
                "{text} is no text for the SDK"
            );
        }
    }

    #[test]
    fn words_and_numbers_are_no_texts() {
        for text in [
            "",
            "~",
            "null",
            "NULL",
            "Null",
            "yes",
            "No",
            "ON",
            "off",
            "True",
            "FALSE",
            "1",
            "-",
            ".",
            "=",
            "<<",
            ".inf",
            "+1",
            "0x1",
            "2024-01-01",
            "1:30",
        ] {
            assert!(!is_text_for_all(text), "{text}");
        }
        for text in [
            "name", "nulls", "yEs1", "falsely", "e5", "inf", "nan", "中文",
        ] {
            assert!(is_text_for_all(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_text_for_all_is_text_for_each(
            text in "[-+.~=<a-zA-Z0-9_:]{0,6}|[nytfoNYTFO][a-zA-Z]{0,5}|\\PC{0,4}"
        ) {
            agree(&text);
        }
    }
}
