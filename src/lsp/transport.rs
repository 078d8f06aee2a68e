//! Messages over standard input and output.
//!
//! The frames are read here rather than by `lsp-server`, whose reader ends at the first message
//! that it does not understand: a server should answer such a message and live.

use crate::source::held;
use crossbeam_channel::unbounded;
use lsp_server::Message;
use serde_json::json;
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;

/// The largest message that is read: the largest file with every byte escaped, and some more.
const MAX_MESSAGE_BYTES: u64 = 8 * crate::source::MAX_FILE_BYTES;

/// The longest header line.
const MAX_HEADER_BYTES: u64 = 4096;

/// A frame that holds no message.
enum Unread {
    /// The frame was understood, its content was not.
    Content(String),
    /// The end of the input, or bytes after which no frame can be found.
    End,
}

/// Serves an editor over standard input and output; gives the exit status.
pub fn stdio() -> u8 {
    over(io::BufReader::new(io::stdin()), io::stdout())
}

/// Serves a client over any two streams; gives the exit status. The output is written by whoever
/// has an answer, a message at a time: a client that does not read makes answers wait, but not
/// what it says itself.
pub fn over(mut input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> u8 {
    let (incoming, messages) = unbounded();
    let output = Arc::new(Mutex::new(output));
    let refusals = output.clone();
    // ends with the input: nothing can wake a thread that waits for it
    thread::spawn(move || {
        loop {
            match read(&mut input) {
                Ok(message) => {
                    if incoming.send(message).is_err() {
                        return;
                    }
                }
                Err(Unread::Content(reason)) => {
                    if refuse(&mut *held(&refusals), &reason).is_err() {
                        return;
                    }
                }
                Err(Unread::End) => return,
            }
        }
    });
    // of a client that is gone the input tells, too
    super::serve_by(&messages, move |message| {
        _ = message.write(&mut *held(&output));
    })
}

fn read(input: &mut impl BufRead) -> Result<Message, Unread> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let taken = Read::take(&mut *input, MAX_HEADER_BYTES).read_until(b'\n', &mut line);
        if !line.ends_with(b"\n") || taken.is_err() {
            return Err(Unread::End);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            match length {
                Some(length) => return content(input, length),
                // blank lines between frames are forgiven
                None => continue,
            }
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse::<u64>().map_err(|_| Unread::End)?);
        }
    }
}

fn content(input: &mut impl BufRead, length: u64) -> Result<Message, Unread> {
    let mut body = Read::take(input, length);
    if length > MAX_MESSAGE_BYTES {
        io::copy(&mut body, &mut io::sink()).map_err(|_| Unread::End)?;
        return Err(Unread::Content(format!(
            "a message of {length} bytes; at most {MAX_MESSAGE_BYTES} are read"
        )));
    }
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes).map_err(|_| Unread::End)?;
    if (bytes.len() as u64) < length {
        return Err(Unread::End);
    }
    serde_json::from_slice(&bytes).map_err(|error| Unread::Content(error.to_string()))
}

/// Answers a message whose id is unknown, as JSON-RPC wants it: with the id `null`.
fn refuse(output: &mut impl Write, reason: &str) -> io::Result<()> {
    let error = json!({"code": lsp_server::ErrorCode::ParseError as i32, "message": reason});
    let body = json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mut input: &[u8]) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            told.push(match read(&mut input) {
                Ok(Message::Notification(it)) => it.method,
                Ok(other) => format!("{other:?}"),
                Err(Unread::Content(_)) => "not understood".to_owned(),
                Err(Unread::End) => return told,
            });
        }
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn a_message_that_is_not_understood_does_not_end_the_session() {
        let exit = frame(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        let input = [
            frame("{"),
            frame("[1]"),
            frame("\u{0}\u{fffd}"),
            exit.clone(),
            exit,
        ]
        .concat();
        let expected = [
            "not understood",
            "not understood",
            "not understood",
            "exit",
            "exit",
        ];
        assert_eq!(told(input.as_bytes()), expected);
    }

    #[test]
    fn hostile_frames_end_or_are_skipped() {
        assert!(told(b"Content-Length: 99999999999999999999\r\n\r\n{}").is_empty());
        assert!(told(b"Content-Length: -1\r\n\r\n{}").is_empty());
        assert!(told(b"Content-Length: 10\r\n\r\n{}").is_empty(), "cut off");
        assert!(told(&[b'x'; 10_000]).is_empty(), "no header at all");
        let large = format!("Content-Length: {}\r\n\r\n{{}}", MAX_MESSAGE_BYTES + 1);
        assert_eq!(told(large.as_bytes()), ["not understood"]);
    }
}
