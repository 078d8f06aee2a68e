//! Names that a document declares and Python reads: parameters, credentials, settings.

use super::completion::Draft;
use super::projects::Analysis;
use super::snapshot::Target;
use crate::finding::{Place, Span};
use crate::format::{PathTarget, shapes};
use crate::plugin::{Document, Plugin};
use crate::python::Sources;
use crate::python::usage::Map;
use crate::yaml::{NodeId, Tree};
use lsp_types::CompletionItemKind;
use std::collections::BTreeSet;

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The document, an index of the plugin's.
    pub document: usize,
    /// The map in which Python gets its value.
    pub map: Map,
    /// Its name.
    pub name: String,
    /// The text or the key that says so.
    pub node: NodeId,
}

/// The map of what is called so in the schemas.
fn map_of(noun: &str) -> Option<Map> {
    Some(match noun {
        "parameter" => Map::Parameters,
        "credential" => Map::Credentials,
        "client setting" => Map::SystemCredentials,
        "setting" => Map::Settings,
        "subscription field" => Map::Properties,
        _ => return None,
    })
}

/// What people call a field of such a map.
pub const fn word(map: Map) -> &'static str {
    match map {
        Map::Parameters => "parameter",
        Map::Credentials => "credential",
        Map::SystemCredentials => "client credential",
        Map::Settings => "setting",
        Map::Properties => "subscription field",
    }
}

/// The fields that a document declares, in order of place.
pub fn declared_in(plugin: &Plugin, document: usize) -> Vec<Declared> {
    let Some(found) = plugin.documents.get(document) else {
        return Vec::new();
    };
    let tree = found.tree();
    let fields = found.shaped().iter().filter_map(|(field, shape)| {
        let map = map_of(shapes().get(*shape).noun)?;
        let node = name_node(tree, *field)?;
        Some(Declared {
            document,
            map,
            name: tree.text(node).to_owned(),
            node,
        })
    });
    fields.filter(|it| !it.name.is_empty()).collect()
}

/// The node that names a field: a text in it, or the key under which it stands.
fn name_node(tree: &Tree, field: NodeId) -> Option<NodeId> {
    if let Some(key) = tree.key_of(field) {
        return Some(key);
    }
    let name = tree
        .get(field, "name")
        .or_else(|| tree.get(field, "variable"));
    name.filter(|name| tree.is_scalar(*name))
}

/// All that one name stands for.
#[derive(Debug)]
pub struct Name {
    /// The field.
    pub declared: Declared,
    /// Every place where it is declared: a sign-in may grant what people may also fill in.
    pub declarations: Vec<Place>,
    /// Conditions in the same document that look at it.
    pub conditions: Vec<Place>,
    /// Where Python reads it: the text between the quotes.
    pub reads: Vec<Place>,
    /// Reads whose text is not just the name in quotes.
    pub odd_reads: Vec<Place>,
}

impl Name {
    /// Every place, declarations first.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.declarations
            .iter()
            .chain(&self.conditions)
            .chain(&self.reads)
    }
}

/// The name at an offset of a file, and the span of what stands there.
pub fn at(target: &Target, offset: u32) -> Option<(Name, Span)> {
    let analysis = &target.analysis;
    let sources = Sources::new(analysis.files().as_ref());
    if target.path.ends_with(".py") {
        let (map, key, span) = read_at(target, &sources, offset)?;
        let owners = owners(analysis, &sources, &target.path, map);
        let declared = owners
            .into_iter()
            .flat_map(|owner| declared_in(analysis.plugin(), owner))
            .find(|it| it.map == map && *it.name == *key)?;
        return Some((name(analysis, &sources, declared), span));
    }
    target.roles().find_map(|document| {
        let tree = analysis.plugin().documents.get(document)?.tree();
        let node = tree.node_at(offset)?;
        let mut declared = declared_in(analysis.plugin(), document).into_iter();
        let mentioned = || {
            conditions(tree)
                .find(|it| *it == node)
                .map(|_| tree.text(node))
        };
        let found = match mentioned() {
            Some(name) => declared.find(|it| it.name == name),
            None => declared.find(|it| it.node == node),
        };
        Some((name(analysis, &sources, found?), tree.span(node)))
    })
}

/// Everything about a field.
fn name(analysis: &Analysis, sources: &Sources<'_>, declared: Declared) -> Name {
    let plugin = analysis.plugin();
    let mut name = Name {
        declarations: Vec::new(),
        conditions: Vec::new(),
        reads: Vec::new(),
        odd_reads: Vec::new(),
        declared,
    };
    let owner = name.declared.document;
    let same = |it: &Declared| it.map == name.declared.map && it.name == name.declared.name;
    if let Some(document) = plugin.documents.get(owner) {
        let tree = document.tree();
        let declarations = declared_in(plugin, owner).into_iter().filter(same);
        name.declarations = declarations.map(|it| document.place(it.node)).collect();
        name.conditions = conditions(tree)
            .filter(|node| tree.text(*node) == name.declared.name)
            .map(|node| document.place(node))
            .collect();
    }
    let mut seen = BTreeSet::new();
    for member in family(plugin, owner, name.declared.map) {
        for path in python_of(member, sources) {
            let closure = sources.closure(&path);
            for (module, read) in closure.reads(name.declared.map) {
                let same = *read.key == *name.declared.name;
                if !same || !seen.insert((module.path.clone(), read.span)) {
                    continue;
                }
                let place = |span| Place {
                    file: module.path.clone(),
                    span,
                };
                match between_quotes(analysis, &module.path, read.span, &read.key) {
                    Some(span) => name.reads.push(place(span)),
                    None => name.odd_reads.push(place(read.span)),
                }
            }
        }
    }
    name
}

/// Texts of conditions that name a field.
fn conditions(tree: &Tree) -> impl Iterator<Item = NodeId> {
    tree.nodes().filter(|node| {
        let key = tree.key_of(*node).map(|key| tree.text(key));
        let beside = |key| tree.parent(*node).and_then(|it| tree.get(it, key));
        key == Some("variable") && beside("value").is_some() && beside("label").is_none()
    })
}

/// The documents whose code gets a map of the owner's: its own, or that of all that a provider
/// lists.
fn family(plugin: &Plugin, owner: usize, map: Map) -> Vec<&Document> {
    let own = plugin.documents.get(owner).into_iter();
    let children = plugin.documents.iter().filter(|document| {
        map != Map::Parameters && document.parent.is_some_and(|(parent, _)| parent == owner)
    });
    own.chain(children).collect()
}

/// The documents that declare what a source gets in a map.
fn owners(analysis: &Analysis, sources: &Sources<'_>, path: &str, map: Map) -> Vec<usize> {
    let plugin = analysis.plugin();
    let mut found = BTreeSet::new();
    for (index, document) in plugin.documents.iter().enumerate() {
        let reaches = |named: String| {
            let closure = sources.closure(&named);
            closure.modules.iter().any(|module| *module.path == *path)
        };
        if python_of(document, sources).into_iter().any(reaches) {
            found.insert(index);
            if map != Map::Parameters {
                found.extend(document.parent.map(|(parent, _)| parent));
            }
        }
    }
    found.into_iter().collect()
}

/// The sources that a document names.
pub fn python_of(document: &Document, sources: &Sources<'_>) -> Vec<String> {
    let tree = document.tree();
    let named = document.shaped().iter().filter(|(node, shape)| {
        shapes().get(*shape).path == Some(PathTarget::Python) && tree.is_scalar(*node)
    });
    named
        .filter_map(|(node, _)| sources.locate(tree.text(*node)).ok())
        .collect()
}

/// The key that is read at an offset of a source.
fn read_at(target: &Target, sources: &Sources<'_>, offset: u32) -> Option<(Map, Box<str>, Span)> {
    let module = sources.module(&target.path).ok()?;
    let read = module
        .usage
        .reads
        .iter()
        .find(|it| it.span.touches(offset))?;
    let inside = between_quotes(&target.analysis, &target.path, read.span, &read.key);
    Some((read.map, read.key.clone(), inside.unwrap_or(read.span)))
}

/// The span of a literal's text; `None` unless the literal is just that text in quotes.
fn between_quotes(analysis: &Analysis, path: &str, span: Span, key: &str) -> Option<Span> {
    let file = analysis.file(path)?;
    let literal = file.slice(span);
    let quoted = ['"', '\''].iter().any(|quote| {
        literal
            .strip_prefix(*quote)
            .and_then(|it| it.strip_suffix(*quote))
            == Some(key)
    });
    quoted.then(|| Span::new(span.start + 1, span.end - 1))
}

/// The names that may be read at an offset of a source, and what they replace.
pub fn completions(target: &Target, offset: u32) -> Option<(Span, Vec<Draft>)> {
    let analysis = &target.analysis;
    let sources = Sources::new(analysis.files().as_ref());
    let (map, _, span) = read_at(target, &sources, offset)?;
    let mut seen = BTreeSet::new();
    let owners = owners(analysis, &sources, &target.path, map).into_iter();
    let drafts = owners
        .flat_map(|owner| declared_in(analysis.plugin(), owner))
        .filter(|it| it.map == map && seen.insert(it.name.clone()))
        .filter_map(|it| {
            let document = analysis.plugin().documents.get(it.document)?;
            let detail = format!("{} of {}", word(map), document.path());
            Some(Draft::literal(&it.name, CompletionItemKind::Field, detail))
        });
    Some((span, drafts.collect()))
}

/// Another document that declares the same name and shares code that reads it.
pub fn sharing(analysis: &Analysis, name: &Name) -> Option<String> {
    let plugin = analysis.plugin();
    let sources = Sources::new(analysis.files().as_ref());
    let files: BTreeSet<&str> = name.reads.iter().map(|place| &*place.file).collect();
    let own = plugin.documents.get(name.declared.document)?;
    files.into_iter().find_map(|file| {
        let owners = owners(analysis, &sources, file, name.declared.map);
        owners.into_iter().find_map(|owner| {
            let document = plugin.documents.get(owner)?;
            let same = |it: &Declared| it.map == name.declared.map && it.name == name.declared.name;
            let other =
                document.path() != own.path() && declared_in(plugin, owner).iter().any(same);
            other.then(|| document.path().to_string())
        })
    })
}
