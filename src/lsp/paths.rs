//! Files that documents name.

use super::completion::Draft;
use super::projects::Analysis;
use super::snapshot::Target;
use crate::dialect::clean_path;
use crate::format::{DocumentKind, PathTarget, shape_of, shapes};
use crate::plugin::{Document, Plugin};
use crate::python::Sources;
use crate::source::{join, parent};
use crate::yaml::{NodeId, Tree};
use lsp_types::CompletionItemKind;
use std::collections::BTreeSet;

/// The folder in which names of pictures are looked up.
const ASSETS: &str = "_assets";

/// More files than this are no help in a list.
const MOST: usize = 1000;

/// The file that a text names; `None` when there is none.
pub fn resolve(analysis: &Analysis, what: PathTarget, written: &str) -> Option<String> {
    if written.is_empty() || written.contains("://") {
        return None;
    }
    let plugin = analysis.plugin();
    let path = match what {
        PathTarget::Document(_) | PathTarget::File => clean_path(written)?,
        PathTarget::Asset => join(ASSETS, &clean_path(written)?),
        PathTarget::Python => {
            let sources = Sources::new(analysis.files().as_ref());
            sources.locate(written).ok()?
        }
        PathTarget::Module => {
            let path = written.replace('.', "/");
            let main = format!("{path}/__main__.py");
            [format!("{path}.py"), main]
                .into_iter()
                .find(|path| plugin.has_file(path))?
        }
        PathTarget::ModelGlob => return None,
    };
    plugin.has_file(&path).then_some(path)
}

/// A text in a document that names a file.
pub struct Named {
    /// The text.
    pub node: NodeId,
    /// The file, which exists.
    pub path: String,
}

/// The files that a document names, in order of place.
pub fn in_document(analysis: &Analysis, document: &Document) -> Vec<Named> {
    let tree = document.tree();
    let mut found = Vec::new();
    for (node, shape) in document.shaped() {
        let Some(what) = shapes().get(*shape).path else {
            continue;
        };
        // on a localized text, each of its texts
        let texts: Vec<NodeId> = match tree.is_mapping(*node) {
            true => tree.pairs(*node).map(|(_, value)| value).collect(),
            false => vec![*node],
        };
        let texts = texts.into_iter().filter(|node| tree.is_scalar(*node));
        found.extend(texts.filter_map(|node| {
            let path = resolve(analysis, what, tree.text(node))?;
            Some(Named { node, path })
        }));
    }
    found
}

/// The documents and nodes that name a file.
pub fn naming<'a>(analysis: &'a Analysis, path: &str) -> Vec<(&'a Document, NodeId)> {
    let mut found: Vec<(&Document, NodeId)> = Vec::new();
    for document in &analysis.plugin().documents {
        for named in in_document(analysis, document) {
            let same =
                |it: &(&Document, NodeId)| it.0.path() == document.path() && it.1 == named.node;
            if named.path == path && !found.iter().any(same) {
                found.push((document, named.node));
            }
        }
    }
    found
}

/// The files that may be named at a place.
pub fn completions(target: &Target, what: PathTarget) -> Vec<Draft> {
    let plugin = target.analysis.plugin();
    let files = &plugin.packed.walk(plugin.files.as_ref()).files;
    let is_yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
    let texts: BTreeSet<(bool, String)> = match what {
        PathTarget::Document(kind) => files
            .iter()
            .filter(|path| is_yaml(path) && may_be(plugin, path, kind))
            .map(|path| (is_named(plugin, path), path.clone()))
            .collect(),
        PathTarget::ModelGlob => files
            .iter()
            .filter(|path| is_yaml(path) && !parent(path).is_empty())
            .filter(|path| may_be(plugin, path, DocumentKind::Model))
            .map(|path| (false, format!("{}/*.yaml", parent(path))))
            .collect(),
        PathTarget::Asset => files
            .iter()
            .filter_map(|path| path.strip_prefix(ASSETS)?.strip_prefix('/'))
            .map(|name| (false, name.to_owned()))
            .collect(),
        PathTarget::Python => files
            .iter()
            .filter(|path| path.ends_with(".py") && !path.ends_with("__init__.py"))
            // the source of a document most often stands beside it under the same name
            .map(|path| (stem(path) != stem(&target.path), path.clone()))
            .collect(),
        PathTarget::Module => files
            .iter()
            .filter_map(|path| path.strip_suffix(".py"))
            .map(|path| (path.contains('/'), path.replace('/', ".")))
            .collect(),
        PathTarget::File => files
            .iter()
            .map(|path| (!path.ends_with(".md"), path.clone()))
            .collect(),
    };
    texts
        .into_iter()
        .take(MOST)
        .map(|(_, text)| Draft::value(text, CompletionItemKind::File))
        .collect()
}

fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// False for a file that is known to be a document of another kind.
fn may_be(plugin: &Plugin, path: &str, kind: DocumentKind) -> bool {
    let mut roles = plugin.documents.iter().filter(|it| **it.path() == *path);
    let mut known = false;
    roles.any(|document| {
        known = true;
        document.kind == kind
    }) || !known
        && path.ends_with(POSITIONS) == (kind == DocumentKind::Position)
        && fits(plugin, path, kind)
}

/// The ending of files that order models.
const POSITIONS: &str = "_position.yaml";

/// True if the keys of a file that nothing refers to are those of a kind rather than of another,
/// or if it has none yet.
fn fits(plugin: &Plugin, path: &str, kind: DocumentKind) -> bool {
    let Ok(content) = plugin.files.read(path) else {
        return false;
    };
    let tree = Tree::of(&content.lossy());
    let Some(root) = tree.root().filter(|root| tree.is_mapping(*root)) else {
        return true;
    };
    let likeness = |kind: DocumentKind| {
        let shape = shape_of(kind);
        let known = |key: &NodeId| shape.property(tree.text(*key)).is_some();
        tree.pairs(root).filter(|(key, _)| known(key)).count()
    };
    DocumentKind::ALL
        .into_iter()
        .all(|other| likeness(other) <= likeness(kind))
}

fn is_named(plugin: &Plugin, path: &str) -> bool {
    plugin.documents.iter().any(|it| **it.path() == *path)
}
