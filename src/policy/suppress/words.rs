//! The words of a comment that takes findings out: `difylint: ignore[rule, category] -- reason`.

use crate::finding::Span;
use crate::format::words::{known, shorten};
use crate::policy::{Selector, UnknownName};

/// The name by which a comment addresses difylint.
pub const NAME: &str = "difylint";

/// How much of a file a comment speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `ignore`: a line, or the entry that follows.
    Near,
    /// `ignore-file`: the whole file.
    File,
}

impl Scope {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Near => "ignore",
            Self::File => "ignore-file",
        }
    }
}

/// What is wrong with the words of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The words in question.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
    /// The words from the name to the end as they were probably meant.
    pub repaired: Option<String>,
}

/// The name of a rule or category in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// What it stands for.
    pub selector: Result<Selector, UnknownName>,
}

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it speaks for.
    pub scope: Scope,
    /// Between the brackets.
    pub list: Span,
    /// The names in the list, at least one.
    pub names: Vec<Name>,
    /// What stands behind `--`.
    pub reason: Option<String>,
}

/// The most names that are read in the comments of one file.
pub const MAX_NAMES: usize = 1_000;

/// A longer word is like no name of a rule.
const LONGEST_NAME: usize = 100;

const EXAMPLE: &str = "`difylint: ignore[path/missing-file] -- why`";

/// Reads the words of a comment; `None` when it is not addressed to difylint. `text` begins at the
/// offset `at` of its file.
pub fn parse(text: &str, at: u32) -> Option<Result<Words, Mistake>> {
    let text = text.trim_end();
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..)?.strip_prefix(NAME)?;
    let begins = start + NAME.len();
    let Some(body) = rest.trim_start().strip_prefix(':') else {
        // `difylint ignores this` may be prose, `difylint ignore[` is not
        let verb = rest.trim_start();
        let meant = rest.len() > verb.len()
            && ["ignore[", "ignore-file["]
                .iter()
                .any(|it| verb.starts_with(it));
        return meant.then(|| {
            Err(Mistake {
                span: span(at, start, begins),
                message: format!("`{NAME}` lacks its colon"),
                help: format!("write {EXAMPLE}"),
                repaired: Some(format!("{NAME}: {verb}")),
            })
        });
    };
    Some(instruction(text, start, text.len() - body.len(), at))
}

/// Reads what follows the colon; `start` is where the name begins.
fn instruction(text: &str, start: usize, colon: usize, at: u32) -> Result<Words, Mistake> {
    let body = text.get(colon..).unwrap_or("");
    let from = colon + (body.len() - body.trim_start().len());
    let body = body.trim_start();
    let mistake = |span, message: String, help: String| Mistake {
        span,
        message,
        help,
        repaired: None,
    };
    let length = body
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(body.len());
    let verb = body.get(..length).unwrap_or("");
    let scope = match verb {
        "ignore" => Scope::Near,
        "ignore-file" => Scope::File,
        "" => {
            return Err(mistake(
                span(at, start, text.len()),
                "the comment gives no instruction".to_owned(),
                format!("write {EXAMPLE}"),
            ));
        }
        _ => {
            let words = [Scope::Near.as_str(), Scope::File.as_str()];
            return Err(mistake(
                span(at, from, from + length),
                format!("`{}` is no instruction", shorten(verb)),
                known(verb, &words),
            ));
        }
    };
    let tail = body.get(length..).unwrap_or("");
    let open = from + length + (tail.len() - tail.trim_start().len());
    let Some(list) = tail.trim_start().strip_prefix('[') else {
        return Err(mistake(
            span(at, from, from + length),
            format!("`{verb}` names no rule"),
            format!("name the rules in brackets: {EXAMPLE}"),
        ));
    };
    let Some(close) = list.find(']') else {
        return Err(mistake(
            span(at, open, open + 1),
            "the bracket is not closed".to_owned(),
            format!("write {EXAMPLE}"),
        ));
    };
    let inner = list.get(..close).unwrap_or("");
    let names = names(inner, open + 1, at);
    let list_span = span(at, open + 1, open + 1 + close);
    if names.is_empty() {
        return Err(mistake(
            span(at, open, open + close + 2),
            format!("`{verb}` names no rule"),
            format!("name the rules in the brackets: {EXAMPLE}"),
        ));
    }
    let behind = list.get(close + 1..).unwrap_or("");
    let words = behind.trim();
    if words.is_empty() || words.starts_with("--") {
        let reason = words.trim_start_matches('-').trim();
        return Ok(Words {
            scope,
            list: list_span,
            names,
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        });
    }
    let reason_from = text.len() - behind.trim_start().len();
    let reason = words.trim_start_matches(['-', '–', '—', ':', '#', ' ']);
    let head = text.get(start..open + close + 2).unwrap_or("");
    Err(Mistake {
        span: span(at, reason_from, text.len()),
        message: format!(
            "`{}` stands behind the bracket without `--`",
            shorten(words)
        ),
        help: format!(
            "write `{} -- {}`",
            shorten(head.trim_start_matches(NAME).trim_start_matches([':', ' '])),
            shorten(reason)
        ),
        repaired: (!reason.is_empty()).then(|| format!("{head} -- {reason}")),
    })
}

/// The rule or category of this name. `ALL` is none: a comment says what it takes out.
pub fn selector(name: &str) -> Result<Selector, UnknownName> {
    let unknown = |meant: Option<String>| UnknownName {
        word: name.to_owned(),
        meant,
    };
    if name.len() > LONGEST_NAME {
        return Err(unknown(None));
    }
    match Selector::parse(name) {
        Ok(Selector::All) => Err(unknown(None)),
        Err(UnknownName { meant, .. }) => Err(unknown(meant.filter(|it| it != "ALL"))),
        found => found,
    }
}

fn names(list: &str, from: usize, at: u32) -> Vec<Name> {
    let mut found = Vec::new();
    let mut offset = from;
    for part in list.split(',').take(MAX_NAMES + 1) {
        let name = part.trim();
        let start = offset + (part.len() - part.trim_start().len());
        offset += part.len() + 1;
        if !name.is_empty() {
            found.push(Name {
                text: name.to_owned(),
                span: span(at, start, start + name.len()),
                selector: selector(name),
            });
        }
    }
    found
}

fn span(at: u32, start: usize, end: usize) -> Span {
    let offset = |n: usize| at.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
    Span::new(offset(start), offset(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match parse(text, 0) {
            None => "nothing".to_owned(),
            Some(Ok(words)) => {
                let names: Vec<&str> = words
                    .names
                    .iter()
                    .map(|name| &text[name.span.range()])
                    .collect();
                let reason = words.reason.unwrap_or_default();
                format!("{}{names:?} {reason}", words.scope.as_str())
            }
            Some(Err(mistake)) => {
                let repaired = mistake.repaired.unwrap_or_default();
                let at = &text[mistake.span.range()];
                format!("{at} | {} | {repaired}", mistake.message)
            }
        }
    }

    #[test]
    fn words() {
        for (text, expected) in [
            (
                " difylint: ignore[a/b, c] -- 因为 ",
                r#"ignore["a/b", "c"] 因为"#,
            ),
            ("difylint:ignore-file [ a , ]", r#"ignore-file["a"] "#),
            ("difylint: ignore[a] --", r#"ignore["a"] "#),
            (" difylint likes this", "nothing"),
            (" difylint ignores [this]", "nothing"),
            ("see difylint: ignore[a]", "nothing"),
            (
                "difylint ignore[a]",
                "difylint | `difylint` lacks its colon | difylint: ignore[a]",
            ),
            (
                "difylint:",
                "difylint: | the comment gives no instruction | ",
            ),
            (
                "difylint: disable[a]",
                "disable | `disable` is no instruction | ",
            ),
            ("difylint: ignore", "ignore | `ignore` names no rule | "),
            ("difylint: ignore[,]", "[,] | `ignore` names no rule | "),
            ("difylint: ignore[a", "[ | the bracket is not closed | "),
            (
                "difylint: ignore[a] — 因为",
                "— 因为 | `— 因为` stands behind the bracket without `--` | difylint: ignore[a] -- 因为",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
