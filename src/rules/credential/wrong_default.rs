//! A default that is not of its field's type.

use crate::format::words::describe;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use crate::yaml::go::{self, Scalar};

pub const CHECK: On = On::Credential(check);

fn check(field: Node<'_>, cx: &mut Context<'_>) {
    // the forms of model providers take texts only, and a reader says so
    if field.get("variable").is_some() {
        return;
    }
    let Some(default) = field
        .get("default")
        .filter(|default| default.text().is_some())
    else {
        return;
    };
    let tree = default.tree();
    let Ok(value) = go::resolve(tree, tree.target(default.id()).unwrap_or(default.id())) else {
        return;
    };
    let (kind, sound, help) = match field.text_at("type") {
        Some("boolean") => (
            "boolean",
            matches!(value, Scalar::Bool(_)),
            "write `true` or `false` without quotes",
        ),
        Some(kind @ ("text-input" | "secret-input" | "select")) => {
            (kind, matches!(value, Scalar::Str(_)), "put it in quotes")
        }
        _ => return,
    };
    if !sound {
        let found = describe(tree, default.id());
        cx.report(
            Draft::node(
                default,
                format!("the default of a `{kind}` must not be {found}"),
            )
            .note("the daemon compares types when the form is saved, and refuses this value")
            .help(help),
        );
    }
}
