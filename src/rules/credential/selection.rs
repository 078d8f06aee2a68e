//! A selection needs options, and only a selection has them; its default is one of them.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::{is_text, not_an_option, values};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Credential(check);

fn check(field: Node<'_>, cx: &mut Context<'_>) {
    let Some(kind) = field.get("type") else {
        return;
    };
    let Some(word) = kind.text() else { return };
    let options = field.get("options");
    let listed = options.is_some_and(|list| !list.items().is_empty());
    if !matches!(word, "select" | "radio") {
        if let Some(options) = options.filter(|_| listed) {
            cx.report(
                Draft::key(
                    options,
                    format!("`options` do nothing for the type `{}`", shorten(word)),
                )
                .rule(RuleId("credential/options-without-select"))
                .label(kind.place(), "not a selection")
                .note("users see a plain field and must guess what may stand in it")
                .fix(repair::node::remove(options, repair::Unsafe))
                .help("write `type: select`, or remove the options"),
            );
        }
        return;
    }
    if !listed && options.is_none_or(Node::is_list) {
        cx.report(
            Draft::node(kind, format!("a `{word}` without `options` offers nothing"))
                .rule(RuleId("credential/select-without-options"))
                .note("users meet an empty list; whatever is sent instead, the daemon refuses it")
                .help("list `options`, each with `value` and `label`, or use `text-input`"),
        );
        return;
    }
    let values = values(field);
    // one that is no text is told apart
    let Some(default) = field
        .get("default")
        .filter(|it| !values.is_empty() && is_text(*it))
    else {
        return;
    };
    let Some(text) = default
        .text()
        .filter(|text| !text.is_empty() && !values.contains(text))
    else {
        return;
    };
    cx.report(
        not_an_option(default, text, &values)
            .rule(RuleId("credential/default-not-an-option"))
            .note("nothing is chosen at first, although the form seems to have a value"),
    );
}
