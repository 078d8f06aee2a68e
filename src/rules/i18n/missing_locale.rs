//! Gaps in a language that the rest of the plugin speaks.

use crate::format::DocumentKind;
use crate::format::words::name_of;
use crate::plugin::{Document, Node, Plugin};
use crate::rules::locales::{Localized, TRANSLATIONS, language, meant};
use crate::rules::{Context, Draft, On, nodes};
use crate::yaml::NodeId;
use hashbrown::HashSet;

pub const CHECK: On = On::Plugin(check);

/// A plugin speaks a language when four of five texts have it: measured over 262 plugins, this
/// turns 41,465 missing texts into 388 that were forgotten.
const SPOKEN: (usize, usize) = (4, 5);

/// More gaps than this in one file are told once.
const SINGLE: usize = 3;

/// The most places that one finding points at.
const SHOWN: usize = 20;

/// A localized text, and which translations it has.
#[derive(Clone, Copy)]
struct Text<'p> {
    node: Node<'p>,
    has: [bool; TRANSLATIONS.len()],
}

/// The localized texts of a document.
struct Texts(Vec<(NodeId, [bool; TRANSLATIONS.len()])>);

impl Texts {
    fn of(document: &Document) -> Self {
        let texts = nodes::localized(document).into_iter();
        let texts = texts.filter(|it| !is_name(it.node));
        let known = |it: Localized<'_>| (it.node.id(), translations(it));
        Self(texts.map(known).collect())
    }
}

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut paths = HashSet::new();
    let (mut models, mut others): (Vec<Text<'_>>, Vec<Text<'_>>) = (Vec::new(), Vec::new());
    for document in &plugin.documents {
        // a file in two roles says everything once
        let again = !paths.insert(document.path());
        for (id, has) in &document.derived(Texts::of).0 {
            let same =
                |it: &Text<'_>| it.node.id() == *id && it.node.document().path() == document.path();
            if again && models.iter().chain(&others).any(same) {
                continue;
            }
            // models are many and alike: they would decide for all the rest
            let texts = match document.kind {
                DocumentKind::Model => &mut models,
                _ => &mut others,
            };
            let node = Node::new(document, *id);
            texts.push(Text { node, has: *has });
        }
    }
    for (at, locale) in TRANSLATIONS.into_iter().enumerate() {
        check_language(&others, (at, locale), "texts", cx);
        check_language(&models, (at, locale), "texts in model files", cx);
    }
}

fn check_language(
    texts: &[Text<'_>],
    (at, locale): (usize, &str),
    what: &str,
    cx: &mut Context<'_>,
) {
    let lacks = |text: &&Text<'_>| !text.has.get(at).is_some_and(|has| *has);
    let gaps: Vec<Node<'_>> = texts.iter().filter(lacks).map(|it| it.node).collect();
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

/// Which translations a text has. Empty and mistyped ones count: these are other findings.
fn translations(localized: Localized<'_>) -> [bool; TRANSLATIONS.len()] {
    let [_, values @ ..] = localized.values();
    let mut has = values.map(|it| it.is_some());
    if localized.has_only_locales() {
        return has;
    }
    let tree = localized.node.tree();
    for (key, _) in localized.node.pairs() {
        let locale = meant(tree.text(key.id()));
        let at = TRANSLATIONS.iter().position(|it| Some(*it) == locale);
        if let Some(slot) = at.and_then(|at| has.get_mut(at)) {
            *slot = true;
        }
    }
    has
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
