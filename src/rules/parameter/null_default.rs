//! A default that is nothing.

use crate::plugin::Node;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let default = parameter
        .entries()
        .into_iter()
        .find(|(key, _)| key.text() == Some("default"));
    let Some((key, value)) = default else { return };
    if value.is_null() {
        cx.report(
            Draft::node(key, "`default` is nothing")
                .note("every reader takes it as if it were not there")
                .fix(repair::node::remove(value, repair::Safe))
                .help("remove the line, or write a value"),
        );
    }
}
