//! The name of a model, and where it says that it comes from.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    if let Some(node) = model.get("model")
        && let Some(text) = node.text().filter(|text| text.trim() != *text)
    {
        cx.report(
            Draft::node(
                node,
                format!("the name `{}` begins or ends with a blank", shorten(text)),
            )
            .rule(RuleId("model/blank-in-name"))
            .note("the blank is sent to the API as part of the name")
            .fix(repair::node::write(node, text.trim(), repair::Unsafe))
            .help(format!("write `{}`", shorten(text.trim()))),
        );
    }
    if let Some(node) = model.get("fetch_from")
        && node.text() == Some("customizable-model")
    {
        cx.report(
            Draft::node(node, "a model in a file is not `customizable-model`")
                .rule(RuleId("model/wrong-fetch-from"))
                .note("this value is for schemas that your code makes for models of the user")
                .fix(repair::node::remove(node, repair::Unsafe))
                .help("remove `fetch_from`: `predefined-model` is the default"),
        );
    }
}
