//! A name that is no identifier.

use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::is_identifier;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(name) = parameter.get("name") else {
        return;
    };
    let Some(text) = name
        .text()
        .filter(|text| !text.is_empty() && !is_identifier(text))
    else {
        return;
    };
    cx.report(
        Draft::node(
            name,
            format!("the parameter name `{}` is no identifier", shorten(text)),
        )
        .note(
            "model services take letters, digits and `_` as names of arguments and refuse the call",
        )
        .help("use letters, digits and `_`, and start with a letter"),
    );
}
