//! Types that do not go with the form: files set beforehand, selectors left to the model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::fields::name;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    // nobody reads `form` elsewhere
    if parameter.document().kind != DocumentKind::Tool {
        return;
    }
    let (Some(kind), Some(form)) = (parameter.get("type"), parameter.get("form")) else {
        return;
    };
    match (kind.text(), form.text()) {
        (Some(word @ ("file" | "files")), Some("form")) => cx.report(
            Draft::node(
                name(parameter).unwrap_or(form),
                format!("a `{word}` cannot be set up beforehand"),
            )
            .label(form.place(), "set once, before the tool runs")
            .rule(RuleId("parameter/file-with-form"))
            .label(kind.place(), "a file")
            .note("a file comes with a call; an agent that uses the tool can never pass one")
            .help("write `form: llm`"),
        ),
        (Some(word @ ("app-selector" | "model-selector" | "dynamic-select")), Some("llm")) => cx
            .report(
                Draft::node(
                    form,
                    format!("the model cannot choose from a `{}`", shorten(word)),
                )
                .rule(RuleId("parameter/selector-for-model"))
                .label(kind.place(), "a choice that Dify draws")
                .note("what there is to choose is known to the form only; a model invents it")
                .fix(repair::node::write(form, "form", repair::Unsafe))
                .help("write `form: form`"),
            ),
        _ => {}
    }
}
