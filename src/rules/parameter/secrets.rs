//! Passwords and keys among the parameters of a call.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::fields::{is_about, name, words};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

/// More words (token, key) were measured: seven of eight hits were page tokens and folder keys.
const SECRETS: [&str; 3] = ["secret", "password", "passwd"];

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(name) = name(parameter) else { return };
    let Some(text) = name.text() else { return };
    match parameter
        .get("type")
        .and_then(|kind| Some((kind, kind.text()?)))
    {
        Some((_, "secret-input")) => {
            let Some(form) = parameter.get("form").filter(|it| it.text() == Some("llm")) else {
                return;
            };
            cx.report(
                Draft::node(
                    name,
                    format!("the model would have to write the secret `{text}`"),
                )
                .rule(RuleId("parameter/secret-for-model"))
                .label(form.place(), "the model fills it in")
                .note("a model cannot know it, and what it writes lands in logs and history")
                .fix(repair::node::write(form, "form", repair::Unsafe))
                .help("write `form: form`, or make it a credential of the provider"),
            );
        }
        Some((kind, "string")) if is_secret(text) => {
            // a model cannot fill in a secret, and events have none
            let to_model = parameter.text_at("form") == Some("llm");
            let may_hide = !to_model
                && !matches!(
                    parameter.document().kind,
                    DocumentKind::Event | DocumentKind::TriggerProvider
                );
            cx.report(
                Draft::node(
                    name,
                    format!("`{text}` looks like a secret, but is stored in clear text"),
                )
                .rule(RuleId("parameter/visible-secret"))
                .label(kind.place(), "stored in clear text")
                .note(
                    "a `string` is shown to everybody who opens the workflow, and exported with it",
                )
                .fix(
                    parameter
                        .get("type")
                        .filter(|_| may_hide)
                        .and_then(|it| repair::node::write(it, "secret-input", repair::Unsafe)),
                )
                .help("write `type: secret-input`, or make it a credential of the provider"),
            );
        }
        _ => {}
    }
}

/// `secret_type` and `password_url` are no secrets themselves.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| SECRETS.contains(&word.as_str())) && !is_about(&words)
}
