use std::fmt;

/// What a YAML document of a plugin is, told by who refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are the format's own")]
pub enum DocumentKind {
    Manifest,
    Bundle,
    ToolProvider,
    Tool,
    EndpointGroup,
    Endpoint,
    ModelProvider,
    Model,
    Position,
    AgentStrategyProvider,
    AgentStrategy,
    DatasourceProvider,
    Datasource,
    TriggerProvider,
    Event,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Manifest,
        Self::Bundle,
        Self::ToolProvider,
        Self::Tool,
        Self::EndpointGroup,
        Self::Endpoint,
        Self::ModelProvider,
        Self::Model,
        Self::Position,
        Self::AgentStrategyProvider,
        Self::AgentStrategy,
        Self::DatasourceProvider,
        Self::Datasource,
        Self::TriggerProvider,
        Self::Event,
    ];

    /// The lists under `plugins` of a manifest and what they name, in the order in which the
    /// daemon reads them.
    pub const PROVIDERS: [(&'static str, Self); 6] = [
        ("tools", Self::ToolProvider),
        ("endpoints", Self::EndpointGroup),
        ("models", Self::ModelProvider),
        ("agent_strategies", Self::AgentStrategyProvider),
        ("datasources", Self::DatasourceProvider),
        ("triggers", Self::TriggerProvider),
    ];

    /// The key of a provider that lists its child documents, and what they are.
    pub const fn children(self) -> Option<(&'static str, Self)> {
        match self {
            Self::ToolProvider => Some(("tools", Self::Tool)),
            Self::EndpointGroup => Some(("endpoints", Self::Endpoint)),
            Self::AgentStrategyProvider => Some(("strategies", Self::AgentStrategy)),
            Self::DatasourceProvider => Some(("datasources", Self::Datasource)),
            Self::TriggerProvider => Some(("events", Self::Event)),
            _ => None,
        }
    }

    /// The name of its schema file and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Bundle => "bundle",
            Self::ToolProvider => "tool-provider",
            Self::Tool => "tool",
            Self::EndpointGroup => "endpoint-group",
            Self::Endpoint => "endpoint",
            Self::ModelProvider => "model-provider",
            Self::Model => "model",
            Self::Position => "position",
            Self::AgentStrategyProvider => "agent-strategy-provider",
            Self::AgentStrategy => "agent-strategy",
            Self::DatasourceProvider => "datasource-provider",
            Self::Datasource => "datasource",
            Self::TriggerProvider => "trigger-provider",
            Self::Event => "event",
        }
    }

    /// What a person calls one: `tool provider`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::ToolProvider => "tool provider",
            Self::EndpointGroup => "endpoint group",
            Self::ModelProvider => "model provider",
            Self::Position => "position file",
            Self::AgentStrategyProvider => "agent strategy provider",
            Self::AgentStrategy => "agent strategy",
            Self::DatasourceProvider => "datasource provider",
            Self::TriggerProvider => "trigger provider",
            other => other.as_str(),
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun())
    }
}
