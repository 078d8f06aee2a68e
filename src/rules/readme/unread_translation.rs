//! Localized READMEs that nobody reads.

use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::manifest;
use crate::rules::locales::{looks_like_locale, meant};
use crate::rules::{Context, Draft, On};
use crate::source::join;

pub const CHECK: On = On::Plugin(check);

/// The daemon keeps the language of a README in a column of this width.
const LONGEST_LANGUAGE: usize = 10;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let root = plugin.files.list("").unwrap_or_default();
    for entry in &root {
        if entry.kind.is_file()
            && let Some(language) = language_of(&entry.name)
        {
            report(
                &entry.name,
                language,
                "it lies at the root, where only `README.md` is read",
                cx,
            );
        }
        let folder =
            entry.kind.is_folder() && entry.name.to_lowercase().trim_end_matches('s') == "readme";
        if folder && entry.name != "readme" {
            for file in plugin.files.list(&entry.name).unwrap_or_default() {
                if let Some(language) = language_of(&file.name) {
                    let why = format!(
                        "it lies in `{}`; only the folder `readme` is read",
                        entry.name
                    );
                    report(&join(&entry.name, &file.name), language, &why, cx);
                }
            }
        }
    }
    for entry in plugin.files.list("readme").unwrap_or_default() {
        let is_markdown = entry.name.to_lowercase().ends_with(".md");
        if !entry.kind.is_file() || !is_markdown || is_read(&entry.name) {
            continue;
        }
        let language = language_of(&entry.name).unwrap_or_default();
        let why = "its name is not of the form `README_zh_Hans.md`";
        report(&join("readme", &entry.name), language, why, cx);
    }
}

fn report(path: &str, language: &str, why: &str, cx: &mut Context<'_>) {
    let right = meant(language).unwrap_or(language).replace('-', "_");
    let draft = Draft::file(path, format!("nobody reads `{}`: {why}", shorten(path)))
        .note("the daemon takes `readme/README_<language>.md` and nothing else for a translation");
    cx.report(match right.as_str() {
        "" => draft.help("name it `readme/README_zh_Hans.md`, or whatever its language is"),
        "en_US" => draft.help("the English text belongs in `README.md` at the root"),
        right => draft.help(format!("move it to `readme/README_{right}.md`")),
    });
}

/// The language in a name such as `README_zh_Hans.md`, `README.zh-CN.md`, `readme-ja.md`.
fn language_of(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    let start = stem.get(..6)?;
    let rest = stem.get(6..)?;
    let language = rest.strip_prefix(['_', '.', '-'])?;
    let sound = ending.eq_ignore_ascii_case("md") && start.eq_ignore_ascii_case("readme");
    (sound && (meant(language).is_some() || looks_like_locale(language))).then_some(language)
}

/// What the daemon takes: `README_`, two small letters, `_`, two letters or more, `.md`.
fn is_read(name: &str) -> bool {
    let language = name
        .strip_prefix("README_")
        .and_then(|rest| rest.strip_suffix(".md"));
    let Some((language, (first, region))) = language.and_then(|it| Some((it, it.split_once('_')?)))
    else {
        return false;
    };
    first.len() == 2
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && region.len() >= 2
        && region.bytes().all(|byte| byte.is_ascii_alphabetic())
        && language.len() <= LONGEST_LANGUAGE
        && meant(language).is_none_or(|right| right == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, language) in [
            ("README_zh_Hans.md", Some("zh_Hans")),
            ("README.zh-CN.md", Some("zh-CN")),
            ("readme-ja.md", Some("ja")),
            ("README_DEV.md", None),
            ("README.md", None),
            ("é.md", None),
        ] {
            assert_eq!(language_of(name), language, "{name}");
        }
        assert!(is_read("README_zh_Hans.md") && is_read("README_ko_KR.md"));
        assert!(
            !is_read("README_zh_CN.md") && !is_read("README_ja.md") && !is_read("readme_ja_JP.md")
        );
    }
}
