//! Texts that are part of the program, as `build.rs` leaves them: pages of rules and schemas that
//! are only shown are packed, and unpacked all together when one is asked for.

use flate2::read::DeflateDecoder;
use hashbrown::HashMap;
use std::sync::OnceLock;

/// A JSON file of `schemas/`, without its white space.
macro_rules! schema {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name))
    };
}
pub(crate) use schema;

/// A text by its path in the repository; a page of a rule comes without its front matter.
pub fn text(path: &str) -> Option<&'static str> {
    static TEXTS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let packed = include_bytes!(concat!(env!("OUT_DIR"), "/texts.deflate"));
    // they are part of the program, and a test reads them all
    let unpack = || {
        let text = std::io::read_to_string(DeflateDecoder::new(&packed[..])).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    };
    TEXTS.get_or_init(unpack).get(path).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::rules::RULES;

    #[test]
    fn every_rule_has_its_page() {
        for rule in RULES {
            let page = text(&format!("rules/{}.md", rule.id)).unwrap_or_default();
            assert!(page.starts_with('#'), "{}: {page:.40}", rule.id);
        }
        assert_eq!(text("rules/no/such-page.md"), None);
    }
}
