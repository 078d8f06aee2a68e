//! Secrets that are stored in clear text, come with the plugin, or leave the user without advice.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::fields::{is_about, name, words};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Credential(check);

fn check(field: Node<'_>, cx: &mut Context<'_>) {
    let (Some(name), Some(kind)) = (name(field), field.get("type")) else {
        return;
    };
    let Some(text) = name.text() else { return };
    match kind.text() {
        // what stands in an OAuth schema is told by `oauth/`
        Some("text-input") if is_secret(text) && !inside(field, "oauth_schema") => cx.report(
            Draft::node(
                name,
                format!("`{text}` looks like a secret, but is stored in clear text"),
            )
            .rule(RuleId("credential/visible-secret"))
            .label(kind.place(), "stored in clear text")
            .note("a `text-input` is stored as it is and shown to everybody who opens the form")
            .fix(repair::node::write(kind, "secret-input", repair::Unsafe))
            .help("write `type: secret-input`"),
        ),
        Some("secret-input") => {
            comes_with_plugin(field, text, cx);
            without_advice(field, name, text, cx);
        }
        _ => {}
    }
}

fn comes_with_plugin(field: Node<'_>, text: &str, cx: &mut Context<'_>) {
    let Some(default) = field
        .get("default")
        .filter(|it| it.text().is_some_and(|it| !it.is_empty()))
    else {
        return;
    };
    cx.report(
        Draft::node(default, format!("the secret `{text}` has a default"))
            .rule(RuleId("credential/secret-default"))
            .note("the package is public: everybody who has it can read the value")
            .help("remove it, or write `type: text-input` if it is no secret"),
    );
}

fn without_advice(field: Node<'_>, name: Node<'_>, text: &str, cx: &mut Context<'_>) {
    // the forms of model providers have one help for all; what OAuth yields nobody types in
    if field.document().kind == DocumentKind::ModelProvider || inside(field, "oauth_schema") {
        return;
    }
    let told = ["help", "url"].iter().any(|key| field.get(key).is_some());
    if !told {
        cx.report(
            Draft::node(
                name,
                format!("nothing tells the user where to get `{text}`"),
            )
            .rule(RuleId("credential/secret-without-help"))
            .note("the form shows an empty field and no link")
            .help("add `help` with a sentence and `url` with the page where the key is made"),
        );
    }
}

fn inside(node: Node<'_>, key: &str) -> bool {
    node.tree()
        .pointer(node.id())
        .split('/')
        .any(|part| part == key)
}

/// Names of keys, tokens and passwords; `client_id` and the like are none.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let last = words.last().map(String::as_str);
    if is_about(&words) {
        return false;
    }
    has("secret")
        || has("password")
        || has("passwd")
        || has("apikey")
        || last == Some("token")
        || (last == Some("key") && ["api", "private", "access", "app"].iter().any(|it| has(it)))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn keys_and_tokens_are_secret_and_ids_are_not() {
        for name in [
            "api_key",
            "civitai_api_key",
            "client_secret",
            "token",
            "db_password",
            "APIKey",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "client_id",
            "secret_id",
            "token_url",
            "max_tokens",
            "public_key",
            "key",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
