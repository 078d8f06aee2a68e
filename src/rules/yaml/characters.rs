//! Characters that a person does not see in a YAML file.

use crate::finding::{Applicability, Edit, Fix, Place, RuleId, Span};
use crate::plugin::Parsed;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::File(check);

/// Further places that are pointed at.
const SHOWN: usize = 5;

fn check(file: &Parsed, cx: &mut Context<'_>) {
    let text = file.file.text();
    let place = |start: usize, width: usize| {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Place {
            file: file.file.path().clone(),
            span: Span::new(offset(start), offset(start + width)),
        }
    };
    if text.starts_with('\u{feff}') {
        cx.report(
            Draft::new(place(0, 0), "the file begins with a byte order mark")
                .rule(RuleId("yaml/byte-order-mark"))
                .note("both readers skip it, but scripts that look for the first key do not")
                .fix(without_mark(place(0, 3)))
                .help("save the file as UTF-8 without a byte order mark"),
        );
    }
    let returns = memchr::memchr_iter(b'\r', text.as_bytes());
    if let Some(at) = returns
        .into_iter()
        .find(|at| text.get(at + 1..at + 2) == Some("\n"))
    {
        cx.report(
            Draft::new(place(at, 0), "the lines of the file end with CR LF")
                .rule(RuleId("yaml/crlf"))
                .note("both readers take it, but the package differs from one machine to the next")
                .help(
                    "convert the line ends to LF, and set `* text=auto eol=lf` in .gitattributes",
                ),
        );
    }
    if text.is_ascii() {
        return;
    }
    let mut spaces = Vec::new();
    let mut hidden = Vec::new();
    for (at, c) in suspects(text) {
        if c == '\u{a0}' {
            spaces.push((place(at, c.len_utf8()), c));
        } else if !joins_emoji(text, at, c) {
            hidden.push((place(at, c.len_utf8()), c));
        }
    }
    report("yaml/no-break-space", &spaces, "a no-break space", cx);
    report(
        "yaml/invisible-character",
        &hidden,
        "an invisible character",
        cx,
    );
}

fn report(rule: &'static str, found: &[(Place, char)], what: &str, cx: &mut Context<'_>) {
    let Some(((first, c), rest)) = found.split_first() else {
        return;
    };
    let code = u32::from(*c);
    let message = match rest.len() {
        0 => format!("{what} (U+{code:04X}) stands here"),
        more => format!("{what} (U+{code:04X}) stands here, and {more} more in this file"),
    };
    let draft = Draft::new(first.clone(), message)
        .rule(RuleId(rule))
        .note("it is part of the text: a name with it is another name, and YAML does not take it for a blank")
        .fix(plain(found))
        .help("delete it, or type an ordinary space");
    cx.report(rest.iter().take(SHOWN).fold(draft, |draft, (place, _)| {
        draft.label(place.clone(), "and here")
    }));
}

fn without_mark(place: Place) -> Option<Fix> {
    Some(Fix {
        title: "remove the byte order mark".to_owned(),
        // fixes keep a file's encoding as it is, unless its author wants otherwise
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            file: place.file,
            span: place.span,
            text: String::new(),
        }],
    })
}

/// Ordinary spaces for no-break ones, and nothing for what nobody sees.
fn plain(found: &[(Place, char)]) -> Option<Fix> {
    let edits: Vec<Edit> = found
        .iter()
        .map(|(place, c)| Edit {
            file: place.file.clone(),
            span: place.span,
            text: if *c == '\u{a0}' { " " } else { "" }.to_owned(),
        })
        .collect();
    let title = match found.first()?.1 {
        '\u{a0}' => "type ordinary spaces",
        _ => "delete what is invisible",
    };
    Some(Fix {
        title: title.to_owned(),
        applicability: Applicability::Unsafe,
        edits,
    })
}

/// Zero-width characters, directions of writing, soft hyphens, other blanks than the space.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// The no-break spaces and [`is_invisible`] characters of a text, but for a mark at its start. They
/// begin with one of five bytes in UTF-8, which other scripts hardly use.
fn suspects(text: &str) -> Vec<(usize, char)> {
    let bytes = text.as_bytes();
    let first = memchr::memchr3_iter(0xc2, 0xd8, 0xe1, bytes);
    let second = memchr::memchr2_iter(0xe2, 0xef, bytes);
    let mut found: Vec<(usize, char)> = first
        .chain(second)
        .filter_map(|at| Some((at, text.get(at..)?.chars().next()?)))
        .filter(|(at, c)| *c == '\u{a0}' || is_invisible(*c) && !(*at == 0 && *c == '\u{feff}'))
        .collect();
    found.sort_unstable();
    found
}

/// U+200D holds emoji together, and joins letters of some scripts.
fn joins_emoji(text: &str, at: usize, c: char) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    matches!(c, '\u{200d}' | '\u{200c}')
        && before.is_some_and(|before| u32::from(before) >= 0x600 && !before.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_hidden_characters_are_found() {
        let hidden = (0..=0x0010_ffff).filter_map(char::from_u32);
        for c in hidden.filter(|c| is_invisible(*c) || *c == '\u{a0}') {
            assert_eq!(suspects(&format!("中，{c}é\"")), [(6, c)]);
        }
        assert_eq!(suspects("\u{feff}a\u{feff}“ ”"), [(4, '\u{feff}')]);
    }
}
