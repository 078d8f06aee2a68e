//! The link beside a credential.

use crate::finding::{Fix, RuleId};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for field in &nodes::called(document).credentials {
        let field = Node::new(document, *field);
        if let Some(url) = field.get("url") {
            one(url, cx);
        }
    }
    if document.kind != DocumentKind::ModelProvider {
        return;
    }
    let urls = Node::root(document).and_then(|root| root.at(&["help", "url"]));
    for (_, url) in urls.map_or_else(Vec::new, Node::entries) {
        one(url, cx);
    }
}

fn one(url: Node<'_>, cx: &mut Context<'_>) {
    let Some(text) = url.text() else { return };
    let lower = text.trim().to_ascii_lowercase();
    if lower.is_empty() || lower.starts_with("https://") && lower.len() > "https://".len() {
        return;
    }
    if lower.starts_with("http://") && lower.len() > "http://".len() {
        // a service on the user's own machine has no certificate
        let host = lower.trim_start_matches("http://");
        if host.starts_with("localhost") || host.starts_with("127.") {
            return;
        }
        cx.report(
            Draft::node(
                url,
                format!("the address `{}` is not encrypted", shorten(text)),
            )
            .rule(RuleId("credential/plain-http-url"))
            .note("users follow this link to the page where they handle their key")
            .fix(repair::node::write(
                url,
                &text.trim().replacen("http://", "https://", 1),
                repair::Unsafe,
            ))
            .help("write `https://`"),
        );
        return;
    }
    cx.report(
        Draft::node(url, format!("`{}` is no web address", shorten(text)))
            .rule(RuleId("credential/malformed-url"))
            .note("the form shows it as a link that leads to a page inside Dify")
            .fix(addressed(url, text))
            .help("write the whole address with `https://`, or remove it"),
    );
}

/// `https://` before what begins with the name of a host.
fn addressed(url: Node<'_>, text: &str) -> Option<Fix> {
    let bare = text.trim().trim_start_matches('/');
    let host = bare.split('/').next().unwrap_or_default();
    let named = host.contains('.')
        && !host.starts_with('.')
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    named.then(|| repair::node::write(url, &format!("https://{bare}"), repair::Unsafe))?
}
