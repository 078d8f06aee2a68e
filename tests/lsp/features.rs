//! What the editor is offered: completion, hover, links, outline, renaming, actions.

use super::session::{Session, able};
use serde_json::{Value, json};

const TOOL: &str = "tools/count_text.yaml";

/// Completions at the `|`: label, detail, what is inserted; the first line of what is explained.
pub fn complete(session: &mut Session, file: &str, text: &str, needle: &str) -> String {
    let plain = text.replace('|', "");
    session.replace(file, &plain);
    let result = session.ask_at("textDocument/completion", file, &plain, needle);
    let items = result["items"].as_array().cloned().unwrap_or_default();
    let mut told = String::new();
    for item in &items {
        let detail = item["detail"].as_str().unwrap_or("");
        let text = item["textEdit"]["newText"].as_str().unwrap();
        let label = item["label"].as_str().unwrap();
        told.push_str(&format!("{label:24} {text:?} {detail}\n"));
    }
    told
}

/// The tool with its last line replaced by what is being written.
fn tool_with(session: &Session, from: &str, to: &str) -> String {
    let text = session.read(TOOL);
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn keys_come_in_schema_order_and_required_ones_first() {
    let mut session = Session::of("tool", able());
    session.open_as("tools/new.yaml", "");
    let empty = complete(&mut session, "tools/new.yaml", "|", "|");
    let text = tool_with(&session, "    form: llm\n", "    form: llm\n    \n");
    session.open(TOOL);
    session.replace(TOOL, &text);
    let result = session.ask_at(
        "textDocument/completion",
        TOOL,
        &text,
        "    form: llm\n    |\n",
    );
    let labels: Vec<&str> = result["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["label"].as_str().unwrap())
        .collect();
    insta::assert_snapshot!(format!("{empty}\nparameter: {}\n", labels.join(" ")));
    insta::assert_snapshot!("a_key_in_full", session.show(&result["items"][0]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn values_items_and_snippets() {
    let mut session = Session::of("tool", able());
    session.open(TOOL);
    let mut told = String::new();
    let mut case = |title: &str, from: &str, to: &str, needle: &str| {
        let text = tool_with(&session, from, to);
        let offered = complete(&mut session, TOOL, &text, needle);
        told.push_str(&format!("== {title}\n{offered}\n"));
    };
    case(
        "an enum",
        "    type: select",
        "    type: sel",
        "    type: sel|",
    );
    case(
        "right after the colon",
        "    type: select",
        "    type:",
        "    type:|",
    );
    case(
        "a boolean",
        "    required: false",
        "    required: ",
        "    required: |\n    default: true",
    );
    case(
        "a default among its options",
        "    default: words",
        "    default: ",
        "    default: |\n    options",
    );
    case("a language", "pt_BR: Palavras", "pt", "          pt|\n");
    case(
        "an item of a list",
        "    form: llm\n  - name: unit",
        "    form: llm\n  - \n  - name: unit",
        "  - |\n  - name: unit",
    );
    case(
        "an item without its dash",
        "    form: llm\n  - name: unit",
        "    form: llm\n  \n  - name: unit",
        "    form: llm\n  |\n",
    );
    case(
        "a source",
        "    source: tools/count_text.py",
        "    source: to",
        "    source: to|",
    );
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}

#[test]
fn paths_tags_and_templates() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    let manifest = session.read("manifest.yaml");
    let text = manifest.replace("  - utilities\n", "  - \n");
    let tags = complete(
        &mut session,
        "manifest.yaml",
        &text,
        "  - |\n  - productivity",
    );
    let text = manifest.replace("    - provider/word_tools.yaml", "    - ");
    let providers = complete(&mut session, "manifest.yaml", &text, "  tools:\n    - |\n");
    let text = manifest.replace("icon: icon.svg", "icon: ");
    let icons = complete(&mut session, "manifest.yaml", &text, "icon: |\n");
    insta::assert_snapshot!(format!("{tags}\n{providers}\n{icons}"));
    assert_eq!(session.leave(), 0);

    let mut session = Session::of("model", able());
    let file = "models/llm/lumen-chat.yaml";
    session.open(file);
    let text = session
        .read(file)
        .replacen("use_template: top_p", "use_template: ", 1);
    let templates = complete(
        &mut session,
        file,
        &text,
        "use_template: |\n  - name: max_tokens",
    );
    let provider = "provider/lumen_models.yaml";
    session.open(provider);
    let text = session
        .read(provider)
        .replacen("models/llm/_position.yaml", "", 1);
    let positions = complete(&mut session, provider, &text, "position: |\n");
    let file_position = "models/llm/_position.yaml";
    session.open(file_position);
    let models = complete(&mut session, file_position, "- ", "- |");
    insta::assert_snapshot!("models", format!("{templates}\n{positions}\n{models}"));
    assert_eq!(session.leave(), 0);
}

#[test]
fn names_in_python_are_completed_and_followed() {
    let mut session = Session::of("tool", able());
    session.open("tools/count_text.py");
    let text = session.read("tools/count_text.py");
    let offered = session.ask_at(
        "textDocument/completion",
        "tools/count_text.py",
        &text,
        "tool_parameters[\"content|\"]",
    );
    let definition = session.ask_at(
        "textDocument/definition",
        "tools/count_text.py",
        &text,
        "tool_parameters[\"con|tent\"]",
    );
    let class = session.ask_at(
        "textDocument/definition",
        "tools/count_text.py",
        &text,
        "class Count|",
    );
    let all = json!({"completion": offered, "definition": definition, "class": class});
    insta::assert_snapshot!(session.show(&all));
    assert_eq!(session.leave(), 0);
}

#[test]
fn from_the_manifest_to_the_class_and_back() {
    let mut session = Session::of("tool", able());
    let mut told = String::new();
    for (file, needle) in [
        ("manifest.yaml", "- provider/|word"),
        ("manifest.yaml", "icon: ic|on"),
        ("provider/word_tools.yaml", "- tools/c|ount"),
        ("provider/word_tools.yaml", "source: prov|ider"),
        (TOOL, "source: tools/c|ount"),
        (TOOL, "name: count|_text"),
        (TOOL, "name: con|tent"),
        (TOOL, "Counts the w|ords"),
    ] {
        session.open(file);
        let text = session.read(file);
        let found = session.ask_at("textDocument/definition", file, &text, needle);
        let places: Vec<String> = found
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| {
                let uri = session.show(&it["uri"]);
                let start = &it["range"]["start"];
                format!("{} {}:{}", uri, start["line"], start["character"])
            })
            .collect();
        told.push_str(&format!("{file} {needle} -> {}\n", places.join(", ")));
    }
    insta::assert_snapshot!(told);
    let uri = session.uri("manifest.yaml");
    let params = json!({"textDocument": {"uri": uri}});
    let links = session
        .request("textDocument/documentLink", params)
        .unwrap();
    insta::assert_snapshot!("document_links", session.show(&links));
    let text = session.read(TOOL);
    let mut params = session.at(TOOL, &text, "name: con|tent");
    params["context"] = json!({"includeDeclaration": true});
    let found = session.request("textDocument/references", params).unwrap();
    insta::assert_snapshot!("references", session.show(&found));
    assert_eq!(session.leave(), 0);
}

#[test]
fn hover_tells_what_is_known() {
    let mut session = Session::of("tool", able());
    session.open(TOOL);
    let broken = tool_with(&session, "name: content", "name: contents");
    session.replace(TOOL, &broken);
    let mut told = String::new();
    for needle in [
        "ty|pe: select",
        "type: se|lect",
        "name: cont|ents",
        "source: tools/c|ount",
        "for|m: llm",
    ] {
        let hover = session.ask_at("textDocument/hover", TOOL, &broken, needle);
        let text = hover["contents"]["value"].as_str().unwrap_or("nothing");
        told.push_str(&format!(
            "==== {needle}\n{}\n\n",
            session.show(&json!(text)).replace("\\n", "\n")
        ));
    }
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_parameter_is_renamed_in_documents_and_code() {
    let mut session = Session::of("tool", able());
    session.open(TOOL);
    let text = session.read(TOOL);
    let prepared = session.ask_at("textDocument/prepareRename", TOOL, &text, "name: con|tent");
    let mut params = session.at(TOOL, &text, "name: con|tent");
    params["newName"] = json!("source_text");
    let edit = session
        .request("textDocument/rename", params.clone())
        .unwrap();
    insta::assert_snapshot!(session.show(&json!([prepared, edit])));
    for (name, why) in [("unit", "already"), ("", "no name"), ("名", "no name")] {
        params["newName"] = json!(name);
        let (_, message) = session
            .request("textDocument/rename", params.clone())
            .unwrap_err();
        assert!(message.contains(why), "{message}");
    }
    let nothing = session.ask_at("textDocument/prepareRename", TOOL, &text, "Counts| the");
    assert_eq!(nothing, Value::Null);
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_file_that_moves_takes_its_paths_along() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    let files = json!([
        {"oldUri": session.uri("tools"), "newUri": session.uri("instruments")},
        {"oldUri": session.uri("_assets/icon.svg"), "newUri": session.uri("_assets/logo.svg")},
    ]);
    let edit = session
        .request("workspace/willRenameFiles", json!({"files": files}))
        .unwrap();
    let mut told = String::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        for it in change["edits"].as_array().unwrap() {
            let uri = session.show(&change["textDocument"]["uri"]);
            told.push_str(&format!(
                "{uri} {} {}\n",
                it["range"]["start"], it["newText"]
            ));
        }
    }
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}

#[test]
fn an_outline() {
    let mut session = Session::of("tool", able());
    session.open("provider/word_tools.yaml");
    let params = json!({"textDocument": {"uri": session.uri("provider/word_tools.yaml")}});
    let symbols = session
        .request("textDocument/documentSymbol", params)
        .unwrap();
    fn show(symbols: &Value, depth: usize, told: &mut String) {
        for it in symbols.as_array().into_iter().flatten() {
            let detail = it["detail"].as_str().unwrap_or("");
            let name = it["name"].as_str().unwrap();
            told.push_str(&format!(
                "{}{name} ({}) {detail}\n",
                "  ".repeat(depth),
                it["kind"]
            ));
            show(&it["children"], depth + 1, told);
        }
    }
    let mut told = String::new();
    show(&symbols, 0, &mut told);
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}

/// The titles of the actions at a needle, and the actions.
pub fn actions(session: &mut Session, file: &str, text: &str, needle: &str) -> Vec<Value> {
    let at = session.at(file, text, needle);
    let params = json!({
        "textDocument": at["textDocument"],
        "range": {"start": at["position"], "end": at["position"]},
        "context": {"diagnostics": []},
    });
    let found = session.request("textDocument/codeAction", params).unwrap();
    found.as_array().unwrap().clone()
}

#[test]
fn fixes_are_proved_when_they_are_chosen() {
    let mut session = Session::of("tool", able());
    session.open(TOOL);
    let text = tool_with(&session, "en_US: Words", "en_US: \"Words \"");
    let text = text.replace("en_US: Lines", "en_US: \" Lines\"");
    session.replace(TOOL, &text);
    let found = actions(&mut session, TOOL, &text, "en_|US: \"Words \"");
    let titles: Vec<&str> = found
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    let mut told = titles.join("\n");
    for action in &found {
        let action = session
            .request("codeAction/resolve", action.clone())
            .unwrap();
        told.push_str(&format!(
            "\n\n{}: {}",
            action["title"],
            session.show(&action["edit"])
        ));
    }
    insta::assert_snapshot!(told);
    // chosen too late
    let fix = found
        .iter()
        .find(|it| it["data"].is_object())
        .unwrap()
        .clone();
    let text = session.read(TOOL);
    session.replace(TOOL, &text);
    let (code, _) = session.request("codeAction/resolve", fix).unwrap_err();
    assert_eq!(code, -32801);
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_missing_file_is_begun_with_what_it_must_have() {
    let mut session = Session::of("tool", able());
    session.open("provider/word_tools.yaml");
    let text = session.read("provider/word_tools.yaml");
    let text = text.replace("tools/count_text.yaml", "tools/find_words.yaml");
    session.replace("provider/word_tools.yaml", &text);
    let found = actions(
        &mut session,
        "provider/word_tools.yaml",
        &text,
        "tools/find|_words",
    );
    let titles: Vec<&str> = found
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    let create = found
        .iter()
        .find(|it| it["title"].as_str().unwrap().starts_with("create"));
    let text = &create.unwrap()["edit"]["documentChanges"][1]["edits"][0]["newText"];
    insta::assert_snapshot!(format!(
        "{}\n\n{}",
        titles.join("\n"),
        text.as_str().unwrap()
    ));
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_missing_language_is_begun() {
    let mut session = Session::of("tool", able());
    session.open(TOOL);
    let text = tool_with(&session, "      ja_JP: 内容\n", "");
    session.replace(TOOL, &text);
    let found = actions(
        &mut session,
        TOOL,
        &text,
        "    lab|el:\n      en_US: Content",
    );
    let add = found
        .iter()
        .find(|it| it["title"].as_str().unwrap().starts_with("add `ja_JP`"));
    let edits = &add.expect("an action")["edit"]["documentChanges"][0]["edits"];
    insta::assert_snapshot!(session.show(edits));
    assert_eq!(session.leave(), 0);
}
