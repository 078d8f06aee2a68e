//! Names of the parameter rules of a model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::models::{self, templates};
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashMap;

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    let mut seen: HashMap<&str, Node<'_>> = HashMap::new();
    for rule in models::rules(model) {
        let Some(node) = rule.node.get("name") else {
            continue;
        };
        let Some(name) = node.text() else { continue };
        if let Some(first) = seen.get(name) {
            cx.report(
                Draft::node(
                    node,
                    format!("the parameter `{}` is there twice", shorten(name)),
                )
                .rule(RuleId("model/duplicate-parameter"))
                .label(first.place(), "first here")
                .note("both are shown, and your code gets one value under this name")
                .fix(repair::node::remove_twin(node, *first, repair::Safe))
                .help("remove one of the two"),
            );
            continue;
        }
        seen.insert(name, node);
        let known = match rule.template {
            _ if templates().contains_key(name) => None,
            Some((template, _)) => misspells(name, template).then_some(template),
            None => templates()
                .keys()
                .map(String::as_str)
                .find(|known| misspells(name, known)),
        };
        if let Some(known) = known {
            cx.report(
                Draft::node(
                    node,
                    format!("the parameter `{}` is probably `{known}`", shorten(name)),
                )
                .rule(RuleId("model/misspelt-parameter"))
                .note("the value reaches your code under the name that stands here")
                .fix(repair::node::write(node, known, repair::Unsafe))
                .help(format!("write `{known}`")),
            );
        }
    }
}

/// One letter too many, too few or wrong; `topP` is another convention and no slip.
fn misspells(name: &str, known: &str) -> bool {
    known.len() >= 5
        && name.chars().count().abs_diff(known.len()) <= 1
        && !name.ends_with(|last: char| last.is_ascii_digit())
        && strsim::damerau_levenshtein(name, known) == 1
}
