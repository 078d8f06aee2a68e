//! A plugin's texts in Markdown: they must not become markup, mentions, links or HTML.

use crate::report::text::clean;

/// A message whose quotations stand in backticks: these become code, all else plain text.
pub(super) fn prose(text: &str) -> String {
    let text = clean(text);
    let mut parts: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len() + 16);
    // an odd backtick at the end quotes nothing
    let rest = if parts.len().is_multiple_of(2) {
        parts.pop()
    } else {
        None
    };
    for (at, part) in parts.into_iter().enumerate() {
        if at % 2 == 0 {
            plain(&mut out, part);
        } else {
            out.push_str(&code(part));
        }
    }
    if let Some(rest) = rest {
        out.push_str("\\`");
        plain(&mut out, rest);
    }
    out
}

/// Text as code, whatever it holds.
pub(super) fn code(text: &str) -> String {
    let text = clean(text);
    if text.trim().is_empty() {
        return format!("<code>{text}</code>");
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text as code in a table, where a bar ends the cell even in code.
pub(super) fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Lines in a block of code; `language` colours them.
pub(super) fn block(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`').map(str::len);
    runs.max().unwrap_or(0)
}

fn plain(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(character);
            }
            // the empty comment ends what would be a mention, a reference or a formula
            '@' | '#' | '$' => {
                out.push(character);
                out.push_str("<!-- -->");
            }
            ':' if rest.peek() == Some(&'/') => out.push_str(":<!-- -->"),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_become_code() {
        assert_eq!(prose("`a|b` is *not* a key"), "`a|b` is \\*not\\* a key");
        assert_eq!(prose("ends with `"), "ends with \\`");
        assert_eq!(prose("`` x"), "<code></code> x");
    }

    #[test]
    fn nothing_comes_alive() {
        assert_eq!(
            prose("<script>alert(1)</script> @admin #1 https://evil"),
            "&lt;script&gt;alert(1)&lt;/script&gt; @<!-- -->admin #<!-- -->1 https:<!-- -->//evil"
        );
        assert_eq!(prose("a\n\n# b \x1b[31m"), "a  #<!-- --> b \u{fffd}\\[31m");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(block("text", "x\n```\ny"), "````text\nx\n```\ny\n````\n");
    }
}
