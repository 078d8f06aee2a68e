//! What the server finds, and whom it tells.

use super::session::{Session, able, brief};
use serde_json::{Value, json};

fn pulling() -> Value {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({"relatedDocumentSupport": true});
    capabilities
}

#[test]
fn an_unsaved_text_is_what_counts_also_for_files_that_are_not_open() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    assert_eq!(session.diagnostics("manifest.yaml"), json!([]));
    let text = session
        .read("manifest.yaml")
        .replace("provider/word_tools", "provider/gone");
    session.replace("manifest.yaml", &text);
    insta::assert_snapshot!(brief(&session.diagnostics("manifest.yaml")));
    session.replace(
        "manifest.yaml",
        &text.replace("provider/gone", "provider/word_tools"),
    );
    assert_eq!(session.diagnostics("manifest.yaml"), json!([]));

    // the provider is open, the tool that it drops is not
    session.open("provider/word_tools.yaml");
    let text = session.read("provider/word_tools.yaml");
    session.replace(
        "provider/word_tools.yaml",
        &text.replace("  - tools/wrap_text.yaml\n", ""),
    );
    let in_tool = session.until("tools/wrap_text.yaml", |found| found != &json!([]));
    insta::assert_snapshot!("dropped_tool", brief(&in_tool));
    // when the last document closes, nothing is left
    session.close("provider/word_tools.yaml");
    session.close("manifest.yaml");
    session.until("tools/wrap_text.yaml", |found| found == &json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_diagnostic_in_full() {
    let mut session = Session::of("tool", able());
    session.open("tools/count_text.yaml");
    let text = session
        .read("tools/count_text.yaml")
        .replace("name: content", "name: contents");
    session.replace("tools/count_text.yaml", &text);
    let found = session.diagnostics("tools/count_text.yaml");
    insta::assert_snapshot!(session.show(&found));
}

#[test]
fn columns_in_every_encoding() {
    for (encoding, column) in [("utf-8", 15), ("utf-16", 11), ("utf-32", 10)] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut session = Session::of("tool", capabilities);
        session.open("manifest.yaml");
        session.diagnostics("manifest.yaml");
        let text = "{\"🚀名\": 1, 错: 2}\r\n";
        session.replace("manifest.yaml", text);
        let found = session.diagnostics("manifest.yaml");
        let unknown = found
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["message"].as_str().unwrap().contains("错"));
        let unknown = unknown.unwrap_or_else(|| panic!("{}", brief(&found)));
        let start = &unknown["range"]["start"]["character"];
        assert_eq!(start, column, "{encoding}");
        // an edit in the same encoding
        let range = unknown["range"].clone();
        session.change("manifest.yaml", json!([{"range": range, "text": "🚀x"}]));
        let found = session.diagnostics("manifest.yaml");
        assert!(
            brief(&found).contains("🚀x"),
            "{encoding} {}",
            brief(&found)
        );
        assert_eq!(session.leave(), 0);
    }
}

#[test]
fn a_client_that_pulls_is_told_when_it_asks() {
    let mut session = Session::of("tool", pulling());
    session.open("manifest.yaml");
    let text = session
        .read("manifest.yaml")
        .replace("type: plugin", "type: plugins");
    session.replace("manifest.yaml", &text);
    let document = json!({"textDocument": {"uri": session.uri("manifest.yaml")}});
    let report = session
        .request("textDocument/diagnostic", document)
        .unwrap();
    insta::assert_snapshot!(format!("{} {}", report["kind"], brief(&report["items"])));
    let again = json!({
        "textDocument": {"uri": session.uri("manifest.yaml")},
        "previousResultId": report["resultId"],
    });
    let report = session.request("textDocument/diagnostic", again).unwrap();
    assert_eq!(report["kind"], "unchanged", "{report}");
    let outside = json!({"textDocument": {"uri": "file:///nowhere/x.yaml"}});
    let report = session.request("textDocument/diagnostic", outside).unwrap();
    assert_eq!(report["items"], json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn the_whole_workspace_is_told_to_a_client_that_asks_for_it() {
    let mut session = Session::empty(pulling());
    for plugin in ["tool", "trigger"] {
        let from = super::session::repository()
            .join("corpus/good")
            .join(plugin);
        super::session::copy(&from, &session.path(plugin));
    }
    let text = session.read("tool/manifest.yaml");
    session.write(
        "tool/manifest.yaml",
        &text.replace("type: plugin", "type: plugins"),
    );
    let all = json!({"previousResultIds": []});
    let report = session.request("workspace/diagnostic", all).unwrap();
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{report}");
    assert_eq!(items[0]["uri"], session.uri("tool/manifest.yaml"));
    assert_eq!(items[0]["version"], Value::Null);
    let previous = json!({"previousResultIds": [
        {"uri": items[0]["uri"], "value": items[0]["resultId"]},
    ]});
    let report = session
        .request("workspace/diagnostic", previous.clone())
        .unwrap();
    assert_eq!(report["items"][0]["kind"], "unchanged", "{report}");
    session.write("tool/manifest.yaml", &text);
    let changes = json!([{"uri": session.uri("tool/manifest.yaml"), "type": 2}]);
    session.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": changes}),
    );
    let report = session.request("workspace/diagnostic", previous).unwrap();
    assert_eq!(report["items"][0]["items"], json!([]), "{report}");
    assert_eq!(session.leave(), 0);
}
