//! Where comments stand: one small finder for each language.

use crate::finding::Span;
use crate::plugin::IGNORE_FILES;
use crate::yaml::Tree;

/// A comment, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its first mark to its end.
    pub span: Span,
    /// The words between its marks.
    pub inner: Span,
    /// Nothing but blanks stands before it on its line, and behind it.
    pub alone: bool,
    /// Nothing but comments and blank lines stands before it in the file.
    pub heads: bool,
}

/// How a file writes comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// YAML documents.
    Yaml,
    /// `#` outside of strings: Python, TOML.
    Code {
        /// In `'...'` a backslash is a backslash.
        literal: bool,
    },
    /// `#` at the start of a line or behind a blank.
    Requirements,
    /// `#` at the start of a line.
    Ignore,
    /// `<!-- -->` outside of code.
    Markdown,
}

impl Language {
    /// The language of a file, by its name; `None` when it has no comments that are read.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if IGNORE_FILES.contains(&name) {
            return Some(Self::Ignore);
        }
        let (_, ending) = name.rsplit_once('.')?;
        match ending {
            "yaml" | "yml" => Some(Self::Yaml),
            "py" => Some(Self::Code { literal: false }),
            "toml" => Some(Self::Code { literal: true }),
            "md" => Some(Self::Markdown),
            "txt" if name.starts_with("requirements") => Some(Self::Requirements),
            _ => None,
        }
    }

    /// A comment of these words.
    pub fn comment(self, words: &str) -> String {
        match self {
            Self::Markdown => format!("<!-- {words} -->"),
            _ => format!("# {words}"),
        }
    }
}

/// The comments of a text, in order. `tree` is the text as YAML, if it is that.
pub fn comments(text: &str, language: Language, tree: Option<&Tree>) -> Vec<Comment> {
    let spans = match (language, tree) {
        (Language::Yaml, Some(tree)) => tree.comments().to_vec(),
        (Language::Yaml, None) => Tree::parse(text).comments().to_vec(),
        (Language::Code { literal }, _) => code(text, literal).comments,
        (Language::Requirements, _) => lines(text, true),
        (Language::Ignore, _) => lines(text, false),
        (Language::Markdown, _) => markdown(text),
    };
    let mut end = 0;
    let mut heads = true;
    spans
        .into_iter()
        .map(|span| {
            let before = text.get(end as usize..span.start as usize).unwrap_or("");
            let before = before.trim_start_matches('\u{feff}');
            let after = text.get(span.end as usize..).unwrap_or("");
            // another comment may stand before it on its line
            let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
            let begins = end == 0 || line.len() < before.len();
            heads &= before.trim().is_empty();
            end = span.end;
            Comment {
                span,
                inner: inner(text, span, language),
                alone: begins && line.trim().is_empty() && is_last(after),
                heads,
            }
        })
        .collect()
}

/// True if nothing but blanks stands before the next line break.
fn is_last(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t', '\x0c']);
    rest.is_empty() || rest.starts_with(['\n', '\r'])
}

fn inner(text: &str, span: Span, language: Language) -> Span {
    let whole = text.get(span.range()).unwrap_or("");
    if language == Language::Markdown {
        let end = if whole.ends_with("-->") { 3 } else { 0 };
        return Span::new(span.start + 4, span.end.saturating_sub(end));
    }
    Span::new(span.start + 1, span.end)
}

/// The comments and strings of a text of code, in order.
#[derive(Default)]
pub struct Code {
    /// From `#` to the end of the line.
    pub comments: Vec<Span>,
    /// From the first quote to the last.
    pub strings: Vec<Span>,
}

/// `#` outside of strings in `'`, `"`, and three of either.
pub fn code(text: &str, literal: bool) -> Code {
    let bytes = text.as_bytes();
    let mut found = Code::default();
    let mut at = 0;
    while let Some(skip) = memchr::memchr3(b'#', b'"', b'\'', bytes.get(at..).unwrap_or(&[])) {
        at += skip;
        if bytes.get(at) == Some(&b'#') {
            let end = line_end(bytes, at);
            found.comments.push(span(at, end));
            at = end;
        } else {
            let end = string_end(bytes, at, literal);
            found.strings.push(span(at, end));
            at = end;
        }
    }
    found
}

/// Where the string that begins at `at` ends. One of a single line ends with its line at the
/// latest, unless a backslash joins the next one.
fn string_end(bytes: &[u8], at: usize, literal: bool) -> usize {
    let Some(&quote) = bytes.get(at) else {
        return bytes.len();
    };
    let triple = bytes.get(at..at + 3) == Some(&[quote; 3]);
    let escapes = !(literal && quote == b'\'');
    let mut next = at + if triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(next) {
        match byte {
            b'\\' if escapes => {
                // `\` before CR LF joins lines too
                let crlf = bytes.get(next + 1..next + 3) == Some(b"\r\n");
                next += if crlf { 3 } else { 2 };
            }
            b'\n' | b'\r' if !triple => return next,
            _ if byte == quote && !triple => return next + 1,
            _ if byte == quote && bytes.get(next..next + 3) == Some(&[quote; 3]) => {
                return next + 3;
            }
            _ => next += 1,
        }
    }
    bytes.len()
}

fn lines(text: &str, trailing: bool) -> Vec<Span> {
    let bytes = text.as_bytes();
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut found = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes.get(at..end).unwrap_or(&[]);
        let begins = memchr::memchr_iter(b'#', line).find(|hash| match hash.checked_sub(1) {
            None => true,
            Some(before) => trailing && line.get(before).is_some_and(u8::is_ascii_whitespace),
        });
        if let Some(hash) = begins {
            found.push(span(at + hash, end));
        }
        at = end + 1;
    }
    found
}

/// `<!-- -->` outside of fences and of code between backticks.
fn markdown(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let last_close = text.rfind("-->").unwrap_or(0);
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or("");
        let end = at + line_end(rest.as_bytes(), 0);
        let line = text.get(at..end).unwrap_or("");
        let mark = fence_of(line.trim_start());
        match (fence, mark) {
            (Some(open), Some(mark)) if mark.starts_with(open) => fence = None,
            (Some(_), _) => {}
            (None, Some(mark)) => fence = Some(mark),
            (None, None) if line.len() <= LONGEST_LINE => {
                if let Some(comment) = html_comment(text, at, end, last_close) {
                    at = comment.end as usize;
                    found.push(comment);
                    continue;
                }
            }
            (None, None) => {}
        }
        at = end + 1;
    }
    found
}

/// A longer line of Markdown is not searched for comments: it is data, and code between backticks
/// takes time to tell apart.
const LONGEST_LINE: usize = 10_000;

/// The three or more marks that open or close a block of code.
fn fence_of(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    let behind = line.get(length..)?;
    // code between three backticks on one line is no fence
    (length >= 3 && !behind.contains('`')).then(|| line.get(..length))?
}

/// The first comment that begins between two offsets of a line; `last_close` is where the last
/// `-->` of the text stands.
fn html_comment(text: &str, from: usize, line_end: usize, last_close: usize) -> Option<Span> {
    let line = text.get(from..line_end)?;
    let mut at = 0;
    while let Some(skip) = line.get(at..)?.find(['`', '<']) {
        at += skip;
        let rest = line.get(at..)?;
        if rest.starts_with("<!--") {
            let begins = from + at;
            if last_close < begins + 4 {
                return None;
            }
            let length = text.get(begins + 4..)?.find("-->")?;
            return Some(span(begins, begins + 4 + length + 3));
        }
        if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let code = rest.get(ticks..)?;
            let close = code.find(rest.get(..ticks)?);
            at += close.map_or(ticks, |close| close + 2 * ticks);
        } else {
            at += 1;
        }
    }
    None
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |length| at + length)
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the comments, with `!` for those alone on a line and `^` for those that head
    /// the file.
    fn found(path: &str, text: &str) -> Vec<String> {
        comments(text, Language::of(path).unwrap(), None)
            .into_iter()
            .map(|it| {
                let alone = if it.alone { "!" } else { "" };
                let heads = if it.heads { "^" } else { "" };
                format!("{alone}{heads}{}", text[it.inner.range()].trim())
            })
            .collect()
    }

    #[test]
    fn yaml() {
        let text = "\u{feff}# 一\r\n# two\r\na: 'x # no'  # three\r\nb: |\r\n  # no\r\n# four\r\n";
        assert_eq!(found("a.yaml", text), ["!^一", "!^two", "three", "!four"]);
    }

    #[test]
    fn python() {
        let text =
            "#!x\n'''\n# no\n'''\na = '# no' \"\\\" # no\" # yes\nb = r'\\' # no\n'\n  # last";
        assert_eq!(found("a.py", text), ["!^!x", "yes", "!last"]);
        assert_eq!(found("a.py", "x = 'open\n# yes"), ["!yes"]);
    }

    #[test]
    fn toml() {
        assert_eq!(
            found("pyproject.toml", "a = 'x\\' # yes\nb = \"\"\"\n# no\"\"\""),
            ["yes"]
        );
    }

    #[test]
    fn lines_of_words() {
        let text = "# one\nrequests # two\nhttps://x/#no\n  # three\n";
        assert_eq!(found("requirements.txt", text), ["!^one", "two", "!three"]);
        assert_eq!(found(".difyignore", "a # no\r\n# one\r\n"), ["!one"]);
    }

    #[test]
    fn markdown_comments() {
        let text = "<!-- one -->\n# 标题 <!-- two -->\n`<!-- no -->` ``a ` <!-- no`` <!-- three -->\n\
                    ```yaml\n<!-- no -->\n```\n~~~\n```\n<!-- no -->\n~~~\n<!--\nfour\n-->\n<!-- open";
        assert_eq!(found("README.md", text), ["!^one", "two", "three", "!four"]);
    }

    #[test]
    fn other_files_have_none() {
        assert_eq!(Language::of("_assets/icon.svg"), None);
        assert_eq!(Language::of("notes.txt"), None);
        assert_eq!(Language::of("LICENSE"), None);
    }
}
