//! A plugin's texts in HTML: text and nothing else, whatever they hold.
//!
//! No text of a plugin stands in an attribute, except for pictures in base64.

use crate::report::card::{LOCALES, Localized};
use crate::report::text::is_unsafe;
use std::fmt::Write;

/// Text, line ends kept. What would turn the direction of the line, or cannot be seen, is named.
pub(super) fn text(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // the page may go through the log of a CI system, which obeys `::name` and `##[name]`
            ':' if rest.peek() == Some(&':') => out.push_str("&#58;"),
            '#' if matches!(rest.peek(), Some('#' | '[' | 'v')) => out.push_str("&#35;"),
            '\n' => out.push('\n'),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\t' => out.push(' '),
            _ if is_odd(character) => {
                // writing to memory does not fail
                let _ = write!(out, "<b class=odd>U+{:04X}</b>", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

/// A message whose quotations stand in backticks: these become code.
pub(super) fn prose(out: &mut String, message: &str) {
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((quoted, behind)) = after.split_once('`') else {
            break;
        };
        text(out, before);
        code(out, quoted);
        rest = behind;
    }
    text(out, rest);
}

/// Text as code.
pub(super) fn code(out: &mut String, quoted: &str) {
    out.push_str("<code>");
    text(out, quoted);
    out.push_str("</code>");
}

/// A text in all its languages, of which the page shows one at a time. For a language without a
/// text stands the one that Dify shows in its place.
pub(super) fn localized(out: &mut String, texts: &Localized) {
    out.push_str("<span class=t>");
    for (own, (locale, words)) in LOCALES.iter().zip(&texts.0).enumerate() {
        let Some(words) = words else { continue };
        let _ = write!(out, "<span lang={} class=\"o{own}", locale.tag);
        for other in (0..LOCALES.len()).filter(|other| texts.shown(*other) == Some(own)) {
            let _ = write!(out, " l{other}");
        }
        out.push_str("\">");
        text(out, words);
        out.push_str("</span>");
    }
    out.push_str("</span>");
}

fn is_odd(character: char) -> bool {
    is_unsafe(character)
        || matches!(
            character,
            // marks of Arabic, and characters without any width
            '\u{61c}' | '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{fff9}'..='\u{fffb}'
            // letters of tags: a text that nobody sees
            | '\u{e0000}'..='\u{e007f}'
            // no characters at all
            | '\u{fffe}' | '\u{ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(write: fn(&mut String, &str), words: &str) -> String {
        let mut out = String::new();
        write(&mut out, words);
        out
    }

    #[test]
    fn nothing_comes_alive() {
        assert_eq!(
            of(text, "</style><script>alert('1' & \"2\")</script>"),
            "&lt;/style&gt;&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;"
        );
        assert_eq!(
            of(text, "a\u{202e}b\u{0}c\r\nd\u{1f680}"),
            "a<b class=odd>U+202E</b>b<b class=odd>U+0000</b>c\nd\u{1f680}"
        );
        assert_eq!(of(text, "x\n::error::y"), "x\n&#58;:error&#58;:y");
        assert_eq!(
            of(text, "##[error] ##vso[x]"),
            "&#35;&#35;[error] &#35;&#35;vso[x]"
        );
    }

    #[test]
    fn quotations_become_code() {
        assert_eq!(of(prose, "`a<b` is"), "<code>a&lt;b</code> is");
        assert_eq!(of(prose, "one ` tick"), "one ` tick");
        assert_eq!(of(prose, "`a` b `c"), "<code>a</code> b `c");
    }

    #[test]
    fn a_missing_language_shows_english() {
        let texts = Localized([Some("a".into()), None, Some("b".into()), None]);
        let mut out = String::new();
        localized(&mut out, &texts);
        assert_eq!(
            out,
            "<span class=t><span lang=en class=\"o0 l0 l1 l3\">a</span>\
             <span lang=ja class=\"o2 l2\">b</span></span>"
        );
    }
}
