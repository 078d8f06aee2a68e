//! A name that is no identifier.

use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::{is_identifier, name};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Credential(check);

fn check(field: Node<'_>, cx: &mut Context<'_>) {
    let Some(name) = name(field) else { return };
    let Some(text) = name
        .text()
        .filter(|text| !text.is_empty() && !is_identifier(text))
    else {
        return;
    };
    cx.report(
        Draft::node(
            name,
            format!("the field name `{}` is no identifier", shorten(text)),
        )
        .note("it works, but a typo in the code is then found by nobody")
        .help("use letters, digits and `_`, and start with a letter"),
    );
}
