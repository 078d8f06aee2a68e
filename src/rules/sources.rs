//! The Python sources that documents name, with the class that the SDK looks for in each.

use crate::format::{DocumentKind, sdk_get, sdk_text};
use crate::plugin::{Document, Plugin};
use crate::python::Base;
use crate::yaml::NodeId;

/// How many classes the SDK wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly one.
    One,
    /// None or one.
    AtMostOne,
    /// Any number, none included.
    Any,
}

/// A source that the SDK imports because a document names it.
pub struct Named<'p> {
    /// The document.
    pub document: &'p Document,
    /// The node that holds the path.
    pub node: NodeId,
    /// The path as written.
    pub written: &'p str,
    /// The classes that are looked for in it, and how many.
    pub wanted: Vec<(Base, Count)>,
}

/// All sources that the SDK imports at start-up.
pub fn all(plugin: &Plugin) -> Vec<Named<'_>> {
    plugin
        .documents
        .iter()
        .filter(|it| it.sdk)
        .flat_map(|it| of_document(plugin, it))
        .collect()
}

/// The sources that the SDK imports because of one document.
pub fn of_document<'p>(plugin: &'p Plugin, document: &'p Document) -> Vec<Named<'p>> {
    let tree = document.tree();
    let Some(root) = document.root() else {
        return Vec::new();
    };
    let python = |node| sdk_get(tree, sdk_get(tree, node, "extra")?, "python");
    let named = |node: Option<NodeId>, wanted| {
        let node = node?;
        Some(Named {
            document,
            node,
            written: sdk_text(tree, node)?,
            wanted,
        })
    };
    let source = |root, wanted| named(sdk_get(tree, python(root)?, "source"), wanted);
    let one = |base| vec![(base, Count::One)];
    match document.kind {
        DocumentKind::ToolProvider => source(root, one(Base::ToolProvider)).into_iter().collect(),
        DocumentKind::Tool => source(root, one(Base::Tool)).into_iter().collect(),
        DocumentKind::Endpoint => source(root, one(Base::Endpoint)).into_iter().collect(),
        DocumentKind::AgentStrategy => source(root, one(Base::AgentStrategy)).into_iter().collect(),
        DocumentKind::DatasourceProvider => source(root, one(Base::DatasourceProvider))
            .into_iter()
            .collect(),
        DocumentKind::Datasource => {
            let base = datasource_base(plugin, document);
            base.and_then(|base| source(root, one(base)))
                .into_iter()
                .collect()
        }
        DocumentKind::Event => source(root, one(Base::Event)).into_iter().collect(),
        DocumentKind::TriggerProvider => {
            let constructor = sdk_get(tree, root, "subscription_constructor")
                .and_then(|node| tree.target(node))
                .is_some_and(|node| tree.is_mapping(node));
            let count = if constructor {
                Count::One
            } else {
                Count::AtMostOne
            };
            let wanted = vec![
                (Base::Trigger, Count::One),
                (Base::TriggerSubscriptionConstructor, count),
            ];
            source(root, wanted).into_iter().collect()
        }
        DocumentKind::ModelProvider => {
            let Some(python) = python(root) else {
                return Vec::new();
            };
            let provider = named(
                sdk_get(tree, python, "provider_source"),
                one(Base::ModelProvider),
            );
            let list = sdk_get(tree, python, "model_sources").and_then(|list| tree.target(list));
            let models = list.map_or_else(Vec::new, |list| tree.items(list).to_vec());
            let models = models
                .into_iter()
                .filter_map(|item| named(Some(item), vec![(Base::AiModel, Count::Any)]));
            provider.into_iter().chain(models).collect()
        }
        DocumentKind::EndpointGroup => {
            let list = sdk_get(tree, root, "endpoints").and_then(|list| tree.target(list));
            let items = list.map_or_else(Vec::new, |list| tree.items(list).to_vec());
            items
                .into_iter()
                .filter_map(|item| source(item, one(Base::Endpoint)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The class of a datasource depends on what its provider says it provides.
fn datasource_base(plugin: &Plugin, datasource: &Document) -> Option<Base> {
    let (provider, _) = datasource.parent?;
    let provider = plugin.documents.get(provider)?;
    let tree = provider.tree();
    let kind = sdk_get(tree, provider.root()?, "provider_type")?;
    match sdk_text(tree, kind)? {
        "online_document" => Some(Base::OnlineDocumentDatasource),
        "website_crawl" => Some(Base::WebsiteCrawlDatasource),
        "online_drive" => Some(Base::OnlineDriveDatasource),
        _ => None,
    }
}
