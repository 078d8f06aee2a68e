//! Characters that YAML does not allow.

use super::Problem;
use super::parser::Parser;

impl Parser<'_> {
    pub(super) fn control_characters(&mut self) {
        let daemon_done = std::mem::replace(&mut self.scanner.daemon_done, false);
        let text = self.scanner.text;
        let mut from = 0;
        while let Some(at) = control_character(text, from) {
            let place = self.scanner.char_span(at);
            let problem = Problem::ControlCharacter(self.scanner.char_at(at));
            self.scanner.refuse(!daemon_done, true, problem, place);
            from = place.end as usize;
            if self.scanner.errors.len() > 100 {
                break;
            }
        }
        self.scanner.daemon_done = daemon_done;
    }

    /// yaml.v3 checks characters in chunks of 512 bytes, as far as it reads.
    pub(super) fn daemon_control_characters(&mut self) {
        let Some(at) = control_character(self.scanner.text, 0) else {
            return;
        };
        let mut chunk_end = 0;
        while chunk_end <= self.scanner.at && chunk_end < self.scanner.bytes.len() {
            chunk_end = (chunk_end + 512).min(self.scanner.bytes.len());
            while !self.scanner.text.is_char_boundary(chunk_end) {
                chunk_end -= 1;
            }
        }
        if at < chunk_end {
            self.scanner.daemon_done = false;
            let place = self.scanner.char_span(at);
            let problem = Problem::ControlCharacter(self.scanner.char_at(at));
            self.scanner.refuse(true, false, problem, place);
            self.scanner.daemon_done = true;
        }
    }
}

/// The first character from an offset on that YAML does not allow.
fn control_character(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    // whole chunks without a suspicious byte are passed over quickly
    for chunk in bytes.get(from..)?.chunks(64) {
        let any = match chunk.as_array::<64>() {
            // of a known length, so that one instruction looks at many bytes
            Some(whole) => any_suspicious(whole),
            None => any_suspicious(chunk),
        };
        if any {
            let found = (at..at + chunk.len()).find(|at| is_control(bytes, *at));
            if found.is_some() {
                return found;
            }
        }
        at += chunk.len();
    }
    None
}

#[inline]
fn any_suspicious(bytes: &[u8]) -> bool {
    let count = |any, byte: &u8| any | u8::from(suspicious(*byte));
    bytes.iter().fold(0, count) != 0
}

/// True for control characters of ASCII and for the first bytes of the others.
const fn suspicious(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
        | (byte == 0x7f)
        | (byte == 0xc2)
        | (byte == 0xef)
}

fn is_control(bytes: &[u8], at: usize) -> bool {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    match byte(at) {
        0xc2 => (0x80..0xa0).contains(&byte(at + 1)) && byte(at + 1) != 0x85,
        0xef => byte(at + 1) == 0xbf && byte(at + 2) >= 0xbe,
        other => suspicious(other),
    }
}
