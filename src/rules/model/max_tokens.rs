//! How long an answer may be.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::models::{self, Rule};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

/// Vendors name the same window 256000 and 262144: such a difference is no mistake.
const ROUNDING: f64 = 1.05;

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    if model.text_at("model_type") != Some("llm") {
        return;
    }
    let Some(context) = model.at(&["model_properties", "context_size"]) else {
        return;
    };
    let Some(size) = context.number().filter(|size| *size >= 1.0) else {
        return;
    };
    for rule in models::rules(model.document()) {
        let template = rule.template.filter(|(name, _)| *name == "max_tokens");
        if template.is_none() && rule.name.and_then(Node::text) != Some("max_tokens") {
            continue;
        }
        match (rule.max, template) {
            (Some(max), _) => above(max, context, size, cx),
            (None, Some((_, template))) => left(&rule, template.max, size, cx),
            (None, None) => {}
        }
    }
}

fn above(max: Node<'_>, context: Node<'_>, size: f64, cx: &mut Context<'_>) {
    let Some(number) = max.number().filter(|number| *number > size * ROUNDING) else {
        return;
    };
    let message = format!("answers of {number} tokens do not fit a context of {size}");
    cx.report(
        Draft::node(max, message)
            .rule(RuleId("model/max-tokens-above-context"))
            .label(context.place(), "the context window")
            .note("question and answer share the window; the API refuses such a request")
            .help("correct whichever of the two is wrong"),
    );
}

fn left(rule: &Rule<'_>, limit: Option<f64>, size: f64, cx: &mut Context<'_>) {
    let Some(limit) = limit.filter(|limit| size >= limit * 2.0) else {
        return;
    };
    let message = format!("answers are cut at {limit} tokens, though the context holds {size}");
    cx.report(
        Draft::node(rule.use_template.unwrap_or(rule.node), message)
            .rule(RuleId("model/template-max-tokens"))
            .note(format!(
                "the template `max_tokens` has `max: {limit}` unless the rule says another"
            ))
            .help("write `max:` with the most tokens that the model answers"),
    );
}
