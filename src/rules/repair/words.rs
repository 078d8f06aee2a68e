//! Words that stand for one of the known ones.

use crate::finding::Applicability;
use crate::format::words::nearest;

/// What other formats and programs call what Dify calls otherwise; the first one that is accepted
/// where the word stands is meant.
const SYNONYMS: &[(&str, &str)] = &[
    ("aarch64", "arm64"),
    ("agent", "llm"),
    ("auto", "llm"),
    ("bool", "boolean"),
    ("checkbox", "boolean"),
    ("checkbox", "switch"),
    ("boolean", "switch"),
    ("dict", "object"),
    ("double", "float"),
    ("double", "number"),
    ("dropdown", "select"),
    ("embedding", "text-embedding"),
    ("enum", "select"),
    ("float", "number"),
    ("human", "form"),
    ("input", "text-input"),
    ("int", "int"),
    ("int", "number"),
    ("integer", "int"),
    ("integer", "number"),
    ("list", "array"),
    ("manual", "form"),
    ("map", "object"),
    ("model", "llm"),
    ("model", "model-selector"),
    ("number", "float"),
    ("numeric", "number"),
    ("options", "select"),
    ("password", "secret-input"),
    ("py", "python"),
    ("python3", "python"),
    ("radio", "select"),
    ("secret", "secret-input"),
    ("single-select", "select"),
    ("str", "string"),
    ("string", "text-input"),
    ("stt", "speech2text"),
    ("text", "string"),
    ("text", "text-input"),
    ("text-input", "string"),
    ("text2speech", "tts"),
    ("token", "secret-input"),
    ("user", "form"),
    ("x64", "amd64"),
    ("x86_64", "amd64"),
];

/// The known word that is meant by another one, and how sure that is: letter case, blanks and
/// hyphens apart there is only one; a slip of the pen or a word of another program is for the
/// author to confirm.
pub fn meant<'w, S: AsRef<str>>(word: &str, known: &'w [S]) -> Option<(&'w str, Applicability)> {
    let known = || known.iter().map(AsRef::as_ref);
    let folded = fold(word);
    let mut same = known().filter(|known| fold(known) == folded);
    if let (Some(only), None) = (same.next(), same.next()) {
        return Some((only, Applicability::Safe));
    }
    if let Some(near) = nearest(word.trim(), known()) {
        return Some((near, Applicability::Unsafe));
    }
    let synonyms = SYNONYMS.iter().filter(|(other, _)| *other == folded);
    let mut meant = synonyms.filter_map(|(_, word)| known().find(|known| known == word));
    meant.next().map(|word| (word, Applicability::Unsafe))
}

/// True if two words differ in letter case, blanks, hyphens and underscores only.
pub fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

fn fold(word: &str) -> String {
    let word = word.trim().to_lowercase();
    word.replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_meant() {
        let kinds = ["string", "number", "boolean", "secret-input"];
        let meant = |word| meant(word, &kinds);
        assert_eq!(
            meant("SECRET_INPUT"),
            Some(("secret-input", Applicability::Safe))
        );
        assert_eq!(meant(" string"), Some(("string", Applicability::Safe)));
        assert_eq!(meant("strng"), Some(("string", Applicability::Unsafe)));
        assert_eq!(
            meant("password"),
            Some(("secret-input", Applicability::Unsafe))
        );
        assert_eq!(meant("integer"), Some(("number", Applicability::Unsafe)));
        assert_eq!(meant("hologram"), None);
    }
}
