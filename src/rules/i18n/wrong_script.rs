//! Texts in the script of another language.

use crate::finding::RuleId;
use crate::format::words::{name_of, shorten};
use crate::plugin::Node;
use crate::rules::locales::{is_han, is_kana, language};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

/// Simplified forms that Japanese never writes.
const SIMPLIFIED: &str = "这们对为时说话请发输数据设认误频图页语译导获键错让给统钥链该终进选单义传总问间项类别应转护详编码标题关开闭过还边远连适递运达轮载较辑";
/// Traditional forms that simplified Chinese never writes.
const TRADITIONAL: &str = "這們對為時說話請發輸數據設認誤頻圖頁語譯導獲鍵錯讓給統鑰鏈該終進選單義傳總問間項類應轉護詳編碼標題關開閉過還邊遠連適遞運達輪載較輯";

fn check(localized: Node<'_>, cx: &mut Context<'_>) {
    let text = |locale| {
        localized
            .get(locale)
            .and_then(|node| Some((node, node.text()?)))
    };
    if let Some((node, text)) = text("pt_BR")
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
    if let Some((node, text)) = text("en_US")
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
    if let Some((node, text)) = text("ja_JP")
        && only_in(text, SIMPLIFIED, "为数据终进")
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
    if let Some((node, text)) = text("zh_Hans")
        && only_in(text, TRADITIONAL, "")
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
    let han = text.chars().filter(|c| is_han(*c) || is_kana(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    han > 0 && han * 2 > latin
}

/// At least two different characters of the list.
fn only_in(text: &str, list: &str, shared: &str) -> bool {
    let mut found = text
        .chars()
        .filter(|c| is_han(*c) && list.contains(*c) && !shared.contains(*c));
    found.next().is_some_and(|first| found.any(|c| c != first))
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
