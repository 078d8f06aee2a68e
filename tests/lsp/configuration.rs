//! Mistakes in configurations, and what the server answers to requests of our own.

use super::session::{Session, able, brief, copy, repository};
use serde_json::{Value, json};

const BROKEN: &str = "profile = \"autor\"\nignore = [\"path/missing-fil\"]\n";

fn pulling() -> Value {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities
}

fn pull(session: &mut Session, file: &str) -> String {
    let document = json!({"textDocument": {"uri": session.uri(file)}});
    let report = session.request("textDocument/diagnostic", document);
    brief(&report.unwrap()["items"])
}

#[test]
fn mistakes_come_while_the_configuration_is_typed_and_go_when_it_is_repaired() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    assert_eq!(session.diagnostics("manifest.yaml"), json!([]));
    session.write("difylint.toml", "# nothing\n");
    session.open("difylint.toml");
    assert_eq!(session.diagnostics("difylint.toml"), json!([]));
    // not saved
    session.replace("difylint.toml", BROKEN);
    let found = session.diagnostics("difylint.toml");
    insta::assert_snapshot!(session.show(&found));
    session.replace("difylint.toml", "profile = \"author\"\n");
    assert_eq!(session.diagnostics("difylint.toml"), json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn an_unsaved_configuration_decides() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    let text = session
        .read("manifest.yaml")
        .replace("provider/word_tools", "provider/gone");
    session.replace("manifest.yaml", &text);
    session.until("manifest.yaml", |found| {
        brief(found).contains("path/missing-file")
    });
    session.write("difylint.toml", "");
    session.open_as("difylint.toml", "ignore = [\"path/missing-file\"]\n");
    session.until("manifest.yaml", |found| {
        !brief(found).contains("path/missing-file")
    });
    // what the disk says
    session.close("difylint.toml");
    session.until("manifest.yaml", |found| {
        brief(found).contains("path/missing-file")
    });
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_configuration_above_two_plugins() {
    let mut session = Session::empty(able());
    for plugin in ["tool", "trigger"] {
        let from = repository().join("corpus/good").join(plugin);
        copy(&from, &session.path(plugin));
    }
    session.write("difylint.toml", BROKEN);
    session.open("tool/manifest.yaml");
    session.open("trigger/manifest.yaml");
    session.until("difylint.toml", |found| found != &json!([]));
    session.diagnostics("tool/manifest.yaml");
    session.diagnostics("trigger/manifest.yaml");
    // one plugin goes, the mistakes stay the other's
    session.close("tool/manifest.yaml");
    let verdicts = session.uri("trigger/manifest.yaml");
    let verdicts = json!({"textDocument": {"uri": verdicts}});
    session.request("difylint/verdicts", verdicts).unwrap();
    session.until("difylint.toml", |found| found != &json!([]));
    session.close("trigger/manifest.yaml");
    session.until("difylint.toml", |found| found == &json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_client_that_pulls_asks_for_the_configuration_too() {
    let mut session = Session::empty(pulling());
    let from = repository().join("corpus/good/tool");
    copy(&from, &session.path("tool"));
    // of a folder of plugins: it belongs to none
    session.write("difylint.toml", BROKEN);
    session.open("difylint.toml");
    let above = pull(&mut session, "difylint.toml");
    let workspace = session.request("workspace/diagnostic", json!({"previousResultIds": []}));
    let workspace = workspace.unwrap();
    let items = workspace["items"].as_array().unwrap();
    let listed = items
        .iter()
        .find(|it| it["uri"] == json!(session.uri("difylint.toml")));
    assert_eq!(brief(&listed.unwrap()["items"]), above);
    insta::assert_snapshot!("above_plugins", above);
    session.replace("difylint.toml", "");
    assert_eq!(pull(&mut session, "difylint.toml"), "");
    // of a plugin
    session.write("tool/.difylint.toml", BROKEN);
    session.open("tool/.difylint.toml");
    assert_eq!(pull(&mut session, "tool/.difylint.toml"), above);
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_configuration_that_cannot_be_read_is_told_at_the_manifest() {
    let mut session = Session::of("tool", able());
    std::fs::write(session.path("difylint.toml"), b"profile = \"\xff\"").unwrap();
    session.open("manifest.yaml");
    insta::assert_snapshot!(brief(&session.diagnostics("manifest.yaml")));
    assert_eq!(session.leave(), 0);
}

#[test]
fn verdicts_are_of_the_texts_in_the_editor() {
    let mut session = Session::of("tool", able());
    session.open("manifest.yaml");
    let document =
        |file: &str, session: &Session| json!({"textDocument": {"uri": session.uri(file)}});
    let text = session
        .read("manifest.yaml")
        .replace("provider/word_tools", "provider/gone");
    session.replace("manifest.yaml", &text);
    let params = document("tools/count_text.yaml", &session);
    let verdicts = session.request("difylint/verdicts", params).unwrap();
    insta::assert_snapshot!("verdicts", session.show(&verdicts));
    let outside = json!({"textDocument": {"uri": "file:///nowhere/x.yaml"}});
    let verdicts = session.request("difylint/verdicts", outside).unwrap();
    assert_eq!(verdicts, Value::Null);
    assert_eq!(session.leave(), 0);
}

#[test]
fn rules_are_explained() {
    let mut session = Session::empty(able());
    let page = session.request("difylint/explain", json!({"rule": "path/missing-file"}));
    let page = page.unwrap();
    assert_eq!(page["rule"], "path/missing-file");
    let text = page["page"].as_str().unwrap();
    assert!(text.starts_with("# path/missing-file\n"), "{text}");
    let unknown = session.request("difylint/explain", json!({"rule": "path/missing-fil"}));
    insta::assert_snapshot!("unknown_rule", unknown.unwrap_err().1);
    assert_eq!(session.leave(), 0);
}
