//! `min` and `max`: on numbers only, in this order, with the default between them.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let bound = |key| {
        parameter
            .get(key)
            .and_then(|node| Some((node, node.number()?)))
    };
    let (min, max) = (bound("min"), bound("max"));
    let kind = parameter.text_at("type").unwrap_or_default();
    if kind != "number" {
        if let Some((node, _)) = min.or(max)
            && !kind.is_empty()
        {
            cx.report(
                Draft::key(
                    node,
                    format!(
                        "`min` and `max` do nothing for the type `{}`",
                        shorten(kind)
                    ),
                )
                .rule(RuleId("parameter/bounds-without-number"))
                .note("they bound the value of a `number`; for other types nobody looks")
                .fix(repair::node::remove(node, repair::Unsafe))
                .help("make it a `number`, or check the value in the code"),
            );
        }
        return;
    }
    if let (Some((low, least)), Some((high, most))) = (min, max)
        && least > most
    {
        cx.report(
            Draft::node(low, format!("`min` {least} is greater than `max` {most}"))
                .rule(RuleId("parameter/empty-range"))
                .label(high.place(), "the greatest value allowed")
                .note("no number fits, so the field can never be filled in")
                .help("exchange the two"),
        );
        return;
    }
    let Some(default) = parameter.get("default") else {
        return;
    };
    let Some(value) = default.number() else {
        return;
    };
    let beyond = match (min, max) {
        (Some((node, least)), _) if value < least => Some((node, "less than `min`", least)),
        (_, Some((node, most))) if value > most => Some((node, "greater than `max`", most)),
        _ => None,
    };
    if let Some((node, what, limit)) = beyond {
        cx.report(
            Draft::node(default, format!("the default {value} is {what} {limit}"))
                .rule(RuleId("parameter/default-out-of-range"))
                .label(node.place(), "the limit")
                .note("the form starts with a value that it does not accept")
                .fix(repair::node::yaml(
                    default,
                    node.text().unwrap_or_default(),
                    repair::Unsafe,
                ))
                .help("move the default or the limit"),
        );
    }
}
