//! How deeply a source nests, found without recursion: the parser recurses, and a stack is finite.

/// CPython's own limit on open brackets (`MAXLEVEL` in its tokenizer).
pub const MAX_BRACKETS: usize = 200;
/// CPython's own limit on levels of indentation (`MAXINDENT`).
pub const MAX_INDENTS: usize = 100;

/// What [`measure`] finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    /// An upper bound of the depth of the syntax tree.
    pub depth: usize,
    /// The first bracket that CPython refuses.
    pub bracket: Option<usize>,
    /// The first line that CPython refuses as indented too often.
    pub indent: Option<usize>,
}

/// Measures a source. It may be any text at all.
pub fn measure(text: &str) -> Nesting {
    let bytes = text.as_bytes();
    let mut found = Nesting::default();
    // operators and words since the last comma or line end, one count per open bracket
    let mut counts = vec![0usize];
    let mut sum = 0usize;
    let mut indents = vec![0usize];
    let mut at = 0;
    let mut line_start = true;
    while at < bytes.len() {
        if line_start && counts.len() == 1 {
            line_start = false;
            let begin = at;
            while bytes
                .get(at)
                .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\x0c'))
            {
                at += 1;
            }
            if matches!(bytes.get(at), None | Some(b'#' | b'\n' | b'\r')) {
                continue;
            }
            let width = at - begin;
            while indents.last().is_some_and(|last| *last > width) {
                indents.pop();
            }
            if indents.last().is_none_or(|last| *last < width) {
                indents.push(width);
                if indents.len() > MAX_INDENTS && found.indent.is_none() {
                    found.indent = Some(begin);
                }
            }
        }
        let Some(&byte) = bytes.get(at) else { break };
        match byte {
            b'#' => {
                at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' | b'\'' => {
                let formatted = is_formatted(&bytes[..at]);
                let end = string_end(bytes, at);
                if formatted {
                    let braces = bytes[at..end].iter().filter(|b| **b == b'{').count();
                    found.depth = found.depth.max(sum + indents.len() + braces * 4);
                }
                at = end;
                continue;
            }
            b'(' | b'[' | b'{' => {
                counts.push(1);
                sum += 1;
                if counts.len() > MAX_BRACKETS + 1 && found.bracket.is_none() {
                    found.bracket = Some(at);
                }
            }
            b')' | b']' | b'}' => {
                if counts.len() > 1 {
                    sum -= counts.pop().unwrap_or(0);
                }
                // a call or subscript wraps what stands before it
                bump(&mut counts, &mut sum);
            }
            b',' => reset(&mut counts, &mut sum),
            b'\n' | b'\r' | b';' if counts.len() == 1 => {
                let continued = at > 0 && bytes[at - 1] == b'\\';
                if !continued {
                    reset(&mut counts, &mut sum);
                }
                line_start = byte != b';';
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>'
            | b'.' | b':' | b'=' => bump(&mut counts, &mut sum),
            byte if byte.is_ascii_alphabetic() => {
                while bytes
                    .get(at)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii())
                {
                    at += 1;
                }
                // any word may be one more prefix: `not not x`, `async async`, `await await x`
                bump(&mut counts, &mut sum);
                found.depth = found.depth.max(sum + indents.len());
                continue;
            }
            _ => {}
        }
        found.depth = found.depth.max(sum + indents.len());
        at += 1;
    }
    found
}

fn bump(counts: &mut [usize], sum: &mut usize) {
    if let Some(last) = counts.last_mut() {
        *last += 1;
        *sum += 1;
    }
}

fn reset(counts: &mut [usize], sum: &mut usize) {
    if let Some(last) = counts.last_mut() {
        *sum -= *last;
        *last = 0;
    }
}

/// True if the letters right before a quote make the text a formatted one.
fn is_formatted(before: &[u8]) -> bool {
    let letters = before
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| byte.is_ascii_alphabetic());
    letters
        .into_iter()
        .any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
}

/// One past the closing quote of the text that opens at `start`, or the end of an open one.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let mut at = start + if triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            byte if byte == quote => {
                if !triple {
                    return at + 1;
                }
                if bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) {
                    return at + 3;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_grows_with_nesting_and_not_with_length() {
        assert!(measure(&"x = [1, 2, (3, 4)]\n".repeat(1000)).depth < 12);
        assert!(measure(&format!("x = [{}]", "'a' + 'b', ".repeat(1000))).depth < 10);
        assert!(measure(&format!("x = {}1", "-".repeat(5000))).depth >= 5000);
        assert!(measure(&format!("x = {}1", "not ".repeat(5000))).depth >= 5000);
        assert!(measure(&format!("x = f'{}'", "{".repeat(5000))).depth >= 5000);
        let brackets = format!("{}{}", "(".repeat(201), ")".repeat(201));
        assert_eq!(measure(&brackets).bracket, Some(200));
        assert_eq!(measure(&brackets[1..401]).bracket, None);
    }

    #[test]
    fn any_text_is_measured() {
        for text in [
            "'",
            "\"\"\"",
            "\\",
            "((",
            "))))",
            "f'{",
            "#",
            "\u{feff}名 = '",
            "'\\",
        ] {
            measure(text);
        }
    }
}
