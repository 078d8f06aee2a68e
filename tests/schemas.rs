//! The format as data: our schemas are valid, complete in their words, and mean what our own
//! checker makes of them.

use difylint::format::plain;
use difylint::format::{DocumentKind, bundle, schema_text};
use difylint::plugin::{Document, Plugin, discover};
use difylint::yaml::python::{self, Int, Scalar};
use difylint::yaml::{NodeId, Reader, Tree};
use jsonschema::{Registry, Validator};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every schema file by its name.
fn schemas() -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(repository().join("schemas")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".schema.json") {
            let text = fs::read_to_string(repository().join("schemas").join(&name)).unwrap();
            let schema = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            found.insert(name, schema);
        }
    }
    assert!(found.len() > 15);
    found
}

fn registry(schemas: &BTreeMap<String, Value>) -> Registry<'_> {
    let mut builder = Registry::new();
    for schema in schemas.values() {
        builder = builder
            .add(schema["$id"].as_str().unwrap(), schema)
            .unwrap();
    }
    builder.prepare().unwrap()
}

/// A validator that knows our own files and nothing else, and no network.
fn validator(name: &str, schemas: &BTreeMap<String, Value>, registry: &Registry<'_>) -> Validator {
    jsonschema::options()
        .offline()
        .with_registry(registry)
        .build(&schemas[name])
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Calls `each` for every schema in a file, with the pointer to it.
fn visit(schema: &Value, at: &str, each: &mut dyn FnMut(&Map<String, Value>, &str)) {
    let Some(object) = schema.as_object() else {
        return;
    };
    each(object, at);
    for (keyword, value) in object {
        match keyword.as_str() {
            "properties" | "$defs" => {
                for (name, value) in value.as_object().unwrap() {
                    visit(value, &format!("{at}/{keyword}/{name}"), each);
                }
            }
            "items" | "additionalProperties" | "if" | "then" => {
                visit(value, &format!("{at}/{keyword}"), each);
            }
            "allOf" | "anyOf" | "oneOf" => {
                for (index, value) in value.as_array().unwrap().iter().enumerate() {
                    visit(value, &format!("{at}/{keyword}/{index}"), each);
                }
            }
            _ => {}
        }
    }
}

fn none(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn they_are_valid_and_refer_to_one_another_only() {
    let schemas = schemas();
    let registry = registry(&schemas);
    for (name, schema) in &schemas {
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        assert!(
            schema["$id"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/schemas/{name}")),
            "{name}"
        );
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        validator(name, &schemas, &registry);
    }
    for kind in DocumentKind::ALL {
        assert!(schemas.contains_key(&format!("{}.schema.json", kind.as_str())));
    }
}

#[test]
fn every_key_and_every_word_is_explained() {
    let mut problems = Vec::new();
    for (file, schema) in schemas() {
        // the parts of a diagnostic are explained where they are defined
        let ours = ["diagnostics.schema.json", "comparison.schema.json"].contains(&file.as_str());
        visit(&schema, "", &mut |object, at| {
            let text = object
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or("");
            let conditional = at.contains("/allOf/") || at.contains("/anyOf/");
            let is_key = at.rsplit('/').nth(1) == Some("properties") && !conditional;
            let refers = ours && object.contains_key("$ref");
            if is_key && text.trim().is_empty() && !refers {
                problems.push(format!("{file}#{at} has no description"));
            }
            let words = object
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let words: Vec<&str> = words.filter_map(Value::as_str).collect();
            // a list of one word is explained by its key
            if words.len() > 1 && !ours {
                for word in words {
                    let told = &object.get("x-difylint").unwrap_or(&Value::Null)["values"][word];
                    if told["description"].as_str().unwrap_or("").trim().is_empty() {
                        problems.push(format!("{file}#{at} does not explain `{word}`"));
                    }
                }
            }
        });
    }
    none(&problems);
}

#[test]
fn every_pattern_compiles_in_both_dialects() {
    let mut count = 0;
    for (file, schema) in schemas() {
        visit(&schema, "", &mut |object, at| {
            let own = object.get("x-difylint").unwrap_or(&Value::Null);
            let plain = object.get("pattern").and_then(Value::as_str);
            for pattern in plain.into_iter().chain(own["sdk"]["pattern"].as_str()) {
                count += 1;
                let compiled = regex::Regex::new(
                    &pattern
                        .replace("\\d", "[0-9]")
                        .replace("\\w", "[0-9A-Za-z_]"),
                );
                assert!(compiled.is_ok(), "{file}#{at}: {pattern}");
                assert!(
                    jsonschema::is_valid(&json!({"pattern": pattern}), &json!(1)),
                    "{at}"
                );
            }
        });
    }
    assert!(count > 10);
}

/// The compiled shapes take null for a listed word where `type` lists null; JSON Schema does so
/// only if `enum` lists it as well.
#[test]
fn null_is_among_the_words_where_it_is_among_the_types() {
    for (file, schema) in schemas() {
        visit(&schema, "", &mut |object, at| {
            let has = |key: &str, value: &Value| {
                object
                    .get(key)
                    .and_then(Value::as_array)
                    .map(|all| all.contains(value))
            };
            if has("type", &json!("null")) == Some(true) {
                assert_ne!(has("enum", &Value::Null), Some(false), "{file}#{at}");
            }
        });
    }
}

/// What `schemas/README.md` names in backquotes at the start of a table row.
fn documented() -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join("schemas/README.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split(" |").next().map(|cell| format!("`{cell}")));
    cells
        .flat_map(|cell| {
            cell.split(", ")
                .map(|word| word.trim_matches('`').to_owned())
                .collect::<Vec<_>>()
        })
        .chain(["daemon", "sdk"].map(str::to_owned))
        .collect()
}

/// Every word in backquotes in `schemas/README.md`.
fn quoted() -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join("schemas/README.md")).unwrap();
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(|word| word.replace("\\|", "|"))
        .collect()
}

#[test]
fn our_own_vocabulary_is_documented() {
    let (keys, words) = (documented(), quoted());
    let mut problems = Vec::new();
    for (file, schema) in schemas() {
        visit(&schema, "", &mut |object, at| {
            let Some(own) = object.get("x-difylint") else {
                return;
            };
            let mut bad = |what: String| problems.push(format!("{file}#{at}: {what}"));
            for (key, value) in own.as_object().unwrap() {
                if !keys.contains(key) {
                    bad(format!("unknown key `{key}`"));
                }
                if !matches!(key.as_str(), "daemon" | "sdk") {
                    continue;
                }
                if value == &json!(false) {
                    continue;
                }
                let Some(reader) = value.as_object() else {
                    bad(format!("`{key}` is neither false nor an object"));
                    continue;
                };
                for inner in reader.keys().filter(|inner| !keys.contains(*inner)) {
                    bad(format!("unknown key `{key}.{inner}`"));
                }
            }
            for word in [&own["daemon"]["kind"], &own["sdk"]["type"], &own["path"]] {
                if let Some(word) = word.as_str()
                    && !words.contains(word)
                {
                    bad(format!("unknown word `{word}`"));
                }
            }
            for tag in own["daemon"]["validate"]
                .as_str()
                .into_iter()
                .flat_map(|it| it.split(','))
            {
                let name = tag
                    .split_once('=')
                    .map_or(tag, |(name, _)| &tag[..=name.len()]);
                let known = |word: &String| word == name || word.starts_with(name);
                if !words.iter().any(known) {
                    bad(format!("unknown validator `{tag}`"));
                }
            }
            for word in [&own["sdk"]["format"], &own["sdk"]["check"]] {
                if let Some(word) = word.as_str()
                    && !words.contains(word)
                {
                    bad(format!("unknown word `{word}`"));
                }
            }
        });
    }
    none(&problems);
}

#[test]
fn the_schema_of_our_output_fits_real_output() {
    let schema: Value =
        serde_json::from_str(include_str!("../schemas/diagnostics.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(["check", "corpus", "--output-format", "json"])
        .current_dir(repository())
        .output()
        .unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(value["diagnostics"].as_array().unwrap().len() > 20);
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    none(&errors);
}

/// Violations of a document: where and which keyword.
type Violations = BTreeSet<(String, String)>;

fn theirs(validator: &Validator, value: &Value) -> Violations {
    validator
        .iter_errors(value)
        .filter(|error| {
            let keyword = error.kind().keyword();
            // what the plain checker does not look at, as its documentation says
            let conditional = error.schema_path().as_str().contains("/allOf/");
            !(conditional || matches!(keyword, "anyOf" | "format"))
        })
        .map(|error| {
            (
                error.instance_path().to_string(),
                error.kind().keyword().to_owned(),
            )
        })
        .collect()
}

fn ours(document: &Document) -> Violations {
    plain::check(document.tree(), document.kind)
        .into_iter()
        .map(|found| (found.pointer, found.keyword.to_owned()))
        .collect()
}

/// The value of a document as the SDK has it, dates as the texts that they are in JSON; `None`
/// where PyYAML builds no value or JSON has none.
fn value(tree: &Tree, node: NodeId, depth: usize, left: &mut usize) -> Option<Value> {
    // an alias bomb has no value that fits into memory
    *left = left.checked_sub(1)?;
    if depth > 60 {
        return None;
    }
    let node = tree.target(node)?;
    if tree.is_mapping(node) {
        let mut object = Map::new();
        for (key, child) in python::entries(tree, node) {
            object.insert(
                tree.text(key).to_owned(),
                value(tree, child, depth + 1, left)?,
            );
        }
        return Some(Value::Object(object));
    }
    if tree.is_sequence(node) {
        let items = tree
            .items(node)
            .iter()
            .map(|item| value(tree, *item, depth + 1, left));
        return items.collect::<Option<_>>().map(Value::Array);
    }
    Some(match python::resolve(tree, node).ok()? {
        Scalar::Null => Value::Null,
        Scalar::Bool(truth) => truth.into(),
        Scalar::Int(Int::Small(number)) => number.into(),
        Scalar::Int(Int::Big(_)) => return None,
        Scalar::Float(number) if !number.is_finite() => return None,
        Scalar::Float(number) => number.into(),
        Scalar::Str(text) => text.into(),
        Scalar::Date(_) | Scalar::DateTime(_) | Scalar::Bytes(_) => tree.text(node).into(),
    })
}

/// Compares both checkers, and the bundled schemas, on every document below the folders.
fn compare(folders: &[PathBuf]) -> (usize, usize) {
    let schemas = schemas();
    let registry = registry(&schemas);
    let mut validators: BTreeMap<DocumentKind, (Validator, Validator)> = BTreeMap::new();
    let (mut documents, mut violations) = (0, 0);
    let mut problems = Vec::new();
    for target in discover(folders).unwrap() {
        let plugin = Plugin::load(target.files.clone());
        for document in &plugin.documents {
            let tree = document.tree();
            let Some(root) = tree
                .root()
                .filter(|_| tree.refused_by(Reader::Sdk).is_none())
            else {
                continue;
            };
            let Some(value) = value(tree, root, 0, &mut 100_000) else {
                continue;
            };
            let (linked, bundled) = validators.entry(document.kind).or_insert_with(|| {
                let name = document.kind.as_str();
                let bundled = bundle(name).unwrap();
                let bundled = jsonschema::options().offline().build(&bundled).unwrap();
                (
                    validator(&format!("{name}.schema.json"), &schemas, &registry),
                    bundled,
                )
            });
            documents += 1;
            let theirs_found = theirs(linked, &value);
            let ours_found = ours(document);
            violations += theirs_found.len();
            let name = format!("{}/{} ({})", target.display, document.path(), document.kind);
            for (pointer, keyword) in theirs_found.difference(&ours_found) {
                problems.push(format!("{name}: only jsonschema: {keyword} at `{pointer}`"));
            }
            for (pointer, keyword) in ours_found.difference(&theirs_found) {
                problems.push(format!("{name}: only ours: {keyword} at `{pointer}`"));
            }
            if theirs(bundled, &value) != theirs_found {
                problems.push(format!("{name}: the bundled schema differs"));
            }
        }
    }
    problems.truncate(60);
    none(&problems);
    (documents, violations)
}

#[test]
fn both_checkers_agree_on_plugins_of_our_own() {
    let (documents, violations) = compare(&[
        repository().join("corpus/good"),
        repository().join("corpus/broken"),
    ]);
    println!("{documents} documents, {violations} violations");
    assert!(documents > 60);
    assert!(violations > 0, "the broken plugins break no schema");
}

#[test]
fn both_checkers_agree_on_real_plugins() {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/official"
    ));
    if !folder.exists() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let (documents, violations) = compare(&[folder.to_path_buf()]);
    println!("{documents} documents, {violations} violations");
    assert!(documents > 3000);
}

#[test]
fn bundled_schemas_stand_alone() {
    for kind in DocumentKind::ALL {
        let bundled = bundle(kind.as_str()).unwrap();
        jsonschema::meta::validate(&bundled).unwrap();
        visit(&bundled, "", &mut |object, at| {
            assert!(!object.contains_key("x-difylint"), "{kind}{at}");
            if let Some(reference) = object.get("$ref") {
                let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
                assert!(
                    bundled.pointer(pointer).is_some(),
                    "{kind}{at}: {reference}"
                );
            }
        });
        let title = bundled["title"].clone();
        assert!(
            schema_text(kind.as_str())
                .unwrap()
                .contains(title.as_str().unwrap())
        );
    }
    assert!(bundle("lunch").is_none());
    let tool = bundle("tool").unwrap();
    let kind = &tool["properties"]["parameters"]["items"]["properties"]["type"];
    assert_eq!(
        kind["enum"].as_array().unwrap().len(),
        kind["enumDescriptions"].as_array().unwrap().len()
    );
}

#[test]
fn the_program_prints_them() {
    let print = |kind: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_difylint"))
            .args(["schema", kind])
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    for kind in DocumentKind::ALL {
        assert_eq!(print(kind.as_str()), bundle(kind.as_str()).unwrap());
    }
    assert_eq!(print("diagnostics")["title"], "difylint diagnostics");
}
