//! Keys whose value was left out.

use crate::format::{DocumentKind, Shape};
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let tree = document.tree();
    for (value, _) in nodes::shaped(document) {
        if !tree.span(*value).is_empty() || !tree.is_scalar(*value) {
            continue;
        }
        let marked = tree.tag(*value).is_some() || tree.anchor(*value).is_some();
        let Some(key) = tree.key_of(*value).filter(|_| !marked) else {
            continue;
        };
        let name = tree.text(key);
        let shape = tree.parent(key).and_then(|it| document.shape_of(it));
        // `i18n/` and `privacy/` have better words for theirs
        let own = |shape: &&Shape| shape.noun != "localized text" && name != "privacy";
        let known = |shape: &Shape| shape.property(name).is_some();
        if !shape.filter(own).is_some_and(known) {
            continue;
        }
        // the daemon wants the list of a datasource's parameters, if only an empty one
        let listed = document.kind == DocumentKind::Datasource && name == "parameters";
        let value = Node::new(document, *value);
        let fix = match listed {
            true => repair::write_yaml(document, value.id(), "[]", repair::Unsafe),
            false => repair::node::remove(value, repair::Unsafe),
        };
        cx.report(
            Draft::key(value, format!("`{name}` has no value"))
                .note("YAML takes it for null, which each reader understands in its own way")
                .fix(fix)
                .help("write the value, `[]` for an empty list, or remove the key"),
        );
    }
}
