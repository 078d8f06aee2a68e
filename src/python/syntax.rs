//! Text to syntax tree, within bounds.

use super::nesting;
use crate::source::{Encoding, SourceFile, Span};
use ruff_python_ast::{Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::TextRange;

/// Why CPython refuses to compile a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where; may be empty.
    pub span: Span,
    /// What is wrong; lower case, no full stop.
    pub message: String,
}

/// A deeper tree is not looked at; CPython itself gives up at a few thousand levels.
const MAX_DEPTH: usize = 3000;
/// Up to this depth the parser runs on the caller's stack.
pub(super) const SHALLOW: usize = 60;
/// Address space for the stack of a deep parse; only what is used becomes memory.
const DEEP_STACK: usize = 512 * 1024 * 1024;

/// Parses a source and hands its statements, and its first error, to `use_tree`. `None` if the
/// source has to stay unread: too deep, or in an encoding that is not read here.
pub fn parse<T: Send>(
    file: &SourceFile,
    use_tree: impl FnOnce(&[Stmt], Option<SyntaxError>) -> T + Send,
) -> Option<T> {
    let text = file.text();
    if let Some(error) = encoding_error(file) {
        return error.map(|error| use_tree(&[], Some(error)));
    }
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let error = SyntaxError {
            span: span(at, at + 1),
            message: "source code cannot contain null bytes".to_owned(),
        };
        return Some(use_tree(&[], Some(error)));
    }
    let nesting = nesting::measure(text);
    if nesting.depth > MAX_DEPTH {
        return None;
    }
    let refused = nesting
        .bracket
        .map(|at| (at, "too many nested parentheses"))
        .or_else(|| {
            nesting
                .indent
                .map(|at| (at, "too many levels of indentation"))
        });
    if let Some((at, message)) = refused {
        let error = SyntaxError {
            span: span(at, at + 1),
            message: message.to_owned(),
        };
        return Some(use_tree(&[], Some(error)));
    }
    if nesting.depth <= SHALLOW {
        return Some(run(text, use_tree));
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(DEEP_STACK)
            .spawn_scoped(scope, || run(text, use_tree))
            .ok()?
            .join()
            .ok()
    })
}

fn run<T>(text: &str, use_tree: impl FnOnce(&[Stmt], Option<SyntaxError>) -> T) -> T {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(text, options);
    let first = parsed
        .errors()
        .iter()
        .map(|error| (error.location, error.error.to_string()))
        .chain(
            parsed
                .unsupported_syntax_errors()
                .iter()
                .map(|error| (error.range, error.to_string())),
        )
        .min_by_key(|(range, _)| range.start());
    let error = first.map(|(range, message)| SyntaxError {
        span: from_range(range),
        message: lower_first(&message),
    });
    match parsed.syntax() {
        Mod::Module(module) => use_tree(&module.body, error),
        Mod::Expression(_) => use_tree(&[], error),
    }
}

/// `Some(Some(error))`: refused; `Some(None)`: in another encoding, which is not read here.
fn encoding_error(file: &SourceFile) -> Option<Option<SyntaxError>> {
    let error = |at: u32, message: &str| {
        Some(Some(SyntaxError {
            span: Span::new(at, at),
            message: message.to_owned(),
        }))
    };
    let declared = declared_encoding(file.text());
    let is_utf8 = declared.as_deref().is_none_or(|name| {
        matches!(
            name.to_ascii_lowercase().replace('_', "-").as_str(),
            "utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii"
        )
    });
    match file.encoding() {
        Encoding::Utf16 => error(0, "the source is UTF-16, Python expects UTF-8"),
        Encoding::Broken(at) if is_utf8 => error(at, "the source is not UTF-8"),
        Encoding::Broken(_) => Some(None),
        Encoding::Utf8 if is_utf8 || file.text().is_ascii() => None,
        Encoding::Utf8 => Some(None),
    }
}

/// The encoding that a comment in one of the first two lines declares (PEP 263).
fn declared_encoding(text: &str) -> Option<String> {
    for line in text.trim_start_matches('\u{feff}').lines().take(2) {
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        if line.is_empty() {
            continue;
        }
        let comment = line.strip_prefix('#')?;
        let Some(at) = comment.find("coding") else {
            continue;
        };
        let rest = &comment[at + "coding".len()..];
        let Some(rest) = rest.strip_prefix([':', '=']) else {
            continue;
        };
        let name: String = rest
            .trim_start_matches([' ', '\t'])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .collect();
        if !name.is_empty() {
            return Some(name);
        }
    }
    None
}

/// A range of the parser as a span.
pub fn from_range(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    // leave words like `SyntaxError` or `F-string` alone when a capital or a sign follows
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_ascii_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => message.to_owned(),
    }
}
