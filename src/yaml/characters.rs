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
    let bytes = text.as_bytes().get(from..)?;
    let ascii = control_byte(bytes);
    // the others begin with one of two bytes
    let before = bytes.get(..ascii.unwrap_or(bytes.len()))?;
    let other = memchr::memchr2_iter(0xc2, 0xef, before).find(|at| begins_control(bytes, *at));
    Some(from + other.or(ascii)?)
}

/// The first control character of ASCII.
fn control_byte(bytes: &[u8]) -> Option<usize> {
    let is_control = |byte: u8| {
        (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7f)
    };
    let count = |any, byte: &u8| any | u8::from(is_control(*byte));
    let mut at = 0;
    let (whole, rest) = bytes.as_chunks::<64>();
    // of a known length, so that one instruction looks at many bytes
    for chunk in whole {
        if chunk.iter().fold(0, count) != 0 {
            break;
        }
        at += chunk.len();
    }
    if at == whole.len() * 64 && rest.iter().fold(0, count) == 0 {
        return None;
    }
    let tail = bytes.get(at..)?;
    Some(at + tail.iter().position(|byte| is_control(*byte))?)
}

fn begins_control(bytes: &[u8], at: usize) -> bool {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    match byte(at) {
        0xc2 => (0x80..0xa0).contains(&byte(at + 1)) && byte(at + 1) != 0x85,
        _ => byte(at + 1) == 0xbf && byte(at + 2) >= 0xbe,
    }
}

#[cfg(test)]
mod tests {
    use super::control_character;

    #[test]
    fn the_first_is_found() {
        let filler = "中，é".repeat(40);
        for c in [
            '\u{0}', '\u{b}', '\u{7f}', '\u{80}', '\u{9f}', '\u{fffe}', '\u{ffff}',
        ] {
            for (before, after) in [
                ("", ""),
                ("a", filler.as_str()),
                (filler.as_str(), "\u{1}b"),
            ] {
                let text = format!("{before}{c}{after}");
                assert_eq!(control_character(&text, 0), Some(before.len()), "{c:?}");
                let next = control_character(&text, before.len() + c.len_utf8());
                let wanted = after
                    .starts_with('\u{1}')
                    .then(|| before.len() + c.len_utf8());
                assert_eq!(next, wanted, "{c:?}");
            }
        }
        assert_eq!(control_character("\t\r\n\u{85}\u{a0}\u{fffd}", 0), None);
    }
}
