//! How a session begins and ends, and what becomes of messages that make no sense.

use super::session::{Session, able};
use serde_json::{Value, json};

const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const INVALID_REQUEST: i32 = -32600;
const NOT_INITIALIZED: i32 = -32002;
const CANCELLED: i32 = -32800;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn exit_statuses() {
    assert_eq!(Session::of("tool", able()).leave(), 0);
    assert_eq!(Session::of("tool", able()).exit(), 1, "without shutdown");
    assert_eq!(Session::of("tool", able()).vanish(), 1, "without a word");
    assert_eq!(Session::silent(folder()).exit(), 1);
}

#[test]
fn nothing_before_the_start_and_nothing_after_the_end() {
    let mut session = Session::silent(folder());
    let early = session.request("textDocument/hover", json!({}));
    assert_eq!(early.unwrap_err().0, NOT_INITIALIZED);
    session.notify("textDocument/didOpen", json!({}));
    session
        .request("initialize", json!({"capabilities": {}}))
        .unwrap();
    let again = session.request("initialize", json!({"capabilities": {}}));
    assert_eq!(again.unwrap_err().0, INVALID_REQUEST);
    session.request("shutdown", Value::Null).unwrap();
    let late = session.request("textDocument/hover", json!({}));
    assert_eq!(late.unwrap_err().0, INVALID_REQUEST);
    assert_eq!(session.exit(), 0);
}

#[test]
fn what_is_not_understood_is_answered() {
    let mut session = Session::of("tool", able());
    let unknown = session.request("textDocument/prophecy", json!({"x": 1}));
    let unknown = unknown.unwrap_err();
    assert_eq!(unknown.0, METHOD_NOT_FOUND);
    assert_eq!(unknown.1, "there is no request `textDocument/prophecy`");
    for params in [Value::Null, json!([]), json!({"textDocument": 3})] {
        let error = session
            .request("textDocument/diagnostic", params)
            .unwrap_err();
        assert_eq!(error.0, INVALID_PARAMS, "{error:?}");
    }
    session.notify("textDocument/didChange", json!({"textDocument": {}}));
    session.notify("$/unheardOf", json!({}));
    session.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": "untitled:x"}}),
    );
    // it lives
    session.open("manifest.yaml");
    assert_eq!(session.diagnostics("manifest.yaml"), json!([]));
    let logged: Vec<&str> = session
        .heard
        .iter()
        .map(|(method, _)| method.as_str())
        .collect();
    assert_eq!(logged, ["window/logMessage"]);
    assert_eq!(session.leave(), 0);
}

#[test]
fn a_cancelled_request_is_answered_as_such() {
    let mut session = Session::of("tool", able());
    let params = json!({"previousResultIds": []});
    // the second waits for the first, so that it can be cancelled before it begins
    let first = session.send("workspace/diagnostic", params.clone());
    let second = session.send("workspace/diagnostic", params);
    session.notify("$/cancelRequest", json!({"id": second}));
    session.notify("$/cancelRequest", json!({"id": 4711}));
    assert_eq!(session.wait(second).unwrap_err().0, CANCELLED);
    assert!(session.wait(first).is_ok());
    assert_eq!(session.leave(), 0);
}

#[test]
fn what_the_server_says_that_it_can() {
    let mut session = Session::silent(folder());
    let params = json!({"capabilities": {
        "general": {"positionEncodings": ["utf-16", "utf-8"]},
        "textDocument": {"diagnostic": {}},
    }});
    let result = session.request("initialize", params).unwrap();
    let mut result = result;
    result["serverInfo"]["version"] = json!("VERSION");
    insta::assert_snapshot!(session.show(&result));
}

#[test]
fn the_program_speaks_over_standard_input_and_output() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut program = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(["lsp", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    for body in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
        "no message at all",
        r#"{"jsonrpc":"2.0","id":"two","method":"shutdown"}"#,
        r#"{"jsonrpc":"2.0","method":"exit"}"#,
    ] {
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    input.flush().unwrap();
    let output = program.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        text.contains(r#""id":1,"result":{"capabilities""#),
        "{text}"
    );
    let unread = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"#;
    assert!(text.contains(unread), "{text}");
    assert!(text.contains(r#""id":"two","result":null"#), "{text}");
}
