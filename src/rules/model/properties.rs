//! `model_properties`: what Dify and the SDK need to know of a model.

use crate::finding::RuleId;
use crate::format::words::{describe, nearest, one_of, shorten};
use crate::format::{DocumentKind, shapes};
use crate::plugin::Node;
use crate::rules::models::is_type;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    let Some(kind) = model.text_at("model_type") else {
        return;
    };
    let Some(properties) = model
        .get("model_properties")
        .filter(|node| node.is_mapping())
    else {
        return;
    };
    match kind {
        "llm" => {
            mode(properties, cx);
            context_size(properties, kind, cx);
        }
        "text-embedding" => {
            context_size(properties, kind, cx);
            max_chunks(properties, cx);
        }
        _ => {}
    }
    if kind != "llm"
        && is_type(kind)
        && let Some(mode) = properties.get("mode")
    {
        cx.report(
            Draft::key(
                mode,
                format!("`mode` means nothing for a {} model", shorten(kind)),
            )
            .rule(RuleId("model/foreign-property"))
            .note("only models of type `llm` are called by chat or completion")
            .help("remove it, or correct `model_type`"),
        );
    }
}

fn context_size(properties: Node<'_>, kind: &str, cx: &mut Context<'_>) {
    let Some(size) = properties.get("context_size") else {
        let message = format!("this {kind} model does not say its `context_size`");
        cx.report(
            Draft::key(properties, message)
                .rule(RuleId("model/missing-context-size"))
                .note(match kind {
                    "text-embedding" => "the SDK takes 1000 tokens, and texts are cut to that",
                    _ => "neither Dify nor the SDK can then fit prompt and answer into the window",
                })
                .help("write the context window in tokens, such as `context_size: 32768`"),
        );
        return;
    };
    if size.number().is_none_or(|size| size < 1.0) {
        let found = describe(size.tree(), size.id());
        cx.report(
            Draft::node(size, format!("`context_size` is {found}"))
                .rule(RuleId("model/context-size-not-number"))
                .note("nobody checks it at start-up; prompts are measured against it when the model runs")
                .help("write a whole number of tokens without quotes, such as `32768`"),
        );
    }
}

fn mode(properties: Node<'_>, cx: &mut Context<'_>) {
    let words = modes();
    let Some(mode) = properties.get("mode") else {
        cx.report(
            Draft::key(properties, "this llm does not say its `mode`")
                .rule(RuleId("model/missing-mode"))
                .note("Dify decides by it how the prompt is built")
                .help(format!("write `mode: chat`; known are {}", one_of(&words))),
        );
        return;
    };
    let Some(text) = mode
        .text()
        .filter(|text| !words.iter().any(|word| word == text))
    else {
        return;
    };
    let near = nearest(text, words.iter().copied());
    cx.report(
        Draft::node(mode, format!("there is no mode `{}`", shorten(text)))
            .rule(RuleId("model/unknown-mode"))
            .note("it passes every check and fails when the model is called")
            .fix(repair::node::near(mode, near))
            .help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", one_of(&words)),
            }),
    );
}

/// The modes that the schema knows.
fn modes() -> Vec<&'static str> {
    let property = |id, key| shapes().get(id).property(key);
    property(shapes().root(DocumentKind::Model), "model_properties")
        .and_then(|properties| property(properties, "mode"))
        .map_or_else(Vec::new, |mode| shapes().get(mode).plain.words.clone())
}

fn max_chunks(properties: Node<'_>, cx: &mut Context<'_>) {
    if properties.get("max_chunks").is_none() {
        cx.report(
            Draft::key(
                properties,
                "this embedding model does not say its `max_chunks`",
            )
            .rule(RuleId("model/missing-max-chunks"))
            .note("the SDK takes 1: every text is sent in a request of its own")
            .help("write how many texts fit one request, such as `max_chunks: 32`"),
        );
    }
}
