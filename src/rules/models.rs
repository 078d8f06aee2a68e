//! What the rules about models have in common: which models stand under which key of their
//! provider, and what their parameter rules come to once the templates are filled in.

use crate::dialect::go_glob;
use crate::format::{DocumentKind, MODEL_KEYS};
use crate::plugin::{Document, Node, Plugin, Reference};
use crate::texts::schema;
use crate::yaml::NodeId;
use hashbrown::HashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One key under `models` of a provider, with what it reaches.
pub struct Section<'p> {
    /// The key, such as `text_embedding`.
    pub key: &'static str,
    /// The provider's document.
    pub provider: &'p Document,
    /// The mapping below the key.
    pub node: Node<'p>,
    /// The patterns, each with the models that it matches.
    pub patterns: Vec<(Node<'p>, Vec<Model<'p>>)>,
    /// The position files that the key names; the SDK finds others and uses them for nothing.
    pub positions: Vec<&'p Document>,
}

impl<'p> Section<'p> {
    /// The models of the section, each once.
    pub fn models(&self) -> Vec<Model<'p>> {
        if let [(_, models)] = self.patterns.as_slice() {
            return models.clone();
        }
        let mut models = Vec::new();
        let mut seen = hashbrown::HashSet::new();
        for model in self.patterns.iter().flat_map(|(_, models)| models) {
            if seen.insert(std::ptr::from_ref::<Document>(model.document)) {
                models.push(*model);
            }
        }
        models
    }
}

/// The `model_type` that belongs to a key under `models`.
pub fn type_of_key(key: &str) -> &str {
    if key == "text_embedding" {
        "text-embedding"
    } else {
        key
    }
}

/// True for a type of models that has a key of its own; another one is refused elsewhere.
pub fn is_type(word: &str) -> bool {
    MODEL_KEYS.iter().any(|key| type_of_key(key) == word)
}

/// The sections of all model providers.
pub fn sections(plugin: &Plugin) -> Vec<Section<'_>> {
    let mut references: HashMap<usize, Vec<&Reference>> = HashMap::new();
    for reference in &plugin.references {
        references
            .entry(reference.from)
            .or_default()
            .push(reference);
    }
    let positions: HashMap<&str, &Document> = plugin
        .of_kind(DocumentKind::Position)
        .map(|it| (&**it.path(), it))
        .collect();
    let models: Vec<Model<'_>> = models(plugin).collect();
    let mut sections = Vec::new();
    for (at, provider) in plugin.documents.iter().enumerate() {
        if provider.kind != DocumentKind::ModelProvider {
            continue;
        }
        let Some(listed) = Node::root(provider).and_then(|root| root.get("models")) else {
            continue;
        };
        let references = references.get(&at).map_or(&[][..], Vec::as_slice);
        for key in MODEL_KEYS {
            let Some(node) = listed.get(key) else {
                continue;
            };
            let mut section = Section {
                key,
                provider,
                node,
                patterns: Vec::new(),
                positions: Vec::new(),
            };
            for reference in references {
                if reference.pattern && is_below(reference, node, 2) {
                    let pattern = Node::new(provider, reference.node);
                    section
                        .patterns
                        .push((pattern, matched(&models, at, reference)));
                } else if reference.kind == DocumentKind::Position && is_below(reference, node, 1) {
                    let path = reference.path.as_deref();
                    section
                        .positions
                        .extend(path.and_then(|path| positions.get(path)));
                }
            }
            sections.push(section);
        }
    }
    sections
}

/// True if the path stands so many levels below the mapping of a key: `position` is one below,
/// an item of `predefined` two.
fn is_below(reference: &Reference, node: Node<'_>, levels: usize) -> bool {
    let tree = node.tree();
    let top = (0..levels).try_fold(reference.node, |node, _| tree.parent(node));
    top.is_some() && top == tree.target(node.id())
}

fn matched<'p>(models: &[Model<'p>], at: usize, reference: &Reference) -> Vec<Model<'p>> {
    let prefix = go_glob::prefix(&reference.written);
    let reached = |model: &&Model<'_>| {
        let document = model.document;
        document.parent == Some((at, reference.node))
            || document.path().starts_with(prefix)
                && go_glob::matches(&reference.written, document.path())
                    .is_ok_and(|matches| matches)
    };
    models.iter().filter(reached).copied().collect()
}

/// A model, and what it says of itself.
#[derive(Clone, Copy)]
pub struct Model<'p> {
    /// Its document.
    pub document: &'p Document,
    /// Its name, and where that stands.
    pub name: Option<(Node<'p>, &'p str)>,
    /// Its `model_type`, and where that stands.
    pub kind: Option<(Node<'p>, &'p str)>,
    /// Where it says that it is not offered any more.
    pub deprecated: Option<Node<'p>>,
}

/// All models of a plugin.
pub fn models(plugin: &Plugin) -> impl Iterator<Item = Model<'_>> {
    plugin.of_kind(DocumentKind::Model).map(Model::of)
}

impl<'p> Model<'p> {
    fn of(document: &'p Document) -> Self {
        let identity = document.derived(Identity::of);
        let node = |id: Option<NodeId>| Some(Node::new(document, id?));
        let text = |id| node(id).and_then(|node| Some((node, node.text()?)));
        Self {
            document,
            name: text(identity.name),
            kind: text(identity.kind),
            deprecated: node(identity.deprecated),
        }
    }
}

/// Where a model says what it is.
struct Identity {
    name: Option<NodeId>,
    kind: Option<NodeId>,
    deprecated: Option<NodeId>,
}

impl Identity {
    fn of(document: &Document) -> Self {
        let root = Node::root(document);
        let node = |key| root.and_then(|root| root.get(key));
        Self {
            name: node("model").map(Node::id),
            kind: node("model_type").map(Node::id),
            deprecated: node("deprecated")
                .filter(|node| node.bool() == Some(true))
                .map(Node::id),
        }
    }
}

/// What both readers fill into a parameter rule that uses a template.
#[derive(Debug, Deserialize)]
pub struct Template {
    /// Type of the value.
    #[serde(rename = "type")]
    pub kind: String,
    /// The default.
    pub default: Option<f64>,
    /// The lowest value.
    pub min: Option<f64>,
    /// The highest value.
    pub max: Option<f64>,
    /// The choices.
    #[serde(default)]
    pub options: Vec<String>,
}

/// The built-in templates by name.
pub fn templates() -> &'static BTreeMap<String, Template> {
    static TEMPLATES: OnceLock<BTreeMap<String, Template>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let text = schema!("parameter-templates.json");
        serde_json::from_str(text).unwrap_or_default()
    })
}

/// Types of parameters; any other is refused elsewhere.
const KINDS: [&str; 5] = ["float", "int", "string", "boolean", "text"];

/// A parameter rule of a model; what is null counts as not written.
#[derive(Clone, Copy)]
pub struct Rule<'p> {
    /// The rule as written.
    pub node: Node<'p>,
    /// `name`
    pub name: Option<Node<'p>>,
    /// `type`
    pub written_kind: Option<Node<'p>>,
    /// `use_template`
    pub use_template: Option<Node<'p>>,
    /// `default`
    pub default: Option<Node<'p>>,
    /// `min`
    pub min: Option<Node<'p>>,
    /// `max`
    pub max: Option<Node<'p>>,
    /// `precision`
    pub precision: Option<Node<'p>>,
    /// `options`
    pub options: Option<Node<'p>>,
    /// The template that it uses.
    pub template: Option<(&'static str, &'static Template)>,
}

/// Where a parameter rule says what: it is looked at by several checks.
#[derive(Default)]
struct Keys {
    name: Option<NodeId>,
    kind: Option<NodeId>,
    use_template: Option<NodeId>,
    default: Option<NodeId>,
    min: Option<NodeId>,
    max: Option<NodeId>,
    precision: Option<NodeId>,
    options: Option<NodeId>,
    template: Option<(&'static str, &'static Template)>,
}

impl Keys {
    fn of(rule: Node<'_>) -> Self {
        let mut keys = Self::default();
        // the first of equal keys counts
        for (key, value) in rule.pairs().rev() {
            let field = match key.text().unwrap_or_default() {
                "name" => &mut keys.name,
                "type" => &mut keys.kind,
                "use_template" => &mut keys.use_template,
                "default" => &mut keys.default,
                "min" => &mut keys.min,
                "max" => &mut keys.max,
                "precision" => &mut keys.precision,
                "options" => &mut keys.options,
                _ => continue,
            };
            *field = (!value.is_null()).then_some(value.id());
        }
        let template = keys.use_template.map(|id| Node::new(rule.document(), id));
        let template = template.and_then(|name| templates().get_key_value(name.text()?));
        keys.template = template.map(|(name, template)| (name.as_str(), template));
        keys
    }
}

impl<'p> Rule<'p> {
    fn new(document: &'p Document, node: NodeId, keys: &Keys) -> Self {
        let node_at = |id| Node::new(document, id);
        Self {
            node: node_at(node),
            name: keys.name.map(node_at),
            written_kind: keys.kind.map(node_at),
            use_template: keys.use_template.map(node_at),
            default: keys.default.map(node_at),
            min: keys.min.map(node_at),
            max: keys.max.map(node_at),
            precision: keys.precision.map(node_at),
            options: keys.options.map(node_at),
            template: keys.template,
        }
    }

    /// Its type, written or from the template; `None` when it is none of those that there are.
    pub fn kind(&self) -> Option<&'p str> {
        match self.written_kind {
            Some(written) => written.text().filter(|kind| KINDS.contains(kind)),
            None => self.template.map(|(_, it)| it.kind.as_str()),
        }
    }

    /// The lowest value, written or from the template.
    pub fn low(&self) -> Option<f64> {
        match self.min {
            Some(written) => written.number(),
            None => self.template.and_then(|(_, it)| it.min),
        }
    }

    /// The highest value, written or from the template.
    pub fn high(&self) -> Option<f64> {
        match self.max {
            Some(written) => written.number(),
            None => self.template.and_then(|(_, it)| it.max),
        }
    }

    /// The choices, written or from the template.
    pub fn choices(&self) -> Vec<&'p str> {
        match self.options {
            Some(written) => written.items().into_iter().filter_map(Node::text).collect(),
            None => self.template.map_or_else(Vec::new, |(_, template)| {
                template.options.iter().map(String::as_str).collect()
            }),
        }
    }
}

/// The parameter rules of a model.
pub fn rules(model: &Document) -> impl Iterator<Item = Rule<'_>> {
    let rules = model.derived(Rules::of);
    (0..rules.0.len()).filter_map(move |at| {
        let (node, keys) = rules.0.get(at)?;
        Some(Rule::new(model, *node, keys))
    })
}

struct Rules(Vec<(NodeId, Keys)>);

impl Rules {
    fn of(model: &Document) -> Self {
        let list = Node::root(model).and_then(|root| root.get("parameter_rules"));
        let items = list.into_iter().flat_map(Node::written_items);
        let rules = items.filter(|node| node.is_mapping());
        Self(rules.map(|rule| (rule.id(), Keys::of(rule))).collect())
    }
}

/// A number that is written plainly or as text, as prices may be.
pub fn decimal(node: Node<'_>) -> Option<f64> {
    node.text()?
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    #[test]
    fn templates_can_be_read() {
        assert_eq!(super::templates().len(), 8);
        assert_eq!(super::templates()["max_tokens"].max, Some(2048.0));
    }

    #[test]
    fn templates_are_those_of_the_schema() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/model.schema.json")).unwrap();
        let words = &schema["$defs"]["parameterRule"]["properties"]["use_template"]["enum"];
        let words: Vec<&str> = words
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it.as_str())
            .collect();
        assert_eq!(words.len(), super::templates().len());
        assert!(
            words
                .iter()
                .all(|word| super::templates().contains_key(*word))
        );
    }
}
