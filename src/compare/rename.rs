//! Which of the things that are gone seem to go on under another name.

use super::interface::{Attribute, Item, ItemKind};
use crate::format::words::nearest;
use hashbrown::HashMap;

/// Beyond this many pairs, names are no longer compared letter by letter.
const MOST_PAIRS: usize = 40_000;

/// For places in `gone`, the place in `come` of what seems to be the same under another name.
pub(super) fn pairs(gone: &[&Item<'_>], come: &[&Item<'_>]) -> HashMap<usize, usize> {
    let mut found = HashMap::new();
    let mut used = vec![false; come.len()];
    if gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return found;
    }
    // the surest signs first, for all, before the next
    for sign in [same_source, like_name, only_one] {
        for (at, old) in gone.iter().enumerate() {
            if found.contains_key(&at) || !old.kind.can_be_renamed() {
                continue;
            }
            let free = |other: usize| !used.get(other).copied().unwrap_or(true);
            let mut candidates = come
                .iter()
                .enumerate()
                .filter(|(other, new)| free(*other) && same_sort(old, new))
                .filter(|(_, new)| sign(old, new, gone, come))
                .map(|(other, _)| other);
            let (first, second) = (candidates.next(), candidates.next());
            if let (Some(other), None) = (first, second) {
                if let Some(used) = used.get_mut(other) {
                    *used = true;
                }
                found.insert(at, other);
            }
        }
    }
    found
}

fn same_sort(old: &Item<'_>, new: &Item<'_>) -> bool {
    old.kind == new.kind && old.word(Attribute::Type) == new.word(Attribute::Type)
}

type Items<'a, 'p> = [&'a Item<'p>];

/// The same Python file serves both.
fn same_source(old: &Item<'_>, new: &Item<'_>, _: &Items<'_, '_>, _: &Items<'_, '_>) -> bool {
    let source = old.word(Attribute::Source);
    source.is_some() && source == new.word(Attribute::Source)
}

/// A slip of the pen, or one name with a word more.
fn like_name(old: &Item<'_>, new: &Item<'_>, _: &Items<'_, '_>, _: &Items<'_, '_>) -> bool {
    let (one, other) = (old.name.to_lowercase(), new.name.to_lowercase());
    let within = |short: &str, long: &str| {
        short.len() > 2
            && long
                .split(['_', '-', ' ', '.', '/'])
                .any(|word| word == short)
    };
    nearest(&one, [other.as_str()]).is_some()
        || one == other
        || within(&one, &other)
        || within(&other, &one)
}

/// The only one that is gone, and the only one that is new.
fn only_one(old: &Item<'_>, _: &Item<'_>, gone: &Items<'_, '_>, come: &Items<'_, '_>) -> bool {
    let lone =
        |items: &Items<'_, '_>| items.iter().filter(|item| item.kind == old.kind).count() == 1;
    // properties of an output come and go; a file that another one replaces is another tool
    let telling = old.kind == ItemKind::Endpoint || old.kind.takes_a_value();
    telling && lone(gone) && lone(come)
}
