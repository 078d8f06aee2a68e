//! How a bundle names its plugins. Nobody checks it before somebody installs the bundle.

use crate::dialect::patterns;
use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use hashbrown::HashMap;

pub const CHECK: On = On::Kind(DocumentKind::Bundle, check);

/// Each type of dependency and the key that names the plugin.
const TYPES: [(&str, &str); 3] = [
    ("github", "repo_pattern"),
    ("marketplace", "marketplace_pattern"),
    ("package", "path"),
];

fn check(bundle: Node<'_>, cx: &mut Context<'_>) {
    let list = bundle.get("dependencies");
    let items = list.map_or_else(Vec::new, Node::items);
    if items.is_empty() && list.is_none_or(Node::is_list) {
        let place = bundle.entries().first().map_or(bundle, |(key, _)| *key);
        cx.report(
            Draft::node(list.unwrap_or(place), "this bundle has no plugins")
                .rule(RuleId("bundle/no-dependencies"))
                .note("it is packaged and uploaded without complaint and installs nothing")
                .help("add plugins under `dependencies`, or with `dify bundle append`"),
        );
    }
    let mut seen: HashMap<(&str, &str), Node<'_>> = HashMap::new();
    for item in items.into_iter().filter(|item| item.is_mapping()) {
        let Some((key, named)) = one(item, cx) else {
            continue;
        };
        let Some(text) = named.text() else { continue };
        let plugin = if key == "path" {
            text
        } else {
            text.split(':').next().unwrap_or(text)
        };
        match seen.get(&(key, plugin)) {
            None => {
                seen.insert((key, plugin), named);
            }
            Some(first) => cx.report(
                Draft::node(
                    named,
                    format!("`{}` is in the bundle twice", shorten(plugin)),
                )
                .rule(RuleId("bundle/duplicate-dependency"))
                .label(first.place(), "first here")
                .note("nobody compares the entries; at most one of them is of use")
                .help("keep one entry"),
            ),
        }
    }
}

/// Looks at one dependency and returns the key and the node that name its plugin.
fn one<'p>(item: Node<'p>, cx: &mut Context<'_>) -> Option<(&'static str, Node<'p>)> {
    let types = TYPES.map(|(name, _)| name);
    let Some(node) = item.get("type") else {
        cx.report(
            Draft::node(item, "this dependency has no `type`")
                .rule(RuleId("bundle/unknown-type"))
                .note("a dependency without a known type is skipped without a message")
                .help(format!("write `type` with {}", one_of(&types))),
        );
        return None;
    };
    let text = node.text()?;
    let Some((_, key)) = TYPES.into_iter().find(|(name, _)| *name == text) else {
        cx.report(
            Draft::node(
                node,
                format!("there is no type of dependency `{}`", shorten(text)),
            )
            .rule(RuleId("bundle/unknown-type"))
            .note("a dependency without a known type is skipped without a message")
            .help(match nearest(text, types) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", one_of(&types)),
            }),
        );
        return None;
    };
    let Some(named) = item.at(&["value", key]).filter(|it| it.text() != Some("")) else {
        cx.report(
            Draft::node(
                node,
                format!("a dependency of type `{text}` needs `value.{key}`"),
            )
            .rule(RuleId("bundle/missing-value"))
            .note("packaging does not look; the installation has nothing to fetch")
            .help(format!("write `{key}` below `value`")),
        );
        return None;
    };
    let written = named.text()?;
    match key {
        "repo_pattern" if !patterns::github(written) => malformed(
            named,
            written,
            "write `owner/repository:1.0.0/plugin.difypkg`, in lower case",
            cx,
        ),
        "marketplace_pattern" if !patterns::marketplace(written) => {
            malformed(
                named,
                written,
                "write `author/plugin:~1.0.0`, in lower case",
                cx,
            );
        }
        _ => {}
    }
    Some((key, named))
}

fn malformed(node: Node<'_>, written: &str, help: &str, cx: &mut Context<'_>) {
    cx.report(
        Draft::node(node, format!("`{}` names no plugin and version", shorten(written)))
            .rule(RuleId("bundle/bad-pattern"))
            .note("versions are `1.0.0`, `~1.0.0`, `^1.0.0`, `1.x.x` or `1.0.0-2.0.0`; `latest` and `>=` are not known")
            .help(help),
    );
}
