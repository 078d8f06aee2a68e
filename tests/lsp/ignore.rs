//! Actions that take a finding out of sight: each is chosen, applied, and looked at.

use super::features::actions;
use super::session::{Session, able, apply};
use serde_json::Value;

const TOOL: &str = "tools/count_text.yaml";

/// The places of our own plugin where something is untidy: file, sound text, untidy text, and where
/// the cursor stands.
const UNTIDY: [(&str, &str, &str, &str); 7] = [
    (
        TOOL,
        "en_US: Words",
        "en_US: \"Words \"",
        "en_|US: \"Words \"",
    ),
    // a comment at the end of the line would be a part of the text
    (
        TOOL,
        "en_US: Words",
        "en_US: \"Words\n            in all \"",
        "en_|US: \"Words\n",
    ),
    (
        "tools/wrap_text.py",
        "        lines =",
        "        print(\"# difylint: ignore[x]\")\n        lines =",
        "pri|nt(",
    ),
    ("requirements.txt", "\n", "\nrequests\n", "\nreq|uests"),
    (".difyignore", ".git/", ".git/\n./notes", "./no|tes"),
    ("README.md", "\n", "\n\n![x](none.png)\n", "none|.png"),
    (
        "manifest.yaml",
        "type: plugin",
        "type: plugins",
        "type: plug|ins",
    ),
];

#[test]
fn in_every_kind_of_file() {
    let mut told = String::new();
    for (file, sound, untidy, needle) in UNTIDY {
        let mut session = Session::of("tool", able());
        session.open(file);
        let text = session.read(file).replacen(sound, untidy, 1);
        session.replace(file, &text);
        let found = actions(&mut session, file, &text, needle);
        told.push_str(&format!("==== {file}: {needle:?}\n"));
        for action in found.iter().filter(|it| is_ignoring(it)) {
            let title = action["title"].as_str().unwrap();
            told.push_str(&format!("-- {title}\n"));
            let edit = resolved(&mut session, action);
            for (uri, after) in apply(&session, &edit, &[(file, &text)]) {
                told.push_str(&difference(&text, &after, &uri));
                if uri == file {
                    let before = session.diagnostics(file);
                    session.replace(file, &after);
                    let left = session.diagnostics(file);
                    assert!(
                        left.as_array().unwrap().len() < before.as_array().unwrap().len(),
                        "{title} {left}"
                    );
                    session.replace(file, &text);
                }
            }
        }
        assert_eq!(session.leave(), 0);
    }
    insta::assert_snapshot!(told);
}

fn is_ignoring(action: &Value) -> bool {
    action["title"].as_str().unwrap().starts_with("ignore `")
}

fn resolved(session: &mut Session, action: &Value) -> Value {
    let action = session.request("codeAction/resolve", action.clone());
    action.unwrap()["edit"].clone()
}

/// The lines that a text has more or less than another.
fn difference(before: &str, after: &str, file: &str) -> String {
    if after.lines().count() < 3 {
        return format!("{file}: {after:?}\n");
    }
    let mut told = String::new();
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    for line in old.iter().filter(|it| !new.contains(it)) {
        told.push_str(&format!("-{line}\n"));
    }
    for line in new.iter().filter(|it| !old.contains(it)) {
        told.push_str(&format!("+{line}\n"));
    }
    told
}

#[test]
fn in_the_configuration_that_counts() {
    let mut told = String::new();
    for (name, configuration) in [
        (
            "difylint.toml",
            "profile = \"author\"\n\n[severity]\ni18n = \"info\"\n",
        ),
        ("difylint.toml", "ignore = [\n  \"readme\",\n]\n"),
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\n\n[tool.difylint]\nprofile = \"author\"\n",
        ),
        // selected again for every document: to ignore it above would do nothing
        (
            "difylint.toml",
            "[[overrides]]\npaths = [\"tools/**\"]\nextend-select = [\"i18n/surrounding-space\"]\n",
        ),
    ] {
        let mut session = Session::of("tool", able());
        session.write(name, configuration);
        session.open(TOOL);
        let text = session
            .read(TOOL)
            .replacen("en_US: Words", "en_US: \"Words \"", 1);
        session.replace(TOOL, &text);
        let found = actions(&mut session, TOOL, &text, "en_|US: \"Words \"");
        let offer = found
            .iter()
            .find(|it| is_ignoring(it) && it["title"].as_str().unwrap().contains(".toml"));
        let Some(offer) = offer else {
            told.push_str(&format!("==== {name}: nothing\n"));
            continue;
        };
        let edit = resolved(&mut session, offer);
        let mut after = apply(&session, &edit, &[(name, configuration)]);
        let (file, after) = after.pop().unwrap();
        told.push_str(&format!("==== {} {file}\n{after}", offer["title"]));
        assert_ne!(session.diagnostics(TOOL).to_string(), "[]");
        session.open_as(name, &after);
        session.until(TOOL, |found| found == &serde_json::json!([]));
        assert_eq!(session.leave(), 0);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_client_that_creates_no_files_is_offered_no_new_configuration() {
    let mut capabilities = able();
    capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = serde_json::json!([]);
    let mut session = Session::of("tool", capabilities);
    session.open(TOOL);
    let text = session
        .read(TOOL)
        .replacen("en_US: Words", "en_US: \"Words \"", 1);
    session.replace(TOOL, &text);
    let found = actions(&mut session, TOOL, &text, "en_|US: \"Words \"");
    let titles: Vec<&str> = found.iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(
        titles,
        [
            "remove the white space around the text",
            "ignore `i18n/surrounding-space` on this line",
            "ignore `i18n/surrounding-space` in this file",
            "apply all safe fixes of difylint",
        ]
    );
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_repair_of_two_findings_is_offered_once() {
    const FILE: &str = "requirements.txt";
    let mut session = Session::of("trigger", able());
    session.open(FILE);
    let text = session.read(FILE).replacen(">=0.9.0", ">=0.5.0", 1);
    session.replace(FILE, &text);
    let found = actions(&mut session, FILE, &text, "dify_|plugin>=");
    let mut told = String::new();
    for action in &found {
        let rules = action["diagnostics"].as_array().into_iter().flatten();
        let rules: Vec<&str> = rules.filter_map(|it| it["code"].as_str()).collect();
        told.push_str(&format!("{} {rules:?}\n", action["title"]));
    }
    insta::assert_snapshot!(told);
    assert_eq!(session.leave(), 0);
}
