//! Versions of Python packages.

/// True if the SDK takes the text for a version (PEP 440, blanks around it allowed).
pub fn is_version(text: &str) -> bool {
    let text = text.trim_matches(is_blank).to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let Some(mut rest) = number(text) else {
        return false;
    };
    if let Some(after_epoch) = rest.strip_prefix('!') {
        let Some(after_number) = number(after_epoch) else {
            return false;
        };
        rest = after_number;
    }
    while let Some(more) = rest.strip_prefix('.').and_then(number) {
        rest = more;
    }
    ends_well(rest, Part::Pre)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Pre,
    Post,
    Dev,
    Local,
}

/// True if the rest consists of the given part and those after it, each of which may be missing.
/// A separator can end one part or begin the next, so both are tried.
fn ends_well(rest: &str, part: Part) -> bool {
    let (words, next): (&[&str], Part) = match part {
        Part::Pre => (
            &["alpha", "a", "beta", "b", "preview", "pre", "c", "rc"],
            Part::Post,
        ),
        Part::Post => (&["post", "rev", "r"], Part::Dev),
        Part::Dev => (&["dev"], Part::Local),
        Part::Local => return rest.is_empty() || is_local(rest),
    };
    if ends_well(rest, next) {
        return true;
    }
    let after_dash = rest.strip_prefix('-').and_then(number);
    if part == Part::Post && after_dash.is_some_and(|rest| ends_well(rest, next)) {
        return true;
    }
    let start = rest.strip_prefix(SEPARATORS).unwrap_or(rest);
    words
        .iter()
        .filter_map(|word| start.strip_prefix(word))
        .any(|rest| {
            let direct = number(rest).unwrap_or(rest);
            let separated = rest.strip_prefix(SEPARATORS);
            ends_well(direct, next)
                || separated.is_some_and(|rest| ends_well(number(rest).unwrap_or(rest), next))
        })
}

const SEPARATORS: [char; 3] = ['-', '_', '.'];

fn is_local(rest: &str) -> bool {
    rest.strip_prefix('+').is_some_and(|local| {
        local
            .split(SEPARATORS)
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    })
}

/// What follows a number; `None` if there is none.
fn number(text: &str) -> Option<&str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 { None } else { text.get(count..) }
}

/// What the pattern's `\s` takes: Python's idea of white space.
fn is_blank(char: char) -> bool {
    char.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&char)
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions() {
        for text in [
            "1",
            "v1.0.0",
            "V1",
            "1.0.0-beta",
            "1.0.0-beta_1",
            "0.0.1-1",
            "1.0.0a",
            "1.0.0+local",
            "1!2.0",
            "10000.0.0",
            "1.0.0.0.0",
            "1.0.dev1",
            "1.0.0-rc.1",
            "1.0.0.post2.dev3",
            "1.0RC1",
            " 1.0.0 ",
            "1.0.0+a.b-c_1",
            "1.0a-1",
            "1.0a.",
            "1.0.dev",
            "1.0-1.dev0",
            "1.0-r4",
            "01.02",
            "1.0.post-",
            "1a.dev1",
            "1a-.dev",
        ] {
            assert!(is_version(text), "{text}");
        }
        for text in [
            "",
            "foo",
            "1.0.0-hotfix",
            "1.0.0-",
            "1.",
            ".1",
            "1..0",
            "v",
            "1!",
            "1.0+",
            "1.0+a..b",
            "1.0 0",
            "1.0.0-x",
            "1.0+ä",
            "１.0",
            "1!2!3",
            "vv1",
            "1.0.*",
            "1.0-1-2",
            "1.0+a+b",
        ] {
            assert!(!is_version(text), "{text}");
        }
    }
}
