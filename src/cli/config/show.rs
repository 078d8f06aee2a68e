//! `config show`: every setting that holds, and who said it.

use crate::cli::args::{ConfigShowArgs, ListFormat};
use crate::policy::{Choice, Origin, Said, Selector, Settings, clean, relative};
use crate::report::{Look, Style, paint};
use crate::rules::{OptionValue, RULES};
use serde_json::{Map, Value, json};
use std::path::Path;

/// One setting. A list has one row for each entry.
struct Row {
    key: String,
    value: Value,
    origin: Origin,
}

/// The settings as a table or as JSON.
pub fn text(settings: &Settings, args: &ConfigShowArgs, look: &Look) -> String {
    let rows = rows(settings);
    match args.output_format {
        ListFormat::Full => table(settings, &rows, args.origin, look),
        ListFormat::Json => {
            let files = settings.files.iter().rev().map(|file| file.shown.as_str());
            let entries = rows.iter().map(|row| {
                let mut entry = Map::new();
                entry.insert("key".to_owned(), json!(row.key));
                entry.insert("value".to_owned(), row.value.clone());
                if args.origin {
                    entry.insert("origin".to_owned(), json!(row.origin.to_string()));
                }
                Value::Object(entry)
            });
            let all = json!({
                "files": files.collect::<Vec<_>>(),
                "settings": entries.collect::<Vec<_>>(),
            });
            format!("{all:#}\n")
        }
    }
}

fn rows(settings: &Settings) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: Value, origin: &Origin| {
        rows.push(Row {
            key: key.to_owned(),
            value,
            origin: origin.clone(),
        });
    };
    let profile = &settings.profile;
    add("profile", json!(profile.value), &profile.origin);
    if let Some(meta) = settings.meta() {
        let stages: Vec<&str> = meta
            .stages
            .iter()
            .map(crate::finding::Stage::as_str)
            .collect();
        let origin = Origin::Profile(meta.name);
        add("stages (of the profile)", json!(stages), &origin);
    }
    let chosen = &settings.chosen;
    for (key, words) in [
        ("select", &chosen.select),
        ("extend-select", &chosen.extend),
        ("ignore", &chosen.ignore),
    ] {
        for said in words {
            add(key, json!(said.value.to_string()), &said.origin);
        }
        if words.is_empty() {
            add(key, json!([]), &Origin::Default);
        }
    }
    for said in &chosen.severity {
        let (selector, level) = &said.value;
        let key = format!("severity.{}", quoted(selector));
        add(&key, json!(level.as_str()), &said.origin);
    }
    let fail_on = &settings.fail_on;
    add("fail-on", json!(fail_on.value.to_string()), &fail_on.origin);
    match &settings.output_format {
        Some(said) => add("output-format", json!(said.value), &said.origin),
        None => add("output-format", json!(["full"]), &Origin::Default),
    }
    for said in &settings.exclude {
        add("exclude", json!(said.value.as_str()), &said.origin);
    }
    if settings.exclude.is_empty() {
        add("exclude", json!([]), &Origin::Default);
    }
    let target = &settings.target;
    for (key, said) in [
        ("target.dify", &target.dify),
        ("target.daemon", &target.daemon),
        ("target.sdk", &target.sdk),
    ] {
        match said {
            Some(said) => add(key, json!(said.value), &said.origin),
            None => add(key, Value::Null, &Origin::Default),
        }
    }
    let reason = &settings.require_reason;
    add(
        "suppressions.require-reason",
        json!(reason.value),
        &reason.origin,
    );
    match &settings.baseline {
        Some(said) => add("baseline", json!(shown_path(&said.value)), &said.origin),
        None => add("baseline", Value::Null, &Origin::Default),
    }
    for (rule, option) in RULES
        .iter()
        .flat_map(|it| it.options.iter().map(move |o| (it, o)))
    {
        let key = format!("rules.\"{}\".{}", rule.id, option.name);
        let said = settings.options.iter().find(|it| {
            let (of, name, _) = &it.value;
            (*of, *name) == (rule.id, option.name)
        });
        match said {
            Some(said) => add(&key, of_option(&said.value.2), &said.origin),
            None => add(&key, of_option(&option.default()), &Origin::Default),
        }
    }
    for (at, entry) in settings.overrides.iter().enumerate() {
        let paths: Vec<&str> = entry.paths.iter().map(|it| it.value.as_str()).collect();
        let origin = entry
            .paths
            .first()
            .map_or(Origin::Default, |it| it.origin.clone());
        add(&format!("overrides[{at}].paths"), json!(paths), &origin);
        for (key, said) in of_choice(&entry.choice) {
            add(
                &format!("overrides[{at}].{key}"),
                json!(said.value),
                &said.origin,
            );
        }
    }
    rows
}

/// A path from the working directory, where there is a way.
fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let way = here.and_then(|here| relative(&clean(&here), path));
    way.unwrap_or_else(|| path.to_string_lossy().into_owned())
}

fn of_option(value: &OptionValue) -> Value {
    match value {
        OptionValue::Number(number) => json!(number),
        OptionValue::Patterns(patterns) => json!(patterns),
    }
}

fn of_choice(choice: &Choice) -> Vec<(String, Said<String>)> {
    let mut rows = Vec::new();
    for (key, words) in [
        ("select", choice.select.as_deref().unwrap_or_default()),
        ("extend-select", &choice.extend_select[..]),
        ("ignore", choice.ignore.as_deref().unwrap_or_default()),
        ("ignore", &choice.extend_ignore[..]),
    ] {
        rows.extend(
            words
                .iter()
                .map(|said| (key.to_owned(), text_of(said, &said.value))),
        );
    }
    for said in &choice.severity {
        let (selector, level) = &said.value;
        let key = format!("severity.{}", quoted(selector));
        rows.push((key, text_of(said, level)));
    }
    rows
}

fn text_of<T>(said: &Said<T>, value: &impl ToString) -> Said<String> {
    Said {
        value: value.to_string(),
        origin: said.origin.clone(),
    }
}

/// A word as TOML wants it for a key.
fn quoted(selector: &Selector) -> String {
    match selector {
        Selector::Rule(rule) => format!("\"{rule}\""),
        other => other.to_string(),
    }
}

fn table(settings: &Settings, rows: &[Row], origins: bool, look: &Look) -> String {
    let mut text = String::new();
    match settings.files.split_last() {
        Some((nearest, extended)) => {
            text.push_str(&format!("configuration: {}", nearest.shown));
            for file in extended.iter().rev() {
                text.push_str(&format!(", which extends {}", file.shown));
            }
            text.push('\n');
        }
        None => text.push_str("configuration: none\n"),
    }
    text.push('\n');
    let width = rows
        .iter()
        .map(|row| row.key.chars().count())
        .max()
        .unwrap_or(0);
    let values: Vec<String> = rows.iter().map(|row| shown(&row.value)).collect();
    let value_width = values
        .iter()
        .map(|value| value.chars().count())
        .max()
        .unwrap_or(0);
    for (row, value) in rows.iter().zip(&values) {
        let mut line = format!("{:width$}  {value}", row.key);
        if origins {
            let pad = value_width - value.chars().count();
            let origin = paint(look.color, Style::Dim, &row.origin);
            line.push_str(&format!("{:pad$}  {origin}", ""));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
