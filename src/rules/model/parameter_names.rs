//! Names of the parameter rules of a model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::models::{self, templates};
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashMap;

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    let mut seen: HashMap<&str, Node<'_>> = HashMap::new();
    for rule in models::rules(model.document()) {
        let Some(node) = rule.name else { continue };
        let Some(name) = node.text() else { continue };
        if let Some(first) = seen.get(name) {
            cx.report(
                Draft::node(
                    node,
                    format!("the parameter `{}` is there twice", shorten(name)),
                )
                .rule(RuleId("model/duplicate-parameter"))
                .label(first.place(), "first here")
                .note("both are shown, and your code gets one value under this name")
                .fix(repair::node::remove_twin(node, *first, repair::Safe))
                .help("remove one of the two"),
            );
            continue;
        }
        seen.insert(name, node);
        let known = match rule.template {
            _ if templates().contains_key(name) => None,
            Some((template, _)) => misspells(name, template).then_some(template),
            None => templates()
                .keys()
                .map(String::as_str)
                .find(|known| misspells(name, known)),
        };
        if let Some(known) = known {
            cx.report(
                Draft::node(
                    node,
                    format!("the parameter `{}` is probably `{known}`", shorten(name)),
                )
                .rule(RuleId("model/misspelt-parameter"))
                .note("the value reaches your code under the name that stands here")
                .fix(repair::node::write(node, known, repair::Unsafe))
                .help(format!("write `{known}`")),
            );
        }
    }
}

/// One letter too many, too few or wrong; `topP` is another convention and no slip.
fn misspells(name: &str, known: &str) -> bool {
    known.len() >= 5
        // a letter has up to four bytes
        && (known.len() - 1..=known.len() + 4).contains(&name.len())
        && !name.ends_with(|last: char| last.is_ascii_digit())
        && is_one_slip(name, known)
}

/// True if one letter was added, left out or changed, or two neighbours stand in the wrong order.
fn is_one_slip(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return differ_by_a_slip(one.as_bytes(), other.as_bytes());
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    differ_by_a_slip(&one, &other)
}

/// Looks at what is left between the common start and the common end.
fn differ_by_a_slip<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    let same = |pair: &(&T, &T)| pair.0 == pair.1;
    let start = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let backwards = one.iter().rev().zip(other.iter().rev());
    let end = backwards.take_while(same).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_one_slip;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_slip_is_a_distance_of_one(one in "[abé]{0,5}", other in "[abé]{0,5}") {
            let distance = strsim::damerau_levenshtein(&one, &other);
            prop_assert_eq!(is_one_slip(&one, &other), distance == 1);
        }
    }
}
