//! The choices of the parameter rules of a model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::models;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    for rule in models::rules(model.document()) {
        if let Some(options) = rule.options.filter(|node| node.is_list()) {
            written(options, rule.kind(), cx);
        }
        let Some(default) = rule.default.filter(|_| rule.kind() == Some("string")) else {
            continue;
        };
        let Some(text) = default.text() else { continue };
        let options = rule.choices();
        if options.is_empty() || options.contains(&text) {
            continue;
        }
        let near = nearest(text, options.iter().copied());
        let some: Vec<&str> = options.iter().copied().take(6).collect();
        cx.report(
            Draft::node(
                default,
                format!("the default `{}` is not among the options", shorten(text)),
            )
            .rule(RuleId("model/default-not-in-options"))
            .note("the list starts with a choice that it does not offer")
            .fix(repair::node::near(default, near))
            .help(match near {
                Some(near) => format!("did you mean `{}`?", shorten(near)),
                None => format!("write {}", one_of(&some)),
            }),
        );
    }
}

fn written(options: Node<'_>, kind: Option<&str>, cx: &mut Context<'_>) {
    let items = options.items();
    let useless = match kind {
        Some(kind) if kind != "string" => Some(format!(
            "`options` mean nothing for the type `{}`",
            shorten(kind)
        )),
        _ if items.is_empty() => Some("the list of options is empty".to_owned()),
        _ => None,
    };
    if let Some(message) = useless {
        cx.report(
            Draft::key(options, message)
                .rule(RuleId("model/useless-options"))
                .note("Dify draws a list of choices only for the type `string` with options")
                .fix(repair::node::remove(options, repair::Unsafe))
                .help("remove `options`, or write `type: string` and at least one option"),
        );
        return;
    }
    let mut seen: Vec<Node<'_>> = Vec::new();
    for item in items.into_iter().take(512) {
        let Some(text) = item.text() else { continue };
        match seen.iter().find(|other| other.text() == Some(text)) {
            Some(first) => cx.report(
                Draft::node(
                    item,
                    format!("the option `{}` is there twice", shorten(text)),
                )
                .rule(RuleId("model/duplicate-option"))
                .label(first.place(), "first here")
                .note("both choices send the same value")
                .fix(repair::node::remove(item, repair::Safe))
                .help("remove one of the two"),
            ),
            None => seen.push(item),
        }
    }
}
