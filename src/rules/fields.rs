//! Fields of forms, whatever they are called there: parameters, credentials, settings, and the
//! options that some of them offer.

use super::{Draft, repair};
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::{Document, Node};
use crate::yaml::{NodeId, go};
use hashbrown::HashMap;

/// Among so many words one that is near is looked for; beyond, no author thinks of one.
pub const MOST_COMPARED: usize = 200;

/// A default of a selection that is none of its values, with what to write instead.
pub fn not_an_option(default: Node<'_>, text: &str, values: &[&str]) -> Draft {
    let message = format!("the default `{}` is not among the options", shorten(text));
    let draft = Draft::node(default, message);
    match nearest(text, values.iter().copied().take(MOST_COMPARED)) {
        Some(near) => draft
            .fix(repair::node::near(default, Some(near)))
            .help(format!("did you mean `{}`?", shorten(near))),
        None if values.len() <= 8 => draft.help(format!("use {}", one_of(values))),
        None => draft.help("use the `value` of one of the options"),
    }
}

/// True if the daemon reads the node as text.
pub fn is_text(node: Node<'_>) -> bool {
    let tree = node.tree();
    let target = tree.target(node.id()).unwrap_or(node.id());
    matches!(go::resolve(tree, target), Ok(go::Scalar::Str(_)))
}

/// The lists that hold these nodes of a document, each with its nodes.
pub fn lists(document: &Document, nodes: impl IntoIterator<Item = NodeId>) -> Vec<Vec<Node<'_>>> {
    let tree = document.tree();
    let mut lists: Vec<Vec<Node<'_>>> = Vec::new();
    let mut last = None;
    for id in nodes {
        let node = Node::new(document, id);
        let parent = tree.parent(id).filter(|parent| tree.is_sequence(*parent));
        if parent.is_none() {
            continue;
        }
        match lists.last_mut().filter(|_| last == parent) {
            Some(list) => list.push(node),
            None => lists.push(vec![node]),
        }
        last = parent;
    }
    lists
}

/// The name of a field: its `name` or `variable`, or the key above it.
pub fn name(field: Node<'_>) -> Option<Node<'_>> {
    match field.tree().key_of(field.id()) {
        Some(key) => Some(Node::new(field.document(), key)),
        None => field.get("name").or_else(|| field.get("variable")),
    }
}

/// The English text below a key.
pub fn english<'p>(node: Node<'p>, key: &str) -> Option<Node<'p>> {
    node.at(&[key, "en_US"])
        .filter(|text| text.text().is_some())
}

/// A text that stands in a list for the second time.
pub struct Repeated<'p> {
    /// The text.
    pub text: &'p str,
    /// Where it stands again.
    pub again: Node<'p>,
    /// Where it stood first.
    pub first: Node<'p>,
}

/// The texts that stand there more than once; empty ones left out.
pub fn repeated<'p>(texts: impl IntoIterator<Item = Node<'p>>) -> Vec<Repeated<'p>> {
    let mut seen: HashMap<&str, Node<'p>> = HashMap::new();
    let mut found = Vec::new();
    for again in texts {
        let Some(text) = again.text().filter(|text| !text.trim().is_empty()) else {
            continue;
        };
        match seen.get(text) {
            Some(first) => found.push(Repeated {
                text,
                again,
                first: *first,
            }),
            None => {
                seen.insert(text, again);
            }
        }
    }
    found
}

/// The values that a selection offers; empty if it lists none.
pub fn values(field: Node<'_>) -> Vec<&str> {
    let options = field.get("options").map_or_else(Vec::new, Node::items);
    options
        .into_iter()
        .filter_map(|option| option.text_at("value"))
        .collect()
}

/// The words of a name in lower case, divided at `_`, `-`, blanks and humps.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for c in name.chars() {
        let divides = !c.is_alphanumeric();
        if divides || (c.is_uppercase() && before_small) {
            words.push(String::new());
        }
        before_small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| !divides) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True if the last word of a name makes it one of something about the rest: `secret_id`.
pub fn is_about(words: &[String]) -> bool {
    let about = ["id", "url", "name", "path", "type", "expires", "at"];
    words
        .last()
        .is_some_and(|last| about.contains(&last.as_str()))
}

/// True for a name that Python can write as a variable and every model service takes as a key.
pub fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::{is_identifier, words};

    #[test]
    fn names_fall_into_words() {
        assert_eq!(
            words("aws_secret_access_key"),
            ["aws", "secret", "access", "key"]
        );
        assert_eq!(words("apiKey-2"), ["api", "key", "2"]);
        assert_eq!(words("APIKey"), ["apikey"]);
        assert!(words("__").is_empty());
    }

    #[test]
    fn identifiers_are_ascii() {
        assert!(is_identifier("_a1"));
        assert!(!is_identifier("1a") && !is_identifier("a b") && !is_identifier("größe"));
        assert!(!is_identifier(""));
    }
}
