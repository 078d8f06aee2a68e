//! What an author is offered in each kind of plugin, in our own plugins.

use super::features::{actions, complete};
use super::session::{Session, able};
use serde_json::{Value, json};

/// Opens a file in which a text is replaced, and completes at the `|` of the needle.
fn completed(plugin: &str, file: &str, (from, to): (&str, &str), needle: &str) -> String {
    let mut session = Session::of(plugin, able());
    session.open(file);
    let text = session.read(file);
    assert!(text.contains(from), "{from}");
    let told = complete(&mut session, file, &text.replacen(from, to, 1), needle);
    assert_eq!(session.leave(), 0);
    format!("== {plugin}: {file}: {needle:?}\n{told}\n")
}

#[test]
fn words_that_depend_on_what_stands_around() {
    let strategy = "strategies/checklist.yaml";
    let provider = "provider/lumen_models.yaml";
    let mut told = String::new();
    told += &completed(
        "agent-strategy",
        strategy,
        ("scope: tool-call&llm", "scope: "),
        "scope: |\n",
    );
    told += &completed(
        "agent-strategy",
        strategy,
        ("scope: tool-call&llm", "scope: tool-call&"),
        "scope: tool-call&|\n",
    );
    told += &completed(
        "tool",
        "tools/count_text.yaml",
        ("    default: true", "    default: "),
        "    default: |\n",
    );
    let condition = "      show_on:\n        - variable: region\n          value: \n";
    told += &completed(
        "model",
        provider,
        (
            "      type: secret-input\n",
            &format!("      type: secret-input\n{condition}"),
        ),
        "          value: |\n",
    );
    told += &completed(
        "tool-oauth",
        "provider/inkwell_notes.yaml",
        (
            "credentials_for_provider:\n",
            "credentials_for_provider:\n  \n",
        ),
        "credentials_for_provider:\n  |\n",
    );
    insta::assert_snapshot!(told);
}

fn places(session: &Session, found: &Value) -> String {
    let places = found.as_array().into_iter().flatten().map(|it| {
        let start = &it["range"]["start"];
        let uri = session.show(&it["uri"]);
        format!("{uri} {}:{}", start["line"], start["character"])
    });
    places.collect::<Vec<_>>().join(", ")
}

#[test]
fn from_the_provider_to_its_models_and_back() {
    let mut session = Session::of("model", able());
    let mut told = String::new();
    for (file, needle) in [
        ("provider/lumen_models.yaml", "models/llm/|*.yaml"),
        ("models/llm/_position.yaml", "- lumen|-chat"),
        ("models/llm/lumen-chat.yaml", "model: lumen|-chat"),
    ] {
        session.open(file);
        let text = session.read(file);
        let found = session.ask_at("textDocument/definition", file, &text, needle);
        told.push_str(&format!(
            "{file} {needle} -> {}\n",
            places(&session, &found)
        ));
    }
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}

#[test]
fn pictures_and_items_of_lists_are_explained() {
    let mut told = String::new();
    for (plugin, file, needle) in [
        ("tool", "manifest.yaml", "icon: ic|on.svg"),
        (
            "agent-strategy",
            "strategies/checklist.yaml",
            "- history|-messages",
        ),
    ] {
        let mut session = Session::of(plugin, able());
        session.open(file);
        let text = session.read(file);
        let hover = session.ask_at("textDocument/hover", file, &text, needle);
        let text = session.show(&hover["contents"]["value"]);
        told.push_str(&format!("==== {needle}\n{}\n\n", text.replace("\\n", "\n")));
        assert_eq!(session.leave(), 0);
    }
    insta::assert_snapshot!(told);
}

/// Every kind of document that a path may promise is begun so that nothing but what only its author
/// knows is missing.
#[test]
fn a_missing_document_of_every_kind_is_begun() {
    let mut told = String::new();
    for (plugin, file, from, to) in [
        (
            "extension",
            "group/status_badge.yaml",
            "endpoints/badge.yaml",
            "endpoints/put_note.yaml",
        ),
        (
            "trigger",
            "provider/tracker_events.yaml",
            "events/ticket_closed.yaml",
            "events/ticket_lost.yaml",
        ),
        (
            "agent-strategy",
            "provider/checklist_agent.yaml",
            "strategies/checklist.yaml",
            "strategies/round_robin.yaml",
        ),
        (
            "tool",
            "tools/count_text.yaml",
            "tools/count_text.py",
            "tools/count_all_words.py",
        ),
        (
            "trigger",
            "provider/tracker_events.yaml",
            "provider/tracker_events.py",
            "provider/ticket_events.py",
        ),
    ] {
        let mut session = Session::of(plugin, able());
        session.open(file);
        let text = session.read(file);
        assert!(text.contains(from), "{file}: {text}");
        let text = text.replacen(from, to, 1);
        session.replace(file, &text);
        let mut needle = to.to_owned();
        needle.insert(3, '|');
        let found = actions(&mut session, file, &text, &needle);
        let create = found
            .iter()
            .find(|it| it["title"].as_str().unwrap().starts_with("create"));
        let create = create.expect("an offer");
        let edits = &create["edit"]["documentChanges"];
        let new = edits[1]["edits"][0]["newText"].as_str().unwrap();
        told.push_str(&format!("==== {}\n{new}\n", create["title"]));
        assert_eq!(session.leave(), 0);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_wants_a_key_stands_beside_it_where_there_is_room() {
    let mut capabilities = able();
    capabilities["textDocument"]["completion"]["completionItem"]["labelDetailsSupport"] =
        json!(true);
    let mut session = Session::of("tool", capabilities);
    session.open_as("tools/new.yaml", "");
    let found = session.ask_at("textDocument/completion", "tools/new.yaml", "", "|");
    let first = &found["items"][0];
    assert_eq!(first["label"], "identity");
    assert_eq!(first["labelDetails"]["description"], "required at start");
    assert_eq!(session.leave(), 0);
}
