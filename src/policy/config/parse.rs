use super::reader::{Key, Reader, Value, meant};
use super::{ConfigError, Layer, Mistake, Override};
use crate::finding::Severity;
use crate::policy::choice::Choice;
use crate::policy::paths::{PathPattern, clean};
use crate::policy::said::{ConfigText, Said};
use crate::policy::{Selector, Threshold, UnknownName, profiles};
use crate::requires;
use crate::rules::{self, OptionKind, OptionValue};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// The keys at the top.
pub const TOP_KEYS: [&str; 15] = [
    "baseline",
    "exclude",
    "extend",
    "extend-ignore",
    "extend-select",
    "fail-on",
    "ignore",
    "output-format",
    "overrides",
    "profile",
    "rules",
    "select",
    "severity",
    "suppressions",
    "target",
];
/// The keys of an entry of `[[overrides]]`.
pub const OVERRIDE_KEYS: [&str; 5] = ["extend-select", "ignore", "paths", "select", "severity"];
/// The keys of `[suppressions]`.
pub const SUPPRESSION_KEYS: [&str; 1] = ["require-reason"];
/// The keys of `[target]`.
pub const TARGET_KEYS: [&str; 3] = ["daemon", "dify", "sdk"];

const SEVERITIES: [&str; 3] = ["error", "warning", "info"];
const THRESHOLDS: [&str; 4] = ["error", "warning", "info", "never"];

/// What a file says, and the file that it extends.
pub struct Parsed {
    /// What it says.
    pub layer: Layer,
    /// `extend`
    pub extend: Option<Said<String>>,
}

/// Reads a configuration; in `pyproject.toml` the table `[tool.difylint]`, without which there is
/// none.
///
/// # Errors
/// Every mistake in it, in order of place.
pub fn parse(file: &Arc<ConfigText>, in_pyproject: bool) -> Result<Option<Parsed>, ConfigError> {
    let mut reader = Reader {
        file: file.clone(),
        mistakes: Vec::new(),
    };
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let end = file.text.len();
        let span = error.span().unwrap_or(end..end);
        let help = "settings are TOML: `key = \"text\"`, lists in brackets, tables below `[name]`";
        reader.wrong(span, error.message().replace('\n', "; "), help);
    }
    if let Some(error) = ConfigError::of(std::mem::take(&mut reader.mistakes)) {
        return Err(error);
    }
    let top = if in_pyproject {
        let tool = document.get_ref().get("tool");
        let ours = tool.and_then(|tool| tool.get_ref().get("difylint"));
        match ours {
            Some(ours) => reader.table("tool.difylint", ours),
            None => return Ok(None),
        }
    } else {
        Some(document.get_ref())
    };
    let mut parsed = Parsed {
        layer: Layer {
            file: Some(file.clone()),
            ..Layer::default()
        },
        extend: None,
    };
    for (key, value) in top.into_iter().flatten() {
        reader.top(key, value, &mut parsed);
    }
    match ConfigError::of(reader.mistakes) {
        Some(error) => Err(error),
        None => Ok(Some(parsed)),
    }
}

impl Reader {
    fn top(&mut self, key: &Key<'_>, value: &Value<'_>, parsed: &mut Parsed) {
        let name = key.get_ref().as_ref();
        let layer = &mut parsed.layer;
        match name {
            "baseline" => {
                let folder = self.file.folder().to_path_buf();
                layer.baseline = self.text(name, value).map(|it| Said {
                    value: clean(&folder.join(&it.value)),
                    origin: it.origin,
                });
            }
            "exclude" => layer.exclude = self.patterns(name, value),
            "extend" => parsed.extend = self.text(name, value),
            "fail-on" => layer.fail_on = self.threshold(name, value),
            "output-format" => {
                layer.output_format = match value.get_ref() {
                    DeValue::String(text) => {
                        Some(self.said(vec![text.clone().into_owned()], value.span()))
                    }
                    _ => self.texts(name, value).map(|words| {
                        let words = words.into_iter().map(|it| it.value).collect();
                        self.said(words, value.span())
                    }),
                }
            }
            "overrides" => self.overrides(value, layer),
            "profile" => layer.profile = self.profile(name, value),
            "rules" => self.rules(value, layer),
            "suppressions" => {
                for (key, value) in self.table(name, value).into_iter().flatten() {
                    match key.get_ref().as_ref() {
                        "require-reason" => {
                            layer.require_reason = self.boolean("require-reason", value);
                        }
                        _ => self.unknown_key(key, &SUPPRESSION_KEYS, " in `[suppressions]`"),
                    }
                }
            }
            "target" => {
                for (key, value) in self.table(name, value).into_iter().flatten() {
                    let slot = match key.get_ref().as_ref() {
                        "dify" => &mut layer.target.dify,
                        "daemon" => &mut layer.target.daemon,
                        "sdk" => &mut layer.target.sdk,
                        _ => {
                            self.unknown_key(key, &TARGET_KEYS, " in `[target]`");
                            continue;
                        }
                    };
                    *slot = self.version(key.get_ref(), value);
                }
            }
            "extend-ignore" => {
                layer.choice.extend_ignore = self.selectors(name, value).unwrap_or_default();
            }
            "ignore" => layer.choice.ignore = self.selectors(name, value),
            _ if self.choice(name, value, &mut layer.choice) => {}
            _ => self.unknown_key(key, &TOP_KEYS, ""),
        }
    }

    /// The keys about rules that mean the same everywhere; false if it is none of them.
    fn choice(&mut self, name: &str, value: &Value<'_>, choice: &mut Choice) -> bool {
        match name {
            "select" => choice.select = self.selectors(name, value),
            "extend-select" => {
                choice.extend_select = self.selectors(name, value).unwrap_or_default();
            }
            "severity" => {
                for (key, value) in self.table(name, value).into_iter().flatten() {
                    let selector = self.selector(key.get_ref(), key.span());
                    let level = self.word(key.get_ref(), value, "severity", &SEVERITIES);
                    let level = level.and_then(|word| word.parse::<Severity>().ok());
                    if let (Some(selector), Some(level)) = (selector, level) {
                        choice
                            .severity
                            .push(self.said((selector, level), key.span()));
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn overrides(&mut self, value: &Value<'_>, layer: &mut Layer) {
        let DeValue::Array(entries) = value.get_ref() else {
            let wanted = "a list of tables, each under `[[overrides]]`";
            self.wrong_type::<()>("overrides", wanted, value);
            return;
        };
        for entry in entries {
            let Some(table) = self.table("overrides", entry) else {
                continue;
            };
            let mut paths = None;
            let mut choice = Choice::default();
            for (key, value) in table {
                let name = key.get_ref().as_ref();
                match name {
                    "paths" => paths = Some(self.patterns(name, value).unwrap_or_default()),
                    // an override is an exception: it never takes back what the file ignores
                    "ignore" => {
                        choice.extend_ignore = self.selectors(name, value).unwrap_or_default();
                    }
                    _ if self.choice(name, value, &mut choice) => {}
                    _ => self.unknown_key(key, &OVERRIDE_KEYS, " in `[[overrides]]`"),
                }
            }
            match paths {
                Some(paths) => layer.overrides.push(Override { paths, choice }),
                None => self.wrong(
                    entry.span(),
                    "the override does not say for which files".to_owned(),
                    "add `paths`, for example `paths = [\"tools/*.yaml\"]`",
                ),
            }
        }
    }

    fn rules(&mut self, value: &Value<'_>, layer: &mut Layer) {
        for (key, value) in self.table("rules", value).into_iter().flatten() {
            let Some(Selector::Rule(id)) = self.selector(key.get_ref(), key.span()) else {
                let known = rules::find(key.get_ref()).is_some();
                let is_rule = known || Selector::parse(key.get_ref()).is_err();
                if !is_rule {
                    let message = format!("`{}` is not one rule", key.get_ref());
                    let help = "options belong to a rule, written with its category";
                    self.wrong(key.span(), message, help);
                }
                continue;
            };
            let options = rules::find(id.0).map_or(&[][..], |meta| meta.options);
            let names: Vec<&str> = options.iter().map(|option| option.name).collect();
            let Some(table) = self.table(id.0, value) else {
                continue;
            };
            if names.is_empty() {
                let message = format!("the rule `{id}` has no options");
                let help = "to change its severity, write it below `[severity]`";
                self.wrong(key.span(), message, help);
                continue;
            }
            for (key, value) in table {
                let option = options.iter().find(|it| it.name == key.get_ref().as_ref());
                let Some(option) = option else {
                    self.unknown_key(key, &names, &format!(" of `{id}`"));
                    continue;
                };
                if let Some(value) = self.option(option.name, &option.kind, value) {
                    let said = self.said((id, option.name, value), key.span());
                    layer.options.push(said);
                }
            }
        }
    }

    fn option(&mut self, name: &str, kind: &OptionKind, value: &Value<'_>) -> Option<OptionValue> {
        match kind {
            OptionKind::Number {
                minimum, maximum, ..
            } => self
                .number(name, value, *minimum, *maximum)
                .map(OptionValue::Number),
            OptionKind::Patterns { .. } => {
                let words = self.texts(name, value)?.into_iter().map(|it| it.value);
                let words: Vec<String> = words.collect();
                for word in &words {
                    if let Err(error) = glob::Pattern::new(word) {
                        let message = format!("`{word}` is no pattern: {}", error.msg);
                        self.wrong(value.span(), message, "`*` stands for any characters");
                    }
                }
                Some(OptionValue::Patterns(words))
            }
        }
    }

    fn selectors(&mut self, name: &str, value: &Value<'_>) -> Option<Vec<Said<Selector>>> {
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong_type(name, "a list of rules and categories", value);
        };
        let mut found = Vec::new();
        for item in items {
            let DeValue::String(word) = item.get_ref() else {
                self.entry(name, item);
                continue;
            };
            if let Some(selector) = self.selector(word, item.span()) {
                found.push(self.said(selector, item.span()));
            }
        }
        Some(found)
    }

    fn selector(&mut self, word: &str, span: std::ops::Range<usize>) -> Option<Selector> {
        match Selector::parse(word) {
            Ok(selector) => Some(selector),
            Err(UnknownName { word, meant }) => {
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`difylint rules` lists them; ALL stands for every rule".to_owned(),
                };
                self.wrong(span, format!("there is no rule or category `{word}`"), help);
                None
            }
        }
    }

    fn patterns(&mut self, name: &str, value: &Value<'_>) -> Option<Vec<Said<PathPattern>>> {
        let words = self.texts(name, value)?;
        let file = self.file.clone();
        let mut found = Vec::new();
        for word in words {
            match PathPattern::parse(&word.value, &file) {
                Ok(value) => found.push(Said {
                    value,
                    origin: word.origin,
                }),
                Err(reason) => {
                    let mistake = Mistake {
                        message: format!("`{}` is no pattern of paths: {reason}", word.value),
                        help: "`*` stands for a name, `**` for any folders; paths are relative \
                               to the folder of this file"
                            .to_owned(),
                        place: word.origin.place(),
                    };
                    self.mistakes.push(mistake);
                }
            }
        }
        Some(found)
    }

    fn profile(&mut self, name: &str, value: &Value<'_>) -> Option<Said<&'static str>> {
        let names: Vec<&'static str> = profiles().iter().map(|profile| profile.name).collect();
        let word = self.word(name, value, "profile", &names)?;
        let known = names.into_iter().find(|name| *name == word)?;
        Some(self.said(known, value.span()))
    }

    fn threshold(&mut self, name: &str, value: &Value<'_>) -> Option<Said<Threshold>> {
        let word = self.word(name, value, "severity", &THRESHOLDS)?;
        Some(self.said(Threshold(word.parse().ok()), value.span()))
    }

    /// One of some words.
    fn word(
        &mut self,
        name: &str,
        value: &Value<'_>,
        noun: &str,
        known: &[&str],
    ) -> Option<String> {
        let word = self.text(name, value)?.value;
        if known.contains(&word.as_str()) {
            return Some(word);
        }
        let message = format!("there is no {noun} `{word}`");
        self.wrong(value.span(), message, meant(&word, known));
        None
    }

    fn version(&mut self, name: &str, value: &Value<'_>) -> Option<Said<String>> {
        let said = self.text(name, value)?;
        if requires::version(&said.value).is_some() {
            return Some(said);
        }
        let message = format!("`{}` is no version", said.value);
        self.wrong(value.span(), message, "write a release, such as \"1.9.0\"");
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// No text may make the reader panic; every mistake lies in the text.
    #[test]
    fn broken_texts_have_mistakes_in_range() {
        let sound = "profile = \"author\"\nselect = [\"path\"]\n[severity]\ni18n = \"info\"\n\
                     [[overrides]]\npaths = [\"工具/*.yaml\"]\nignore = [\"i18n\"]\n";
        for at in 0..=sound.len() {
            for text in [
                sound.get(..at).map(str::to_owned),
                sound.get(at..).map(str::to_owned),
                sound
                    .is_char_boundary(at)
                    .then(|| format!("{}\u{0}{}", &sound[..at], &sound[at..])),
            ]
            .into_iter()
            .flatten()
            {
                let file = Arc::new(ConfigText {
                    path: PathBuf::from("/x/difylint.toml"),
                    shown: "difylint.toml".to_owned(),
                    text: text.clone(),
                });
                let Err(error) = parse(&file, false) else {
                    continue;
                };
                for mistake in std::iter::once(error.first).chain(error.others) {
                    let (_, span) = mistake.place.unwrap();
                    assert!(text.get(span.range()).is_some(), "{text}");
                }
            }
        }
    }
}
