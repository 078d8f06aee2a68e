//! What an editor sends: frames of JSON, one message a line of the input.

use super::text;
use difylint::lsp;
use serde_json::{Value, json};
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

/// Nothing of the disk is in reach of it.
const ROOT: &str = "file:///difylint-fuzz/nowhere";

pub fn seeds() -> Vec<Vec<u8>> {
    let document = |path: &str| json!({"uri": format!("{ROOT}/{path}")});
    let manifest = "type: plugin\nname: a\nplugins:\n  tools:\n    - provider/a.yaml\n";
    let open = |path: &str, text: &str| {
        let item = json!({"uri": format!("{ROOT}/{path}"), "languageId": "yaml", "version": 1, "text": text});
        json!({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    };
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    let ask = |id: u32, method: &str, path: &str| {
        let params = json!({"textDocument": document(path), "position": at(2, 3), "newName": "b",
            "range": {"start": at(0, 0), "end": at(9, 0)},
            "context": {"includeDeclaration": true, "diagnostics": []}});
        json!({"id": id, "method": format!("textDocument/{method}"), "params": params})
    };
    let change = |range: Value, text: &str| {
        let params = json!({"textDocument": {"uri": format!("{ROOT}/manifest.yaml"), "version": 2},
            "contentChanges": [{"range": range, "text": text}]});
        json!({"method": "textDocument/didChange", "params": params})
    };
    let opened = [
        open("manifest.yaml", manifest),
        open(
            "provider/a.yaml",
            "identity:\n  name: a\ntools:\n  - tools/a.yaml\n",
        ),
    ];
    let methods = [
        "completion",
        "hover",
        "definition",
        "references",
        "prepareRename",
        "rename",
        "documentSymbol",
        "documentLink",
        "diagnostic",
        "codeAction",
    ];
    let asked = (1..)
        .zip(methods)
        .map(|(id, method)| ask(id, method, "manifest.yaml"));
    let first = opened.clone().into_iter().chain(asked).collect::<Vec<_>>();
    let second = opened.into_iter().chain([
        change(json!({"start": at(1, 6), "end": at(1, 7)}), "é🚀"),
        change(json!({"start": at(0, 0), "end": at(1, 0)}), ""),
        json!({"method": "textDocument/didClose", "params": {"textDocument": document("manifest.yaml")}}),
        json!({"method": "workspace/didChangeWatchedFiles",
            "params": {"changes": [{"uri": format!("{ROOT}/manifest.yaml"), "type": 3}]}}),
        json!({"method": "$/cancelRequest", "params": {"id": 1}}),
        json!({"id": 99, "method": "shutdown"}),
        json!({"method": "exit"}),
    ]);
    let lines = |messages: Vec<Value>| {
        let lines = messages.into_iter().map(|it| format!("{it}\n"));
        lines.collect::<String>().into_bytes()
    };
    vec![lines(first), lines(second.collect())]
}

/// An output that can be looked at afterwards.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn frame(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

pub fn one(data: &[u8]) {
    let capabilities = json!({"textDocument": {"codeAction": {"dataSupport": true}}});
    let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "capabilities": capabilities, "workspaceFolders": [{"uri": ROOT, "name": "x"}]}});
    let mut input = frame(&hello.to_string());
    input += &frame(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    let text = text(data);
    input.extend(text.lines().map(frame));
    let said_exit = text.contains("exit");
    input += &frame(r#"{"jsonrpc":"2.0","id":2147483647,"method":"shutdown"}"#);
    input += &frame(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    let told = Told::default();
    let status = lsp::over(Cursor::new(input.into_bytes()), told.clone());
    let told = told.0.lock().unwrap_or_else(PoisonError::into_inner);
    let answers = String::from_utf8_lossy(&told);
    assert!(answers.starts_with("Content-Length: "), "no answer at all");
    assert!(
        !answers.contains("this is a mistake in difylint"),
        "{answers}"
    );
    if !said_exit {
        assert_eq!(status, 0, "the server says goodbye");
    }
}
