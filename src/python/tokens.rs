use super::nesting;
use super::syntax::SHALLOW;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

/// The words of a source without comments and blank lines; `None` when it is no sound Python, or
/// would need more stack than a caller has.
pub fn code_tokens(text: &str) -> Option<Vec<&str>> {
    if nesting::measure(text).depth > SHALLOW {
        return None;
    }
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    if !parsed.errors().is_empty() {
        return None;
    }
    let tokens = parsed.tokens().iter();
    Some(
        tokens
            .filter(|token| {
                !matches!(
                    token.kind(),
                    TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::EndOfFile
                )
            })
            .filter_map(|token| {
                text.get(usize::from(token.range().start())..usize::from(token.range().end()))
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_code() {
        let code = code_tokens("def f():\n    return 1\n").unwrap();
        assert_eq!(
            code_tokens("# x\ndef f():  # y\n    # z\n    return 1  # w\n").unwrap(),
            code
        );
        assert_ne!(code_tokens("def f():\n    return '1 # 1'\n").unwrap(), code);
        assert_eq!(code_tokens("def f(:\n"), None);
    }
}
