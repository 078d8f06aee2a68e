//! What a model costs: `price x unit` for one token.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::models::decimal;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

/// What a million input tokens of any model that is on sale cost, in any currency seen.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 0.002..=200.0;
const MILLION: f64 = 1_000_000.0;

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    let Some(pricing) = model.get("pricing").filter(|node| node.is_mapping()) else {
        return;
    };
    let mut negative = false;
    for key in ["input", "output", "unit"] {
        if let Some(node) = pricing.get(key)
            && decimal(node).is_some_and(|number| number < 0.0)
        {
            negative = true;
            cx.report(
                Draft::node(
                    node,
                    format!("`{key}` is {}", shorten(node.text().unwrap_or_default())),
                )
                .rule(RuleId("model/negative-price"))
                .note("every reader accepts it; Dify would count money back for each run")
                .help("write a price of 0 or more"),
            );
        }
    }
    if !negative {
        total(model, pricing, cx);
    }
    currency(pricing, cx);
}

fn total(model: Node<'_>, pricing: Node<'_>, cx: &mut Context<'_>) {
    let (Some(input), Some(unit)) = (pricing.get("input"), pricing.get("unit")) else {
        return;
    };
    let (Some(price), Some(factor)) = (decimal(input), decimal(unit)) else {
        return;
    };
    let million = price * factor * MILLION;
    // speech is sold by the second or by the character
    let tokens = matches!(
        model.text_at("model_type"),
        Some("llm" | "text-embedding" | "rerank")
    );
    if million != 0.0 && tokens && !PLAUSIBLE.contains(&million) {
        let currency = pricing
            .text_at("currency")
            .map_or_else(String::new, |it| format!(" {}", shorten(it)));
        let message = format!(
            "a million input tokens would cost {}{currency}",
            amount(million)
        );
        cx.report(
            Draft::node(input, message)
                .rule(RuleId("model/implausible-price"))
                .label(unit.place(), "times this")
                .note("cost = tokens x `input` x `unit`; Dify shows it in every log")
                .help("write `unit: '0.000001'` for prices per million, `'0.001'` per thousand"),
        );
    }
    let output = pricing
        .get("output")
        .and_then(|output| Some((output, decimal(output)?)));
    if let Some((output, number)) = output.filter(|(_, number)| *number > 0.0 && *number < price) {
        cx.report(
            Draft::node(
                output,
                format!("output at {number} is cheaper than input at {price}"),
            )
            .rule(RuleId("model/output-cheaper-than-input"))
            .label(input.place(), "the input")
            .note("vendors charge more for output; perhaps the two are exchanged")
            .help("compare with the price list"),
        );
    }
}

/// A number in at most five digits.
fn amount(number: f64) -> String {
    if number.abs() >= 1.0 {
        format!("{number:.0}")
    } else {
        format!("{}", (number * 1e8).round() / 1e8)
    }
}

fn currency(pricing: Node<'_>, cx: &mut Context<'_>) {
    let Some(node) = pricing.get("currency") else {
        return;
    };
    let Some(text) = node.text().filter(|text| !text.is_empty()) else {
        return;
    };
    let code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let (message, help) = match text {
        "CNY" => (
            "`CNY` is written `RMB` in all other plugins".to_owned(),
            "write `RMB`",
        ),
        _ if code => return,
        _ => (
            format!("`{}` is no currency code", shorten(text)),
            "write three capital letters, such as `USD` or `RMB`",
        ),
    };
    cx.report(
        Draft::node(node, message)
            .rule(RuleId("model/odd-currency"))
            .note("Dify shows this text as it stands beside every cost")
            .help(help)
            .fix(match text.to_uppercase().as_str() {
                "CNY" | "YUAN" => repair::node::write(node, "RMB", repair::Unsafe),
                code if code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase()) => {
                    repair::node::write(node, code, repair::Safe)
                }
                _ => None,
            }),
    );
}
