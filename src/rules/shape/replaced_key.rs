//! Keys that exist, but that some reader never looks at, where another key is meant.

use crate::format::{Shape, shapes};
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for (id, shape) in nodes::shaped(document) {
        let shape = shapes().get(*shape);
        let node = Node::new(document, *id);
        if let Some(instead) = shape.deprecated.filter(|_| !node.is_null()) {
            report(node, shape, instead, cx);
        }
    }
}

fn report(node: Node<'_>, shape: &Shape, instead: &str, cx: &mut Context<'_>) {
    let tree = node.tree();
    let Some(key) = tree.key_of(node.id()) else {
        return;
    };
    let name = tree.text(key);
    let (message, note) = match (shape.daemon.is_some(), shape.sdk.is_some()) {
        (false, false) => (
            format!("nobody reads `{name}` here"),
            "both readers skip it silently, and what stands in it is lost",
        ),
        (true, false) => (
            format!("the SDK does not read `{name}` here"),
            "the daemon takes it, but the plugin's own code never sees it",
        ),
        (false, true) => (
            format!("the daemon does not read `{name}` here"),
            "the SDK takes it, but Dify never learns of it",
        ),
        // both read it, and there is a better way to say it
        (true, true) => return,
    };
    cx.report(
        Draft::key(node, message)
            .note(note)
            .help(format!("write `{instead}`")),
    );
}
