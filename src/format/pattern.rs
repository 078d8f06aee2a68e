//! Regular expressions that are data in `schemas/`, compiled once each on first use.

use hashbrown::HashMap;
use regex::Regex;
use std::sync::{LazyLock, PoisonError, RwLock};

/// True if the text matches; a pattern that is none matches everything (a test proves that the
/// schemas hold no such pattern).
pub fn matches(pattern: &str, text: &str) -> bool {
    static CACHE: LazyLock<RwLock<HashMap<String, Option<Regex>>>> = LazyLock::new(RwLock::default);
    let known = CACHE.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return regex.as_ref().is_none_or(|regex| regex.is_match(text));
    }
    drop(known);
    let regex = Regex::new(&ascii(pattern)).ok();
    let answer = regex.as_ref().is_none_or(|regex| regex.is_match(text));
    let mut known = CACHE.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(pattern.to_owned(), regex);
    answer
}

/// The readers' classes are ASCII, and `$` is the very end.
fn ascii(pattern: &str) -> String {
    pattern
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]")
}

/// A pattern of the schemas as advice.
pub fn in_words(pattern: &str) -> String {
    let characters = if pattern.contains("a-zA-Z") {
        "letters, digits, `_` and `-`"
    } else {
        "lower-case letters, digits, `_` and `-`"
    };
    match pattern
        .rsplit_once("{1,")
        .and_then(|(_, rest)| rest.split_once('}'))
    {
        Some((most, _)) => format!("use 1 to {most} {characters}"),
        None => format!("use {characters}"),
    }
}
