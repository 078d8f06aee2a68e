//! Gaps in a language that the rest of the plugin speaks.

use crate::format::DocumentKind;
use crate::format::words::name_of;
use crate::plugin::{Document, Node, Plugin};
use crate::rules::locales::{TRANSLATIONS, Values, language, meant};
use crate::rules::{Context, Draft, On, nodes};
use crate::yaml::NodeId;
use hashbrown::HashSet;
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

/// A plugin speaks a language when four of five texts have it: measured over 262 plugins, this
/// turns 41,465 missing texts into 388 that were forgotten.
const SPOKEN: (usize, usize) = (4, 5);

/// More gaps than this in one file are told once.
const SINGLE: usize = 3;

/// The most places that one finding points at.
const SHOWN: usize = 20;

/// The localized texts of a document, each with the translations that it has.
#[derive(Default)]
struct Texts {
    all: Vec<(NodeId, Has)>,
    /// How many lack each of the translations.
    lacking: [usize; TRANSLATIONS.len()],
}

type Has = [bool; TRANSLATIONS.len()];

impl FromIterator<(NodeId, Has)> for Texts {
    fn from_iter<T: IntoIterator<Item = (NodeId, Has)>>(all: T) -> Self {
        let all: Vec<_> = all.into_iter().collect();
        let mut lacking = [0; TRANSLATIONS.len()];
        for (_, has) in &all {
            for (count, has) in lacking.iter_mut().zip(has) {
                *count += usize::from(!has);
            }
        }
        Self { all, lacking }
    }
}

/// The texts of several documents.
#[derive(Default)]
struct Group<'p> {
    documents: Vec<(&'p Document, Arc<Texts>)>,
    total: usize,
    lacking: [usize; TRANSLATIONS.len()],
}

impl<'p> Group<'p> {
    fn add(&mut self, document: &'p Document, texts: Arc<Texts>) {
        self.total += texts.all.len();
        for (sum, count) in self.lacking.iter_mut().zip(texts.lacking) {
            *sum += count;
        }
        self.documents.push((document, texts));
    }

    /// The texts without a translation.
    fn gaps(&self, language: usize) -> Vec<Node<'p>> {
        let mut gaps = Vec::new();
        for (document, texts) in &self.documents {
            let lacks = |(_, has): &&(NodeId, Has)| !has.get(language).is_some_and(|has| *has);
            let texts = texts.all.iter().filter(lacks);
            gaps.extend(texts.map(|(id, _)| Node::new(document, *id)));
        }
        gaps
    }
}

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut paths = HashSet::with_capacity(plugin.documents.len());
    let (mut models, mut others) = (Group::default(), Group::default());
    for document in &plugin.documents {
        let mut texts = document.derived(|document| {
            let called = nodes::called(document);
            let texts = called.localized.iter();
            let texts = texts.filter(|it| !is_name(Node::new(document, it.mapping())));
            texts
                .map(|it| (it.mapping(), translations(document, it)))
                .collect()
        });
        // a file in two roles says everything once
        if !paths.insert(document.path()) {
            texts = Arc::new(unsaid(&texts, document, [&models, &others]));
        }
        // models are many and alike: they would decide for all the rest
        match document.kind {
            DocumentKind::Model => models.add(document, texts),
            _ => others.add(document, texts),
        }
    }
    for (at, locale) in TRANSLATIONS.into_iter().enumerate() {
        check_language(&others, (at, locale), "texts", cx);
        check_language(&models, (at, locale), "texts in model files", cx);
    }
}

/// The texts that the file does not have in its other roles.
fn unsaid(texts: &Texts, document: &Document, groups: [&Group<'_>; 2]) -> Texts {
    let said = groups.iter().flat_map(|group| &group.documents);
    let said = said.filter(|(other, _)| other.path() == document.path());
    let said: HashSet<NodeId> = said
        .flat_map(|(_, texts)| texts.all.iter().map(|(id, _)| *id))
        .collect();
    let all = texts.all.iter().filter(|(id, _)| !said.contains(id));
    all.copied().collect()
}

fn check_language(
    group: &Group<'_>,
    (at, locale): (usize, &str),
    what: &str,
    cx: &mut Context<'_>,
) {
    let lacking = group.lacking.get(at).copied().unwrap_or_default();
    let spoken = group.total - lacking;
    if lacking == 0 || spoken * SPOKEN.1 < group.total * SPOKEN.0 {
        return;
    }
    let note = format!(
        "{spoken} of the plugin's {} {what} have it; people who read {} see English here",
        group.total,
        language(locale)
    );
    let gaps = group.gaps(at);
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
fn translations(document: &Document, values: &Values) -> Has {
    let mut has = values.translated();
    if values.has_only_locales() {
        return has;
    }
    let tree = document.tree();
    for (key, _) in Node::new(document, values.mapping()).pairs() {
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
