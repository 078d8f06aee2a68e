//! English sentences in another language's place.

use crate::finding::RuleId;
use crate::format::words::name_of;
use crate::rules::locales::{Localized, TRANSLATIONS, language};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

/// A sentence is at least this long and has at least so many words of English grammar: measured
/// over 262 plugins, names and addresses fall through and 322 sentences remain.
const WORDS: usize = 5;
const GRAMMAR: usize = 2;

const GRAMMAR_WORDS: &[&str] = &[
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "for",
    "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "no", "not", "of", "on",
    "only", "or", "please", "should", "that", "the", "their", "then", "these", "this", "to", "use",
    "used", "using", "when", "where", "which", "will", "with", "within", "you", "your",
];

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    let Some((_, english)) = localized.english() else {
        return;
    };
    let english = english.trim();
    let mut sentence = None;
    for (locale, translation) in TRANSLATIONS.into_iter().zip(*localized.translations()) {
        let Some((value, text)) = translation else {
            continue;
        };
        if text.trim() != english || !*sentence.get_or_insert_with(|| is_sentence(english)) {
            continue;
        }
        let message = format!(
            "{} is the English sentence, not translated",
            name_of(value.tree(), value.id())
        );
        cx.report(
            Draft::node(value, message)
                .rule(RuleId("i18n/untranslated-text"))
                .note("where a language is missing Dify shows English by itself; a copy goes stale")
                .help(format!(
                    "translate it into {}, or remove the key",
                    language(locale)
                )),
        );
    }
}

fn is_sentence(text: &str) -> bool {
    if !text.contains(' ') {
        return false;
    }
    let words = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|it| !it.is_empty());
    let (mut all, mut grammar) = (0, 0);
    for word in words {
        all += 1;
        if GRAMMAR_WORDS
            .binary_search(&word.to_lowercase().as_str())
            .is_ok()
        {
            grammar += 1;
        }
    }
    all >= WORDS && grammar >= GRAMMAR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        assert!(GRAMMAR_WORDS.is_sorted());
        assert!(is_sentence("The tools based on the AWS Services"));
        assert!(!is_sentence("greater_than_or_equal_to"));
        assert!(!is_sentence("Amazon Titan Text Embeddings V2"));
        assert!(!is_sentence("https://example.com/a/the/of/x"));
    }
}
