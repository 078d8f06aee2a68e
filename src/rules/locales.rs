//! The languages of localized texts, and what rules ask about such texts.

use crate::plugin::{Document, Node};
use crate::yaml::NodeId;

/// The language that Dify falls back to.
pub const ENGLISH: &str = "en_US";

/// The other languages that both readers know.
pub const TRANSLATIONS: [&str; 3] = ["zh_Hans", "ja_JP", "pt_BR"];

/// All languages that both readers know.
pub const ALL: [&str; 4] = ["en_US", "zh_Hans", "ja_JP", "pt_BR"];

/// A language as a person calls it.
pub fn language(locale: &str) -> &'static str {
    match locale {
        "zh_Hans" => "Chinese",
        "ja_JP" => "Japanese",
        "pt_BR" => "Portuguese",
        _ => "English",
    }
}

const LONGEST_SPELLING: usize = "portuguese".len();

/// The key that was meant by another spelling of one of the four locales.
pub fn meant(key: &str) -> Option<&'static str> {
    if let Some(exact) = ALL.iter().find(|locale| **locale == key) {
        return Some(exact);
    }
    let key = key.trim();
    if key.len() > LONGEST_SPELLING {
        return None;
    }
    let plain = key.to_lowercase().replace('-', "_");
    Some(match plain.as_str() {
        "en" | "en_us" | "en_gb" | "en_uk" | "english" => "en_US",
        "zh" | "cn" | "zh_cn" | "zh_hans" | "zh_hans_cn" | "zh_han" | "zh_hanns" | "zh_hant_cn"
        | "zhhans" | "chinese" => "zh_Hans",
        "ja" | "jp" | "ja_jp" | "jp_jp" | "jp_ja" | "ja_ja" | "jajp" | "japanese" => "ja_JP",
        "pt" | "br" | "pt_br" | "pt_pt" | "ptbr" | "br_pt" | "portuguese" => "pt_BR",
        _ => return None,
    })
}

/// True for a key that looks like a locale: `ko_KR`, `zh-Hant`, `de`.
pub fn looks_like_locale(key: &str) -> bool {
    let mut parts = key.split(['_', '-']);
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = parts.next().unwrap_or_default();
    let region = parts.next();
    matches!(language.len(), 2 | 3)
        && letters(language)
        && region.is_none_or(|region| letters(region) && (2..=4).contains(&region.len()))
        && parts.next().is_none()
        && (region.is_some() || language.len() == 2)
}

/// The number of the languages that both readers know.
const LANGUAGES: usize = ALL.len();

/// A text, and the node that holds it.
pub type Text<'p> = (Node<'p>, &'p str);

/// A mapping from locales to texts, as the daemon reads it.
pub struct Localized<'p> {
    /// The mapping.
    pub node: Node<'p>,
    /// The texts in [`ALL`] languages, in that order; `None` where one is absent, null or no
    /// scalar.
    pub texts: [Option<Text<'p>>; LANGUAGES],
    values: Values,
}

/// What [`Localized`] keeps of a mapping: it is looked at by many checks.
#[derive(Clone, Copy)]
pub struct Values {
    mapping: NodeId,
    /// Of [`ALL`] languages; the first of equal keys counts.
    values: [Option<Value>; LANGUAGES],
    only_locales: bool,
}

#[derive(Clone, Copy)]
struct Value {
    node: NodeId,
    /// Where its text stands, if it is one.
    text: Option<NodeId>,
}

impl Values {
    /// Looks at the keys of a mapping.
    pub fn of(mapping: Node<'_>) -> Self {
        let (mut values, mut only_locales) = ([None; LANGUAGES], true);
        for (key, value) in mapping.pairs() {
            let is_key = |locale: &&str| key.tree().has_text(key.id(), locale);
            match ALL
                .iter()
                .position(is_key)
                .and_then(|at| values.get_mut(at))
            {
                Some(slot) => {
                    slot.get_or_insert_with(|| Value {
                        node: value.id(),
                        text: value.text().and_then(|_| value.tree().target(value.id())),
                    });
                }
                None => only_locales = false,
            }
        }
        Self {
            mapping: mapping.id(),
            values,
            only_locales,
        }
    }

    /// The mapping.
    pub const fn mapping(&self) -> NodeId {
        self.mapping
    }

    /// Which of [`TRANSLATIONS`] have a value.
    pub fn translated(&self) -> [bool; TRANSLATIONS.len()] {
        let [_, translations @ ..] = &self.values;
        translations.each_ref().map(Option::is_some)
    }

    /// True if every key is one of [`ALL`] languages.
    pub const fn has_only_locales(&self) -> bool {
        self.only_locales
    }
}

impl<'p> Localized<'p> {
    /// A mapping of this document.
    pub fn new(document: &'p Document, values: Values) -> Self {
        let text = |value: Value| {
            let text = document.tree().text(value.text?);
            Some((Node::new(document, value.node), text))
        };
        Self {
            node: Node::new(document, values.mapping),
            texts: values.values.map(|value| text(value?)),
            values,
        }
    }

    /// True if every key is one of [`ALL`] languages.
    pub const fn has_only_locales(&self) -> bool {
        self.values.has_only_locales()
    }

    /// What stands for each of [`ALL`] languages, in that order, nulls included.
    pub fn values(&self) -> [Option<Node<'p>>; LANGUAGES] {
        let node = |value: Value| Node::new(self.node.document(), value.node);
        self.values.values.map(|value| value.map(node))
    }

    /// The English text.
    pub const fn english(&self) -> Option<Text<'p>> {
        self.texts[0]
    }

    /// The texts in [`TRANSLATIONS`], in that order.
    pub const fn translations(&self) -> &[Option<Text<'p>>; TRANSLATIONS.len()] {
        let [_, translations @ ..] = &self.texts;
        translations
    }
}

/// A character of Chinese script, which Japanese uses too.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// A character of the two Japanese syllabaries.
pub const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (key, locale) in [
            ("zh_CN", "zh_Hans"),
            ("zh-Hans", "zh_Hans"),
            ("ja_Jp", "ja_JP"),
            ("en-US", "en_US"),
            ("pt", "pt_BR"),
        ] {
            assert_eq!(meant(key), Some(locale));
        }
        assert_eq!(meant("zh_Hant"), None);
        for key in ["zh_Hant", "ko_KR", "de", "fr-FR", "es_419x"] {
            assert_eq!(looks_like_locale(key), key != "es_419x", "{key}");
        }
        assert!(
            !looks_like_locale("help")
                && !looks_like_locale("url")
                && !looks_like_locale("placeholder")
        );
    }
}
