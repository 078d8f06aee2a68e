//! Gaps in a language that the rest of the plugin speaks.

use crate::format::DocumentKind;
use crate::format::words::name_of;
use crate::plugin::{Node, Plugin};
use crate::rules::locales::{TRANSLATIONS, language, meant};
use crate::rules::{Context, Draft, On, nodes};
use std::collections::HashSet;

pub const CHECK: On = On::Plugin(check);

/// A plugin speaks a language when four of five texts have it: measured over 262 plugins, this
/// turns 41,465 missing texts into 388 that were forgotten.
const SPOKEN: (usize, usize) = (4, 5);

/// More gaps than this in one file are told once.
const SINGLE: usize = 3;

/// The most places that one finding points at.
const SHOWN: usize = 20;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut seen = HashSet::new();
    let texts = plugin
        .documents
        .iter()
        .flat_map(nodes::localized)
        .filter(|node| !is_name(*node))
        .filter(|node| seen.insert((node.document().path().clone(), node.id())));
    // models are many and alike: they would decide for all the rest
    let (models, others): (Vec<Node<'_>>, Vec<Node<'_>>) =
        texts.partition(|node| node.document().kind == DocumentKind::Model);
    for locale in TRANSLATIONS {
        check_language(&others, locale, "texts", cx);
        check_language(&models, locale, "texts in model files", cx);
    }
}

fn check_language(texts: &[Node<'_>], locale: &str, what: &str, cx: &mut Context<'_>) {
    let gaps: Vec<Node<'_>> = texts
        .iter()
        .copied()
        .filter(|it| !has(*it, locale))
        .collect();
    let spoken = texts.len() - gaps.len();
    if gaps.is_empty() || spoken * SPOKEN.1 < texts.len() * SPOKEN.0 {
        return;
    }
    let note = format!(
        "{spoken} of the plugin's {} {what} have it; people who read {} see English here",
        texts.len(),
        language(locale)
    );
    let mut rest = gaps.as_slice();
    while let Some(first) = rest.first() {
        let same = |node: &&Node<'_>| node.document().path() == first.document().path();
        let (in_file, others) = rest.split_at(rest.iter().take_while(same).count());
        report(in_file, locale, &note, cx);
        rest = others;
    }
}

/// The label of a model is a name in every language, one icon does for all, and so does an address.
fn is_name(localized: Node<'_>) -> bool {
    let tree = localized.tree();
    let key = tree.key_of(localized.id()).map_or("", |key| tree.text(key));
    let is_label = tree.parent(localized.id()) == tree.root();
    key.starts_with("icon")
        || key == "url"
        || (localized.document().kind == DocumentKind::Model && is_label)
}

/// True also for an empty or a mistyped one: these are other findings.
fn has(localized: Node<'_>, locale: &str) -> bool {
    let tree = localized.tree();
    let is_meant = |key| meant(tree.text(key)) == Some(locale);
    tree.pairs(localized.id()).any(|(key, _)| is_meant(key)) || localized.get(locale).is_some()
}

fn report(gaps: &[Node<'_>], locale: &str, note: &str, cx: &mut Context<'_>) {
    let help = format!("add `{locale}`");
    if gaps.len() <= SINGLE {
        for gap in gaps {
            let message = format!("{} has no `{locale}`", name_of(gap.tree(), gap.id()));
            cx.report(Draft::key(*gap, message).note(note).help(help.clone()));
        }
        return;
    }
    let Some((first, others)) = gaps.split_first() else {
        return;
    };
    let message = format!("{} texts of this file have no `{locale}`", gaps.len());
    let mut draft = Draft::key(*first, message).note(note).help(help);
    for gap in others.iter().take(SHOWN) {
        draft = draft.label(gap.key_place(), "here too");
    }
    cx.report(draft);
}
