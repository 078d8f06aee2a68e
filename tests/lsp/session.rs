//! A client for tests: it talks to a server in this process and keeps what it is told.

pub use crate::support::folders::copy;
use lsp_server::{Connection, Message, Notification, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

/// Longer than anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Session {
    connection: Option<Connection>,
    server: Option<JoinHandle<u8>>,
    folder: tempfile::TempDir,
    next_id: i32,
    versions: BTreeMap<String, i32>,
    answers: Vec<Response>,
    /// The newest diagnostics of each file, with the version that they are of.
    pub published: BTreeMap<String, (Option<i64>, Value)>,
    /// Requests and notifications of the server, diagnostics aside.
    pub heard: Vec<(String, Value)>,
}

/// A client that can do everything that changes what the server does, but does not pull.
pub fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "completion": {"completionItem": {"snippetSupport": true}},
            "codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
        "workspace": {
            "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create", "rename", "delete"],
                "changeAnnotationSupport": {},
            },
        },
    })
}

/// The same of a client that tells of changes on the disk.
pub fn watching() -> Value {
    let mut able = able();
    able["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    able
}

impl Session {
    /// A session in a copy of one of our own plugins.
    pub fn of(plugin: &str, capabilities: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(
            &repository().join("corpus/good").join(plugin),
            folder.path(),
        );
        Self::start(folder, capabilities)
    }

    /// A session in an empty folder.
    pub fn empty(capabilities: Value) -> Self {
        Self::start(tempfile::tempdir().unwrap(), capabilities)
    }

    /// Starts the server in a folder.
    pub fn start(folder: tempfile::TempDir, capabilities: Value) -> Self {
        let mut session = Self::silent(folder);
        let root = session.uri("");
        let params = json!({
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": root.trim_end_matches('/'), "name": "root"}],
        });
        session.request("initialize", params).unwrap();
        session.notify("initialized", json!({}));
        session
    }

    /// A server that was told nothing.
    pub fn silent(folder: tempfile::TempDir) -> Self {
        let (server, client) = Connection::memory();
        Self {
            connection: Some(client),
            server: Some(std::thread::spawn(move || difylint::lsp::serve(server))),
            folder,
            next_id: 0,
            versions: BTreeMap::new(),
            answers: Vec::new(),
            published: BTreeMap::new(),
            heard: Vec::new(),
        }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn uri(&self, file: &str) -> String {
        let path = self.folder.path().to_string_lossy().replace('\\', "/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("file://{slash}{path}/{file}")
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    fn connection(&self) -> &Connection {
        self.connection.as_ref().unwrap()
    }

    pub fn notify(&self, method: &str, params: Value) {
        let message = Notification {
            method: method.to_owned(),
            params,
        };
        self.connection().sender.send(message.into()).unwrap();
    }

    /// Sends a request without waiting; its id.
    pub fn send(&mut self, method: &str, params: Value) -> i32 {
        self.next_id += 1;
        let message = Request {
            id: self.next_id.into(),
            method: method.to_owned(),
            params,
        };
        self.connection().sender.send(message.into()).unwrap();
        self.next_id
    }

    /// Sends a request and waits: the result, or the error's code and message.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.send(method, params);
        self.wait(id)
    }

    /// Waits for an answer.
    pub fn wait(&mut self, id: i32) -> Result<Value, (i32, String)> {
        loop {
            if let Some(at) = self.answers.iter().position(|it| it.id == id.into()) {
                let response = self.answers.swap_remove(at);
                return response.response_result.map_err(|it| (it.code, it.message));
            }
            self.hear();
        }
    }

    /// Waits for an answer, whatever it is: but the server must not have failed.
    pub fn answered(&mut self, id: i32) {
        const INTERNAL_ERROR: i32 = -32603;
        if let Err((code, message)) = self.wait(id) {
            assert_ne!(code, INTERNAL_ERROR, "{message}");
        }
    }

    /// Takes in one message.
    fn hear(&mut self) {
        let message = self.connection().receiver.recv_timeout(PATIENCE);
        match message.expect("the server says something") {
            Message::Response(response) => self.answers.push(response),
            Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
                let uri = it.params["uri"].as_str().unwrap().to_owned();
                let version = it.params["version"].as_i64();
                let found = it.params["diagnostics"].clone();
                self.published.insert(uri, (version, found));
            }
            Message::Notification(it) => self.heard.push((it.method, it.params)),
            Message::Request(it) => {
                self.heard.push((it.method, it.params));
                let answer = Response::new_ok(it.id, Value::Null);
                self.connection().sender.send(answer.into()).unwrap();
            }
        }
    }

    pub fn open(&mut self, file: &str) {
        let text = self.read(file);
        self.open_as(file, &text);
    }

    pub fn open_as(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        // counted on where the document was open before, so that no version means two texts
        let version = self.versions.entry(file.to_owned()).or_default();
        *version += 1;
        let item = json!({"uri": uri, "languageId": "yaml", "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Puts another text in place of all of an open document.
    pub fn replace(&mut self, file: &str, text: &str) {
        self.change(file, json!([{"text": text}]));
    }

    pub fn change(&mut self, file: &str, changes: Value) {
        let version = self.versions.get_mut(file).unwrap();
        *version += 1;
        let document = json!({"uri": self.uri(file), "version": self.versions[file]});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    pub fn close(&mut self, file: &str) {
        let document = json!({"uri": self.uri(file)});
        self.notify("textDocument/didClose", json!({"textDocument": document}));
    }

    /// The diagnostics of an open document in its newest version.
    pub fn diagnostics(&mut self, file: &str) -> Value {
        let uri = self.uri(file);
        let version = i64::from(self.versions[file]);
        loop {
            if let Some((Some(of), found)) = self.published.get(&uri)
                && *of == version
            {
                return found.clone();
            }
            self.hear();
        }
    }

    /// Waits until a published file satisfies a condition.
    pub fn until(&mut self, file: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let uri = self.uri(file);
        loop {
            if let Some((_, found)) = self.published.get(&uri)
                && wanted(found)
            {
                return found.clone();
            }
            self.hear();
        }
    }

    /// Asks about the place of `needle` in a file's text: the place of the `|` in it.
    pub fn ask_at(&mut self, method: &str, file: &str, text: &str, needle: &str) -> Value {
        let params = self.at(file, text, needle);
        self.request(method, params).unwrap()
    }

    /// A document and a position in UTF-16: that of the `|` in `needle`.
    pub fn at(&self, file: &str, text: &str, needle: &str) -> Value {
        let mark = needle.find('|').expect("a place");
        let at = text.find(&needle.replace('|', "")).expect("the needle") + mark;
        let line = text[..at].matches('\n').count();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let character = text[start..at].encode_utf16().count();
        json!({
            "textDocument": {"uri": self.uri(file)},
            "position": {"line": line, "character": character},
        })
    }

    /// The exit status after a proper goodbye.
    pub fn leave(mut self) -> u8 {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }

    /// The exit status when the client says `exit` at once.
    pub fn exit(mut self) -> u8 {
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }

    /// The exit status when the connection breaks.
    pub fn vanish(mut self) -> u8 {
        self.connection = None;
        self.server.take().unwrap().join().unwrap()
    }

    /// JSON as a person reads it, the folder's name taken out.
    pub fn show(&self, value: &Value) -> String {
        let root = self.uri("");
        let mut value = value.clone();
        sort_maps(&mut value);
        let text = serde_json::to_string_pretty(&value).unwrap();
        text.replace(root.trim_end_matches('/'), "ROOT")
    }
}

/// Maps whose keys come in no order, put in one.
fn sort_maps(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort_maps),
        Value::Object(entries) => {
            for (key, value) in entries {
                if key == "changeAnnotations"
                    && let Value::Object(map) = value
                {
                    map.sort_keys();
                }
                sort_maps(value);
            }
        }
        _ => {}
    }
}

/// The texts of files after an edit, by their names in the plugin; `texts` are those that the editor
/// has, all others begin empty.
pub fn apply(session: &Session, edit: &Value, texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let root = session.uri("");
    let mut changed: Vec<(String, String)> = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        let Some(uri) = change["textDocument"]["uri"].as_str() else {
            continue;
        };
        let file = uri.strip_prefix(&root).expect("a file of the plugin");
        let known = texts.iter().find(|(name, _)| *name == file);
        let mut text = known.map_or_else(String::new, |(_, text)| (*text).to_owned());
        let mut edits = change["edits"].as_array().unwrap().clone();
        edits.sort_by_key(|it| std::cmp::Reverse(offset(&text, &it["range"]["start"])));
        for it in edits {
            let (start, end) = (&it["range"]["start"], &it["range"]["end"]);
            let range = offset(&text, start)..offset(&text, end);
            text.replace_range(range, it["newText"].as_str().unwrap());
        }
        changed.push((file.to_owned(), text));
    }
    changed
}

/// The byte at a position in UTF-16.
fn offset(text: &str, position: &Value) -> usize {
    let mut at = 0;
    for _ in 0..position["line"].as_u64().unwrap() {
        at += text[at..].find('\n').unwrap() + 1;
    }
    let mut units = position["character"].as_u64().unwrap();
    for c in text[at..].chars() {
        if units == 0 {
            break;
        }
        units -= c.len_utf16() as u64;
        at += c.len_utf8();
    }
    at
}

/// Diagnostics, one a line: place, severity, rule, first line of the message.
pub fn brief(found: &Value) -> String {
    let lines = found.as_array().unwrap().iter().map(|it| {
        let start = &it["range"]["start"];
        let end = &it["range"]["end"];
        let message = it["message"].as_str().unwrap();
        format!(
            "{}:{}-{}:{} {} {} {}\n",
            start["line"],
            start["character"],
            end["line"],
            end["character"],
            ["", "error", "warning", "info", "hint"][it["severity"].as_u64().unwrap() as usize],
            it["code"].as_str().unwrap(),
            message.lines().next().unwrap()
        )
    });
    lines.collect()
}

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
