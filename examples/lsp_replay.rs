//! How long the language server takes while somebody types.
//!
//! `cargo run --profile quick --example lsp_replay` replays typing in real plugins over a connection
//! in memory: the time from a keystroke to the diagnostics of the edited document (asked for) and of
//! the whole plugin (told), from opening a workspace of all plugins to the first file's answer, and
//! the memory at the end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

use lsp_server::{Connection, Message, Notification, Request, Response};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const KEYSTROKES: usize = 400;

fn main() {
    let official = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/official");
    let Ok(official) = official.canonicalize() else {
        println!("skipped: {} is not there", official.display());
        return;
    };
    println!("| what | p50 | p99 | most |");
    println!("|---|---:|---:|---:|");
    for (plugin, file) in [
        ("models/aihubmix", "provider/aihubmix.yaml"),
        ("triggers/github_trigger", "provider/github.yaml"),
        ("tools/slack", "manifest.yaml"),
    ] {
        let root = official.join(plugin);
        if !root.join(file).exists() {
            println!("skipped: {plugin}/{file} is not there");
            continue;
        }
        row(
            &format!("keystroke to the document, `{plugin}`"),
            typing(&root, file, true),
        );
        row(
            &format!("keystroke to the plugin, `{plugin}`"),
            typing(&root, file, false),
        );
    }
    workspace(&official);
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| ms(times[(times.len() * share / 100).min(times.len() - 1)]);
    println!("| {what} | {} | {} | {} |", at(50), at(99), at(100));
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// Types a letter into the last line of a file and takes it out again, and so on.
fn typing(root: &Path, file: &str, pulls: bool) -> Vec<Duration> {
    let mut client = Client::start(root, pulls);
    let text = fs::read_to_string(root.join(file)).unwrap();
    client.open(&root.join(file), &text);
    client.fresh(&root.join(file), 1, pulls);
    let line = text
        .lines()
        .position(|line| line.contains("en_US: "))
        .unwrap();
    let column = text.lines().nth(line).unwrap().encode_utf16().count();
    let mut times = Vec::new();
    for version in 2..KEYSTROKES + 2 {
        let end = if version % 2 == 0 { column } else { column + 1 };
        let letter = if version % 2 == 0 { "x" } else { "" };
        let at = |character: usize| json!({"line": line, "character": character});
        let change = json!({"range": {"start": at(column), "end": at(end)}, "text": letter});
        let uri = uri(&root.join(file));
        let began = Instant::now();
        client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}),
        );
        client.fresh(&root.join(file), version, pulls);
        times.push(began.elapsed());
        // a fast typist
        thread::sleep(Duration::from_millis(5));
    }
    client.leave();
    times
}

fn workspace(official: &Path) {
    let manifest = official.join("tools/slack/manifest.yaml");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut first = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        let mut client = Client::start(official, true);
        client.open(&manifest, &text);
        client.fresh(&manifest, 1, true);
        first.push(began.elapsed());
        client.leave();
    }
    row(
        "opening a workspace of all plugins to the first answer",
        first,
    );
    let mut client = Client::start(official, true);
    client.open(&manifest, &text);
    client.fresh(&manifest, 1, true);
    println!("\nmemory with one plugin open: {}", memory());
    let began = Instant::now();
    client.request("workspace/diagnostic", json!({"previousResultIds": []}));
    println!(
        "all plugins of the workspace: {}, memory then: {}",
        ms(began.elapsed()),
        memory()
    );
    client.leave();
}

/// What the system counts for this process, server and client together.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        line.map_or("?", |line| {
            line.split_once(':').map_or("?", |(_, it)| it.trim())
        })
        .to_owned()
    };
    format!("{} (at most {})", line("VmRSS"), line("VmHWM"))
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

struct Client {
    connection: Connection,
    server: JoinHandle<u8>,
    asked: i32,
}

impl Client {
    fn start(folder: &Path, pulls: bool) -> Self {
        let (server, connection) = Connection::memory();
        let mut client = Self {
            connection,
            server: thread::spawn(move || difylint::lsp::serve(server)),
            asked: 0,
        };
        let diagnostic = if pulls { json!({}) } else { Value::Null };
        client.request(
            "initialize",
            json!({
                "capabilities": {"textDocument": {"diagnostic": diagnostic}},
                "workspaceFolders": [{"uri": uri(folder), "name": "all"}],
            }),
        );
        client.notify("initialized", json!({}));
        client
    }

    fn notify(&self, method: &str, params: Value) {
        let method = method.to_owned();
        self.connection
            .sender
            .send(Notification { method, params }.into())
            .unwrap();
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let request = Request {
            id: self.asked.into(),
            method: method.to_owned(),
            params,
        };
        self.connection.sender.send(request.into()).unwrap();
        loop {
            if let Message::Response(Response {
                id,
                response_result,
            }) = self.hear()
                && id == self.asked.into()
            {
                return response_result.unwrap();
            }
        }
    }

    fn hear(&self) -> Message {
        self.connection
            .receiver
            .recv_timeout(Duration::from_secs(60))
            .unwrap()
    }

    fn open(&self, path: &Path, text: &str) {
        let item = json!({"uri": uri(path), "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Waits for the diagnostics of a document in a version.
    fn fresh(&mut self, path: &Path, version: usize, pulls: bool) {
        if pulls {
            self.request(
                "textDocument/diagnostic",
                json!({"textDocument": {"uri": uri(path)}}),
            );
            return;
        }
        loop {
            if let Message::Notification(it) = self.hear()
                && it.params["uri"] == uri(path)
                && it.params["version"] == version
            {
                return;
            }
        }
    }

    fn leave(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.server.join().unwrap();
    }
}
