//! Two fields of one form with the same name.

use crate::format::words::shorten;
use crate::plugin::{Document, Node};
use crate::rules::fields::{lists, name};
use crate::rules::nodes::called;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for list in lists(document, called(document).credentials.iter().copied()) {
        let mut seen: hashbrown::HashMap<(&str, String), Node<'_>> = Default::default();
        for field in list {
            let Some(name) = name(field) else { continue };
            let Some(text) = name.text().filter(|text| !text.is_empty()) else {
                continue;
            };
            // one variable may be asked for differently under different conditions
            let key = (text, shown(field));
            let Some(first) = seen.get(&key) else {
                seen.insert(key, name);
                continue;
            };
            cx.report(
                Draft::node(
                    name,
                    format!("the field `{}` is there twice", shorten(text)),
                )
                .label(first.place(), "first here")
                .note("the form shows two fields, and the code gets the value of one of them")
                .help("remove one, or give it a name of its own"),
            );
        }
    }
}

/// The conditions under which a field is shown, in a form that can be compared.
fn shown(field: Node<'_>) -> String {
    let conditions = field.get("show_on").map_or_else(Vec::new, Node::items);
    let mut conditions: Vec<String> = conditions
        .into_iter()
        .map(|it| {
            let text = |key| it.text_at(key).unwrap_or_default();
            format!("{}={}", text("variable"), text("value"))
        })
        .collect();
    conditions.sort();
    conditions.join("&")
}
