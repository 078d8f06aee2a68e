use super::find;
use crate::finding::RuleId;

/// A number or a list that the author may set for a rule.
#[derive(Debug)]
pub struct OptionMeta {
    /// Its key below `[rules."category/wrong-state"]`.
    pub name: &'static str,
    /// What it says, with its unit.
    pub summary: &'static str,
    /// What it can be, and what it is when nothing is said.
    pub kind: OptionKind,
}

/// What an option can be.
#[derive(Debug)]
pub enum OptionKind {
    /// A whole number.
    Number {
        /// When nothing is said.
        default: u64,
        /// The least that makes sense.
        minimum: u64,
        /// The most that makes sense.
        maximum: u64,
    },
    /// A list of patterns: `*` stands for any characters, `?` for one.
    Patterns {
        /// When nothing is said.
        default: &'static [&'static str],
    },
}

impl OptionMeta {
    /// What it is when nothing is said.
    pub fn default(&self) -> OptionValue {
        match self.kind {
            OptionKind::Number { default, .. } => OptionValue::Number(default),
            OptionKind::Patterns { default } => {
                OptionValue::Patterns(default.iter().map(|&text| text.to_owned()).collect())
            }
        }
    }
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// A whole number.
    Number(u64),
    /// A list of patterns.
    Patterns(Vec<String>),
}

/// What the author told the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The versions that the plugin is meant to run on.
    pub target: Target,
    values: Vec<(RuleId, &'static str, OptionValue)>,
}

/// Versions that the plugin is meant to run on; `None`: the author did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Dify.
    pub dify: Option<String>,
    /// The plugin daemon.
    pub daemon: Option<String>,
    /// The Python SDK.
    pub sdk: Option<String>,
}

impl Options {
    /// Sets an option of a rule; what was set before gives way.
    pub fn set(&mut self, rule: RuleId, name: &'static str, value: OptionValue) {
        self.values
            .retain(|(of, known, _)| (*of, *known) != (rule, name));
        self.values.push((rule, name, value));
    }

    /// The number in use. Without such an option (a mistake in a rule, which its page's examples
    /// show), the largest: nothing is above it.
    pub fn number(&self, rule: RuleId, name: &str) -> u64 {
        match self.value(rule, name) {
            Some(OptionValue::Number(number)) => number,
            _ => u64::MAX,
        }
    }

    /// The patterns in use.
    pub fn patterns(&self, rule: RuleId, name: &str) -> Vec<String> {
        match self.value(rule, name) {
            Some(OptionValue::Patterns(patterns)) => patterns,
            _ => Vec::new(),
        }
    }

    fn value(&self, rule: RuleId, name: &str) -> Option<OptionValue> {
        let set = self
            .values
            .iter()
            .find(|(of, known, _)| *of == rule && *known == name);
        match set {
            Some((_, _, value)) => Some(value.clone()),
            None => find(rule.0)?.option(name).map(OptionMeta::default),
        }
    }
}
