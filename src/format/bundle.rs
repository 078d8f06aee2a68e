//! A schema as an editor wants it: one file that refers to nothing outside itself.

use super::schema_text;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The schema of this name with everything that it refers to under `$defs`, without what only
/// difylint reads; `None` if there is no such schema.
///
/// Definitions of the schema itself and of `common` keep their names, those of another file have
/// its name before theirs: `event.parameter`; a whole file stands under its own name.
pub fn bundle(name: &str) -> Option<Value> {
    let mut bundler = Bundler {
        files: BTreeMap::new(),
        home: name,
        wanted: BTreeSet::new(),
    };
    let mut schema = bundler.take(name, "")?;
    let mut definitions = Map::new();
    if let Some(own) = schema
        .as_object_mut()
        .and_then(|schema| schema.remove("$defs"))
        && let Value::Object(own) = own
    {
        definitions = own;
    }
    while let Some((file, pointer)) = bundler.wanted.pop_first() {
        let key = key(name, &file, &pointer);
        if definitions.contains_key(&key) {
            continue;
        }
        let mut definition = bundler.take(&file, &pointer)?;
        if let Some(object) = definition.as_object_mut() {
            // a part has no address of its own; else its references would start there
            for word in ["$schema", "$id", "$defs"] {
                object.remove(word);
            }
        }
        definitions.insert(key, definition);
    }
    if let Some(object) = schema.as_object_mut()
        && !definitions.is_empty()
    {
        object.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Some(schema)
}

struct Bundler<'n> {
    files: BTreeMap<String, Value>,
    home: &'n str,
    /// File and pointer of what is referred to.
    wanted: BTreeSet<(String, String)>,
}

impl Bundler<'_> {
    /// A piece of a file, made fit for its new place.
    fn take(&mut self, file: &str, pointer: &str) -> Option<Value> {
        if !self.files.contains_key(file) {
            let parsed = serde_json::from_str(schema_text(file)?).ok()?;
            self.files.insert(file.to_owned(), parsed);
        }
        let mut value = self.files.get(file)?.pointer(pointer)?.clone();
        self.schema(&mut value, file);
        Some(value)
    }

    /// Goes through a schema; the names below `properties` and `$defs` are no keywords.
    fn schema(&mut self, value: &mut Value, file: &str) {
        let Value::Object(object) = value else { return };
        let own = object.remove("x-difylint");
        if let Some(own) = own.as_ref() {
            explain(object, own);
        }
        if let Some(Value::String(reference)) = object.get_mut("$ref") {
            *reference = self.reference(reference, file);
        }
        for (keyword, value) in object.iter_mut() {
            match (keyword.as_str(), value) {
                ("properties" | "$defs", Value::Object(named)) => {
                    named
                        .values_mut()
                        .for_each(|value| self.schema(value, file));
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => {
                    all.iter_mut().for_each(|value| self.schema(value, file));
                }
                ("items" | "additionalProperties" | "if" | "then" | "else" | "not", value) => {
                    self.schema(value, file);
                }
                _ => {}
            }
        }
    }

    fn reference(&mut self, written: &str, file: &str) -> String {
        let (name, pointer) = written.split_once('#').unwrap_or((written, ""));
        let name = match name.strip_suffix(".schema.json").unwrap_or(name) {
            "" => file,
            name => name,
        };
        if name == self.home {
            return format!("#{pointer}");
        }
        self.wanted.insert((name.to_owned(), pointer.to_owned()));
        format!("#/$defs/{}", key(self.home, name, pointer))
    }
}

/// Under which name a piece of another file stands.
fn key(home: &str, file: &str, pointer: &str) -> String {
    let name = pointer.trim_start_matches("/$defs/").replace('/', ".");
    match (file, name.as_str()) {
        (_, "") => file.to_owned(),
        ("common", name) if home != "common" => name.to_owned(),
        (file, name) => format!("{file}.{name}"),
    }
}

/// What editors show of our own vocabulary: which keys are no longer meant, and what words mean.
fn explain(object: &mut Map<String, Value>, own: &Value) {
    if own.get("deprecated").is_some() {
        object.insert("deprecated".to_owned(), Value::Bool(true));
    }
    let Some(words) = object.get("enum").and_then(Value::as_array) else {
        return;
    };
    let Some(described) = own.get("values") else {
        return;
    };
    let descriptions: Vec<Value> = words
        .iter()
        .map(|word| {
            let facts = word.as_str().and_then(|word| described.get(word));
            facts
                .and_then(|facts| facts.get("description"))
                .cloned()
                .unwrap_or(json!(""))
        })
        .collect();
    object.insert("enumDescriptions".to_owned(), Value::Array(descriptions));
}
