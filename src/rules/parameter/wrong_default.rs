//! A default that is not of its parameter's type.

use crate::finding::{Applicability, Edit, Fix};
use crate::format::words::{describe, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use crate::yaml::go::{self, Scalar};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(kind) = parameter.text_at("type") else {
        return;
    };
    let Some(default) = parameter.get("default") else {
        return;
    };
    let several = parameter.get("multiple").and_then(Node::bool) == Some(true);
    // the SDK itself refuses one value for several and several for one
    if matches!(kind, "select" | "dynamic-select") && several != default.is_list() {
        return;
    }
    let (sound, wanted) = match kind {
        "number" => (
            is(default, |it| {
                matches!(it, Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_))
            }),
            "a number",
        ),
        "boolean" => (
            is(default, |it| matches!(it, Scalar::Bool(_))),
            "`true` or `false`",
        ),
        "string" | "secret-input" => (is(default, |it| matches!(it, Scalar::Str(_))), "a text"),
        "select" | "dynamic-select" if several => (
            default.items().iter().all(|item| is_text(*item)),
            "a list of texts",
        ),
        "select" | "dynamic-select" => (is_text(default), "a text, as the values of options are"),
        "array" | "array[tools]" => (default.is_list() || blank(default), "a list"),
        "object" => (default.is_mapping() || blank(default), "a mapping"),
        "file" | "files" => (
            blank(default),
            "left out, as nobody can set a file beforehand",
        ),
        _ => return,
    };
    if sound {
        return;
    }
    let found = describe(default.tree(), default.id());
    let draft = Draft::node(
        default,
        format!("the default of a `{kind}` must not be {found}"),
    )
    .note("no reader compares them: the form starts with a wrong value, or the code gets one")
    .fix(unquoted(kind, default));
    cx.report(match default.text() {
        Some(text) if wanted.starts_with("a text") => {
            draft.help(format!("quote it: `\"{}\"`", shorten(text)))
        }
        Some(text) if reads_as(kind, text) => {
            draft.help(format!("write {} without quotes", shorten(text)))
        }
        _ => draft.help(format!("it must be {wanted}")),
    });
}

fn is(node: Node<'_>, wanted: fn(&Scalar<'_>) -> bool) -> bool {
    let tree = node.tree();
    let target = tree.target(node.id()).unwrap_or(node.id());
    // a type that neither reader can resolve is refused elsewhere
    tree.is_scalar(target) && go::resolve(tree, target).map_or(true, |value| wanted(&value))
}

fn is_text(node: Node<'_>) -> bool {
    is(node, |it| matches!(it, Scalar::Str(_)))
}

fn blank(node: Node<'_>) -> bool {
    node.text().is_some_and(str::is_empty)
}

fn reads_as(kind: &str, text: &str) -> bool {
    matches!(
        (kind, go::resolve_text(text, true, None)),
        (
            "number",
            Ok(Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_))
        ) | ("boolean", Ok(Scalar::Bool(_)))
    )
}

/// The quotes taken off, where the text is then of the type.
fn unquoted(kind: &str, default: Node<'_>) -> Option<Fix> {
    let text = default.text().filter(|text| reads_as(kind, text))?;
    let place = default.place();
    let edit = Edit {
        file: place.file,
        span: place.span,
        text: text.to_owned(),
    };
    let title = format!("remove the quotes around {}", shorten(text));
    Some(Fix {
        title,
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    })
}
