//! Label, description and tags that say nothing.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::{english, repeated};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let (label, description) = (english(manifest, "label"), english(manifest, "description"));
    if let Some((label, text)) = label.and_then(|label| Some((label, label.text()?))) {
        if let Some(description) = description
            && !text.trim().is_empty()
            && description
                .text()
                .is_some_and(|it| it.trim().eq_ignore_ascii_case(text.trim()))
        {
            cx.report(
                Draft::node(description, "the description only repeats the label")
                    .rule(RuleId("manifest/description-equals-label"))
                    .label(label.place(), "the same")
                    .note("it is the line by which users choose among plugins")
                    .help("say in a sentence what the plugin does"),
            );
        }
        if manifest.text_at("name") == Some(text)
            && !text.chars().any(char::is_uppercase)
            && text.chars().any(char::is_alphabetic)
        {
            cx.report(
                Draft::node(
                    label,
                    format!("the label `{}` is the raw name", shorten(text)),
                )
                .rule(RuleId("manifest/raw-label"))
                .note("the label is what users see in lists and menus")
                .help("write the product's name as its owner does, such as `Word Tools`"),
            );
        }
    }
    tags(manifest, cx);
}

fn tags(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(tags) = manifest.get("tags").filter(|tags| tags.is_list()) else {
        return;
    };
    let items = tags.items();
    if items.is_empty() {
        cx.report(
            Draft::key(tags, "the list of tags is empty")
                .rule(RuleId("manifest/empty-tags"))
                .note("users who browse by group do not find the plugin")
                .fix(repair::node::remove(tags, repair::Safe))
                .help("add one to three tags, or remove the line"),
        );
    }
    for twin in repeated(items) {
        cx.report(
            Draft::node(
                twin.again,
                format!("the tag `{}` is there twice", shorten(twin.text)),
            )
            .rule(RuleId("manifest/duplicate-tag"))
            .label(twin.first.place(), "first here")
            .note("it counts once")
            .fix(repair::node::remove(twin.again, repair::Safe))
            .help("remove one"),
        );
    }
}
