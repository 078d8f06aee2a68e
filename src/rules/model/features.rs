//! What a model says it can do.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::models;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    let Some(kind) = model.text_at("model_type") else {
        return;
    };
    let listed = model.get("features").map_or_else(Vec::new, Node::items);
    let mut features: Vec<(&str, Node<'_>)> = Vec::new();
    for node in listed.into_iter().take(256) {
        let Some(text) = node.text() else { continue };
        match features.iter().find(|(known, _)| *known == text) {
            Some((_, first)) => cx.report(
                Draft::node(
                    node,
                    format!("the feature `{}` is there twice", shorten(text)),
                )
                .rule(RuleId("model/duplicate-feature"))
                .label(first.place(), "first here")
                .note("one is enough")
                .fix(repair::node::remove(node, repair::Safe))
                .help("remove one of the two"),
            ),
            None => features.push((text, node)),
        }
    }
    match kind {
        "llm" => of_llm(model, &features, cx),
        "text-embedding" | "rerank" => {
            features.retain(|(name, _)| *name != "vision");
            foreign(kind, &features, cx);
        }
        _ if models::is_type(kind) => foreign(kind, &features, cx),
        _ => {}
    }
}

fn foreign(kind: &str, features: &[(&str, Node<'_>)], cx: &mut Context<'_>) {
    for (name, node) in features {
        cx.report(
            Draft::node(
                *node,
                format!(
                    "a {} model has no use for `{}`",
                    shorten(kind),
                    shorten(name)
                ),
            )
            .rule(RuleId("model/foreign-feature"))
            .note("Dify asks for this feature only of models of type `llm`")
            .fix(repair::node::remove(*node, repair::Unsafe))
            .help("remove it, or correct `model_type`"),
        );
    }
}

fn of_llm(model: Node<'_>, features: &[(&str, Node<'_>)], cx: &mut Context<'_>) {
    let feature = |name: &str| {
        features
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, node)| *node)
    };
    if let Some(stream) = feature("stream-tool-call")
        && feature("tool-call").is_none()
        && feature("multi-tool-call").is_none()
    {
        cx.report(
            Draft::node(stream, "`stream-tool-call` without `tool-call`")
                .rule(RuleId("model/stream-without-tool-call"))
                .note("Dify offers tools only to models with `tool-call` or `multi-tool-call`")
                .fix(
                    model
                        .get("features")
                        .and_then(|list| repair::node::append(list, "tool-call", repair::Unsafe)),
                )
                .help("add `tool-call`, or remove this one"),
        );
    }
    if let Some(structured) = feature("structured-output") {
        let answers = models::rules(model.document()).any(|rule| {
            rule.name.and_then(Node::text) == Some("json_schema")
                || rule.template.is_some_and(|(name, _)| name == "json_schema")
        });
        if !answers {
            cx.report(
                Draft::node(
                    structured,
                    "`structured-output` without a parameter `json_schema`",
                )
                .rule(RuleId("model/structured-output-without-schema"))
                .note("Dify passes the schema of the answer to the model in this parameter")
                .help("add a rule with `name: json_schema` and `use_template: json_schema`"),
            );
        }
    }
    let sees = feature("vision").is_some();
    if let Some(name) = model.get("model").filter(|_| !sees)
        && name.text().is_some_and(suggests_vision)
    {
        cx.report(
            Draft::node(
                name,
                format!(
                    "`{}` sounds like a model that sees",
                    shorten(name.text().unwrap_or_default())
                ),
            )
            .rule(RuleId("model/missing-vision"))
            .note("without the feature `vision` Dify offers no images to it")
            .help("add `vision` to `features` if the model takes images"),
        );
    }
}

/// `...-vision-...` and `...-vl-...`, as vendors call them.
fn suggests_vision(name: &str) -> bool {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|part| matches!(part, "vision" | "vl"))
}
