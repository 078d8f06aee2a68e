//! Texts in the script of another language.

use crate::finding::RuleId;
use crate::format::words::{name_of, shorten};
use crate::plugin::Node;
use crate::rules::locales::{Localized, is_han, is_kana, language};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

/// Simplified forms that Japanese never writes.
static SIMPLIFIED: Characters = Characters::of(
    "为义们传关别单发图对导应开总护据数时标码类终给统编获认让设译话该详语误说请转轮载较辑输边达过运还这进远连适选递钥链错键闭问间页项频题",
);
/// Traditional forms that simplified Chinese never writes.
static TRADITIONAL: Characters = Characters::of(
    "們傳問單圖對導應據數時標為獲發碼終給統編總義設話該詳認語誤說請譯護讓較載輪輯輸轉這連進運過達遞遠適選還邊錯鍵鏈鑰閉開間關頁項頻題類",
);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    let [english, chinese, japanese, portuguese] = localized.texts;
    if let Some((node, text)) = portuguese
        && !text.is_ascii()
        && text.contains(|c| is_han(c) || is_kana(c))
    {
        report(
            "i18n/chinese-in-portuguese",
            node,
            text,
            "pt_BR",
            "Chinese or Japanese",
            cx,
        );
    }
    if let Some((node, text)) = english
        && mostly_han(text)
    {
        report(
            "i18n/chinese-in-english",
            node,
            text,
            "en_US",
            "Chinese or Japanese",
            cx,
        );
    }
    if let Some((node, text)) = japanese
        && only_in(text, &SIMPLIFIED, "为数据终进")
    {
        report(
            "i18n/simplified-in-japanese",
            node,
            text,
            "ja_JP",
            "simplified Chinese",
            cx,
        );
    }
    if let Some((node, text)) = chinese
        && only_in(text, &TRADITIONAL, "")
    {
        report(
            "i18n/traditional-in-simplified",
            node,
            text,
            "zh_Hans",
            "traditional Chinese",
            cx,
        );
    }
}

/// Chinese beside an English text is a gloss; here it takes the place of the text.
fn mostly_han(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let han = text.chars().filter(|c| is_han(*c) || is_kana(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    han > 0 && han * 2 > latin
}

/// At least two different characters of the list.
fn only_in(text: &str, list: &Characters, shared: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut first = None;
    for c in text.chars() {
        if list.hold(c) && !shared.contains(c) && *first.get_or_insert(c) != c {
            return true;
        }
    }
    false
}

/// Characters of U+4E00 to U+9FFF, a bit for each: every character of every Chinese text is looked up.
struct Characters([u64; WORDS]);

const FIRST: u32 = 0x4e00;
const WORDS: usize = (0xa000 - FIRST as usize).div_ceil(64);

impl Characters {
    /// The characters of a text, each of which takes three bytes.
    const fn of(text: &str) -> Self {
        let (bytes, mut bits, mut at) = (text.as_bytes(), [0; WORDS], 0);
        while at + 2 < bytes.len() {
            let [high, middle, low] =
                [bytes[at] as u32, bytes[at + 1] as u32, bytes[at + 2] as u32];
            let c = (high & 0x0f) << 12 | (middle & 0x3f) << 6 | low & 0x3f;
            bits[((c - FIRST) / 64) as usize] |= 1 << ((c - FIRST) % 64);
            at += 3;
        }
        Self(bits)
    }

    fn hold(&self, c: char) -> bool {
        let at = u32::from(c).checked_sub(FIRST);
        let word = at.and_then(|at| Some((self.0.get(at as usize / 64)?, at % 64)));
        word.is_some_and(|(word, bit)| word >> bit & 1 == 1)
    }
}

fn report(
    rule: &'static str,
    node: Node<'_>,
    text: &str,
    locale: &str,
    script: &str,
    cx: &mut Context<'_>,
) {
    let message = format!(
        "{} is in {script}: `{}`",
        name_of(node.tree(), node.id()),
        shorten(text.trim())
    );
    cx.report(
        Draft::node(node, message)
            .rule(RuleId(rule))
            .note(format!(
                "people who read {} get a text in another script",
                language(locale)
            ))
            .help(format!(
                "write `{locale}` in {}",
                match locale {
                    "zh_Hans" => "simplified Chinese",
                    other => language(other),
                }
            )),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found() {
        let some = Characters::of("一这鿿");
        let found: String = ('\u{3400}'..='\u{ffff}')
            .filter(|c| some.hold(*c))
            .collect();
        assert_eq!(found, "一这鿿");
        assert!(SIMPLIFIED.hold('语') && !SIMPLIFIED.hold('語') && !SIMPLIFIED.hold('é'));
        assert!(TRADITIONAL.hold('語') && !TRADITIONAL.hold('语'));
    }
}
