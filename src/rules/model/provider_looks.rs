//! How a model provider looks in Dify.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::ModelProvider, check);

fn check(provider: Node<'_>, cx: &mut Context<'_>) {
    if provider.get("icon_small").is_none()
        && let Some(name) = provider.get("provider")
    {
        cx.report(
            Draft::node(name, "this model provider has no `icon_small`")
                .rule(RuleId("model/missing-icon"))
                .note("Dify shows it in front of every model of the provider")
                .help("write `icon_small` with a file of `_assets` as `en_US`"),
        );
    }
    background(provider, cx);
}

fn background(provider: Node<'_>, cx: &mut Context<'_>) {
    if let Some(node) = provider.get("background") {
        let Some(text) = node.text().filter(|text| !is_colour(text)) else {
            return;
        };
        cx.report(
            Draft::node(node, format!("`{}` is no colour", shorten(text)))
                .rule(RuleId("model/odd-background"))
                .note("Dify passes it to the browser, which skips what it does not know")
                .help("write it in hexadecimal and in quotes, such as \"#E5E7EB\""),
        );
        return;
    }
    // `background: #E5E7EB` is a key without a value and a comment
    let tree = provider.tree();
    let Some(value) = provider
        .document()
        .root()
        .and_then(|root| tree.get(root, "background"))
    else {
        return;
    };
    let at = usize::try_from(tree.span(value).end).unwrap_or(usize::MAX);
    let rest = tree
        .source()
        .get(at..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    if rest.trim_start().starts_with('#') {
        cx.report(
            Draft::key(
                Node::new(provider.document(), value),
                "the colour is a comment",
            )
            .rule(RuleId("model/odd-background"))
            .note("without quotes, `#` begins a comment: the provider has no background")
            .help(format!("write \"{}\" in quotes", shorten(rest.trim()))),
        );
    }
}

/// What a browser takes for a colour: hexadecimal, a function, or a name.
fn is_colour(text: &str) -> bool {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix('#') {
        return matches!(digits.len(), 3 | 4 | 6 | 8)
            && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let function = ["rgb(", "rgba(", "hsl(", "hsla("]
        .iter()
        .any(|start| text.starts_with(start));
    function && text.ends_with(')')
        || text.len() >= 3 && text.bytes().all(|b| b.is_ascii_lowercase())
}
