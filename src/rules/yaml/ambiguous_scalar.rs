//! Words that the daemon and the SDK take for different values.

use crate::finding::Fix;
use crate::format::words::{name_of, shorten};
use crate::format::{SdkType, shapes};
use crate::plugin::Document;
use crate::rules::{Context, Draft, On, nodes, repair as write};
use crate::yaml::{NodeId, divergence, go, python};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    if !document.daemon || !document.sdk {
        return;
    }
    let tree = document.tree();
    for (node, shape) in nodes::shaped(document) {
        let Some(divergence) = divergence(tree, *node) else {
            continue;
        };
        let shape = shapes().get(*shape);
        // a text field refuses what is no text, and a time is a time however it is spelt
        let text = shape
            .sdk
            .as_ref()
            .is_none_or(|sdk| sdk.kind == SdkType::Str);
        let a_time = tree
            .key_of(*node)
            .is_some_and(|key| tree.text(key) == "created_at");
        if text || a_time || python::resolve(tree, *node).is_err() {
            continue;
        }
        let written = tree.text(*node);
        let message = format!(
            "{} is {} for the daemon and {} for the SDK",
            name_of(tree, *node),
            shorten(&divergence.daemon),
            shorten(&divergence.sdk)
        );
        cx.report(
            Draft::at(document, *node, message)
                .note("the daemon reads YAML 1.2 and the SDK YAML 1.1, where such words mean other things")
                .help(format!("write `\"{}\"` if it is a text, or spell the value that you mean", shorten(written)))
                .fix(repair(document, *node)),
        );
    }
}

/// In quotes where a text may stand; as true, false or a number where one of these is wanted.
fn repair(document: &Document, node: NodeId) -> Option<Fix> {
    let tree = document.tree();
    let field = tree.parent(node).and_then(|it| tree.get(it, "type"));
    let wanted = field.map_or("", |it| tree.text(it));
    let written = tree.text(node);
    match (wanted, go::resolve(tree, node).ok()?) {
        ("number", go::Scalar::Int(number)) => {
            write::write_yaml(document, node, &number.to_string(), write::Unsafe)
        }
        ("number", go::Scalar::Float(number)) if number.is_finite() => {
            write::write_yaml(document, node, &number.to_string(), write::Unsafe)
        }
        ("boolean", _) => {
            let value = match written.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" => "true",
                "no" | "off" | "n" => "false",
                _ => return None,
            };
            write::write_yaml(document, node, value, write::Unsafe)
        }
        _ => write::quote(document, node, write::Unsafe),
    }
}
