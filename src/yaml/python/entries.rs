use super::{Int, Scalar, is_merge_key, is_special_key, resolve};
use crate::yaml::entries::FEW;
use crate::yaml::{Entries, Kind, NodeId, Tree};
use hashbrown::{HashMap, HashSet};

/// The most entries that merging copies in one mapping. PyYAML knows no bound; a document that
/// needs more is an attack.
const MAX_MERGED: usize = 100_000;

/// The entries of a mapping as Python's dict has them: merges applied, the last of equal keys
/// wins, `1`, `1.0` and `true` are equal. In the dict's order, in which a key stands where it came
/// first; the key given is the one written next to the value. A key that cannot be one is kept, as
/// it equals no other.
pub fn entries(tree: &Tree, mapping: NodeId) -> Entries<'_> {
    let Some(mapping) = tree.target(mapping) else {
        return Entries::none();
    };
    if let Some(written) = tree.written(mapping) {
        return written;
    }
    let plain: Vec<_> = tree.pairs(mapping).collect();
    if !plain.iter().any(|(key, _)| is_merge_key(tree, *key)) {
        return unique(tree, plain).into();
    }
    let mut merger = Merger {
        tree,
        flat: HashMap::new(),
        busy: HashSet::new(),
        copied: 0,
    };
    merger.flatten(mapping, 0).into()
}

struct Merger<'t> {
    tree: &'t Tree,
    flat: HashMap<NodeId, Vec<(NodeId, NodeId)>>,
    busy: HashSet<NodeId>,
    copied: usize,
}

impl Merger<'_> {
    fn flatten(&mut self, mapping: NodeId, depth: u8) -> Vec<(NodeId, NodeId)> {
        if let Some(known) = self.flat.get(&mapping) {
            return known.clone();
        }
        // a mapping that merges itself: PyYAML has taken the merge key out by then
        if depth > 100 || !self.busy.insert(mapping) {
            return self.own(mapping).collect();
        }
        let tree = self.tree;
        let mut all = Vec::new();
        for (_, value) in tree
            .pairs(mapping)
            .filter(|(key, _)| is_merge_key(tree, *key))
        {
            let Some(value) = tree.target(value) else {
                continue;
            };
            match tree.kind(value) {
                Kind::Mapping { .. } => self.merge(value, depth, &mut all),
                // the first of a list wins, so it comes last
                Kind::Sequence { .. } => {
                    for item in tree.items(value).iter().rev() {
                        if let Some(item) = tree.target(*item)
                            && tree.is_mapping(item)
                        {
                            self.merge(item, depth, &mut all);
                        }
                    }
                }
                _ => {}
            }
        }
        all.extend(self.own(mapping));
        self.busy.remove(&mapping);
        let all = unique(tree, all);
        self.flat.insert(mapping, all.clone());
        all
    }

    fn merge(&mut self, mapping: NodeId, depth: u8, all: &mut Vec<(NodeId, NodeId)>) {
        if self.copied < MAX_MERGED {
            let merged = self.flatten(mapping, depth + 1);
            self.copied += merged.len() + 1;
            all.extend(merged);
        }
    }

    fn own(&self, mapping: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> {
        let tree = self.tree;
        tree.pairs(mapping)
            .filter(|(key, _)| !is_merge_key(tree, *key))
    }
}

fn unique(tree: &Tree, pairs: Vec<(NodeId, NodeId)>) -> Vec<(NodeId, NodeId)> {
    let mut entries: Vec<(NodeId, NodeId)> = Vec::with_capacity(pairs.len());
    if pairs.len() <= FEW {
        let mut keys: Vec<Key<'_>> = Vec::with_capacity(pairs.len());
        for (node, value) in pairs {
            let key = Key::of(tree, node);
            match keys.iter().position(|known| *known == key) {
                Some(index) => replace(&mut entries, index, (node, value)),
                None => {
                    keys.push(key);
                    entries.push((node, value));
                }
            }
        }
    } else {
        let mut places = HashMap::with_capacity(pairs.len());
        for (node, value) in pairs {
            let next = entries.len();
            let place = *places.entry(Key::of(tree, node)).or_insert(next);
            if place == next {
                entries.push((node, value));
            } else {
                replace(&mut entries, place, (node, value));
            }
        }
    }
    entries
}

fn replace(entries: &mut [(NodeId, NodeId)], index: usize, entry: (NodeId, NodeId)) {
    if let Some(place) = entries.get_mut(index) {
        *place = entry;
    }
}

/// What Python compares when it looks for a key.
#[derive(PartialEq, Eq, Hash)]
enum Key<'t> {
    Null,
    Whole(Int),
    /// The bits of a float that is not whole.
    Broken(u64),
    Str(&'t str),
    Date(super::Date),
    /// Microseconds, and whether there is a zone.
    Time(i64, bool),
    Bytes(Vec<u8>),
    /// Equal only to itself.
    Other(NodeId),
}

impl<'t> Key<'t> {
    fn of(tree: &'t Tree, node: NodeId) -> Self {
        match resolve(tree, node) {
            Ok(Scalar::Str(text)) => Self::Str(text),
            Ok(Scalar::Null) => Self::Null,
            Ok(Scalar::Bool(value)) => Self::Whole(Int::Small(value.into())),
            Ok(Scalar::Int(value)) => Self::Whole(value),
            Ok(Scalar::Float(value)) if value.is_nan() => Self::Other(node),
            Ok(Scalar::Float(value)) if value.is_finite() && value.fract() == 0.0 => {
                // exact, however large
                let digits = format!("{value:.0}");
                Self::Whole(match digits.parse() {
                    Ok(small) => Int::Small(small),
                    Err(_) => Int::Big(digits.into()),
                })
            }
            Ok(Scalar::Float(value)) => Self::Broken(value.to_bits()),
            Ok(Scalar::Date(date)) => Self::Date(date),
            Ok(Scalar::DateTime(time)) => Self::Time(time.microseconds(), time.offset.is_some()),
            Ok(Scalar::Bytes(bytes)) => Self::Bytes(bytes),
            // a bare `=` is a text when it is a key
            Err(_) if is_special_key(tree, node, "=", "value") => {
                Self::Str(tree.target(node).map_or("=", |node| tree.text(node)))
            }
            Err(_) => Self::Other(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Style;
    use proptest::prelude::*;

    proptest! {
        /// What is taken as it is written is what comes of the rules.
        #[test]
        fn shortcuts_change_nothing(
            keys in prop::collection::vec(
                "a|b|'a'|\"b\"|<<|'<<'|=|1|1\\.0|true|'true'|null|~|yes|\\*x|!!str a|!b a|2024-01-01",
                0..16,
            )
        ) {
            let lines = keys.iter().map(|key| format!("{key} : {{c: 1}}\n"));
            let text = format!("x: &x {{d: 1}}\n{}", lines.collect::<String>());
            let tree = Tree::parse(&text);
            for mapping in tree.nodes().filter(|node| tree.is_mapping(*node)) {
                let Some(written) = tree.written(mapping) else { continue };
                let pairs: Vec<_> = tree.pairs(mapping).collect();
                prop_assert_eq!(written.collect::<Vec<_>>(), unique(&tree, pairs.clone()));
                for (key, _) in pairs {
                    let style = tree.kind(key);
                    prop_assert!(style != Kind::Scalar(Style::Plain) || tree.text(key) != "<<");
                    prop_assert!(crate::yaml::go::resolve(&tree, key).is_ok());
                }
            }
        }
    }
}
