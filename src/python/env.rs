//! The `.env` file at the plugin root, which the SDK reads when it is imported.

use crate::source::Span;

/// The value of a key that the SDK refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file is not UTF-8.
    NotUtf8,
    /// The value is none of `local`, `remote`, `serverless`.
    NotInstallMethod {
        /// The value as the SDK sees it.
        value: String,
    },
    /// The value is no whole number.
    NotInteger {
        /// The key, as written.
        key: String,
        /// The value as the SDK sees it.
        value: String,
    },
    /// The value is no number.
    NotNumber {
        /// The key, as written.
        key: String,
        /// The value as the SDK sees it.
        value: String,
    },
}

impl Problem {
    /// What is wrong; lower case, no full stop.
    pub fn message(&self) -> String {
        match self {
            Self::NotUtf8 => "`.env` is not UTF-8".to_owned(),
            Self::NotInstallMethod { value } => format!(
                "`INSTALL_METHOD` must be `local`, `remote` or `serverless`, not \"{value}\""
            ),
            Self::NotInteger { key, value } => {
                format!("`{key}` must be a whole number, not \"{value}\"")
            }
            Self::NotNumber { key, value } => format!("`{key}` must be a number, not \"{value}\""),
        }
    }
}

const INTEGERS: &[&str] = &[
    "REMOTE_INSTALL_PORT",
    "MAX_WORKER",
    "MAX_REQUEST_TIMEOUT",
    "MAX_INVOCATION_TIMEOUT",
    "SERVERLESS_PORT",
    "SERVERLESS_WORKERS",
    "SERVERLESS_THREADS",
    "SERVERLESS_WORKER_CONNECTIONS",
    "HTTPX_TIMEOUT",
];

/// What the SDK refuses in a `.env` file. Unknown keys and lines that make no sense are ignored by
/// it, and so they are here; of a key that is written twice the last value counts.
pub fn check(bytes: &[u8]) -> Vec<(Span, Problem)> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = offset(error.valid_up_to());
            // the replacement character that stands for the byte in the text
            return vec![(Span::new(at, at + 3), Problem::NotUtf8)];
        }
    };
    let mut problems: Vec<(String, Span, Option<Problem>)> = Vec::new();
    for entry in entries(text) {
        let key = entry.key.to_ascii_uppercase();
        problems.retain(|(other, ..)| *other != key);
        // a key without `=` counts as absent; what a reference comes to is not known here
        let Some(value) = entry.value.filter(|value| !value.contains("${")) else {
            continue;
        };
        let name = entry.key.to_owned();
        let problem = if key == "INSTALL_METHOD" {
            (!matches!(value.as_str(), "local" | "remote" | "serverless"))
                .then_some(Problem::NotInstallMethod { value })
        } else if INTEGERS.contains(&key.as_str()) {
            (!is_integer(&value)).then_some(Problem::NotInteger { key: name, value })
        } else if key == "HEARTBEAT_INTERVAL" {
            (!is_number(&value)).then_some(Problem::NotNumber { key: name, value })
        } else {
            None
        };
        problems.push((key, entry.span, problem));
    }
    problems
        .into_iter()
        .filter_map(|(_, span, problem)| Some((span, problem?)))
        .collect()
}

struct Entry<'t> {
    key: &'t str,
    value: Option<String>,
    /// The value, or the key where there is none.
    span: Span,
}

/// The entries as python-dotenv reads them: `export`, quotes over several lines, comments after a
/// blank.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < text.len() {
        let (entry, next) = entry(text, at);
        found.extend(entry);
        // never stand still, whatever the text
        at = next.max(at + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

fn entry(text: &str, start: usize) -> (Option<Entry<'_>>, usize) {
    let line_end = |from: usize| {
        text[from..]
            .find(['\n', '\r'])
            .map_or(text.len(), |length| from + length)
    };
    let skip_blanks = |from: usize| {
        let rest = &text[from..];
        from + rest.len() - rest.trim_start_matches([' ', '\t', '\x0b', '\x0c']).len()
    };
    let mut at = start + text[start..].len() - text[start..].trim_start().len();
    if at >= text.len() || text[at..].starts_with('#') {
        return (None, line_end(at));
    }
    if let Some(rest) = text[at..].strip_prefix("export")
        && rest.starts_with([' ', '\t'])
    {
        at = skip_blanks(at + "export".len());
    }
    let key_start = at;
    let key = if let Some(rest) = text[at..].strip_prefix('\'') {
        let Some(length) = rest.find(['\'', '\n']) else {
            return (None, line_end(at));
        };
        at += length + 2;
        &rest[..length]
    } else {
        let length = text[at..]
            .find(|c: char| matches!(c, '=' | '#') || c.is_whitespace())
            .unwrap_or(text.len() - at);
        at += length;
        &text[key_start..at]
    };
    if !text.is_char_boundary(at.min(text.len())) || at > text.len() {
        return (None, text.len());
    }
    let key_span = Span::new(offset(key_start), offset(at));
    at = skip_blanks(at);
    if !text[at..].starts_with('=') {
        let entry = Entry {
            key,
            value: None,
            span: key_span,
        };
        return (Some(entry), line_end(at));
    }
    at = skip_blanks(at + 1);
    let (value, end) = match text[at..].chars().next() {
        Some(quote @ ('\'' | '"')) => match quoted(&text[at + 1..], quote) {
            Some((value, length)) => (value, at + length + 2),
            // python-dotenv drops a line with an open quote
            None => return (None, line_end(at)),
        },
        _ => {
            let line = &text[at..line_end(at)];
            let comment = line
                .match_indices('#')
                .map(|(at, _)| at)
                .find(|at| line[..*at].ends_with(char::is_whitespace));
            let value = line[..comment.unwrap_or(line.len())].trim_end();
            // `KEY= # comment`: the blank before the comment is already skipped
            let value = if line.starts_with('#') { "" } else { value };
            (value.to_owned(), at + value.len())
        }
    };
    let entry = Entry {
        key,
        value: Some(value),
        span: Span::new(offset(at), offset(end)),
    };
    (Some(entry), line_end(end))
}

/// The text up to the closing quote, and how many bytes it takes.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                let (_, escaped) = letters.next()?;
                match escaped {
                    'n' if quote == '"' => value.push('\n'),
                    't' if quote == '"' => value.push('\t'),
                    'r' if quote == '"' => value.push('\r'),
                    '\\' | '\'' | '"' => value.push(escaped),
                    other => {
                        value.push('\\');
                        value.push(other);
                    }
                }
            }
            letter if letter == quote => return Some((value, at)),
            letter => value.push(letter),
        }
    }
    None
}

/// What pydantic takes for a whole number: digits, single `_` between them, a fraction of zeros.
fn is_integer(value: &str) -> bool {
    let value = value.trim();
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (digits, fraction) = match value.split_once('.') {
        Some((digits, fraction)) => (digits, Some(fraction)),
        None => (value, None),
    };
    let zeros = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'0');
    !digits.is_empty()
        && digits
            .split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && fraction.is_none_or(zeros)
}

fn is_number(value: &str) -> bool {
    let value = value.trim().replace('_', "");
    let plain = value.strip_prefix(['+', '-']).unwrap_or(&value);
    matches!(
        plain.to_ascii_lowercase().as_str(),
        "inf" | "infinity" | "nan"
    ) || (plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.parse::<f64>().is_ok())
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<&str> {
        check(text.as_bytes())
            .into_iter()
            .map(|(span, _)| &text[span.range()])
            .collect()
    }

    #[test]
    fn values() {
        assert_eq!(
            refused("INSTALL_METHOD=Remote\nMAX_WORKER=12\n"),
            ["Remote"]
        );
        assert_eq!(
            refused("install_method=local\nexport MAX_WORKER = x # y"),
            ["x"]
        );
        assert_eq!(refused("REMOTE_INSTALL_PORT=\n"), [""]);
        assert_eq!(
            refused("REMOTE_INSTALL_PORT='5003'\nHEARTBEAT_INTERVAL=1.5"),
            [""; 0]
        );
        assert_eq!(refused("MAX_WORKER=x\nMAX_WORKER=1_0"), [""; 0]);
        assert_eq!(refused("MAX_WORKER\njunk ? \n=\nFOO=bar"), [""; 0]);
        assert_eq!(
            refused("\u{feff}MAX_WORKER=1.5\r\nHTTPX_TIMEOUT=ten"),
            ["1.5", "ten"]
        );
        assert_eq!(check(b"A=\xff")[0].1, Problem::NotUtf8);
    }

    #[test]
    fn any_text_is_read() {
        for text in [
            "'", "=", "'a", "a='", "export", "名=\"", "\\", "a=\"\\", "#", "''=",
        ] {
            check(text.as_bytes());
        }
    }
}
