//! Whether two nodes say the same, however they are written.

use crate::plugin::Node;
use hashbrown::HashMap;

/// Nodes that are looked at: enough for every value that a person writes, and a bound for aliases
/// that multiply. What is larger counts as changed.
const MOST_NODES: usize = 20_000;
/// Levels that are looked at; aliases nest deeper than the text does.
const DEEPEST: usize = 100;

/// True if two nodes say the same: order of keys, quotes, aliases and `1.0` for `1` apart.
pub(super) fn same(one: Node<'_>, other: Node<'_>) -> bool {
    let mut left = MOST_NODES;
    equal(one, other, 0, &mut left)
}

fn equal(one: Node<'_>, other: Node<'_>, depth: usize, left: &mut usize) -> bool {
    if *left == 0 || depth > DEEPEST {
        return false;
    }
    *left -= 1;
    if one.is_mapping() || other.is_mapping() {
        let (first, second) = (one.entries(), other.entries());
        if one.is_mapping() != other.is_mapping() || first.len() != second.len() {
            return false;
        }
        let second: HashMap<_, _> = second
            .into_iter()
            .map(|(key, value)| (key.text(), value))
            .collect();
        return first.into_iter().all(|(key, value)| {
            let other = second.get(&key.text());
            other.is_some_and(|other| equal(value, *other, depth + 1, left))
        });
    }
    if one.is_list() || other.is_list() {
        let (first, second) = (one.items(), other.items());
        return one.is_list() == other.is_list()
            && first.len() == second.len()
            && first
                .into_iter()
                .zip(second)
                .all(|(one, other)| equal(one, other, depth + 1, left));
    }
    match (one.number(), other.number()) {
        (Some(one), Some(other)) => (one - other).abs() <= f64::EPSILON * one.abs().max(1.0),
        _ => one.text().map(str::trim) == other.text().map(str::trim),
    }
}
