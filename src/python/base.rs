use super::sdk;
use hashbrown::HashMap;
use std::sync::OnceLock;

/// A class of the SDK whose strict subclasses it looks for in a plugin's sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// The provider of tools.
    ToolProvider,
    /// A tool.
    Tool,
    /// The provider of models.
    ModelProvider,
    /// Any model: strict subclasses of one of the six kinds; the kinds themselves do not count.
    AiModel,
    /// A large language model.
    LargeLanguageModel,
    /// A text embedding model.
    TextEmbeddingModel,
    /// A reranking model.
    RerankModel,
    /// A text-to-speech model.
    TtsModel,
    /// A speech-to-text model.
    Speech2TextModel,
    /// A moderation model.
    ModerationModel,
    /// An endpoint.
    Endpoint,
    /// An agent strategy.
    AgentStrategy,
    /// The provider of datasources.
    DatasourceProvider,
    /// A datasource of documents.
    OnlineDocumentDatasource,
    /// A datasource that crawls websites.
    WebsiteCrawlDatasource,
    /// A datasource of files.
    OnlineDriveDatasource,
    /// The provider of events.
    Trigger,
    /// Makes subscriptions for a trigger.
    TriggerSubscriptionConstructor,
    /// An event.
    Event,
}

/// The kinds of models the SDK knows at start-up.
const MODEL_KINDS: &[&str] = &[
    "LargeLanguageModel",
    "TextEmbeddingModel",
    "RerankModel",
    "TTSModel",
    "Speech2TextModel",
    "ModerationModel",
];

impl Base {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::ToolProvider,
        Self::Tool,
        Self::ModelProvider,
        Self::AiModel,
        Self::LargeLanguageModel,
        Self::TextEmbeddingModel,
        Self::RerankModel,
        Self::TtsModel,
        Self::Speech2TextModel,
        Self::ModerationModel,
        Self::Endpoint,
        Self::AgentStrategy,
        Self::DatasourceProvider,
        Self::OnlineDocumentDatasource,
        Self::WebsiteCrawlDatasource,
        Self::OnlineDriveDatasource,
        Self::Trigger,
        Self::TriggerSubscriptionConstructor,
        Self::Event,
    ];

    /// The name of the class, as its error messages and the plugins' imports have it.
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::ToolProvider => "ToolProvider",
            Self::Tool => "Tool",
            Self::ModelProvider => "ModelProvider",
            Self::AiModel => "AIModel",
            Self::LargeLanguageModel => "LargeLanguageModel",
            Self::TextEmbeddingModel => "TextEmbeddingModel",
            Self::RerankModel => "RerankModel",
            Self::TtsModel => "TTSModel",
            Self::Speech2TextModel => "Speech2TextModel",
            Self::ModerationModel => "ModerationModel",
            Self::Endpoint => "Endpoint",
            Self::AgentStrategy => "AgentStrategy",
            Self::DatasourceProvider => "DatasourceProvider",
            Self::OnlineDocumentDatasource => "OnlineDocumentDatasource",
            Self::WebsiteCrawlDatasource => "WebsiteCrawlDatasource",
            Self::OnlineDriveDatasource => "OnlineDriveDatasource",
            Self::Trigger => "Trigger",
            Self::TriggerSubscriptionConstructor => "TriggerSubscriptionConstructor",
            Self::Event => "Event",
        }
    }

    /// The classes (keys of `schemas/sdk-classes.json`) whose strict subclasses are looked for.
    pub(super) fn parents(self) -> &'static [&'static str] {
        const fn one(name: &'static &'static str) -> &'static [&'static str] {
            std::slice::from_ref(name)
        }
        match self {
            Self::AiModel => MODEL_KINDS,
            Self::ToolProvider => one(&"ToolProvider"),
            Self::Tool => one(&"Tool"),
            Self::ModelProvider => one(&"ModelProvider"),
            Self::LargeLanguageModel => one(&"LargeLanguageModel"),
            Self::TextEmbeddingModel => one(&"TextEmbeddingModel"),
            Self::RerankModel => one(&"RerankModel"),
            Self::TtsModel => one(&"TTSModel"),
            Self::Speech2TextModel => one(&"Speech2TextModel"),
            Self::ModerationModel => one(&"ModerationModel"),
            Self::Endpoint => one(&"Endpoint"),
            Self::AgentStrategy => one(&"AgentStrategy"),
            Self::DatasourceProvider => one(&"DatasourceProvider"),
            Self::OnlineDocumentDatasource => one(&"OnlineDocumentDatasource"),
            Self::WebsiteCrawlDatasource => one(&"WebsiteCrawlDatasource"),
            Self::OnlineDriveDatasource => one(&"OnlineDriveDatasource"),
            Self::Trigger => one(&"Trigger"),
            Self::TriggerSubscriptionConstructor => one(&"TriggerSubscriptionConstructor"),
            // another class of this name is a message of the protocol
            Self::Event => one(&"dify_plugin.interfaces.trigger.event.Event"),
        }
    }
}

/// Classes that the SDK looks for, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted(u32);

impl Wanted {
    /// Those whose strict subclasses are those of this class of the SDK, by its key.
    pub fn by(key: &str) -> Self {
        static BY_PARENT: OnceLock<HashMap<&str, Wanted>> = OnceLock::new();
        let by_parent = BY_PARENT.get_or_init(|| {
            let mut found: HashMap<&str, Self> = HashMap::new();
            for base in Base::ALL {
                for parent in base.parents() {
                    found.entry(*parent).or_default().0 |= 1 << base as u32;
                }
            }
            found
        });
        by_parent.get(key).copied().unwrap_or_default()
    }

    /// The same of a class of the SDK and of all that it derives from.
    pub fn by_line_of(key: &'static str) -> Self {
        let mut wanted = Self::default();
        let mut seen = vec![key];
        let mut at = 0;
        while let Some(key) = seen.get(at) {
            wanted = wanted.or(Self::by(key));
            for base in sdk::sdk_class_bases(key) {
                if !seen.contains(base) {
                    seen.push(base);
                }
            }
            at += 1;
        }
        wanted
    }

    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn has(self, base: Base) -> bool {
        self.0 & 1 << base as u32 != 0
    }
}
