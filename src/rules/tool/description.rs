//! What the model reads about a tool.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::Tool, check);

/// Their pages have what may be set.
const SHORT: RuleId = RuleId("tool/short-llm-description");
const LONG: RuleId = RuleId("tool/long-llm-description");
/// Names of functions may not be longer for OpenAI and those who copy its interface.
const LONGEST_NAME: usize = 64;

fn check(tool: Node<'_>, cx: &mut Context<'_>) {
    if let Some(llm) = tool.at(&["description", "llm"])
        && let Some(text) = llm.text().map(str::trim).filter(|text| !text.is_empty())
    {
        let length = text.chars().count();
        let most = cx.options().number(LONG, "max-characters");
        if weight(text) < cx.options().number(SHORT, "min-characters") {
            cx.report(
                Draft::node(llm, format!("the model reads only `{}`", shorten(text)))
                    .rule(SHORT)
                    .note("from this text the model decides whether to call the tool")
                    .help("say what the tool does, when to use it and what it returns"),
            );
        } else if length as u64 > most {
            cx.report(
                Draft::node(
                    llm,
                    format!("the model's description has {length} characters"),
                )
                .rule(LONG)
                .note(format!(
                    "some model services refuse descriptions of more than {most}"
                ))
                .help("shorten it; details of a parameter belong to its `llm_description`"),
            );
        }
    }
    if let Some(name) = tool.at(&["identity", "name"])
        && let Some(text) = name.text()
    {
        let length = text.chars().count();
        if length > LONGEST_NAME {
            cx.report(
                Draft::node(
                    name,
                    format!("the name of the tool has {length} characters"),
                )
                .rule(RuleId("tool/long-name"))
                .note(format!(
                    "model services refuse functions with names of more than {LONGEST_NAME}"
                ))
                .help("shorten it"),
            );
        }
        let sound = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !text.is_empty() && !text.chars().all(sound) {
            cx.report(
                Draft::node(name, format!("the name of the tool must not be `{}`", shorten(text)))
                    .rule(RuleId("tool/odd-name"))
                    .note("remote debugging refuses it, and so do model services when an agent calls the tool")
                    .help("use letters, digits, `_` and `-`; the label is the place for other signs"),
            );
        }
    }
}

/// The length of a text: one Chinese, Japanese or Korean character says as much as a short word.
fn weight(text: &str) -> u64 {
    let one = |c: char| {
        if matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}') {
            3
        } else {
            1
        }
    };
    text.chars().map(one).sum()
}
