//! Rules as SARIF has them, from their pages.

use super::{level, words};
use crate::finding::{RuleId, Severity};
use crate::report::RuleText;
use serde_json::{Value, json};

/// Characters of a description that GitHub keeps.
const MAX_DESCRIPTION: usize = 1024;

/// What `tool.driver.rules` says of a rule. Its tags are its category and the stages that it can
/// stop: at most six, where GitHub shows ten.
pub(super) fn descriptor(id: RuleId, text: Option<&RuleText>) -> Value {
    let mut rule = json!({
        "id": id.0,
        "name": pascal_case(id.0),
        "helpUri": id.url(),
    });
    let Some(text) = text else {
        return rule;
    };
    let full = match text.section("What it does") {
        "" => text.summary,
        section => section,
    };
    rule["shortDescription"] = json!({ "text": shorten(text.summary) });
    rule["fullDescription"] = json!({ "text": shorten(full) });
    rule["help"] = json!({
        "text": format!("{}\n\n{}", text.summary, text.section("How to fix")),
        "markdown": text.body,
    });
    rule["defaultConfiguration"] = json!({ "level": level(text.severity) });
    let mut tags = vec![id.category()];
    // a category may have the name of a stage
    tags.extend(
        words(text.stages)
            .iter()
            .filter(|tag| **tag != id.category()),
    );
    rule["properties"] = json!({
        "tags": tags,
        "stages": words(text.stages),
        // GitHub sorts by this what is no question of security
        "problem.severity": match text.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "recommendation",
        },
    });
    rule
}

fn pascal_case(id: &str) -> String {
    let words = id.split(['/', '-']);
    let mut name = String::with_capacity(id.len());
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_DESCRIPTION - 1) {
        Some((at, _)) if at + 1 < text.len() => {
            format!("{}…", text.get(..at).unwrap_or(text))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(pascal_case("path/missing-file"), "PathMissingFile");
        assert_eq!(pascal_case("i18n/too-long"), "I18nTooLong");
    }

    #[test]
    fn long_descriptions_are_cut() {
        let long = "名".repeat(2000);
        assert_eq!(shorten(&long).chars().count(), MAX_DESCRIPTION);
        assert_eq!(shorten("short"), "short");
        let fits = "x".repeat(MAX_DESCRIPTION);
        assert_eq!(shorten(&fits), fits);
    }
}
