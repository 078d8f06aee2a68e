//! A selection needs options, and only a selection has them.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::name;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(kind) = parameter.get("type") else {
        return;
    };
    let Some(word) = kind.text() else { return };
    let options = parameter.get("options");
    let listed = options.is_some_and(|list| !list.items().is_empty());
    // a `checkbox` is true or false, but one of an event may tick several options
    let several = parameter.get("multiple").and_then(Node::bool) == Some(true);
    let event = parameter.document().kind != DocumentKind::Tool;
    let ticks = word == "checkbox" && event && (several || options.is_some());
    if word == "select" || ticks {
        if !listed && options.is_none_or(Node::is_list) {
            cx.report(
                Draft::node(
                    name(parameter).unwrap_or(kind),
                    format!("a `{word}` without `options` offers nothing"),
                )
                .label(kind.place(), "a selection")
                .rule(RuleId("parameter/select-without-options"))
                .note("users meet an empty list and cannot fill the field in")
                .help("list `options`, each with `value` and `label`, or use another type"),
            );
        }
        return;
    }
    // `options` of a dynamic selection stand in until the code has answered
    if let (Some(options), true, false) = (options, listed, word == "dynamic-select") {
        cx.report(
            Draft::key(
                options,
                format!("`options` do nothing for the type `{}`", shorten(word)),
            )
            .rule(RuleId("parameter/options-without-select"))
            .label(kind.place(), "not a selection")
            .note("users see a plain field and must guess what may stand in it")
            .fix(repair::node::remove(options, repair::Unsafe))
            .help("write `type: select`, or remove the options"),
        );
    }
}
