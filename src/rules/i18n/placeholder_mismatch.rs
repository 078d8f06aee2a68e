//! Placeholders that a translation lost or invented.

use crate::format::words::{name_of, one_of};
use crate::rules::locales::Localized;
use crate::rules::{Context, Draft, On};
use std::collections::BTreeSet;

pub const CHECK: On = On::Localized(check);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    let Some((_, english)) = localized.english() else {
        return;
    };
    let wanted = placeholders(english);
    for (value, translated) in localized.translations().iter().flatten().copied() {
        let found = placeholders(translated);
        if (wanted.is_empty() && found.is_empty()) || translated.trim().is_empty() {
            continue;
        }
        let lost: Vec<&str> = wanted.difference(&found).copied().collect();
        let invented: Vec<&str> = found.difference(&wanted).copied().collect();
        if lost.is_empty() && invented.is_empty() {
            continue;
        }
        let name = name_of(value.tree(), value.id());
        let message = if lost.is_empty() {
            format!(
                "{name} has {}, which the English text has not",
                one_of(&invented)
            )
        } else {
            format!("{name} lacks {}, which the English text has", one_of(&lost))
        };
        cx.report(
            Draft::node(value, message)
                .note(
                    "a name in braces is not translated: it stands for a value or for what to type",
                )
                .help("use the same placeholders in every language"),
        );
    }
}

/// `{name}`, `{{name}}`, `${name}`, `%s` and `%d`, as they are written.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'{', b'%', rest.as_bytes()) {
        let Some(tail) = rest.get(at..) else { break };
        let mut width = 1;
        if let Some(after) = tail.strip_prefix('%') {
            let next = after.chars().nth(1);
            if after.starts_with(['s', 'd']) && !next.is_some_and(char::is_alphanumeric) {
                width = 2;
                found.extend(tail.get(..width));
            }
        } else {
            let open = tail.len() - tail.trim_start_matches('{').len();
            let name = tail.get(open..).unwrap_or_default();
            let length = name.find('}').unwrap_or(0);
            let inner = name.get(..length).unwrap_or_default().trim();
            let close = name.get(length..).unwrap_or_default();
            let close = close.len() - close.trim_start_matches('}').len();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            width = open;
            if open <= 2 && close >= open && !inner.is_empty() && inner.chars().all(is_name) {
                width = open + length + open;
                found.extend(tail.get(..width));
            }
        }
        rest = tail.get(width..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let found =
            placeholders("{a} {{ b }} ${c} %s 100%sure {\"json\": 1} { } {x y} {{{d}}} %d.");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["%d", "%s", "{a}", "{c}", "{{ b }}"]
        );
        assert!(placeholders("50% {").is_empty());
    }
}
