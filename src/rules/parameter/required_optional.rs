//! A required parameter whose text says that it is optional.

use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(required) = parameter
        .get("required")
        .filter(|it| it.bool() == Some(true))
    else {
        return;
    };
    let texts = [
        parameter.at(&["label", "en_US"]),
        parameter.at(&["human_description", "en_US"]),
        parameter.at(&["description", "en_US"]),
        parameter.get("llm_description"),
    ];
    // the bare word is in many sentences about other things: eight of nine hits were wrong
    let says = |node: &Node<'_>| {
        let text = node.text().unwrap_or_default().to_ascii_lowercase();
        // with both words the text tells about the parts of the value
        text.contains("(optional") && !text.contains("(required")
    };
    if let Some(text) = texts.into_iter().flatten().find(says) {
        cx.report(
            Draft::node(
                required,
                "the parameter is required, but its text says `(optional)`",
            )
            .label(text.place(), "optional here")
            .note("users are made to fill in what they were told to leave out")
            .help("write `required: false`, or change the text"),
        );
    }
}
