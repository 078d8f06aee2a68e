//! Texts as scalars that both readers take for just that text.

use crate::yaml::{Style, go, python};

/// A text as a plain scalar if both readers take it for the same text, else in double quotes.
pub fn plain_or_quoted(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        text.to_owned()
    } else {
        quoted(text, Style::Double)
    }
}

/// A text in quotes of a style; single quotes give way to double ones for what they cannot say.
pub fn quoted(text: &str, style: Style) -> String {
    if style == Style::Single && !text.contains(is_odd) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_odd(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A character that cannot, or should not, stand for itself.
fn is_odd(c: char) -> bool {
    let line_break = matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    c.is_control() || line_break || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// True if both readers take the text without quotes for the same text.
fn is_plain(text: &str, in_flow: bool) -> bool {
    if !can_be_plain(text, in_flow) {
        return false;
    }
    let daemon = matches!(go::resolve_text(text, true, None), Ok(go::Scalar::Str(_)));
    let sdk = matches!(
        python::resolve_text(text, true, None),
        Ok(python::Scalar::Str(_))
    );
    daemon && sdk
}

/// True if the text can be written without quotes, whatever it is then taken for.
pub(super) fn can_be_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let second = text.chars().nth(1);
    let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(first)
        && !(matches!(first, '-' | '?' | ':') && second.is_some_and(char::is_alphanumeric)
            || first == '-' && second == Some('.'));
    let ends = text.starts_with(' ') || text.ends_with([' ', ':']);
    let inside = text.contains(": ") || text.contains(" #");
    let flow = in_flow && text.contains([',', '[', ']', '{', '}', ':', '?']);
    let document = text.starts_with("---") || text.starts_with("...");
    !(indicator || ends || inside || flow || document || text.contains(is_odd))
}
