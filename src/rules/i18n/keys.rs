//! Keys of a localized text that are none of the four locales.

use crate::finding::{Applicability, Edit, Fix, RuleId};
use crate::format::words::{one_of, shorten};
use crate::plugin::Node;
use crate::rules::locales::{ALL, Localized, language, looks_like_locale, meant};
use crate::rules::{Context, Draft, On, repair};
use crate::yaml::NodeId;

pub const CHECK: On = On::Localized(check);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    if localized.has_only_locales() {
        return;
    }
    let localized = localized.node;
    let tree = localized.tree();
    for (key, value) in tree.pairs(localized.id()) {
        let name = tree.text(key);
        if !tree.is_scalar(key) || name == "<<" || ALL.contains(&name) {
            continue;
        }
        let draft = match meant(name) {
            Some(locale) => mistyped(localized, key, value, locale),
            None if looks_like_locale(name) => unsupported(localized, value, name),
            None => misplaced(localized, value, name),
        };
        cx.report(draft);
    }
}

fn mistyped(localized: Node<'_>, key: NodeId, value: NodeId, locale: &str) -> Draft {
    let tree = localized.tree();
    let document = localized.document();
    let name = shorten(tree.text(key));
    let message = format!("nobody reads the language `{name}`; it is written `{locale}`");
    let draft =
        Draft::key(Node::new(document, value), message).rule(RuleId("i18n/mistyped-locale"));
    if tree.get(localized.id(), locale).is_some() {
        return draft
            .note(format!(
                "`{locale}` stands beside it and is what people see"
            ))
            .help(format!(
                "remove `{name}`, or move a better text to `{locale}`"
            ))
            .fix(repair::remove(document, value, repair::Unsafe));
    }
    let edit = Edit {
        file: document.path().clone(),
        span: tree.span(key),
        text: locale.to_owned(),
    };
    draft
        .note(format!(
            "Dify drops the text without a word, and people who read {} see English instead",
            language(locale)
        ))
        .help(format!("rename the key to `{locale}`"))
        .fix(Some(Fix {
            title: format!("rename `{name}` to `{locale}`"),
            applicability: Applicability::Safe,
            edits: vec![edit],
        }))
}

fn unsupported(localized: Node<'_>, value: NodeId, name: &str) -> Draft {
    let message = format!("Dify has no texts in the language `{}`", shorten(name));
    Draft::key(Node::new(localized.document(), value), message)
        .rule(RuleId("i18n/unsupported-locale"))
        .note("neither the daemon nor the SDK has a field for it, so the text is never shown")
        .help(format!(
            "keep to {}, or leave it for a later Dify",
            one_of(&ALL)
        ))
}

fn misplaced(localized: Node<'_>, value: NodeId, name: &str) -> Draft {
    let tree = localized.tree();
    let around = tree.key_of(localized.id()).map_or("", |key| tree.text(key));
    let name = shorten(name);
    let message = format!(
        "`{name}` stands inside the text `{}`, where it is lost",
        shorten(around)
    );
    Draft::key(Node::new(localized.document(), value), message)
        .rule(RuleId("i18n/misplaced-key"))
        .note(format!(
            "a text has only languages as keys: {}; all else is dropped",
            one_of(&ALL)
        ))
        .help(format!(
            "indent `{name}` one level less, so that it stands beside `{}`",
            shorten(around)
        ))
}
