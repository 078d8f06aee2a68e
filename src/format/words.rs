//! Words for nodes and values, as an author would say them.

use crate::yaml::{Kind, NodeId, Tree, go};

/// The name of a node in a sentence: `` `label` ``, ``item 2 of `tags` ``, `the document`.
pub fn name_of(tree: &Tree, node: NodeId) -> String {
    let Some(parent) = tree.parent(node) else {
        return "the document".to_owned();
    };
    if let Some(key) = tree.key_of(node) {
        return format!("`{}`", tree.text(key));
    }
    let place = tree.items(parent).iter().position(|item| *item == node);
    match place {
        Some(index) => format!("item {} of {}", index + 1, name_of(tree, parent)),
        None => format!("the key `{}`", shorten(tree.text(node))),
    }
}

/// What a node is, as found: `a list`, `the text "x"`, `the number 1.0`.
pub fn describe(tree: &Tree, node: NodeId) -> String {
    let node = tree.target(node).unwrap_or(node);
    let text = tree.text(node);
    match tree.kind(node) {
        Kind::Sequence { .. } => "a list".to_owned(),
        Kind::Mapping { .. } => "a mapping".to_owned(),
        Kind::Alias => format!("the unknown alias `*{text}`"),
        Kind::Scalar(_) => match go::resolve(tree, node) {
            Ok(go::Scalar::Null) if text.is_empty() => "nothing".to_owned(),
            Ok(go::Scalar::Null) => format!("`{text}` (nothing)"),
            Ok(go::Scalar::Bool(_)) => format!("`{text}`"),
            Ok(go::Scalar::Int(_) | go::Scalar::Uint(_) | go::Scalar::Float(_)) => {
                format!("the number {}", shorten(text))
            }
            Ok(go::Scalar::Time(_)) => format!("the date {}", shorten(text)),
            _ => format!("the text \"{}\"", shorten(text)),
        },
    }
}

/// A kind with its article: `a tool`, `an event`.
pub fn with_article(kind: super::DocumentKind) -> String {
    let noun = kind.noun();
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// At most 60 characters of a text, on one line.
pub fn shorten(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or(&line)),
        None => line,
    }
}

/// `a`, `b` or `c`
pub fn one_of<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// Advice for a word that is none of the known ones.
pub fn known<S: AsRef<str>>(word: &str, words: &[S]) -> String {
    match nearest(word, words.iter().map(AsRef::as_ref)) {
        Some(near) if words.len() == 1 => format!("write `{near}`"),
        Some(near) => format!("did you mean `{near}`? known are {}", one_of(words)),
        None => format!("use {}", one_of(words)),
    }
}

/// The one word that is so near that it was probably meant: letter case, hyphens and underscores
/// apart, or at most two letters away.
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let fold = |word: &str| word.to_lowercase().replace(['-', ' '], "_");
    let folded = fold(word);
    let length = folded.chars().count();
    let limit = (word.chars().count() / 3).min(2);
    // each letter that is away makes a word longer or shorter by one at most; to measure takes time
    // and memory for every pair of letters, and a word may have megabytes
    let far = |other: usize| other.abs_diff(length) > limit;
    let mut best: Option<(usize, &str)> = None;
    let mut tie = false;
    for candidate in words {
        if candidate == word || candidate.is_ascii() && far(candidate.len()) {
            continue;
        }
        let other = fold(candidate);
        if far(other.chars().count()) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &other);
        if distance > limit {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tie = true,
            _ => (best, tie) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !tie).map(|(_, candidate)| candidate)
}
