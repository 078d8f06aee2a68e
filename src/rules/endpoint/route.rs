//! Methods and paths of endpoints that lead nowhere.

use crate::finding::RuleId;
use crate::format::words::{one_of, shorten};
use crate::format::{DocumentKind, shape_of, shapes};
use crate::plugin::{Document, Node, Plugin};
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashMap;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut seen: HashMap<(String, String), Node<'_>> = HashMap::new();
    for endpoint in plugin.documents.iter().flat_map(endpoints) {
        let (method, path) = (endpoint.get("method"), endpoint.get("path"));
        if let Some(method) = method {
            known(method, cx);
        }
        let Some(path) = path else { continue };
        braces(path, cx);
        trailing(path, cx);
        let (Some(word), Some(text)) = (method.and_then(Node::text), path.text()) else {
            continue;
        };
        // the SDK writes methods in capitals before it looks
        let key = (word.to_uppercase(), text.to_owned());
        let Some(first) = seen.get(&key) else {
            seen.insert(key, path);
            continue;
        };
        cx.report(
            Draft::node(
                path,
                format!(
                    "two endpoints answer {} `{}`",
                    shorten(&key.0),
                    shorten(text)
                ),
            )
            .rule(RuleId("endpoint/duplicate-route"))
            .label(first.place(), "first here")
            .note("the SDK keeps both, and one of them is never called")
            .help("give each its own path or method"),
        );
    }
}

/// Endpoints in files of their own, and those written into the group.
fn endpoints(document: &Document) -> Vec<Node<'_>> {
    let Some(root) = Node::root(document) else {
        return Vec::new();
    };
    match document.kind {
        DocumentKind::Endpoint => vec![root],
        DocumentKind::EndpointGroup => {
            let list = root.get("endpoints").map_or_else(Vec::new, Node::items);
            list.into_iter().filter(|item| item.is_mapping()).collect()
        }
        _ => Vec::new(),
    }
}

fn known(method: Node<'_>, cx: &mut Context<'_>) {
    let shape = shape_of(DocumentKind::Endpoint)
        .property("method")
        .map(|id| shapes().get(id));
    let words = shape.map_or(&[][..], |shape| &shape.plain.words);
    let Some(text) = method
        .text()
        .filter(|text| !words.iter().any(|word| word == text))
    else {
        return;
    };
    let upper = text.to_uppercase();
    let draft = Draft::node(method, format!("`{}` is no method that the daemon takes", shorten(text)))
        .rule(RuleId("endpoint/unknown-method"))
        .note("remote debugging refuses the plugin; packaged, a word that is no HTTP method is never called");
    cx.report(if words.contains(&upper.as_str()) {
        draft
            .fix(repair::node::write(method, &upper, repair::Safe))
            .help(format!("write `{upper}`"))
    } else {
        draft.help(format!("use {}", one_of(words)))
    });
}

fn braces(path: Node<'_>, cx: &mut Context<'_>) {
    let Some(text) = path.text() else { return };
    let part = text
        .find('{')
        .zip(text.rfind('}'))
        .filter(|(open, close)| open < close);
    let Some(inner) = part.and_then(|(open, close)| text.get(open + 1..close)) else {
        return;
    };
    let inner = inner.split('}').next().unwrap_or(inner);
    cx.report(
        Draft::node(path, format!("`{{{}}}` is taken literally", shorten(inner)))
            .rule(RuleId("endpoint/brace-placeholder"))
            .note("the SDK routes with werkzeug, where a part that varies stands in `<...>`")
            .fix(repair::node::write(
                path,
                &text.replacen(&format!("{{{inner}}}"), &format!("<{inner}>"), 1),
                repair::Unsafe,
            ))
            .help(format!("write `<{}>`", shorten(inner))),
    );
}

fn trailing(path: Node<'_>, cx: &mut Context<'_>) {
    let Some(text) = path
        .text()
        .filter(|text| text.len() > 1 && text.ends_with('/'))
    else {
        return;
    };
    cx.report(
        Draft::node(path, format!("the path `{}` ends with `/`", shorten(text)))
            .rule(RuleId("endpoint/trailing-slash"))
            .note(
                "a call without it is answered with a redirect, which most webhooks do not follow",
            )
            .fix(repair::node::write(
                path,
                text.trim_end_matches('/'),
                repair::Unsafe,
            ))
            .help("remove the last `/`"),
    );
}
