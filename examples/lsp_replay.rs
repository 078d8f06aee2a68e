//! How long the language server takes while somebody types.
//!
//! `cargo run --profile quick --example lsp_replay` replays what `lsp_replay.toml` says in real
//! plugins over a connection in memory: the time from a keystroke to the diagnostics of the edited
//! document (asked for) and of the whole plugin (told), what both cost the processor, the time from
//! opening a workspace of all plugins to the first file's answer, and the memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

#[path = "bench/host.rs"]
mod host;

use host::stolen;
use lsp_server::{Connection, Message, Notification, Request, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The script of a plugin is replayed until at least so many changes were made.
const CHANGES: usize = 400;

/// What a fast typist leaves between two keys, at least.
const PACE: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
struct Script {
    plugin: Vec<Plugin>,
}

#[derive(Deserialize)]
struct Plugin {
    root: String,
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
struct Edit {
    what: String,
    file: String,
    behind: String,
    #[serde(default)]
    removes: usize,
    types: String,
}

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let official = here.join("../shared/corpus/official");
    let Ok(official) = official.canonicalize() else {
        println!("skipped: {} is not there", official.display());
        return;
    };
    let script = fs::read_to_string(here.join("examples/lsp_replay.toml")).unwrap();
    let script: Script = toml::from_str(&script).unwrap();
    println!("| what | p50 | p99 | most | undisturbed, p99 | processor, p50 | p99 |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for plugin in &script.plugin {
        let name = &plugin.root;
        for (pulls, watches, what) in [
            (true, true, "keystroke to the document"),
            (false, true, "keystroke to the plugin"),
            (true, false, "the first, where nobody watches files"),
        ] {
            let what = format!("{what}, `{name}`");
            if is_wanted(&what) {
                replay(&what, &official, plugin, Able { pulls, watches });
            }
        }
    }
    if is_wanted(WORKSPACE) {
        workspace(&official);
    }
}

const WORKSPACE: &str = "opening a workspace of all plugins to the first answer";

/// True for rows that hold one of the words of the command line; `edits` is none of them.
fn is_wanted(row: &str) -> bool {
    let mut words = std::env::args()
        .skip(1)
        .filter(|it| it != "edits")
        .peekable();
    words.peek().is_none() || words.any(|word| row.contains(&word))
}

/// What was measured of the keys of a row.
#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    /// Those during which no other machine took a processor away from this one.
    undisturbed: Vec<Duration>,
    processor: Vec<Duration>,
}

impl Times {
    fn add(&mut self, took: Duration, disturbed: bool) {
        self.all.push(took);
        self.undisturbed.extend((!disturbed).then_some(took));
    }
}

fn row(what: &str, mut times: Times) {
    let at = |times: &mut Vec<Duration>, share: usize| {
        times.sort();
        let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or_else(String::new, |time| ms(*time))
    };
    let share = times.undisturbed.len() * 100 / times.all.len().max(1);
    println!(
        "| {what} | {} | {} | {} | {} ({share} %) | {} | {} |",
        at(&mut times.all, 50),
        at(&mut times.all, 99),
        at(&mut times.all, 100),
        at(&mut times.undisturbed, 99),
        at(&mut times.processor, 50),
        at(&mut times.processor, 99),
    );
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// The processor time of this process, server and client together; zero where it is not known. A
/// machine that is shared takes time away from a process, but adds none to this.
fn processor() -> Duration {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let path = thread.ok()?.path().join("schedstat");
        let text = fs::read_to_string(path).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// Replays the edits of a plugin again and again.
fn replay(what: &str, official: &Path, plugin: &Plugin, able: Able) {
    let root = official.join(&plugin.root);
    if !root.exists() {
        println!("skipped: {} is not there", root.display());
        return;
    }
    let mut client = Client::start(&root, able);
    let pulls = able.pulls;
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    let mut times = Times::default();
    let mut by_edit: BTreeMap<&str, Times> = BTreeMap::new();
    while times.all.len() < CHANGES {
        for edit in &plugin.edit {
            let path = root.join(&edit.file);
            let text = fs::read_to_string(&path).unwrap();
            let version = versions.entry(&edit.file).or_insert(0);
            if *version == 0 {
                *version = 1;
                client.open(&path, &text);
                client.fresh(&path, 1, pulls);
            }
            for change in changes(&text, edit) {
                *version += 1;
                let began = (processor(), stolen());
                let took = client.change(&path, *version, change, pulls);
                thread::sleep(PACE);
                let spent = processor().saturating_sub(began.0);
                let disturbed = stolen() != began.1;
                for times in [&mut times, by_edit.entry(&edit.what).or_default()] {
                    times.add(took, disturbed);
                    times.processor.push(spent);
                }
            }
        }
    }
    client.leave();
    row(what, times);
    if std::env::args().any(|word| word == "edits") {
        for (what, times) in by_edit {
            row(&format!("– {what}"), times);
        }
    }
}

/// The changes of an edit as the protocol has them: the removal, each key, and the undoing.
fn changes(text: &str, edit: &Edit) -> Vec<Value> {
    let at = text.find(&edit.behind).map(|at| at + edit.behind.len());
    let at = at.unwrap_or_else(|| panic!("{} has no {:?}", edit.file, edit.behind));
    let removed = &text[at..at + edit.removes];
    let range = |before: &str, after: &str| json!({"start": end(before), "end": end(after)});
    let mut now = text[..at].to_owned();
    let mut changes = Vec::new();
    if !removed.is_empty() {
        let gone = range(&now, &format!("{now}{removed}"));
        changes.push(json!({"range": gone, "text": ""}));
    }
    for key in edit.types.chars() {
        changes.push(json!({"range": range(&now, &now), "text": key.to_string()}));
        now.push(key);
    }
    changes.push(json!({"range": range(&text[..at], &now), "text": removed}));
    changes
}

/// The end of a text as line and column.
fn end(text: &str) -> Value {
    let last = text.rsplit('\n').next().unwrap_or_default();
    let column = last.encode_utf16().count();
    json!({"line": text.matches('\n').count(), "character": column})
}

fn workspace(official: &Path) {
    let manifest = official.join("tools/slack/manifest.yaml");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut first = Times::default();
    for _ in 0..20 {
        let before = stolen();
        let began = Instant::now();
        let mut client = Client::start(official, ABLE);
        client.open(&manifest, &text);
        client.fresh(&manifest, 1, true);
        let took = began.elapsed();
        first.add(took, stolen() != before);
        client.leave();
    }
    row(WORKSPACE, first);
    let mut client = Client::start(official, ABLE);
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

/// What the client can do.
#[derive(Clone, Copy)]
struct Able {
    /// It asks for the diagnostics of a document.
    pulls: bool,
    /// It tells of changes on the disk, as VS Code does.
    watches: bool,
}

const ABLE: Able = Able {
    pulls: true,
    watches: true,
};

struct Client {
    connection: Connection,
    server: JoinHandle<u8>,
    asked: i32,
}

impl Client {
    fn start(folder: &Path, able: Able) -> Self {
        let (server, connection) = Connection::memory();
        let mut client = Self {
            connection,
            server: thread::spawn(move || difylint::lsp::serve(server)),
            asked: 0,
        };
        let diagnostic = if able.pulls { json!({}) } else { Value::Null };
        let watched = json!({"dynamicRegistration": able.watches});
        client.request(
            "initialize",
            json!({
                "capabilities": {
                    "textDocument": {"diagnostic": diagnostic},
                    "workspace": {"didChangeWatchedFiles": watched},
                },
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

    /// Changes a document; the time until its diagnostics are fresh.
    fn change(&mut self, path: &Path, version: usize, change: Value, pulls: bool) -> Duration {
        let document = json!({"uri": uri(path), "version": version});
        let began = Instant::now();
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": [change]}),
        );
        self.fresh(path, version, pulls);
        began.elapsed()
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
