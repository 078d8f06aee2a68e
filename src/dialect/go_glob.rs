//! Go's `filepath.Match` on Unix.

/// A pattern that Go does not understand: an open `[`, an empty class, a range without an end, a
/// trailing `\`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

/// True if the pattern matches the whole name. `*` and `?` do not match `/`, dots are ordinary,
/// `[^a]` negates and `[!a]` does not, `\` escapes.
///
/// # Errors
/// When the pattern is bad, even behind the place where the name stops to match it.
pub fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    matches_bytes(pattern.as_bytes(), name.as_bytes())
}

/// What every name that matches begins with.
pub fn prefix(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', '[', '\\']);
    end.and_then(|end| pattern.get(..end)).unwrap_or(pattern)
}

/// True if the pattern is well formed.
pub fn is_valid(pattern: &str) -> bool {
    matches(pattern, "").is_ok()
}

fn matches_bytes(mut pattern: &[u8], mut name: &[u8]) -> Result<bool, BadPattern> {
    while !pattern.is_empty() {
        let (star, chunk, rest) = split_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        let is_last = pattern.is_empty();
        // the last piece must take the whole name
        let fits = |left: &[u8]| left.is_empty() || !is_last;
        let mut found = match_chunk(chunk, name)?.filter(|left| fits(left));
        if found.is_none() && star {
            for (index, byte) in name.iter().enumerate() {
                if *byte == b'/' {
                    break;
                }
                let tail = name.get(index + 1..).unwrap_or_default();
                found = match_chunk(chunk, tail)?.filter(|left| fits(left));
                if found.is_some() {
                    break;
                }
            }
        }
        match found {
            Some(left) => name = left,
            None => return check_rest(pattern),
        }
    }
    Ok(name.is_empty())
}

/// After a mismatch only the form of the rest counts.
fn check_rest(mut pattern: &[u8]) -> Result<bool, BadPattern> {
    while !pattern.is_empty() {
        let (_, chunk, rest) = split_chunk(pattern);
        match_chunk(chunk, b"")?;
        pattern = rest;
    }
    Ok(false)
}

/// Leading stars, what stands before the next star outside brackets, and the rest.
fn split_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let mut in_class = false;
    let mut index = 0;
    while let Some(byte) = pattern.get(index) {
        match byte {
            b'\\' if index + 1 < pattern.len() => index += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        index += 1;
    }
    let (chunk, rest) = pattern.split_at_checked(index).unwrap_or((pattern, &[]));
    (stars > 0, chunk, rest)
}

/// What is left of the name after a piece without stars; `None` if it does not fit. The piece is
/// read to its end in any case.
fn match_chunk<'n>(mut chunk: &[u8], name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut name = Some(name);
    while let Some((first, rest)) = chunk.split_first() {
        chunk = rest;
        if name.is_some_and(<[u8]>::is_empty) {
            name = None;
        }
        match first {
            b'[' => {
                let (char, left) = name.map_or((None, None), |name| {
                    let (char, length) = decode(name);
                    (Some(char), name.get(length..))
                });
                let (inside, rest) = match_class(chunk, char)?;
                chunk = rest;
                name = left.filter(|_| inside);
            }
            b'?' => {
                name = name
                    .filter(|name| name.first() != Some(&b'/'))
                    .and_then(|name| {
                        let (_, length) = decode(name);
                        name.get(length..)
                    });
            }
            byte => {
                let mut byte = *byte;
                if byte == b'\\' {
                    let (escaped, rest) = chunk.split_first().ok_or(BadPattern)?;
                    (byte, chunk) = (*escaped, rest);
                }
                name = name.and_then(|name| name.strip_prefix(&[byte]));
            }
        }
    }
    Ok(name)
}

/// Whether a class, read behind its `[`, lets the character pass, and what follows the class.
fn match_class(mut chunk: &[u8], char: Option<u32>) -> Result<(bool, &[u8]), BadPattern> {
    let negated = chunk.first() == Some(&b'^');
    if negated {
        chunk = chunk.get(1..).unwrap_or_default();
    }
    let mut inside = false;
    let mut count = 0;
    loop {
        if count > 0 && chunk.first() == Some(&b']') {
            return Ok((inside != negated, chunk.get(1..).unwrap_or_default()));
        }
        let (low, rest) = class_member(chunk)?;
        chunk = rest;
        let mut high = low;
        if chunk.first() == Some(&b'-') {
            (high, chunk) = class_member(chunk.get(1..).unwrap_or_default())?;
        }
        inside |= char.is_some_and(|char| (low..=high).contains(&char));
        count += 1;
    }
}

fn class_member(mut chunk: &[u8]) -> Result<(u32, &[u8]), BadPattern> {
    match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => chunk = chunk.get(1..).unwrap_or_default(),
        Some(_) => {}
    }
    let (char, length) = decode(chunk);
    let rest = chunk.get(length..).unwrap_or_default();
    // the class cannot end the pattern
    if chunk.is_empty() || rest.is_empty() {
        Err(BadPattern)
    } else {
        Ok((char, rest))
    }
}

/// The first character and its length; U+FFFD and 1 in the midst of one.
fn decode(bytes: &[u8]) -> (u32, usize) {
    const BROKEN: (u32, usize) = (0xfffd, 1);
    let length = match bytes.first() {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xff) => 4,
        _ => 1,
    };
    let char = bytes
        .get(..length)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.chars().next());
    char.map_or(BROKEN, |char| (u32::from(char), char.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching() {
        for (pattern, name, matched) in [
            ("", "", true),
            ("*", "", true),
            ("*", "a.b", true),
            ("*", "a/b", false),
            ("*", ".hidden", true),
            ("models/llm/*.yaml", "models/llm/a.yaml", true),
            ("models/llm/*.yaml", "models/llm/x/a.yaml", false),
            ("models/**/*.yaml", "models/llm/a.yaml", true),
            ("models/**/*.yaml", "models/a.yaml", false),
            ("**", "a/b", false),
            ("*.yaml", "a.yaml.yaml", true),
            ("a*b*c", "axbxbxc", true),
            ("a*b*c", "axbx", false),
            ("*a", "aaab", false),
            ("?", "工", true),
            ("??", "工", false),
            ("?", "/", false),
            ("[a-c]", "b", true),
            ("[^a-c]", "b", false),
            ("[^a]", "/", true),
            ("[!a]", "!", true),
            ("[!a]", "b", false),
            ("[具-工]", "工", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("{a,b}", "a", false),
            ("./a", "a", false),
            ("[*]", "*", true),
            ("[\\]]", "]", true),
            ("[\\-x]", "-", true),
            ("a]", "a]", true),
            ("*工", "具工", true),
            ("A", "a", false),
        ] {
            assert_eq!(matches(pattern, name), Ok(matched), "{pattern} {name}");
        }
    }

    #[test]
    fn bad_patterns() {
        for pattern in [
            "[", "[]", "[^]", "[a", "[a-", "[a-]", "[-a]", "a\\", "[\\", "x*[", "[]a]", "a[", "[^",
        ] {
            for name in ["", "a", "zzz"] {
                assert_eq!(matches(pattern, name), Err(BadPattern), "{pattern} {name}");
            }
        }
        assert_eq!(matches("*", "a"), Ok(true));
    }

    #[test]
    fn long_patterns_end() {
        let pattern = "*a".repeat(200) + "b";
        assert_eq!(matches(&pattern, &"a".repeat(2000)), Ok(false));
    }
}
