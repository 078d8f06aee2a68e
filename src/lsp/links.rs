//! From one file to another: definitions, references, links.

use super::failure::Failure;
use super::names;
use super::paths;
use super::snapshot::{Snapshot, Target};
use crate::finding::{Place, Span};
use crate::format::{DocumentKind, PathTarget, shapes};
use crate::plugin::{Document, Node};
use crate::python::{Base, Sources};
use crate::source::parent;
use crate::yaml::NodeId;
use lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentLink, DocumentLinkParams, Location,
    ReferenceParams, TextDocumentPositionParams,
};

/// Where the thing at a place comes from.
///
/// # Errors
/// None of its own.
pub fn definition(
    snapshot: &Snapshot,
    params: DefinitionParams,
) -> Result<Option<DefinitionResponse>, Failure> {
    let found = locate(snapshot, &params.text_document_position_params, definitions);
    Ok((!found.is_empty()).then(|| Definition::LocationList(found).into()))
}

/// Everything that is the thing at a place.
///
/// # Errors
/// None of its own.
pub fn references(
    snapshot: &Snapshot,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>, Failure> {
    let with_declaration = params.context.include_declaration;
    let find = move |target: &Target, offset| references_at(target, offset, with_declaration);
    let found = locate(snapshot, &params.text_document_position_params, find);
    Ok((!found.is_empty()).then_some(found))
}

fn locate(
    snapshot: &Snapshot,
    position: &TextDocumentPositionParams,
    find: impl Fn(&Target, u32) -> Vec<Place>,
) -> Vec<Location> {
    let Some(target) = snapshot.target(&position.text_document.uri) else {
        return Vec::new();
    };
    let places = find(&target, target.offset(snapshot, position.position));
    let locations = places
        .iter()
        .map(|it| snapshot.location(&target.analysis, it));
    locations.collect()
}

fn definitions(target: &Target, offset: u32) -> Vec<Place> {
    if let Some((name, span)) = names::at(target, offset) {
        let here = |it: &Place| *it.file == *target.path && it.span == span;
        // at the declaration itself, the reads are what one looks for
        return match name.declarations.iter().any(here) {
            true => name.reads,
            false => name.declarations,
        };
    }
    if let Some((_, path)) = file_at(target, offset) {
        let start = Place {
            file: path.as_str().into(),
            span: Span::at(0),
        };
        return vec![class_in(target, &path).unwrap_or(start)];
    }
    let models = models_at(target, offset);
    if !models.is_empty() {
        return models;
    }
    referrers_at(target, offset)
}

fn references_at(target: &Target, offset: u32, with_declaration: bool) -> Vec<Place> {
    if let Some((name, _)) = names::at(target, offset) {
        let declared = name.declarations.len();
        let skipped = if with_declaration { 0 } else { declared };
        let odd = name.odd_reads.iter();
        return name.places().skip(skipped).chain(odd).cloned().collect();
    }
    if let Some((_, path)) = file_at(target, offset) {
        return places(paths::naming(&target.analysis, &path));
    }
    let models = models_at(target, offset);
    if !models.is_empty() {
        return models;
    }
    referrers_at(target, offset)
}

/// The models that a pattern of a provider finds, or that an entry of a position file names.
pub fn models_at(target: &Target, offset: u32) -> Vec<Place> {
    let documents = &target.analysis.plugin().documents;
    let roles = target
        .roles()
        .filter_map(|at| Some((at, documents.get(at)?)));
    let mut found: Vec<Place> = Vec::new();
    for (role, document) in roles {
        let tree = document.tree();
        let Some(node) = tree.node_at(offset).filter(|node| tree.is_scalar(*node)) else {
            continue;
        };
        let is_meant = |model: &&Document| match document.kind {
            DocumentKind::Position => {
                let folder = parent(document.path());
                parent(model.path()) == folder && name_of(model) == Some(tree.text(node))
            }
            _ => model.parent == Some((role, node)),
        };
        let models = documents.iter().filter(|it| it.kind == DocumentKind::Model);
        let places = models.filter(is_meant).map(name_or_start);
        found.extend(places);
    }
    found.sort();
    found.dedup();
    found
}

/// The name of a model.
fn name_of(model: &Document) -> Option<&str> {
    Node::root(model)?.text_at("model")
}

/// Where a model says its name.
fn name_or_start(model: &Document) -> Place {
    let name = Node::root(model).and_then(|it| it.get("model"));
    name.map_or_else(
        || Place {
            file: model.path().clone(),
            span: Span::at(0),
        },
        Node::place,
    )
}

/// Who finds a model by a pattern, and where its position is.
fn listing(target: &Target, model: &Document) -> Vec<Place> {
    let documents = &target.analysis.plugin().documents;
    let pattern = model
        .parent
        .and_then(|(at, node)| Some(documents.get(at)?.place(node)));
    let folder = parent(model.path());
    let beside = documents
        .iter()
        .filter(|it| it.kind == DocumentKind::Position && parent(it.path()) == folder);
    let entries = beside.flat_map(|document| {
        let tree = document.tree();
        let items = tree.root().map_or(&[][..], |root| tree.items(root));
        let own = items
            .iter()
            .filter(|item| name_of(model) == Some(tree.text(**item)));
        own.map(|item| document.place(*item))
    });
    pattern.into_iter().chain(entries).collect()
}

fn places(found: Vec<(&Document, NodeId)>) -> Vec<Place> {
    let place = |(document, node): (&Document, NodeId)| document.place(node);
    found.into_iter().map(place).collect()
}

/// At the name of a document or of a class: who names this file.
fn referrers_at(target: &Target, offset: u32) -> Vec<Place> {
    let found = || places(paths::naming(&target.analysis, &target.path));
    if target.path.ends_with(".py") {
        return if is_class_name(target, offset) {
            found()
        } else {
            Vec::new()
        };
    }
    let documents = &target.analysis.plugin().documents;
    let is_name = target
        .roles()
        .filter_map(|it| documents.get(it))
        .any(|document| {
            let tree = document.tree();
            let node = tree.node_at(offset);
            let pointer = node.map(|node| tree.pointer(node)).unwrap_or_default();
            matches!(
                pointer.as_str(),
                "/identity/name" | "/provider" | "/model" | "/path"
            )
        });
    if !is_name {
        return Vec::new();
    }
    let mut found = found();
    let own = target.roles().filter_map(|it| documents.get(it));
    for model in own.filter(|it| it.kind == DocumentKind::Model) {
        found.extend(listing(target, model));
    }
    found.sort();
    found.dedup();
    found
}

fn is_class_name(target: &Target, offset: u32) -> bool {
    let sources = Sources::new(target.analysis.files().as_ref());
    let sources = &sources;
    let classes = Base::ALL.into_iter().flat_map(|base| {
        sources
            .subclasses(&target.path, base)
            .unwrap_or_default()
            .to_vec()
    });
    classes
        .filter(|found| found.file.as_deref() == Some(&*target.path))
        .any(|found| found.span.touches(offset) || found.bound.touches(offset))
}

/// The class that the SDK finds in a source.
fn class_in(target: &Target, path: &str) -> Option<Place> {
    if !path.ends_with(".py") {
        return None;
    }
    let sources = Sources::new(target.analysis.files().as_ref());
    let sources = &sources;
    let mut classes = Base::ALL
        .into_iter()
        .flat_map(|base| sources.subclasses(path, base).unwrap_or_default().to_vec());
    let found = classes.find(|found| found.certain && found.file.is_some())?;
    Some(Place {
        file: found.file.clone()?,
        span: found.span,
    })
}

/// The file that is named at an offset, and the span of the text that names it.
pub fn file_at(target: &Target, offset: u32) -> Option<(Span, String)> {
    let documents = &target.analysis.plugin().documents;
    target
        .roles()
        .filter_map(|it| documents.get(it))
        .find_map(|document| {
            let tree = document.tree();
            let node = tree.node_at(offset).filter(|node| tree.is_scalar(*node))?;
            let above = tree.parent(node);
            let shaped = document.shaped().iter();
            // each text of a localized text that names files
            let mut found = shaped.filter(|(it, _)| *it == node || Some(*it) == above);
            let what: PathTarget = found.find_map(|(_, shape)| shapes().get(*shape).path)?;
            let is_key = above.is_some_and(|it| tree.pairs(it).any(|(key, _)| key == node));
            let path =
                paths::resolve(&target.analysis, what, tree.text(node)).filter(|_| !is_key)?;
            Some((tree.span(node), path))
        })
}

/// The files that a document names.
///
/// # Errors
/// None of its own.
pub fn document_links(
    snapshot: &Snapshot,
    params: DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>, Failure> {
    let Some(target) = snapshot.target(&params.text_document.uri) else {
        return Ok(None);
    };
    let documents = &target.analysis.plugin().documents;
    let mut links: Vec<(Span, String)> = Vec::new();
    for document in target.roles().filter_map(|it| documents.get(it)) {
        let named = paths::in_document(&target.analysis, document).into_iter();
        links.extend(named.map(|it| (document.tree().span(it.node), it.path)));
    }
    links.sort();
    links.dedup();
    let links = links.into_iter().map(|(span, path)| DocumentLink {
        range: target.range(snapshot, span),
        target: Some(snapshot.uri(&target.analysis, &path)),
        tooltip: Some(path),
        data: None,
    });
    Ok(Some(links.collect()))
}
