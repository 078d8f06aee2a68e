//! The voices of a speech model.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Model, check);

fn check(model: Node<'_>, cx: &mut Context<'_>) {
    if model.text_at("model_type") != Some("tts") {
        return;
    }
    let Some(properties) = model
        .get("model_properties")
        .filter(|node| node.is_mapping())
    else {
        return;
    };
    let voices = properties.get("voices").map_or_else(Vec::new, Node::items);
    let mut modes: Vec<Node<'_>> = Vec::new();
    for mode in voices
        .into_iter()
        .take(4096)
        .filter_map(|voice| voice.get("mode"))
    {
        let Some(text) = mode.text() else { continue };
        match modes.iter().find(|known| known.text() == Some(text)) {
            Some(first) => cx.report(
                Draft::node(
                    mode,
                    format!("the voice `{}` is there twice", shorten(text)),
                )
                .rule(RuleId("model/duplicate-voice"))
                .label(first.place(), "first here")
                .note("both entries choose the same voice")
                .help("remove one, or put the languages of both into one entry"),
            ),
            None => modes.push(mode),
        }
    }
    let modes: Vec<&str> = modes.into_iter().filter_map(Node::text).collect();
    if modes.is_empty() {
        cx.report(
            Draft::key(properties, "this speech model lists no voices")
                .rule(RuleId("model/missing-voices"))
                .note("nobody can choose one, unless your code fetches them from the service")
                .help("write `voices` with `mode`, `name` and `language` of each"),
        );
    }
    let Some(default) = properties.get("default_voice") else {
        cx.report(
            Draft::key(
                properties,
                "this speech model does not say its `default_voice`",
            )
            .rule(RuleId("model/missing-default-voice"))
            .note("without it somebody has to choose a voice before the first use")
            .help("write `default_voice` with the `mode` of a voice"),
        );
        return;
    };
    let Some(text) = default
        .text()
        .filter(|text| !modes.is_empty() && !modes.contains(text))
    else {
        return;
    };
    let some: Vec<&str> = modes.iter().copied().take(6).collect();
    cx.report(
        Draft::node(
            default,
            format!("no voice has the mode `{}`", shorten(text)),
        )
        .rule(RuleId("model/unknown-voice"))
        .note("the default is sent to the API as it stands")
        .fix(repair::node::near(
            default,
            nearest(text, modes.iter().copied()),
        ))
        .help(match nearest(text, modes.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", shorten(near)),
            None => format!("write {}", one_of(&some)),
        }),
    );
}
