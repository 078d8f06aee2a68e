//! Two children of one provider with the same name.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::fields::repeated;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// Events are refused, by another rule.
const CHILDREN: [(DocumentKind, &str); 3] = [
    (DocumentKind::Tool, "tool"),
    (DocumentKind::AgentStrategy, "strategy"),
    (DocumentKind::Datasource, "data source"),
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    for (kind, noun) in CHILDREN {
        let parents: Vec<usize> = {
            let mut parents: Vec<usize> = plugin
                .of_kind(kind)
                .filter_map(|it| it.parent.map(|(at, _)| at))
                .collect();
            parents.dedup();
            parents
        };
        for parent in parents {
            let children = plugin
                .of_kind(kind)
                .filter(|it| it.parent.is_some_and(|(at, _)| at == parent));
            let names = children.filter_map(|it| Node::root(it)?.at(&["identity", "name"]));
            for twin in repeated(names) {
                cx.report(
                    Draft::node(
                        twin.again,
                        format!("the {noun} `{}` is there twice", shorten(twin.text)),
                    )
                    .label(twin.first.place(), "first here")
                    .note("the SDK keeps the later one and calls it for both")
                    .help("give each its own name"),
                );
            }
        }
    }
}
