//! Ranges, defaults and types of the parameter rules of a model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::{describe, shorten};
use crate::plugin::Node;
use crate::rules::models::{self, Rule};
use crate::rules::{Context, Draft, On, repair};
use crate::yaml::go;

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    for rule in models::rules(model.document()) {
        type_against_template(&rule, cx);
        let Some(kind) = rule.kind() else { continue };
        if matches!(kind, "float" | "int") {
            range(&rule, cx);
        }
        default_type(&rule, kind, cx);
        if kind == "int"
            && let Some(precision) = rule.precision.filter(|it| it.number() > Some(0.0))
        {
            cx.report(
                Draft::node(precision, "a whole number has no decimals to keep")
                    .rule(RuleId("model/useless-precision"))
                    .note("`precision` counts only for the type `float`")
                    .fix(repair::node::remove(precision, repair::Unsafe))
                    .help("remove it, or write `type: float`"),
            );
        }
    }
}

fn type_against_template(rule: &Rule<'_>, cx: &mut Context<'_>) {
    let Some((name, template)) = rule.template else {
        return;
    };
    let Some(node) = rule.written_kind else {
        return;
    };
    let Some(kind) = node.text().filter(|kind| *kind != template.kind) else {
        return;
    };
    // the daemon has `string` for json_schema where the SDK has `text`; `int` is a narrower `float`
    let text = |kind: &str| matches!(kind, "string" | "text");
    if text(kind) && text(&template.kind) || kind == "int" && template.kind == "float" {
        return;
    }
    let message = format!(
        "type `{}` on the template `{name}`, which is `{}`",
        shorten(kind),
        template.kind
    );
    cx.report(
        Draft::node(node, message)
            .rule(RuleId("model/type-against-template"))
            .note("what stands here wins, and range and default of the template no longer fit")
            .fix(repair::node::remove(node, repair::Unsafe))
            .help("remove `type`, or remove `use_template` and write everything"),
    );
}

fn range(rule: &Rule<'_>, cx: &mut Context<'_>) {
    let (low, high) = (rule.low(), rule.high());
    if let (Some(low), Some(high)) = (low, high)
        && low > high
    {
        let node = rule.min.or(rule.max).unwrap_or(rule.node);
        cx.report(
            Draft::node(
                node,
                format!("no number is at least {low} and at most {high}"),
            )
            .rule(RuleId("model/empty-range"))
            .note(origin(rule, "the slider cannot be drawn"))
            .help("exchange or correct `min` and `max`"),
        );
        return;
    }
    let (default, node) = match rule.default {
        Some(node) => (node.number(), node),
        None => (
            rule.template.and_then(|(_, it)| it.default),
            rule.use_template.unwrap_or(rule.node),
        ),
    };
    let Some(default) = default else { return };
    if low.is_none_or(|low| default >= low) && high.is_none_or(|high| default <= high) {
        return;
    }
    let bounds = match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (_, high) => format!("at most {}", high.unwrap_or_default()),
    };
    cx.report(
        Draft::node(
            node,
            format!("the default {default} is outside the range, {bounds}"),
        )
        .rule(RuleId("model/default-outside-range"))
        .note(origin(
            rule,
            "the panel starts with a value that it would not let anybody choose",
        ))
        .fix(rule.default.and_then(|it| {
            repair::node::yaml(
                it,
                &default
                    .max(low.unwrap_or(default))
                    .min(high.unwrap_or(f64::MAX))
                    .to_string(),
                repair::Unsafe,
            )
        }))
        .help("write a default inside the range, or widen the range"),
    );
}

/// Bounds that are not written come from somewhere; say so.
fn origin(rule: &Rule<'_>, consequence: &str) -> String {
    match rule.template {
        Some((name, _)) if rule.min.is_none() || rule.max.is_none() => {
            format!("what is not written comes from the template `{name}`; {consequence}")
        }
        _ => consequence.to_owned(),
    }
}

fn default_type(rule: &Rule<'_>, kind: &str, cx: &mut Context<'_>) {
    let Some(default) = rule.default else {
        return;
    };
    let tree = default.tree();
    let target = tree.target(default.id()).unwrap_or(default.id());
    let Ok(scalar) = go::resolve(tree, target) else {
        return;
    };
    let number = matches!(
        scalar,
        go::Scalar::Int(_) | go::Scalar::Uint(_) | go::Scalar::Float(_)
    );
    let fits = match kind {
        "float" => number,
        "int" => number && default.number().is_some_and(|number| number.fract() == 0.0),
        "boolean" => matches!(scalar, go::Scalar::Bool(_)),
        "string" | "text" => !number && !matches!(scalar, go::Scalar::Bool(_)),
        _ => true,
    };
    if tree.is_scalar(target) && fits {
        return;
    }
    let message = format!(
        "the default of a parameter of type `{kind}` is {}",
        describe(tree, default.id())
    );
    cx.report(
        Draft::node(default, message)
            .rule(RuleId("model/default-of-other-type"))
            .note("no reader checks it; your code and the panel get it as it is written")
            .help(match kind {
                "float" | "int" => "write a number without quotes",
                "boolean" => "write `true` or `false` without quotes",
                _ => "write it in quotes",
            }),
    );
}
