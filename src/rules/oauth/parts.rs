//! The two halves of an OAuth sign-in, and what in them is secret.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let Some(root) = Node::root(document) else {
        return;
    };
    for schema in [
        root.get("oauth_schema"),
        root.at(&["subscription_constructor", "oauth_schema"]),
    ]
    .into_iter()
    .flatten()
    .filter(|schema| schema.is_mapping())
    {
        let fields = |key| schema.get(key).map_or_else(Vec::new, Node::items);
        let (client, credentials) = (fields("client_schema"), fields("credentials_schema"));
        match (client.is_empty(), credentials.is_empty()) {
            (true, true) => cx.report(
                Draft::key(schema, "`oauth_schema` declares nothing")
                    .rule(RuleId("oauth/empty-schema"))
                    .note("Dify offers a sign-in that cannot be set up").help("declare `client_schema` and `credentials_schema`, or remove it"),
            ),
            (true, false) => cx.report(
                Draft::key(schema, "`oauth_schema` has no `client_schema`")
                    .rule(RuleId("oauth/missing-client-schema"))
                    .note("nobody can enter the `client_id` and `client_secret` of the application")
                    .help("list the fields under `client_schema`"),
            ),
            (false, true) => cx.report(
                Draft::key(schema, "`oauth_schema` has no `credentials_schema`")
                    .rule(RuleId("oauth/missing-credentials-schema"))
                    .note("what the sign-in yields is then not encrypted as a secret, nor known to the code")
                    .help("list what the sign-in yields, usually `access_token`"),
            ),
            (false, false) => {}
        }
        for field in client {
            hidden(
                field,
                &["client_secret", "app_secret"],
                "oauth/visible-client-secret",
                cx,
            );
        }
        for field in credentials {
            let tokens = ["access_token", "refresh_token", "access_tokens", "token"];
            hidden(field, &tokens, "oauth/visible-token", cx);
        }
    }
}

fn hidden(field: Node<'_>, names: &[&str], rule: &'static str, cx: &mut Context<'_>) {
    let (Some(name), Some(kind)) = (field.get("name"), field.get("type")) else {
        return;
    };
    let (Some(text), Some(word)) = (name.text(), kind.text()) else {
        return;
    };
    if !names.contains(&text) || word == "secret-input" {
        return;
    }
    cx.report(
        Draft::node(
            kind,
            format!("`{text}` is stored in clear text as `{}`", shorten(word)),
        )
        .rule(RuleId(rule))
        .label(name.place(), "a secret")
        .note("only fields of type `secret-input` are encrypted and masked")
        .fix(
            field
                .get("type")
                .and_then(|it| repair::node::write(it, "secret-input", repair::Unsafe)),
        )
        .help("write `type: secret-input`"),
    );
}
