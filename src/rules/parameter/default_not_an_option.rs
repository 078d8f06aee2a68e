//! A default that the selection does not offer.

use crate::plugin::Node;
use crate::rules::fields::{is_text, not_an_option, values};
use crate::rules::{Context, On};
use hashbrown::HashSet;

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
        cx.report(not_an_option(item, text, &values).note(
            "nothing is chosen at first, and the code may get a value that it does not know",
        ));
    }
}
