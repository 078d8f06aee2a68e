//! Walks two interfaces side by side: what is gone, what is new, what seems to be renamed.

use super::change::{Change, Grade, Spot};
use super::facts;
use super::interface::{Attribute, Item, ItemKind};
use super::rename;
use crate::format::words::shorten;
use hashbrown::HashMap;

/// Compares two items of one name, and all below them. `above` says in words what holds them, the
/// plugin first.
pub(super) fn compare<'p>(
    old: &Item<'p>,
    new: &Item<'p>,
    above: &mut Vec<String>,
    changes: &mut Vec<Change>,
) {
    let retyped = facts::compare(old, new, above, changes);
    above.push(quoted(old));
    parts(old, new, retyped, above, changes);
    above.pop();
}

fn parts<'p>(
    old: &Item<'p>,
    new: &Item<'p>,
    retyped: bool,
    above: &mut Vec<String>,
    changes: &mut Vec<Change>,
) {
    let olds = by_name(old);
    let news = by_name(new);
    let mut gone: Vec<&Item<'p>> = Vec::new();
    let mut come: Vec<&Item<'p>> = Vec::new();
    for item in in_order(old, &olds) {
        match news.get(&(item.kind, item.name.as_str())) {
            Some(other) => compare(item, other, above, changes),
            None => gone.push(item),
        }
    }
    for item in in_order(new, &news) {
        if !olds.contains_key(&(item.kind, item.name.as_str())) {
            come.push(item);
        }
    }
    // options of another type are another matter, and without any option every value is allowed
    let free = |of: &Item<'p>| !of.items.iter().any(|item| item.kind == ItemKind::Option);
    if retyped || free(new) {
        gone.retain(|item| item.kind != ItemKind::Option);
    }
    if retyped || free(old) {
        come.retain(|item| item.kind != ItemKind::Option);
    }
    // what could not be read may still hold it
    if !new.complete {
        gone.retain(|item| !item.kind.is_document());
    }
    if !old.complete {
        come.retain(|item| !item.kind.is_document());
    }
    let renames = rename::pairs(&gone, &come);
    for (at, item) in gone.iter().enumerate() {
        let other = renames.get(&at).and_then(|at| come.get(*at)).copied();
        changes.push(removed(item, other, new, above));
        if let Some(other) = other.filter(|_| item.kind.is_document()) {
            compare(item, other, above, changes);
        }
    }
    for (at, item) in come.iter().enumerate() {
        if !renames.values().any(|used| *used == at) {
            changes.push(added(item, old, above));
        }
    }
}

type Names<'a, 'p> = HashMap<(ItemKind, &'a str), &'a Item<'p>>;

/// The parts of an item by kind and name; of two that are called the same, the first.
fn by_name<'a, 'p>(item: &'a Item<'p>) -> Names<'a, 'p> {
    let mut names = Names::new();
    for part in &item.items {
        names.entry((part.kind, &part.name)).or_insert(part);
    }
    names
}

/// Each part once, in the order of the file.
fn in_order<'a, 'p>(item: &'a Item<'p>, names: &Names<'a, 'p>) -> Vec<&'a Item<'p>> {
    let first = |part: &&'a Item<'p>| {
        let known = names.get(&(part.kind, part.name.as_str()));
        known.is_some_and(|known| std::ptr::eq(*known, *part))
    };
    item.items.iter().filter(first).collect()
}

/// `` tool `search` ``
pub(super) fn quoted(item: &Item<'_>) -> String {
    match item.kind {
        ItemKind::EndpointGroup => "the endpoint group".to_owned(),
        ItemKind::Plugin => String::new(),
        kind => format!("{} `{}`", kind.noun(), shorten(&item.name)),
    }
}

/// `` parameter `query` of tool `search` ``
pub(super) fn in_words(item: &Item<'_>, above: &[String]) -> String {
    let own = quoted(item);
    if item.kind.is_document() {
        return own;
    }
    let mut words = own;
    for holder in above.iter().rev() {
        // a nested output is named by its whole path
        if item.kind == ItemKind::Output && holder.starts_with(ItemKind::Output.noun()) {
            continue;
        }
        if !holder.is_empty() {
            words.push_str(" of ");
            words.push_str(holder);
        }
        // an option is of a parameter, and that is of a tool; there it ends
        if item.kind != ItemKind::Option || above.last().is_none_or(|it| it != holder) {
            break;
        }
    }
    words
}

fn removed(
    item: &Item<'_>,
    other: Option<&Item<'_>>,
    holder: &Item<'_>,
    above: &[String],
) -> Change {
    let words = in_words(item, above);
    let noun = item.kind.noun();
    let message = match other {
        Some(other) if item.kind == ItemKind::Endpoint => {
            format!("{words} is now `{}`", shorten(&other.name))
        }
        Some(other) => format!("{words} seems to be called `{}` now", shorten(&other.name)),
        None => format!("{words} is gone"),
    };
    let grade = match item.kind {
        // the SDK drops what a model does not ask for; what an OAuth sign-in gives, nobody typed in
        ItemKind::ModelParameter | ItemKind::OauthCredential => Grade::Addition,
        _ => Grade::Breaking,
    };
    let renamed_endpoint = other.is_some() && item.kind == ItemKind::Endpoint;
    let rule = if renamed_endpoint {
        "upgrade/changed-endpoint"
    } else {
        item.kind.removed().0
    };
    let help = match item.kind {
        ItemKind::ModelParameter | ItemKind::OauthCredential => None,
        ItemKind::Endpoint if other.is_some() => {
            Some("keep the old endpoint beside the new one".to_owned())
        }
        ItemKind::Model => Some("keep it with `deprecated: true`, or announce it".to_owned()),
        _ if other.is_some() => Some(format!(
            "keep the old name: what people see is the label, and that may change freely; or keep \
             the old {noun} beside the new one"
        )),
        _ => Some("keep it, or announce a breaking change by the version".to_owned()),
    };
    let spot = match other {
        Some(other) => Spot::of(other.node),
        None => Spot::of(holder.node),
    };
    let mut change = Change::new(rule, grade, (item.kind, &item.name), message)
        .note(item.kind.loss())
        .old(Spot::of(item.node).remark("it was here"))
        .new_at(spot);
    change.help = help;
    change.renamed_to = other.map(|other| other.name.clone());
    change
}

fn added(item: &Item<'_>, holder: &Item<'_>, above: &[String]) -> Change {
    let words = in_words(item, above);
    let name = (item.kind, item.name.as_str());
    // a way of signing in that nobody has used yet asks nothing of those who use another one
    let fresh = matches!(
        item.kind,
        ItemKind::ClientSetting | ItemKind::ModelCredential
    ) && !holder.items.iter().any(|other| other.kind == item.kind);
    if fresh || !facts::is_demanded(item) {
        return Change::new(
            "upgrade/addition",
            Grade::Addition,
            name,
            format!("{words} is new"),
        )
        .new_at(Spot::of(item.node));
    }
    let node = item
        .fact(Attribute::Required)
        .map_or(item.node, |it| it.node);
    facts::demand(
        item,
        format!("{words} is new, required and without a default"),
    )
    .new_at(Spot::of(node))
}
