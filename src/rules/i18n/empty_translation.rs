//! Languages that are announced and have no text.

use crate::format::words::{describe, shorten};
use crate::plugin::Node;
use crate::rules::locales::{ENGLISH, TRANSLATIONS, text};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

fn check(localized: Node<'_>, cx: &mut Context<'_>) {
    let tree = localized.tree();
    // an empty translation of an empty text is in order
    if text(localized, ENGLISH).is_none_or(|text| text.trim().is_empty()) {
        return;
    }
    for (key, value) in tree.pairs(localized.id()) {
        let node = Node::new(localized.document(), value);
        let locale = tree.text(key);
        let blank = node.is_null() || node.text().is_some_and(|text| text.trim().is_empty());
        if !TRANSLATIONS.contains(&locale) || !blank {
            continue;
        }
        let mut draft = Draft::node(
            node,
            format!("`{locale}` is {}", shorten(&describe(tree, value))),
        )
        .note("Dify shows the English text instead")
        .help(format!("write the text, or remove `{locale}`"));
        draft.place_at(node.key_place());
        cx.report(draft);
    }
}
