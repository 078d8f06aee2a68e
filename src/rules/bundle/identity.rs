//! Who a bundle is. No validator runs on bundles, so nothing of this is refused.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::pattern;
use crate::format::shapes;
use crate::format::words::{name_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use crate::source::join;

pub const CHECK: On = On::Kind(DocumentKind::Bundle, check);

fn check(bundle: Node<'_>, cx: &mut Context<'_>) {
    let shape = shapes().get(shapes().root(DocumentKind::Bundle));
    let place = bundle.entries().first().map_or(bundle, |(key, _)| *key);
    for key in &shape.plain.required {
        if bundle.get(key).is_none() && *key != "dependencies" {
            cx.report(
                Draft::node(place, format!("this bundle has no `{key}`"))
                    .rule(RuleId("bundle/missing-key"))
                    .note("nobody refuses it; Dify shows the bundle without it")
                    .help(format!("write `{key}`")),
            );
        }
    }
    for (key, id) in shape.properties.iter() {
        let Some(expression) = &shapes().get(*id).plain.pattern else {
            continue;
        };
        let Some(node) = bundle.get(key) else {
            continue;
        };
        let Some(text) = node
            .text()
            .filter(|text| !pattern::matches(expression, text))
        else {
            continue;
        };
        cx.report(
            Draft::node(
                node,
                format!(
                    "{} must not be `{}`",
                    name_of(node.tree(), node.id()),
                    shorten(text)
                ),
            )
            .rule(RuleId("bundle/malformed-value"))
            .note("no validator runs on bundles; the same value in a plugin would be refused")
            .help(match *key {
                "version" => "write three numbers, such as `0.1.0`".to_owned(),
                _ => pattern::in_words(expression),
            }),
        );
    }
    icon(bundle, cx);
}

fn icon(bundle: Node<'_>, cx: &mut Context<'_>) {
    let Some(icon) = bundle.get("icon") else {
        return;
    };
    let Some(name) = icon.text().filter(|name| !name.is_empty()) else {
        return;
    };
    if !cx.plugin().has_file(&join("_assets", name)) {
        cx.report(
            Draft::node(
                icon,
                format!("the icon `{}` is not in `_assets`", shorten(name)),
            )
            .rule(RuleId("bundle/missing-icon"))
            .note("packaging does not look; the bundle is shown without a picture")
            .help(format!("put the picture at `_assets/{}`", shorten(name))),
        );
    }
}
