//! A default that the selection does not offer.

use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::fields::{MOST_COMPARED, values};
use crate::rules::{Context, Draft, On, repair};
use crate::yaml::go;
use std::collections::HashSet;

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    if parameter.text_at("type") != Some("select") {
        return;
    }
    let Some(default) = parameter.get("default") else {
        return;
    };
    let values = values(parameter);
    if values.is_empty() {
        return;
    }
    let known: HashSet<&str> = values.iter().copied().collect();
    let chosen = if default.is_list() {
        default.items()
    } else {
        vec![default]
    };
    for item in chosen {
        let Some(text) = item.text().filter(|text| !text.is_empty() && is_text(item)) else {
            continue;
        };
        if known.contains(text) {
            continue;
        }
        let message = format!("the default `{}` is not among the options", shorten(text));
        let draft = Draft::node(item, message)
            .note("nothing is chosen at first, and the code may get a value that it does not know");
        cx.report(
            match nearest(text, values.iter().copied().take(MOST_COMPARED)) {
                Some(near) => draft
                    .fix(repair::node::near(item, Some(near)))
                    .help(format!("did you mean `{}`?", shorten(near))),
                None if values.len() <= 8 => draft.help(format!("use {}", one_of(&values))),
                None => draft.help("use the `value` of one of the options"),
            },
        );
    }
}

fn is_text(node: Node<'_>) -> bool {
    let tree = node.tree();
    let target = tree.target(node.id()).unwrap_or(node.id());
    matches!(go::resolve(tree, target), Ok(go::Scalar::Str(_)))
}
