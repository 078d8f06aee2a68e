//! From the graph of a plugin to its interface.

use super::fields::{Budget, MOST_ITEMS, form, outputs, parameters, wordings, words};
use super::interface::{Attribute, Fact, Item, ItemKind, Value};
use crate::finding::{Place, Span};
use crate::format::{ChildSource, DocumentKind, children};
use crate::plugin::{Document, Node, Plugin};
use crate::yaml::Reader;

/// Something that could not be read, and so could not be compared.
pub struct Gap {
    /// Where.
    pub place: Place,
    /// Its JSON Pointer, if it is a node.
    pub pointer: Option<String>,
    /// What, in words.
    pub message: String,
}

/// What others rely on in a plugin, as far as it can be read.
pub struct Interface<'p> {
    /// The plugin itself; its parts are its providers.
    pub root: Item<'p>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

impl<'p> Interface<'p> {
    /// The interface of a plugin; `None` when its manifest is no mapping.
    pub fn of(plugin: &'p Plugin) -> Option<Self> {
        let document = plugin.manifest()?;
        let manifest = Node::root(document)?;
        let named = manifest.get("name").unwrap_or(manifest);
        let mut reader = Extract {
            plugin,
            budget: Budget::new(),
            gaps: Vec::new(),
        };
        let name = named.text().unwrap_or_default();
        let mut root = Item::new(ItemKind::Plugin, name, named);
        wordings(manifest, &mut root.facts);
        reader.children_of(document, &mut root);
        if reader.budget.is_spent() {
            reader.gaps.push(Gap {
                place: document.place(named.id()),
                pointer: None,
                message: format!("only the first {MOST_ITEMS} names of the plugin are compared"),
            });
            root.complete = false;
        }
        Some(Self {
            root,
            gaps: reader.gaps,
        })
    }
}

struct Extract<'p> {
    plugin: &'p Plugin,
    budget: Budget,
    gaps: Vec<Gap>,
}

impl<'p> Extract<'p> {
    /// Adds the documents that a document lists, each with all that is in it.
    fn children_of(&mut self, document: &'p Document, item: &mut Item<'p>) {
        for child in children(document.tree(), document.kind) {
            match &child.source {
                ChildSource::Inline => {
                    let root = Node::new(document, child.node);
                    self.document(child.kind, root, None, item);
                    let listed = child.kind.children().map(|(key, _)| key).or(Some("models"));
                    if document.kind == DocumentKind::Manifest
                        && listed.is_some_and(|key| root.get(key).is_some())
                    {
                        let noun = child.kind.noun();
                        self.gap_at(root, format!("what this inline {noun} lists is not read"));
                        if let Some(inline) = item.items.last_mut() {
                            inline.complete = false;
                        }
                    }
                }
                ChildSource::File(written) => {
                    let found = self.plugin.references.iter().find(|reference| {
                        reference.node == child.node
                            && reference.kind == child.kind
                            && self.is(reference.from, document)
                    });
                    let path = found.and_then(|reference| reference.path.as_deref());
                    let known = path.and_then(|path| {
                        self.plugin
                            .of_kind(child.kind)
                            .find(|other| **other.path() == *path)
                    });
                    match known {
                        Some(found) => self.file(found, item),
                        None => {
                            let noun = child.kind.noun();
                            let node = Node::new(document, child.node);
                            self.gap_at(node, format!("there is no {noun} file `{written}`"));
                            item.complete = false;
                        }
                    }
                }
                ChildSource::Pattern(_) => {
                    let parent = |other: &&'p Document| {
                        let (parent, node) = other.parent?;
                        (node == child.node && self.is(parent, document)).then_some(())
                    };
                    let matched: Vec<&'p Document> = self
                        .plugin
                        .of_kind(child.kind)
                        .filter(|other| parent(other).is_some())
                        .collect();
                    for found in matched {
                        self.file(found, item);
                    }
                }
            }
        }
    }

    fn is(&self, index: usize, document: &Document) -> bool {
        let other = self.plugin.documents.get(index);
        other.is_some_and(|other| std::ptr::eq(other, document))
    }

    fn file(&mut self, document: &'p Document, item: &mut Item<'p>) {
        let refused = document.tree().refused_by(Reader::Daemon).is_some();
        match Node::root(document).filter(|_| !refused) {
            Some(root) => self.document(document.kind, root, Some(document), item),
            None if document.kind == DocumentKind::Position => {}
            None => {
                let noun = document.kind.noun();
                self.gaps.push(Gap {
                    place: Place {
                        file: document.path().clone(),
                        span: Span::at(0),
                    },
                    pointer: None,
                    message: format!("this {noun} file cannot be read as YAML with keys"),
                });
                item.complete = false;
            }
        }
    }

    fn gap_at(&mut self, node: Node<'_>, message: String) {
        self.gaps.push(Gap {
            place: node.place(),
            pointer: Some(node.tree().pointer(node.id())),
            message,
        });
    }

    /// One document, or what stands inline for one.
    fn document(
        &mut self,
        kind: DocumentKind,
        root: Node<'p>,
        document: Option<&'p Document>,
        parent: &mut Item<'p>,
    ) {
        let Some((item_kind, name_path)) = identity_of(kind) else {
            return;
        };
        if !self.budget.take() {
            return;
        }
        let Some((name, named)) = self.name(item_kind, name_path, root) else {
            let what = name_path.join(".");
            self.gap_at(root, format!("this {} has no `{what}`", kind.noun()));
            parent.complete = false;
            return;
        };
        let mut item = Item::new(item_kind, name, named);
        if let Some(node) = root.at(&["extra", "python", "source"])
            && let Some(source) = node.text()
        {
            item.facts.push(Fact {
                attribute: Attribute::Source,
                value: Value::Word(source.to_owned()),
                node,
            });
        }
        wordings(root, &mut item.facts);
        if let Some(identity) = root.get("identity") {
            wordings(identity, &mut item.facts);
        }
        self.contents(kind, root, &mut item);
        if let Some(document) = document {
            self.children_of(document, &mut item);
        }
        parent.items.push(item);
    }

    fn name(&self, kind: ItemKind, path: &[&str], root: Node<'p>) -> Option<(String, Node<'p>)> {
        match kind {
            // it has no name: a plugin has one
            ItemKind::EndpointGroup => Some(("endpoints".to_owned(), root)),
            ItemKind::Endpoint => {
                let path = root.get("path")?;
                let method = root.text_at("method").unwrap_or_default();
                Some((format!("{method} {}", path.text()?), path))
            }
            ItemKind::Model => {
                let node = root.get("model")?;
                let kind = root.text_at("model_type").unwrap_or_default();
                Some((format!("{} ({kind})", node.text()?), node))
            }
            _ => {
                let node = root.at(path)?;
                let text = node.text().filter(|text| !text.is_empty())?;
                Some((text.to_owned(), node))
            }
        }
    }

    fn contents(&mut self, kind: DocumentKind, root: Node<'p>, item: &mut Item<'p>) {
        let budget = &mut self.budget;
        match kind {
            DocumentKind::ToolProvider => {
                let fields = root.get("credentials_for_provider");
                form(fields, "name", ItemKind::Credential, item, budget);
                oauth(root.get("oauth_schema"), item, budget);
            }
            DocumentKind::DatasourceProvider => {
                let fields = root.get("credentials_schema");
                form(fields, "name", ItemKind::Credential, item, budget);
                oauth(root.get("oauth_schema"), item, budget);
            }
            DocumentKind::TriggerProvider => {
                let fields = root.get("subscription_schema");
                form(fields, "name", ItemKind::SubscriptionField, item, budget);
                if let Some(constructor) = root.get("subscription_constructor") {
                    let list = constructor.get("parameters");
                    parameters(list, ItemKind::SubscriptionParameter, item, budget);
                    let fields = constructor.get("credentials_schema");
                    form(fields, "name", ItemKind::Credential, item, budget);
                    oauth(constructor.get("oauth_schema"), item, budget);
                }
            }
            DocumentKind::EndpointGroup => {
                form(
                    root.get("settings"),
                    "name",
                    ItemKind::Setting,
                    item,
                    budget,
                );
            }
            DocumentKind::ModelProvider => {
                for (key, kind) in [
                    ("provider_credential_schema", ItemKind::Credential),
                    ("model_credential_schema", ItemKind::ModelCredential),
                ] {
                    let fields = root.at(&[key, "credential_form_schemas"]);
                    form(fields, "variable", kind, item, budget);
                }
                words(root.get("supported_model_types"), ItemKind::ModelType, item);
                let methods = root.get("configurate_methods");
                words(methods, ItemKind::ConfigurationMethod, item);
            }
            DocumentKind::Tool
            | DocumentKind::AgentStrategy
            | DocumentKind::Datasource
            | DocumentKind::Event => {
                parameters(root.get("parameters"), ItemKind::Parameter, item, budget);
                outputs(root.get("output_schema"), 0, item, budget);
                words(root.get("features"), ItemKind::Feature, item);
            }
            DocumentKind::Model => model(root, item, budget),
            _ => {}
        }
    }
}

fn oauth<'p>(schema: Option<Node<'p>>, item: &mut Item<'p>, budget: &mut Budget) {
    for (key, kind) in [
        ("client_schema", ItemKind::ClientSetting),
        ("credentials_schema", ItemKind::OauthCredential),
    ] {
        let fields = schema.and_then(|schema| schema.get(key));
        form(fields, "name", kind, item, budget);
    }
}

fn model<'p>(root: Node<'p>, item: &mut Item<'p>, budget: &mut Budget) {
    words(root.get("features"), ItemKind::Feature, item);
    let rules = root.get("parameter_rules");
    parameters(rules, ItemKind::ModelParameter, item, budget);
    let mut fact = |attribute, node: Option<Node<'p>>, value: Option<Value>| {
        if let Some((node, value)) = node.zip(value) {
            item.facts.push(Fact {
                attribute,
                value,
                node,
            });
        }
    };
    let mode = root.at(&["model_properties", "mode"]);
    let word = mode.and_then(Node::text);
    fact(
        Attribute::Mode,
        mode,
        word.map(|it| Value::Word(it.to_owned())),
    );
    let size = root.at(&["model_properties", "context_size"]);
    let number = size.and_then(Node::number);
    fact(Attribute::ContextSize, size, number.map(Value::Number));
    let deprecated = root.get("deprecated");
    let flag = deprecated.and_then(Node::bool);
    fact(Attribute::Deprecated, deprecated, flag.map(Value::Flag));
    let pricing = root.get("pricing");
    fact(Attribute::Wording("pricing"), pricing, Some(Value::Whole));
    let voices = root.at(&["model_properties", "voices"]);
    for voice in voices.map(Node::items).unwrap_or_default() {
        if let Some(node) = voice.get("mode")
            && let Some(mode) = node.text().filter(|_| budget.take())
        {
            item.items.push(Item::new(ItemKind::Voice, mode, node));
        }
    }
}

/// What a document of this kind is to others, and the keys that lead to its name.
const fn identity_of(kind: DocumentKind) -> Option<(ItemKind, &'static [&'static str])> {
    const NAME: &[&str] = &["identity", "name"];
    Some(match kind {
        DocumentKind::ToolProvider => (ItemKind::ToolProvider, NAME),
        DocumentKind::Tool => (ItemKind::Tool, NAME),
        DocumentKind::EndpointGroup => (ItemKind::EndpointGroup, &[]),
        DocumentKind::Endpoint => (ItemKind::Endpoint, &["path"]),
        DocumentKind::ModelProvider => (ItemKind::ModelProvider, &["provider"]),
        DocumentKind::Model => (ItemKind::Model, &["model"]),
        DocumentKind::AgentStrategyProvider => (ItemKind::StrategyProvider, NAME),
        DocumentKind::AgentStrategy => (ItemKind::Strategy, NAME),
        DocumentKind::DatasourceProvider => (ItemKind::DatasourceProvider, NAME),
        DocumentKind::Datasource => (ItemKind::Datasource, NAME),
        DocumentKind::TriggerProvider => (ItemKind::TriggerProvider, NAME),
        DocumentKind::Event => (ItemKind::Event, NAME),
        DocumentKind::Manifest | DocumentKind::Bundle | DocumentKind::Position => return None,
    })
}
