//! Values of missing keys, where the rest of the plugin says them.
//!
//! Nothing is made up here: a text is copied from where it already stands, a word is the only one
//! that is accepted, a file is there. What nobody can know stays missing.

use super::{Safe, Unsafe, scalar};
use crate::finding::Applicability;
use crate::format::{DocumentKind, PlainType, Shape, shapes};
use crate::plugin::{Document, Node, Plugin};
use crate::rules::documents::manifest;
use crate::rules::locales::{TRANSLATIONS, is_han, is_kana};
use crate::rules::registry::manifest_meta::{FORM, PYTHON};
use crate::yaml::NodeId;

/// Bytes of memory that the template of the `dify` command line tool asks for.
const MEMORY: &str = "268435456";
/// Bytes of storage that the same template asks for.
const STORAGE: &str = "1048576";

/// Where something is missing.
pub struct Gap<'a> {
    pub plugin: &'a Plugin,
    pub document: &'a Document,
    /// The mapping that lacks the key.
    pub mapping: NodeId,
}

/// YAML, and how sure it is that this was meant.
pub type Determined = (String, Applicability);

impl Gap<'_> {
    /// The value of a key that is missing.
    pub fn value(&self, key: &str, shape: &Shape) -> Option<Determined> {
        self.value_in(Some(self.mapping), key, shape, 0)
    }

    /// `mapping` is `None` inside of a mapping that is to be written itself.
    fn value_in(
        &self,
        mapping: Option<NodeId>,
        key: &str,
        shape: &Shape,
        depth: usize,
    ) -> Option<Determined> {
        if let [only] = shape.plain.words.as_slice() {
            return Some((scalar(only), Safe));
        }
        if shape.noun == "localized text" {
            let text = self.english(mapping, key)?;
            return Some((format!("en_US: {}", scalar(&text)), Unsafe));
        }
        if let Some(found) = self.known(mapping, key, shape) {
            return Some(found);
        }
        if depth < 3 && shape.plain.types.contains(&PlainType::Object) {
            return self.block(shape, depth);
        }
        None
    }

    /// A mapping with all of its required keys, if each of them is determined.
    fn block(&self, shape: &Shape, depth: usize) -> Option<Determined> {
        if shape.plain.required.is_empty() {
            return None;
        }
        let mut how = Safe;
        let mut lines = String::new();
        for key in &shape.plain.required {
            let property = shapes().get(shape.property(key)?);
            let (value, sure) = self.value_in(None, key, property, depth + 1)?;
            how = how.max(sure);
            let nested =
                value.contains('\n') || value.starts_with("- ") || is_entry(&value, property);
            if nested {
                lines.push_str(&format!("{key}:\n"));
                for line in value.lines() {
                    lines.push_str(&format!("  {line}\n"));
                }
            } else {
                lines.push_str(&format!("{key}: {value}\n"));
            }
        }
        Some((lines, how))
    }

    fn known(&self, mapping: Option<NodeId>, key: &str, shape: &Shape) -> Option<Determined> {
        let kind = self.document.kind;
        let above = self.above();
        let site = mapping.map(|it| Node::new(self.document, it));
        let sibling = |key: &str| site.and_then(|it| it.get(key));
        let unsure = |text: String| Some((text, Unsafe));
        match key {
            "en_US" => unsure(scalar(&self.english_of_text()?)),
            "memory" => unsure(MEMORY.to_owned()),
            "size" if above == "storage" => unsure(STORAGE.to_owned()),
            "arch" => unsure("- amd64\n- arm64".to_owned()),
            "entrypoint" if self.plugin.has_file("main.py") => Some(("main".to_owned(), Safe)),
            "version" if kind == DocumentKind::Manifest && shape.property("en_US").is_none() => {
                match (above, mapping) {
                    ("runner", _) => unsure(scalar(PYTHON)),
                    ("meta", _) | (_, None) => unsure(FORM.to_owned()),
                    _ => None,
                }
            }
            "author" if kind == DocumentKind::Manifest => unsure(scalar(&self.children_author()?)),
            "author" => unsure(scalar(self.manifest()?.text_at("author")?)),
            "name" if kind != DocumentKind::Manifest && self.at_top(mapping) => {
                unsure(scalar(&self.stem()?))
            }
            "provider" if kind == DocumentKind::ModelProvider => unsure(scalar(&self.stem()?)),
            "icon" if kind == DocumentKind::Manifest => unsure(scalar(&self.only_icon()?)),
            "icon" => {
                let icon = self.manifest()?.text_at("icon")?;
                self.plugin
                    .has_file(&format!("_assets/{icon}"))
                    .then(|| (scalar(icon), Unsafe))
            }
            "source" | "provider_source" => self.source(),
            "model_type" => self.model_type(),
            "form" => unsure("llm".to_owned()),
            "type" if shape.plain.words.contains(&"secret-input") => {
                unsure(self.field_type(site?, shape)?)
            }
            "llm" => {
                let human = sibling("human").and_then(|it| it.text_at("en_US"));
                unsure(scalar(
                    &human
                        .map(str::to_owned)
                        .or_else(|| self.english(mapping, key))?,
                ))
            }
            "title" | "credential_form_schemas" if shape.plain.types == [PlainType::Array] => {
                unsure("[]".to_owned())
            }
            "supported_model_types" => unsure(self.model_types()?),
            "configurate_methods" => unsure(self.configurate_methods()?),
            _ => None,
        }
    }

    /// The key that holds the mapping with the gap.
    fn above(&self) -> &str {
        let tree = self.document.tree();
        tree.key_of(self.mapping).map_or("", |key| tree.text(key))
    }

    /// True at the top of a document and in its `identity`: a name there is the document's.
    fn at_top(&self, mapping: Option<NodeId>) -> bool {
        let tree = self.document.tree();
        let top = tree.parent(self.mapping).is_none() || self.above() == "identity";
        mapping.is_none() || top
    }

    fn manifest(&self) -> Option<Node<'_>> {
        manifest(self.plugin)
    }

    /// The author that every provider names.
    fn children_author(&self) -> Option<String> {
        let authors = self
            .plugin
            .documents
            .iter()
            .filter_map(|it| Node::root(it)?.at(&["identity", "author"])?.text());
        let mut found = None;
        for author in authors {
            match found {
                None => found = Some(author),
                Some(other) if other != author => return None,
                Some(_) => {}
            }
        }
        super::values::as_identity(found?, 64)
    }

    /// The name of the file without folder and ending.
    fn stem(&self) -> Option<String> {
        let path = self.document.path();
        let file = path.rsplit('/').next()?;
        let (stem, _) = file.rsplit_once('.')?;
        (!stem.is_empty()).then(|| stem.to_owned())
    }

    /// The picture in `_assets`, if there is only one.
    fn only_icon(&self) -> Option<String> {
        let entries = self.plugin.files.list("_assets").ok()?;
        let mut pictures = entries.into_iter().filter(|entry| {
            let ending = entry.name.rsplit('.').next().unwrap_or_default();
            entry.kind.is_file() && matches!(ending, "svg" | "png" | "jpg" | "jpeg" | "webp")
        });
        let first = pictures.next()?;
        pictures.next().is_none().then_some(first.name)
    }

    /// The Python file beside the document, of the same name.
    fn source(&self) -> Option<Determined> {
        let path = self.document.path();
        let (stem, _) = path.rsplit_once('.')?;
        let source = format!("{stem}.py");
        self.plugin
            .has_file(&source)
            .then(|| (scalar(&source), Unsafe))
    }

    /// The kind of models under which the provider lists the document.
    fn model_type(&self) -> Option<Determined> {
        if self.document.kind != DocumentKind::Model {
            return None;
        }
        let (from, pattern) = self.document.parent?;
        let tree = self.plugin.documents.get(from)?.tree();
        // pattern < `predefined` < the kind's mapping, whose key names the kind
        let kind = tree.parent(tree.parent(pattern)?)?;
        let key = tree.text(tree.key_of(kind)?);
        Some((scalar(&key.replace('_', "-")), Safe))
    }

    fn model_types(&self) -> Option<String> {
        let models = Node::root(self.document)?.get("models")?;
        let keys = models
            .entries()
            .into_iter()
            .filter_map(|(key, _)| key.text());
        let items: Vec<String> = keys
            .map(|key| format!("- {}", scalar(&key.replace('_', "-"))))
            .collect();
        (!items.is_empty()).then(|| items.join("\n"))
    }

    fn configurate_methods(&self) -> Option<String> {
        let root = Node::root(self.document)?;
        let methods = [
            ("provider_credential_schema", "- predefined-model"),
            ("model_credential_schema", "- customizable-model"),
        ];
        let found: Vec<&str> = methods
            .into_iter()
            .filter(|(form, _)| root.get(form).is_some())
            .map(|(_, method)| method)
            .collect();
        (!found.is_empty()).then(|| found.join("\n"))
    }

    /// The type of a field, from what else it says.
    fn field_type(&self, field: Node<'_>, shape: &Shape) -> Option<String> {
        let word = |wanted: &[&str]| {
            let known = |word: &&&str| shape.plain.words.iter().any(|it| *it == **word);
            wanted.iter().find(known).map(|word| (*word).to_owned())
        };
        if !field
            .get("options")
            .map_or_else(Vec::new, Node::items)
            .is_empty()
        {
            return word(&["select"]);
        }
        if let Some(default) = field.get("default") {
            if matches!(default.text(), Some("true" | "false")) {
                return word(&["boolean", "switch"]);
            }
            if default.number().is_some() {
                return word(&["number", "text-input"]);
            }
        }
        word(&["string", "text-input"])
    }

    /// The English text for a key: the one of a sibling that says nearly the same, else the name.
    fn english(&self, mapping: Option<NodeId>, key: &str) -> Option<String> {
        let site = mapping.map(|it| Node::new(self.document, it));
        if let Some(site) = site {
            let described = matches!(key, "description" | "human_description" | "human" | "llm");
            for other in [
                "human_description",
                "description",
                "llm_description",
                "llm",
                "human",
            ] {
                let found = site.get(other).filter(|_| described && other != key);
                let text = found.and_then(|it| it.text().or_else(|| it.text_at("en_US")));
                if let Some(text) = text.filter(|text| is_latin(text)) {
                    return Some(text.to_owned());
                }
            }
        }
        self.name_in_words(mapping.unwrap_or(self.mapping))
    }

    /// The English text of a localized text that lacks just that.
    fn english_of_text(&self) -> Option<String> {
        let text = Node::new(self.document, self.mapping);
        let other = TRANSLATIONS
            .into_iter()
            .filter_map(|locale| text.text_at(locale))
            .find(|text| is_latin(text));
        if let Some(other) = other {
            return Some(other.to_owned());
        }
        let tree = self.document.tree();
        let key = self.above();
        let around = tree.parent(self.mapping)?;
        match key {
            // where the text is an address or a picture, a name is none
            "label" | "description" | "human_description" | "human" => {
                self.english(Some(around), key)
            }
            _ => None,
        }
    }

    /// What a person calls the thing around a gap: its label, or its name in words.
    fn name_in_words(&self, mapping: NodeId) -> Option<String> {
        let tree = self.document.tree();
        let mut at = Some(mapping);
        for _ in 0..3 {
            let Some(node) = at.filter(|it| tree.is_mapping(*it)) else {
                break;
            };
            let site = Node::new(self.document, node);
            for place in [Some(site), site.get("identity")].into_iter().flatten() {
                let label = place.at(&["label", "en_US"]).and_then(Node::text);
                if let Some(label) = label.filter(|it| is_latin(it)) {
                    return Some(label.to_owned());
                }
                let name = ["name", "variable", "value", "model", "provider"]
                    .into_iter()
                    .find_map(|key| place.text_at(key));
                if let Some(words) = name.and_then(in_words) {
                    return Some(words);
                }
            }
            at = tree.parent(node);
            let named = tree.key_of(node).map(|key| tree.text(key));
            // a field below its name
            if let Some(key) = named.filter(|_| site.get("type").is_some()) {
                return in_words(key);
            }
            if at.is_some_and(|it| tree.is_sequence(it)) {
                return None;
            }
        }
        self.stem().as_deref().and_then(in_words)
    }
}

/// True for what stands below its key: a line `key: value` of a localized text.
fn is_entry(value: &str, shape: &Shape) -> bool {
    shape.plain.types.contains(&PlainType::Object) && value.contains(": ")
}

fn is_latin(text: &str) -> bool {
    !text.trim().is_empty()
        && !text.contains('\n')
        && !text.chars().any(|c| is_han(c) || is_kana(c))
}

/// `google_search` as `Google Search`.
fn in_words(name: &str) -> Option<String> {
    if !is_latin(name) {
        return None;
    }
    let words: Vec<String> = name
        .split(['_', '-', ' ', '.'])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn names_in_words() {
        assert_eq!(in_words("google_search").as_deref(), Some("Google Search"));
        assert_eq!(in_words("apiKey").as_deref(), Some("ApiKey"));
        assert_eq!(in_words("__"), None);
        assert_eq!(in_words("搜索"), None);
    }
}
