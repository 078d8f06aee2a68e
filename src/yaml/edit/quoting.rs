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
    let printable = text.chars().all(|c| !c.is_control() && !is_break(c));
    if style == Style::Single && printable {
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
            c if c.is_control() || is_break(c) || c == '\u{feff}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

const fn is_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(first)
        && !(matches!(first, '-' | '?' | ':')
            && text.chars().nth(1).is_some_and(|c| c.is_alphanumeric()));
    let ends = text.starts_with(' ') || text.ends_with([' ', ':']);
    let inside = text.contains(": ") || text.contains(" #");
    let odd = text
        .chars()
        .any(|c| c.is_control() || is_break(c) || c == '\u{feff}');
    let flow = in_flow && text.contains([',', '[', ']', '{', '}']);
    let document = text.starts_with("---") || text.starts_with("...");
    if indicator || ends || inside || odd || flow || document {
        return false;
    }
    let daemon = matches!(go::resolve_text(text, true, None), Ok(go::Scalar::Str(_)));
    let sdk = matches!(
        python::resolve_text(text, true, None),
        Ok(python::Scalar::Str(_))
    );
    daemon && sdk
}
