//! What a plugin provides: its providers, what they provide, and what people fill in.

use super::{localized, text};
use crate::format::{ChildSource, DocumentKind, children};
use crate::plugin::{Document, Node, Plugin};
use crate::report::{Field, Localized, Part};
use crate::yaml::NodeId;
use hashbrown::HashMap;

/// Parts and fields of one plugin that are kept. Aliases repeat what they name, so a small plugin
/// can stand for a large card; the largest real one has a third of that.
const MOST: usize = 6_000;

/// Reads parts until there are too many.
pub(super) struct Parts<'p> {
    plugin: &'p Plugin,
    /// Documents by the document and the node that lead to them.
    below: HashMap<(usize, NodeId), Vec<usize>>,
    left: usize,
    /// Some are left out.
    pub cut: bool,
}

impl<'p> Parts<'p> {
    pub(super) fn new(plugin: &'p Plugin) -> Self {
        let mut below: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, document) in plugin.documents.iter().enumerate() {
            if let Some(parent) = document.parent {
                below.entry(parent).or_default().push(at);
            }
        }
        Self {
            plugin,
            below,
            left: MOST,
            cut: false,
        }
    }

    /// What a document lists.
    pub(super) fn of(&mut self, document: usize) -> Vec<Part> {
        let Some(lister) = self.plugin.documents.get(document) else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        for child in children(lister.tree(), lister.kind) {
            if child.kind == DocumentKind::Position {
                continue;
            }
            if matches!(child.source, ChildSource::Inline) {
                let node = Node::new(lister, child.node);
                parts.extend(self.part(child.kind, node, None));
                continue;
            }
            let found = self.below.remove(&(document, child.node));
            for at in found.unwrap_or_default() {
                let listed = self.plugin.documents.get(at).and_then(Node::root);
                if let Some(node) = listed.filter(|node| node.document().kind == child.kind) {
                    parts.extend(self.part(child.kind, node, Some(at)));
                }
            }
        }
        parts
    }

    fn take(&mut self) -> bool {
        let left = self.left.checked_sub(1);
        self.cut |= left.is_none();
        self.left = left.unwrap_or(0);
        left.is_some()
    }

    fn part(&mut self, kind: DocumentKind, node: Node<'p>, file: Option<usize>) -> Option<Part> {
        if !self.take() {
            return None;
        }
        let identity = node.get("identity");
        let at = |key: &str| {
            let own = identity.and_then(|identity| identity.get(key));
            own.or_else(|| node.get(key))
        };
        let name = at("name")
            .or_else(|| at("provider"))
            .or_else(|| at("model"));
        let description = at("description");
        let human = description.and_then(|it| it.get("human"));
        let llm = description.and_then(|it| it.get("llm"));
        let mut part = Part {
            noun: kind.noun(),
            name: name.map(text).unwrap_or_default(),
            label: localized(at("label")),
            description: localized(human.or(description)),
            llm: llm.map(text),
            facts: facts(kind, node),
            ..Part::default()
        };
        if part.name.is_empty() {
            part.name = self.file_name(file, node.document());
        }
        // the parameters of a model are the same for all, and it has dozens
        for (noun, path) in FIELDS {
            if let Some(list) = node.at(path) {
                self.fields(noun, list, &mut part.fields);
            }
        }
        if let Some(at) = file {
            part.parts = self.of(at);
        }
        Some(part)
    }

    /// The path of the document, for what has no name.
    fn file_name(&self, file: Option<usize>, inline: &Document) -> String {
        let own = file.and_then(|at| self.plugin.documents.get(at));
        own.unwrap_or(inline).path().to_string()
    }

    /// Fields are a list, or in old plugins a mapping from names.
    fn fields(&mut self, noun: &'static str, list: Node<'p>, fields: &mut Vec<Field>) {
        let named = list.entries();
        let named = named.into_iter().map(|(key, node)| (Some(key), node));
        let listed = list.items().into_iter().map(|node| (None, node));
        for (key, node) in named.chain(listed) {
            if !self.take() {
                return;
            }
            let at = |keys: &[&str]| keys.iter().find_map(|key| node.get(key));
            let description = at(&["human_description", "description", "help"]);
            fields.push(Field {
                noun,
                name: key
                    .or_else(|| at(&["name", "variable"]))
                    .map(text)
                    .unwrap_or_default(),
                kind: at(&["type"]).map(text).unwrap_or_default(),
                required: at(&["required"]).and_then(Node::bool).unwrap_or(false),
                form: at(&["form"]).map(text).unwrap_or_default(),
                label: localized(at(&["label"])),
                description: description.map_or_else(Localized::default, |it| {
                    // the help of a model's credential has a title and an address
                    localized(it.get("title").or(Some(it)))
                }),
            });
        }
    }
}

/// Where documents list what people or models fill in.
const FIELDS: [(&str, &[&str]); 9] = [
    ("parameter", &["parameters"]),
    ("setting", &["settings"]),
    ("credential", &["credentials_for_provider"]),
    ("credential", &["credentials_schema"]),
    (
        "credential",
        &["provider_credential_schema", "credential_form_schemas"],
    ),
    (
        "model credential",
        &["model_credential_schema", "credential_form_schemas"],
    ),
    ("OAuth client", &["oauth_schema", "client_schema"]),
    ("subscription", &["subscription_schema"]),
    ("subscription", &["subscription_constructor", "parameters"]),
];

/// What is said of a part in a word or two.
fn facts(kind: DocumentKind, node: Node<'_>) -> Vec<String> {
    let word = |key: &str| node.text_at(key).map(|_| node.get(key).map(text));
    let words = |key: &str| {
        let items = node.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().take(super::MAX_WORDS).map(text)
    };
    let mut facts = Vec::new();
    let mut say = |word: Option<Option<String>>| facts.extend(word.flatten());
    match kind {
        DocumentKind::Endpoint => {
            say(word("method"));
            say(word("path"));
            if node.get("hidden").and_then(Node::bool) == Some(true) {
                say(Some(Some("hidden".to_owned())));
            }
        }
        DocumentKind::Model => {
            say(word("model_type"));
            let context = node.at(&["model_properties", "context_size"]);
            say(context.map(|it| Some(format!("{} tokens", text(it)))));
            facts.extend(words("features"));
            if node.get("deprecated").and_then(Node::bool) == Some(true) {
                facts.push("deprecated".to_owned());
            }
        }
        DocumentKind::ModelProvider => {
            facts.extend(words("supported_model_types"));
            facts.extend(words("configurate_methods"));
        }
        DocumentKind::AgentStrategy => facts.extend(words("features")),
        DocumentKind::DatasourceProvider => say(word("provider_type")),
        _ => {}
    }
    facts.retain(|fact| !fact.is_empty());
    facts
}
