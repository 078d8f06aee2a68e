//! What the model reads about a parameter, in Chinese or Japanese.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    if parameter.document().kind != DocumentKind::Tool {
        return;
    }
    let Some(description) = parameter.get("llm_description") else {
        return;
    };
    let Some(text) = description.text().filter(|text| is_foreign(text)) else {
        return;
    };
    cx.report(
        Draft::node(description, format!("the model reads `{}`", shorten(text)))
            .note("models follow English best, and many users' models know little else")
            .help("write it in English; `human_description` is what users read in their language"),
    );
}

/// More than an example or a gloss in brackets.
fn is_foreign(text: &str) -> bool {
    let east = |c: &char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    let signs = text.chars().filter(east).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    // names, addresses and examples of values bring Latin letters into a foreign text
    signs > 0 && signs >= latin / 8
}
