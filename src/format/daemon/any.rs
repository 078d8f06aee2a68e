//! Free-form values: what the daemon can decode, and what it can store afterwards as JSON.

use super::Decoder;
use super::mapping::is_merge;
use crate::finding::{Stage, Stages};
use crate::format::words::{describe, shorten};
use crate::yaml::{Kind, NodeId, go};

/// Levels of nesting that the daemon can read back from its cache (CBOR).
const MAX_STORED_DEPTH: usize = 32;

impl Decoder<'_> {
    /// Decodes a mapping into `map[string]any`; `normalised`: keys become text at every level.
    pub(super) fn free_form(&mut self, node: NodeId, depth: usize, normalised: bool) {
        let before = std::mem::replace(&mut self.normalised, normalised);
        self.any_mapping(node, depth, true);
        self.normalised = before;
    }

    /// Decodes a value into `any`.
    pub(super) fn any(&mut self, node: NodeId, depth: usize) {
        let Some(target) = self.enter(node) else {
            return;
        };
        match self.tree.kind(target) {
            Kind::Scalar(_) if self.tree.is_plainly_text(target) => {}
            Kind::Scalar(_) => match go::resolve(self.tree, target) {
                Ok(go::Scalar::Float(number)) => self.finite(target, number),
                Ok(_) => {}
                Err(error) => self.bad_tag(target, &error.to_string()),
            },
            Kind::Sequence { .. } => {
                if self.storable(target, depth) {
                    let tree = self.tree;
                    for item in tree.items(target) {
                        self.any(*item, depth + 1);
                    }
                }
            }
            Kind::Mapping { .. } => self.any_mapping(target, depth, false),
            Kind::Alias => {}
        }
        self.leave(node);
    }

    /// Decodes a mapping of free-form values. `text_keys`: the target is `map[string]any`, which
    /// turns scalar keys into text; otherwise one key that is not text makes the mapping
    /// unwritable as JSON.
    pub(super) fn any_mapping(&mut self, mapping: NodeId, depth: usize, text_keys: bool) {
        if !self.storable(mapping, depth) {
            return;
        }
        for (key, value) in self.keyed(mapping) {
            let Some(target) = self.tree.target(key) else {
                continue;
            };
            if !self.tree.is_scalar(target) {
                self.complex_key(key);
                continue;
            }
            self.decoded += 1;
            let text = || {
                self.tree.is_plainly_text(target)
                    || matches!(go::resolve(self.tree, target), Ok(go::Scalar::Str(_)))
            };
            if !text_keys && !text() && !self.normalised && !is_merge(self.tree, key) {
                self.refuse_at(
                    Stages::only(Stage::Install),
                    "shape/not-json",
                    key,
                    format!(
                        "the key `{}` is {}, and only text can be a key of what is stored",
                        shorten(self.tree.text(target)),
                        describe(self.tree, target)
                    ),
                    "the daemon keeps the declaration as JSON and fails with \"unsupported type: \
                     map[interface {}]interface {}\"",
                    Some("put the key in quotes".to_owned()),
                );
            }
            self.any(value, depth + 1);
        }
    }

    fn storable(&mut self, node: NodeId, depth: usize) -> bool {
        if depth <= MAX_STORED_DEPTH {
            return true;
        }
        self.refuse_at(
            Stages::only(Stage::Install),
            "shape/too-deep",
            node,
            format!("this is nested deeper than the {MAX_STORED_DEPTH} levels that can be stored"),
            "the daemon fails to read the declaration back: \"exceeded max nested level 32\"",
            Some("flatten the value".to_owned()),
        );
        false
    }
}
