//! Keys whose value was left out.

use crate::format::DocumentKind;
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let tree = document.tree();
    for (mapping, shape) in nodes::mappings(document) {
        // `i18n/` and `privacy/` have better words for theirs
        if shape.noun == "localized text" {
            continue;
        }
        for (key, value) in tree.pairs(mapping.id()) {
            let name = tree.text(key);
            let empty =
                tree.is_scalar(value) && tree.raw(value).is_empty() && tree.tag(value).is_none();
            if !empty
                || tree.anchor(value).is_some()
                || name == "privacy"
                || shape.property(name).is_none()
            {
                continue;
            }
            // the daemon wants the list of a datasource's parameters, if only an empty one
            let listed = document.kind == DocumentKind::Datasource && name == "parameters";
            let fix = match listed {
                true => repair::write_yaml(document, value, "[]", repair::Unsafe),
                false => repair::node::remove(Node::new(document, value), repair::Unsafe),
            };
            cx.report(
                Draft::key(Node::new(document, value), format!("`{name}` has no value"))
                    .note("YAML takes it for null, which each reader understands in its own way")
                    .fix(fix)
                    .help("write the value, `[]` for an empty list, or remove the key"),
            );
        }
    }
}
