use crate::finding::RuleId;
use crate::rules::{RULES, RuleMeta};
use std::fmt;

/// A set of rules by one word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// `ALL`: every rule.
    All,
    /// A category: the rules whose names begin with it and a slash.
    Category(String),
    /// One rule.
    Rule(RuleId),
}

impl Selector {
    /// Reads a word of the user: `ALL`, a category or a rule's name.
    ///
    /// # Errors
    /// When no rule has this name or category.
    pub fn parse(word: &str) -> Result<Self, UnknownName> {
        Self::parse_in(word, RULES)
    }

    fn parse_in(word: &str, rules: &[RuleMeta]) -> Result<Self, UnknownName> {
        if word == "ALL" {
            return Ok(Self::All);
        }
        if let Some(rule) = rules.iter().find(|rule| rule.id.0 == word) {
            return Ok(Self::Rule(rule.id));
        }
        if rules.iter().any(|rule| rule.id.category() == word) {
            return Ok(Self::Category(word.to_owned()));
        }
        let names = rules.iter().flat_map(|r| [r.id.0, r.id.category()]);
        Err(UnknownName {
            word: word.to_owned(),
            meant: nearest(word, names.chain(["ALL"])).map(str::to_owned),
        })
    }

    /// True if the selector stands for the rule, among others perhaps.
    pub fn covers(&self, rule: RuleId) -> bool {
        self.narrowness(rule).is_some()
    }

    /// How closely the word names the rule; `None` when it does not.
    pub(super) fn narrowness(&self, rule: RuleId) -> Option<u8> {
        match self {
            Self::All => Some(0),
            Self::Category(category) => (rule.category() == category).then_some(1),
            Self::Rule(id) => (rule == *id).then_some(2),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::Category(category) => f.write_str(category),
            Self::Rule(rule) => rule.fmt(f),
        }
    }
}

/// A word that names no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The word.
    pub word: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

/// The name most like `word`, if one is like enough to be meant by it.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let lower = name.to_lowercase();
        // the part behind the slash is what people remember
        let tail = lower.split_once('/').map_or("", |(_, tail)| tail);
        let likeness = strsim::jaro_winkler(&word, &lower).max(strsim::jaro_winkler(&word, tail));
        if likeness > best.map_or(0.8, |(most, _)| most) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Stages};
    use crate::rules::Status;

    fn meta(id: &'static str) -> RuleMeta {
        RuleMeta {
            id: RuleId(id),
            summary: "",
            severity: Severity::Error,
            stages: Stages::NONE,
            fixable: false,
            status: Status::Default,
            since: "0.1.0",
            options: &[],
        }
    }

    #[test]
    fn words_and_slips() {
        let rules = [meta("path/missing-file"), meta("schema/unknown-key")];
        let parse = |word| Selector::parse_in(word, &rules);
        let meant = |word| parse(word).unwrap_err().meant;
        assert_eq!(parse("ALL"), Ok(Selector::All));
        assert_eq!(parse("path"), Ok(Selector::Category("path".to_owned())));
        let rule = Selector::Rule(RuleId("schema/unknown-key"));
        assert_eq!(parse("schema/unknown-key"), Ok(rule));
        assert_eq!(
            meant("path/mising-file").as_deref(),
            Some("path/missing-file")
        );
        assert_eq!(meant("missing-file").as_deref(), Some("path/missing-file"));
        assert_eq!(meant("shema").as_deref(), Some("schema"));
        assert_eq!(meant("all").as_deref(), Some("ALL"));
        assert_eq!(meant("qqqq"), None);
    }
}
