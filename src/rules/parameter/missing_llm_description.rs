//! A parameter that the model fills in and is told nothing about.

use crate::finding::Fix;
use crate::format::DocumentKind;
use crate::format::words::name_of;
use crate::plugin::Node;
use crate::rules::fields::name;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    // nobody reads `form` elsewhere
    if parameter.document().kind != DocumentKind::Tool {
        return;
    }
    let Some(form) = parameter
        .get("form")
        .filter(|form| form.text() == Some("llm"))
    else {
        return;
    };
    let told = parameter.text_at("llm_description");
    if told.is_some_and(|text| !text.trim().is_empty()) {
        return;
    }
    let place = name(parameter).unwrap_or(form);
    let which = match place.text() {
        Some(text) if place.id() != form.id() => format!("`{text}`"),
        _ => name_of(parameter.tree(), parameter.id()),
    };
    cx.report(
        Draft::node(place, format!("the model gets no description of {which}"))
            .label(form.place(), "the model fills it in")
            .note("the model sees name and type only and guesses the rest")
            .fix(told_to_users(parameter))
            .help("say in `llm_description` what is wanted, with format and unit"),
    );
}

/// What people are told, for the model too.
fn told_to_users(parameter: Node<'_>) -> Option<Fix> {
    let text = parameter
        .at(&["human_description", "en_US"])
        .and_then(Node::text)
        .filter(|text| !text.trim().is_empty() && !text.contains('\n'))?;
    match parameter.get("llm_description") {
        Some(empty) => repair::node::write(empty, text, repair::Unsafe),
        None => repair::add(
            parameter.document(),
            parameter.id(),
            &["human_description"],
            ("llm_description", &repair::scalar(text)),
            repair::Unsafe,
        ),
    }
}
