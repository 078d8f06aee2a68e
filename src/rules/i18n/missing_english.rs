//! Texts without English that every reader accepts.

use crate::finding::{Fix, RuleId};
use crate::format::DocumentKind;
use crate::format::words::name_of;
use crate::plugin::{Document, Node};
use crate::rules::locales::{ENGLISH, TRANSLATIONS, is_han, is_kana};
use crate::rules::{Context, Draft, On, nodes, repair};
use crate::yaml::NodeId;

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    // the packager's validator reads every text of a manifest
    if matches!(document.kind, DocumentKind::Manifest | DocumentKind::Bundle) {
        return;
    }
    for localized in nodes::localized(document, &nodes::called(document)) {
        if localized
            .english()
            .is_some_and(|(_, text)| !text.trim().is_empty())
        {
            continue;
        }
        let localized = localized.node;
        let english = document.tree().get(localized.id(), ENGLISH);
        let blank = match english.map(|node| Node::new(document, node)) {
            Some(node) => match node.text() {
                Some(text) => text.trim().is_empty(),
                None => node.is_null() && !sdk_reads(document, localized.id()),
            },
            None => localized.get(ENGLISH).is_none() && !sdk_reads(document, localized.id()),
        };
        if blank {
            report(localized, english, cx);
        }
    }
}

/// The SDK refuses a text without English wherever it looks.
fn sdk_reads(document: &Document, node: NodeId) -> bool {
    let tree = document.tree();
    let above = std::iter::successors(Some(node), |node| tree.parent(*node));
    document.sdk
        && above
            .filter_map(|node| document.shape_of(node))
            .all(|shape| shape.sdk.is_some())
}

fn report(localized: Node<'_>, english: Option<NodeId>, cx: &mut Context<'_>) {
    let tree = localized.tree();
    let other = TRANSLATIONS.into_iter().find(|locale| {
        localized
            .text_at(locale)
            .is_some_and(|text| !text.trim().is_empty())
    });
    // an optional text that is empty in every language says nothing and means nothing
    if english.is_some() && other.is_none() {
        return;
    }
    let name = name_of(tree, localized.id());
    let (draft, what) = match english {
        Some(node) => (
            Draft::key(
                Node::new(localized.document(), node),
                format!("{name} is empty in English"),
            ),
            "write",
        ),
        None => (
            Draft::key(localized, format!("{name} has no English text")),
            "add",
        ),
    };
    cx.report(
        draft
            .rule(RuleId("i18n/missing-english"))
            .note("Dify shows English wherever a language is missing, so most people see nothing here")
            .fix(copied(localized, english)).help(format!("{what} `{ENGLISH}`")),
    );
}

/// The text of another language in Latin letters, which is nearer to English than nothing.
fn copied(localized: Node<'_>, english: Option<NodeId>) -> Option<Fix> {
    let foreign = |text: &str| text.chars().any(|c| is_han(c) || is_kana(c));
    let other = TRANSLATIONS
        .into_iter()
        .filter_map(|locale| localized.text_at(locale))
        .find(|text| !text.trim().is_empty() && !text.contains('\n') && !foreign(text))?;
    match english {
        Some(node) => repair::write(localized.document(), node, other, repair::Unsafe),
        None => repair::node::add(localized, ENGLISH, &repair::scalar(other), repair::Unsafe),
    }
}
