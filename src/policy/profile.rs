//! What a plugin can be meant for, as `schemas/profiles.json` has it.

use super::Selector;
use crate::finding::{RuleId, Severity, Stage, Stages};
use crate::rules::{self, OptionValue};
use crate::texts::schema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A named set of decisions about stages and rules.
#[derive(Debug)]
pub struct Profile {
    /// The word on the command line and in configurations.
    pub name: &'static str,
    /// What a plugin of this profile is meant for.
    pub description: &'static str,
    /// The day of the sources that it was written from, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The stages that matter: a finding that only others refuse is advice.
    pub stages: Stages,
    /// Rules that take part against their pages.
    pub enable: Vec<Selector>,
    /// Rules that do not take part.
    pub disable: Vec<Selector>,
    /// Other severities.
    pub severity: Vec<(Selector, Severity)>,
    /// Other values of options.
    pub options: Vec<(RuleId, &'static str, OptionValue)>,
}

/// The profile that is used when none is named.
pub const DEFAULT_PROFILE: &str = "author";

/// All profiles, the default first; read on first use.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let file: File = serde_json::from_str(schema!("profiles.json")).unwrap_or_default();
        file.profiles.into_iter().map(Entry::profile).collect()
    });
    &PROFILES
}

/// The profile of this name.
pub fn profile(name: &str) -> Option<&'static Profile> {
    profiles().iter().find(|profile| profile.name == name)
}

#[derive(Default, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct File {
    profiles: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: &'static str,
    date: &'static str,
    description: &'static str,
    #[serde(borrow)]
    stages: Vec<&'static str>,
    #[serde(borrow, default)]
    enable: Vec<&'static str>,
    #[serde(borrow, default)]
    disable: Vec<&'static str>,
    #[serde(borrow, default)]
    severity: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    options: BTreeMap<&'static str, BTreeMap<&'static str, Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Patterns(Vec<String>),
}

impl Entry {
    /// Words that name nothing are left out; a test proves that there are none.
    fn profile(self) -> Profile {
        let selector = |word: &str| Selector::parse(word).ok();
        let severity = |(word, level): (&str, &str)| Some((selector(word)?, level.parse().ok()?));
        let mut options = Vec::new();
        for (rule, values) in self.options {
            let Some(meta) = rules::find(rule) else {
                continue;
            };
            for (name, value) in values {
                let value = match value {
                    Value::Number(number) => OptionValue::Number(number),
                    Value::Patterns(patterns) => OptionValue::Patterns(patterns),
                };
                options.extend(
                    meta.option(name)
                        .map(|option| (meta.id, option.name, value)),
                );
            }
        }
        Profile {
            name: self.name,
            description: self.description,
            date: self.date,
            stages: self
                .stages
                .iter()
                .filter_map(|it| it.parse::<Stage>().ok())
                .collect(),
            enable: self.enable.into_iter().filter_map(selector).collect(),
            disable: self.disable.into_iter().filter_map(selector).collect(),
            severity: self.severity.into_iter().filter_map(severity).collect(),
            options,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value as Json;

    /// Every word of the file arrives: none is misspelt, none is dropped.
    #[test]
    fn every_word_of_the_file_is_known() {
        let file: Json = serde_json::from_str(include_str!("../../schemas/profiles.json")).unwrap();
        let entries = file["profiles"].as_array().unwrap();
        assert_eq!(profiles().len(), entries.len());
        assert_eq!(profiles()[0].name, DEFAULT_PROFILE);
        for (profile, entry) in profiles().iter().zip(entries) {
            let count = |key: &str| match &entry[key] {
                Json::Array(items) => items.len(),
                Json::Object(entries) => entries.len(),
                Json::Null => 0,
                other => panic!("{}: {key} is {other}", profile.name),
            };
            assert_eq!(entry["name"], profile.name);
            assert_eq!(profile.stages.iter().count(), count("stages"));
            assert_eq!(profile.enable.len(), count("enable"));
            assert_eq!(profile.disable.len(), count("disable"));
            assert_eq!(profile.severity.len(), count("severity"));
            let options = entry["options"].as_object().into_iter().flatten();
            let options: usize = options.map(|(_, it)| it.as_object().unwrap().len()).sum();
            assert_eq!(profile.options.len(), options, "{}", profile.name);
        }
    }
}
