//! What others rely on in a plugin, as a tree of named items with facts about each.
//!
//! Nothing of it is a copy of the plugin's YAML: an item keeps the node that names it, and a fact
//! the node that states it, so that a change can point at both.

use crate::finding::RuleId;
use crate::plugin::Node;

/// Something with a name that others may have saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the format's own")]
pub enum ItemKind {
    Plugin,
    ToolProvider,
    ModelProvider,
    EndpointGroup,
    StrategyProvider,
    DatasourceProvider,
    TriggerProvider,
    Tool,
    Model,
    Endpoint,
    Strategy,
    Datasource,
    Event,
    /// Of a tool, strategy, datasource or event.
    Parameter,
    /// Of a model.
    ModelParameter,
    /// Asked for when a subscription to a trigger is made.
    SubscriptionParameter,
    Option,
    /// A property of `output_schema`.
    Output,
    Credential,
    /// Credentials that come from an OAuth sign-in.
    OauthCredential,
    /// What an administrator types in to make OAuth work.
    ClientSetting,
    /// Typed in for one custom model.
    ModelCredential,
    /// Typed in when an endpoint is made.
    Setting,
    SubscriptionField,
    Feature,
    ModelType,
    /// `predefined-model` or `customizable-model`.
    ConfigurationMethod,
    Voice,
}

/// Who relies on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// Workflows and agents that use the plugin.
    Workflow,
    /// What users and administrators typed in.
    Credential,
    /// Programs that call an endpoint.
    Caller,
    /// Endpoints that were set up.
    Endpoint,
    /// Subscriptions to a trigger.
    Subscription,
    /// Whoever installs the plugin.
    Installer,
    /// The Dify Marketplace.
    Marketplace,
}

impl Reader {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Credential => "credential",
            Self::Caller => "caller",
            Self::Endpoint => "endpoint",
            Self::Subscription => "subscription",
            Self::Installer => "installer",
            Self::Marketplace => "marketplace",
        }
    }

    /// In words, in the plural.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Workflow => "saved workflows and apps",
            Self::Credential => "saved credentials",
            Self::Caller => "callers of the endpoint",
            Self::Endpoint => "endpoints that are set up",
            Self::Subscription => "saved subscriptions",
            Self::Installer => "installations",
            Self::Marketplace => "the Marketplace",
        }
    }
}

impl ItemKind {
    /// What a person calls one.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Plugin => "plugin",
            Self::ToolProvider => "tool provider",
            Self::ModelProvider => "model provider",
            Self::EndpointGroup => "endpoint group",
            Self::StrategyProvider => "agent strategy provider",
            Self::DatasourceProvider => "datasource provider",
            Self::TriggerProvider => "trigger provider",
            Self::Tool => "tool",
            Self::Model => "model",
            Self::Endpoint => "endpoint",
            Self::Strategy => "agent strategy",
            Self::Datasource => "datasource",
            Self::Event => "event",
            Self::Parameter | Self::ModelParameter => "parameter",
            Self::SubscriptionParameter => "subscription parameter",
            Self::Option => "option",
            Self::Output => "output",
            Self::Credential => "credential",
            Self::OauthCredential => "OAuth credential",
            Self::ClientSetting => "OAuth client setting",
            Self::ModelCredential => "model credential",
            Self::Setting => "setting",
            Self::SubscriptionField => "subscription field",
            Self::Feature => "feature",
            Self::ModelType => "model type",
            Self::ConfigurationMethod => "configuration method",
            Self::Voice => "voice",
        }
    }

    /// Who relies on it.
    pub const fn reader(self) -> Reader {
        match self {
            Self::Plugin => Reader::Installer,
            Self::Endpoint => Reader::Caller,
            Self::EndpointGroup | Self::Setting => Reader::Endpoint,
            Self::Credential
            | Self::OauthCredential
            | Self::ClientSetting
            | Self::ModelCredential
            | Self::ConfigurationMethod => Reader::Credential,
            Self::TriggerProvider | Self::SubscriptionField | Self::SubscriptionParameter => {
                Reader::Subscription
            }
            _ => Reader::Workflow,
        }
    }

    /// The rule that reports one that is gone.
    pub const fn removed(self) -> RuleId {
        RuleId(match self {
            Self::Tool => "upgrade/removed-tool",
            Self::Model => "upgrade/removed-model",
            Self::Endpoint => "upgrade/removed-endpoint",
            Self::Strategy => "upgrade/removed-strategy",
            Self::Datasource => "upgrade/removed-datasource",
            Self::Event => "upgrade/removed-event",
            Self::Parameter | Self::ModelParameter | Self::SubscriptionParameter => {
                "upgrade/removed-parameter"
            }
            Self::Option | Self::Voice => "upgrade/removed-option",
            Self::Output => "upgrade/removed-output",
            Self::Feature | Self::ModelType | Self::ConfigurationMethod => {
                "upgrade/removed-feature"
            }
            _ if self.is_field() => "upgrade/removed-credential",
            _ => "upgrade/removed-provider",
        })
    }

    /// Why it matters that one is gone.
    pub const fn loss(self) -> &'static str {
        match self {
            Self::Tool => "a saved node names its tool and finds none after the upgrade",
            Self::Model => "a saved app or node names its model and finds none after the upgrade",
            Self::Strategy => "a saved agent node names its strategy and finds none",
            Self::Datasource => "a saved pipeline names its datasource and finds none",
            Self::Event => "a saved trigger names its event; nothing starts it any more",
            Self::Endpoint => "whoever calls the address of the endpoint gets an error",
            Self::Parameter | Self::SubscriptionParameter => {
                "what is saved under this name no longer reaches the plugin"
            }
            Self::ModelParameter => {
                "the SDK drops a saved value of this name without a word; the model answers without it"
            }
            Self::Option | Self::Voice => "where this value is saved, it is no choice any more",
            Self::Output => "a saved workflow that reads it from the node gets nothing",
            Self::Feature => "saved apps and nodes that rely on it lose it",
            Self::OauthCredential => "the plugin gets it from the sign-in, and no longer keeps it",
            Self::ModelType => "models of this type are no longer offered, custom ones included",
            Self::ConfigurationMethod => "what users set up in this way can no longer be used",
            _ if self.is_field() => {
                "what was typed in stays saved under this name, and nothing asks for it again"
            }
            _ => "what is saved names the provider and finds none after the upgrade",
        }
    }

    /// True for a field of a form whose answers are saved: a credential, a setting.
    pub const fn is_field(self) -> bool {
        matches!(
            self,
            Self::Credential
                | Self::OauthCredential
                | Self::ClientSetting
                | Self::ModelCredential
                | Self::Setting
                | Self::SubscriptionField
        )
    }

    /// True for what takes a value: a parameter or a field of a form.
    pub const fn takes_a_value(self) -> bool {
        self.is_field()
            || matches!(
                self,
                Self::Parameter | Self::ModelParameter | Self::SubscriptionParameter
            )
    }

    /// True if one may go on under another name. A model, an option, a feature is its name.
    pub const fn can_be_renamed(self) -> bool {
        !matches!(
            self,
            Self::Model
                | Self::Option
                | Self::Feature
                | Self::ModelType
                | Self::ConfigurationMethod
                | Self::Voice
                | Self::EndpointGroup
        )
    }

    /// True where a document of its own begins: messages need not say what is above.
    pub const fn is_document(self) -> bool {
        matches!(
            self,
            Self::ToolProvider
                | Self::ModelProvider
                | Self::EndpointGroup
                | Self::StrategyProvider
                | Self::DatasourceProvider
                | Self::TriggerProvider
                | Self::Tool
                | Self::Model
                | Self::Endpoint
                | Self::Strategy
                | Self::Datasource
                | Self::Event
        )
    }
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// `type`.
    Type,
    /// `form`.
    Form,
    /// `required`.
    Required,
    /// `multiple`.
    Multiple,
    /// `default`.
    Default,
    /// `min`.
    Minimum,
    /// `max`.
    Maximum,
    /// `precision`.
    Precision,
    /// `model_properties.mode`.
    Mode,
    /// `model_properties.context_size`.
    ContextSize,
    /// `deprecated`.
    Deprecated,
    /// `extra.python.source`: never a change, but it tells that two items are one.
    Source,
    /// What people and language models read, prices, icons: the key.
    Wording(&'static str),
}

/// What a fact says.
#[derive(Clone, Debug)]
pub enum Value {
    /// A word, as spelt.
    Word(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Whatever the node holds.
    Whole,
}

/// Something that is stated about an item.
#[derive(Clone)]
pub struct Fact<'p> {
    /// What it is about.
    pub attribute: Attribute,
    /// What it says.
    pub value: Value,
    /// Where.
    pub node: Node<'p>,
}

/// A named part of the interface.
pub struct Item<'p> {
    /// What it is.
    pub kind: ItemKind,
    /// Its name, by which others know it.
    pub name: String,
    /// The node that names it.
    pub node: Node<'p>,
    /// What is stated about it.
    pub facts: Vec<Fact<'p>>,
    /// Its parts, in the order of the file.
    pub items: Vec<Item<'p>>,
    /// False if some of its parts could not be read: nothing can be said about what is missing.
    pub complete: bool,
}

impl<'p> Item<'p> {
    /// An item without facts and parts.
    pub fn new(kind: ItemKind, name: impl Into<String>, node: Node<'p>) -> Self {
        Self {
            kind,
            name: name.into(),
            node,
            facts: Vec::new(),
            items: Vec::new(),
            complete: true,
        }
    }

    /// The fact about an attribute.
    pub fn fact(&self, attribute: Attribute) -> Option<&Fact<'p>> {
        self.facts.iter().find(|fact| fact.attribute == attribute)
    }

    /// The word of an attribute.
    pub fn word(&self, attribute: Attribute) -> Option<&str> {
        match &self.fact(attribute)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// True if a flag is set.
    pub fn flag(&self, attribute: Attribute) -> bool {
        let fact = self.fact(attribute);
        fact.is_some_and(|fact| matches!(fact.value, Value::Flag(true)))
    }

    /// The number of an attribute.
    pub fn number(&self, attribute: Attribute) -> Option<f64> {
        match self.fact(attribute)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}
