//! Things that a finding says are missing and that can be begun for the author: a document, a
//! Python source, a language.

use super::edits;
use super::skeleton::{Gaps, lines, words};
use super::snapshot::{Snapshot, Target};
use crate::finding::{Edit, Finding};
use crate::format::{PathTarget, PlainType, Shape, shapes};
use crate::plugin::{Node, Plugin};
use crate::python::{Base, skeleton};
use crate::rules::named_sources as sources;
use crate::yaml::NodeId;
use crate::yaml::edit::{insert_entry, plain_or_quoted};
use lsp_types::WorkspaceEdit;

/// Creates the document that a path promises, with what one of its kind must have.
pub fn file(
    snapshot: &Snapshot,
    target: &Target,
    finding: &Finding,
) -> Option<(String, WorkspaceEdit)> {
    if finding.rule.0 != "path/missing-file" || !snapshot.client.creates_files {
        return None;
    }
    let plugin = target.analysis.plugin();
    let reference = plugin.references.iter().find(|it| {
        let document = plugin.documents.get(it.from);
        document.is_some_and(|document| document.place(it.node) == finding.place)
    })?;
    let path = reference.path.clone().filter(|path| {
        !reference.pattern && !path.is_empty() && plugin.files.kind(path).is_none()
    })?;
    let mut gaps = Filled {
        plugin,
        path: &path,
    };
    let lines = lines(shapes().root(reference.kind), &mut gaps);
    let text = lines.join("\n") + "\n";
    let edit = edits::creation(snapshot, &target.analysis, &path, &text);
    Some((format!("create the {} `{path}`", reference.kind), edit))
}

/// Creates the Python source that a path promises, with the classes that the SDK looks for in it.
pub fn source(
    snapshot: &Snapshot,
    target: &Target,
    finding: &Finding,
) -> Option<(String, WorkspaceEdit)> {
    if finding.rule.0 != "python/missing-source" || !snapshot.client.creates_files {
        return None;
    }
    let plugin = target.analysis.plugin();
    let named = sources(plugin)
        .into_iter()
        .find(|it| it.document.place(it.node) == finding.place)?;
    let path = named.written;
    let stem = path.rsplit('/').next()?.strip_suffix(".py")?;
    let is_clean = path
        .split('/')
        .all(|part| !part.starts_with('.') && !part.is_empty());
    if !is_clean || stem.is_empty() || plugin.files.kind(path).is_some() {
        return None;
    }
    let bases: Vec<Base> = named.wanted.iter().map(|(base, _)| *base).collect();
    let text = skeleton(stem, &bases)?;
    let edit = edits::creation(snapshot, &target.analysis, path, &text);
    Some((format!("create the source `{path}`"), edit))
}

/// Fills gaps with what is known: the file's own name, the author of the manifest.
struct Filled<'p> {
    plugin: &'p Plugin,
    path: &'p str,
}

impl Filled<'_> {
    fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The file's name as a title: `search_web` is `Search web`.
    fn title(&self) -> String {
        let words = self.stem().replace(['_', '-'], " ");
        let mut letters = words.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().collect::<String>() + letters.as_str(),
            None => words,
        }
    }
}

impl Gaps for Filled<'_> {
    fn gap(&mut self, path: &[&str], shape: &Shape) -> String {
        let words = words(shape);
        // Dify's own start for an endpoint; the first word of the list is `HEAD`
        if let Some(post) = words.iter().find(|word| *word == "POST") {
            return post.clone();
        }
        if let Some(word) = words.into_iter().next() {
            return word;
        }
        let first = shape.plain.types.iter().find(|it| **it != PlainType::Null);
        let text = match (path.last().copied().unwrap_or(""), first) {
            (_, _) if shape.path == Some(PathTarget::Python) => {
                format!(
                    "{}.py",
                    self.path
                        .rsplit_once('.')
                        .map_or(self.path, |(stem, _)| stem)
                )
            }
            (_, Some(PlainType::Array)) => return "[]".to_owned(),
            (_, Some(PlainType::Object)) => return "{}".to_owned(),
            (_, Some(PlainType::Integer | PlainType::Number)) => return "0".to_owned(),
            ("author", _) => {
                let manifest = self.plugin.manifest().and_then(Node::root);
                let author = manifest.and_then(|it| it.text_at("author"));
                author.unwrap_or("author").to_owned()
            }
            ("name" | "provider" | "model", _) => self.stem().to_owned(),
            ("path", _) => format!("/{}", self.stem()),
            _ => self.title(),
        };
        plain_or_quoted(&text, false)
    }
}

/// Adds the language that texts lack, with the English text to be translated.
pub fn locales(
    snapshot: &Snapshot,
    target: &Target,
    finding: &Finding,
) -> Vec<(String, WorkspaceEdit)> {
    if finding.rule.0 != "i18n/missing-locale" {
        return Vec::new();
    }
    let plugin = target.analysis.plugin();
    let Some(document) = plugin
        .documents
        .iter()
        .find(|it| **it.path() == *target.path)
    else {
        return Vec::new();
    };
    let tree = document.tree();
    // the finding points at one text and, by its labels, at others
    let places = std::iter::once(&finding.place).chain(finding.labels.iter().map(|it| &it.place));
    let places: Vec<_> = places.filter(|it| it.file == finding.place.file).collect();
    let mut texts: Vec<(NodeId, &'static Shape)> = Vec::new();
    for (node, shape) in document.shaped() {
        let key = tree.key_of(*node).unwrap_or(*node);
        if tree.is_mapping(*node) && places.iter().any(|place| place.span == tree.span(key)) {
            texts.push((*node, shapes().get(*shape)));
        }
    }
    let Some((_, shape)) = texts.first() else {
        return Vec::new();
    };
    let mut offers = Vec::new();
    for (locale, _) in shape.properties.iter() {
        if !finding.message.contains(&format!("`{locale}`")) {
            continue;
        }
        let changes: Vec<Edit> = texts
            .iter()
            .filter_map(|(text, shape)| added(target, document.tree(), *text, shape, locale))
            .collect();
        if !changes.is_empty() {
            let title = format!("add `{locale}` with the English text");
            let edit = edits::workspace_edit(snapshot, &target.analysis, &changes);
            offers.push((title, edit));
        }
    }
    offers
}

fn added(
    target: &Target,
    tree: &crate::yaml::Tree,
    text: NodeId,
    shape: &Shape,
    locale: &str,
) -> Option<Edit> {
    let english = tree.get(text, "en_US").filter(|it| tree.is_scalar(*it))?;
    if tree.get(text, locale).is_some() {
        return None;
    }
    let order = shape.properties.iter().map(|(key, _)| *key);
    let before: Vec<&str> = order.take_while(|key| *key != locale).collect();
    let value = plain_or_quoted(tree.text(english), false);
    let (span, text) = insert_entry(tree, text, &before, locale, &value)?;
    Some(Edit {
        file: target.path.as_str().into(),
        span,
        text,
    })
}
