//! A section for credentials with nothing in it.

use crate::plugin::Document;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Document(check);

const SECTIONS: [&str; 2] = ["credentials_for_provider", "credentials_schema"];

fn check(document: &Document, cx: &mut Context<'_>) {
    let Some(root) = crate::plugin::Node::root(document) else {
        return;
    };
    for (key, value) in root.entries() {
        let Some(name) = key.text().filter(|name| SECTIONS.contains(name)) else {
            continue;
        };
        let tree = document.tree();
        let empty =
            value.is_null() || (value.is_mapping() && tree.pairs(value.id()).next().is_none());
        if empty {
            cx.report(
                Draft::node(key, format!("`{name}` holds nothing"))
                    .note("a reader of the file cannot tell whether something was forgotten")
                    .fix(repair::node::remove(value, repair::Safe))
                    .help("remove the line if there are no credentials"),
            );
        }
    }
}
