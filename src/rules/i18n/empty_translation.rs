//! Languages that are announced and have no text.

use crate::format::words::{describe, shorten};
use crate::rules::locales::{Localized, TRANSLATIONS};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    // an empty translation of an empty text is in order
    if localized
        .english()
        .is_none_or(|(_, text)| text.trim().is_empty())
    {
        return;
    }
    let [_, translations @ ..] = localized.values();
    for (locale, node) in TRANSLATIONS.into_iter().zip(translations) {
        let Some(node) = node else { continue };
        let blank = match node.text() {
            Some(text) => text.trim().is_empty(),
            None => node.is_null(),
        };
        if !blank {
            continue;
        }
        let what = describe(node.tree(), node.id());
        let mut draft = Draft::node(node, format!("`{locale}` is {}", shorten(&what)))
            .note("Dify shows the English text instead")
            .help(format!("write the text, or remove `{locale}`"));
        draft.place_at(node.key_place());
        cx.report(draft);
    }
}
