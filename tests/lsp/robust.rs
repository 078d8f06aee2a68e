//! Random edits and requests, sensible and not: the server lives, answers everything, and finds in
//! the end what the command line finds in the same texts.

use super::session::{Session, able, copy, repository, watching};
use difylint::policy::Policy;
use difylint::source::{Files, Folder, Memory, Overlay};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A small generator (SplitMix64): the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.next(of.len())]
    }
}

/// A plugin of our own, and what happens to it.
struct Plan {
    plugin: &'static str,
    /// Files that are open.
    files: &'static [&'static str],
    /// Files that nobody has open, and that come, change and go on the disk.
    others: &'static [&'static str],
}

const TOOL: Plan = Plan {
    plugin: "tool",
    files: &[
        "manifest.yaml",
        "provider/word_tools.yaml",
        "tools/count_text.yaml",
        "tools/count_text.py",
        "tools/wrap_text.yaml",
    ],
    others: &[
        "tools/wrap_text.py",
        "provider/word_tools.py",
        "README.md",
        "requirements.txt",
        "tools/new.yaml",
        ".difyignore",
    ],
};

const MODEL: Plan = Plan {
    plugin: "model",
    files: &[
        "manifest.yaml",
        "provider/lumen_models.yaml",
        "models/llm/lumen-chat.yaml",
        "models/llm/_position.yaml",
        "models/llm/llm.py",
    ],
    others: &[
        "models/api.py",
        "models/tts/lumen-speak.yaml",
        "models/llm/new.yaml",
        "_assets/icon.svg",
        "requirements.txt",
        "provider/new.py",
        ".difyignore",
    ],
};

const SCRAPS: [&str; 30] = [
    "",
    " ",
    "\n",
    "\r\n",
    "  - ",
    ": ",
    "#",
    "\"",
    "'",
    "{",
    "]",
    "[a, b]",
    "|\n  x",
    "&a",
    "*a",
    "名",
    "🚀",
    "\t",
    "\u{feff}",
    "!!str ",
    "---\n",
    "<<: *a\n",
    "type: plugin\n",
    "en_US: x\n",
    "tools/wrap_text.yaml",
    "\u{0}",
    " # difylint: ignore",
    "\n# difylint: ignore-file[i18n/surrounding-space, model/missing-position] -- so it is\n",
    "from json import dumps\n",
    "from tools.new import x\n",
];

const REQUESTS: [&str; 9] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/documentSymbol",
    "textDocument/documentLink",
    "textDocument/diagnostic",
    "textDocument/rename",
];

fn rounds() -> usize {
    std::env::var("DIFYLINT_LSP_EDITS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2000)
}

/// Where an offset stands in UTF-16; the client's own count, made another way than the server's.
fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let bytes = before.as_bytes();
    let mut line = 0;
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let lone = *byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        if *byte == b'\n' || lone {
            line += 1;
            start = at + 1;
        }
    }
    json!({"line": line, "character": before[start..].encode_utf16().count()})
}

fn boundary(text: &str, random: &mut Random) -> usize {
    let mut at = random.next(text.len() + 1);
    // no editor puts the cursor inside a character or between CR and LF
    while !text.is_char_boundary(at) || text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at -= 1;
    }
    at
}

#[test]
fn random_edits_end_where_the_command_line_ends() {
    edit(&TOOL, able());
    edit(&MODEL, able());
}

#[test]
fn random_edits_of_watched_files_end_there_too() {
    edit(&TOOL, watching());
    edit(&MODEL, watching());
}

fn edit(plan: &Plan, capabilities: Value) {
    let mut random = Random(20_260_801);
    let mut session = Session::of(plan.plugin, capabilities);
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut asked = Vec::new();
    for file in plan.files {
        session.open(file);
        texts.insert(*file, session.read(file));
    }
    for round in 0..rounds() {
        let file = *random.one(plan.files);
        match random.next(20) {
            0..=11 => {
                let text = texts.get_mut(file).unwrap();
                let (a, b) = (boundary(text, &mut random), boundary(text, &mut random));
                let (from, to) = (a.min(b), a.max(b).min(a.min(b) + 12));
                let mut to = to;
                while !text.is_char_boundary(to)
                    || text[..to].ends_with('\r') && text[to..].starts_with('\n')
                {
                    to += 1;
                }
                let scrap = *random.one(&SCRAPS);
                let range = json!({"start": position(text, from), "end": position(text, to)});
                session.change(file, json!([{"range": range, "text": scrap}]));
                text.replace_range(from..to, scrap);
            }
            12 => {
                // back to sound, or nothing would be left to find after a while
                let text = session.read(file);
                session.replace(file, &text);
                texts.insert(file, text);
            }
            13 => {
                session.close(file);
                let text = if random.next(4) == 0 {
                    String::new()
                } else {
                    session.read(file)
                };
                session.open_as(file, &text);
                texts.insert(file, text);
            }
            14 => {
                let file = *random.one(plan.others);
                let kind = match random.next(3) {
                    0 => {
                        let _ = std::fs::remove_file(session.path(file));
                        3
                    }
                    1 => {
                        let scrap = *random.one(&SCRAPS);
                        session.write(file, scrap);
                        2
                    }
                    _ => {
                        let sound = repository().join("corpus/good");
                        let sound = sound.join(plan.plugin).join(file);
                        let text = std::fs::read_to_string(sound).unwrap_or_default();
                        session.write(file, &text);
                        1
                    }
                };
                let changes = json!([{"uri": session.uri(file), "type": kind}]);
                session.notify(
                    "workspace/didChangeWatchedFiles",
                    json!({"changes": changes}),
                );
            }
            15 => {
                let params = [
                    json!(null),
                    json!({}),
                    json!([1]),
                    json!({"textDocument": {"uri": "?"}}),
                ];
                let method = *random.one(&REQUESTS);
                asked.push(session.send(method, random.one(&params).clone()));
                session.notify("textDocument/didChange", random.one(&params).clone());
                session.notify("textDocument/didOpen", random.one(&params).clone());
                session.notify("$/cancelRequest", json!({"id": round}));
            }
            _ => {
                let text = &texts[file];
                let at = position(text, boundary(text, &mut random));
                let document = json!({"uri": session.uri(file)});
                let params = json!({
                    "textDocument": document, "position": at, "newName": "other",
                    "context": {"includeDeclaration": true, "diagnostics": []},
                    "range": {"start": at, "end": {"line": 9999, "character": 3}},
                });
                let method = match random.next(8) {
                    0 => "textDocument/codeAction",
                    _ => *random.one(&REQUESTS),
                };
                let id = session.send(method, params);
                asked.push(id);
                if random.next(6) == 0 {
                    session.notify("$/cancelRequest", json!({"id": id}));
                }
            }
        }
        if round % 100 == 99 {
            for id in std::mem::take(&mut asked) {
                session.answered(id);
            }
            same_as_the_command_line(plan, &mut session, &texts);
        }
    }
    for id in asked {
        session.answered(id);
    }
    same_as_the_command_line(plan, &mut session, &texts);
    assert_eq!(session.leave(), 0);
}

fn same_as_the_command_line(plan: &Plan, session: &mut Session, texts: &BTreeMap<&str, String>) {
    let mut above = Memory::new();
    for (file, text) in texts {
        // what changed on the disk has no version to wait for: this has
        session.replace(file, text);
        above.insert(*file, text.as_bytes().to_vec());
    }
    let files: Arc<dyn Files> = Arc::new(Overlay::new(Folder::new(session.path("")), above));
    let report = difylint::check(files, "", &Policy::default());
    for file in plan.files {
        let found = session.diagnostics(file);
        let told: Vec<(String, String, Value)> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                let message = it["message"].as_str().unwrap();
                let code = it["code"].as_str().unwrap();
                let first = message.lines().next().unwrap_or("");
                (
                    code.to_owned(),
                    first.to_owned(),
                    it["range"]["start"].clone(),
                )
            })
            .collect();
        let expected: Vec<(String, String, Value)> = report
            .findings
            .iter()
            .filter(|it| *it.place.file == **file)
            .map(|it| {
                let start = (it.place.span.start as usize).min(texts[*file].len());
                let first = it.message.lines().next().unwrap_or("");
                (
                    it.rule.to_string(),
                    first.to_owned(),
                    position(&texts[*file], start),
                )
            })
            .collect();
        assert_eq!(told, expected, "{file}:\n{}", texts[*file]);
    }
}

#[test]
fn a_file_that_comes_into_being_joins_the_plugin() {
    let mut session = Session::empty(able());
    copy(&repository().join("corpus/good/tool"), &session.path("p"));
    session.open("p/provider/word_tools.yaml");
    assert_eq!(session.diagnostics("p/provider/word_tools.yaml"), json!([]));
    let text = session.read("p/provider/word_tools.yaml");
    let more = text.replace(
        "  - tools/wrap_text.yaml\n",
        "  - tools/wrap_text.yaml\n  - tools/new.yaml\n",
    );
    session.replace("p/provider/word_tools.yaml", &more);
    let found = session.diagnostics("p/provider/word_tools.yaml");
    assert_eq!(found[0]["code"], "path/missing-file");
    session.write("p/tools/new.yaml", "identity:\n  name: x\n");
    let changes = json!([{"uri": session.uri("p/tools/new.yaml"), "type": 1}]);
    session.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": changes}),
    );
    session.until("p/provider/word_tools.yaml", |found| {
        !found
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["code"] == "path/missing-file")
    });
    session.until("p/tools/new.yaml", |found| found != &json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn without_its_manifest_a_folder_is_no_plugin_any_more() {
    let mut session = Session::of("tool", able());
    let text = session.read("tools/count_text.yaml");
    session.open("tools/count_text.yaml");
    session.replace(
        "tools/count_text.yaml",
        &text.replace("form: llm", "form: lml"),
    );
    assert_ne!(session.diagnostics("tools/count_text.yaml"), json!([]));
    std::fs::remove_file(session.path("manifest.yaml")).unwrap();
    let changes = json!([{"uri": session.uri("manifest.yaml"), "type": 3}]);
    session.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": changes}),
    );
    session.until("tools/count_text.yaml", |found| found == &json!([]));
    // a manifest in the editor alone makes it one again
    session.open_as("manifest.yaml", "type: plugin\n");
    session.until("manifest.yaml", |found| found != &json!([]));
    assert_eq!(session.leave(), 0);
}

#[test]
fn only_plugins_with_an_open_document_are_looked_at() {
    let mut session = Session::empty(able());
    for plugin in ["a", "b"] {
        copy(
            &repository().join("corpus/good/tool"),
            &session.path(plugin),
        );
        let text = session.read(&format!("{plugin}/manifest.yaml"));
        let broken = text.replace("type: plugin", "type: plugins");
        session.write(&format!("{plugin}/manifest.yaml"), &broken);
    }
    session.open("a/tools/count_text.yaml");
    session.until("a/manifest.yaml", |found| found != &json!([]));
    session.open("a/tools/wrap_text.yaml");
    session.diagnostics("a/tools/wrap_text.yaml");
    assert!(session.published.keys().all(|uri| uri.contains("/a/")));
    assert_eq!(session.leave(), 0);
}
