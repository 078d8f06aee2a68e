//! The lowest Dify, daemon and SDK that have every feature which a plugin uses.
//!
//! The floors stand in the schemas (`since`). A *hard* feature is refused or lost with all that
//! hangs on it by an older release, and raises the floor; a *soft* one is ignored, and the plugin
//! works without it: it is told, but raises nothing.

mod releases;

pub use releases::{Releases, before, releases, version};

use crate::finding::{Place, Span};
use crate::format::{Form, Plain, PlainType, Shape, Since, pattern, shapes};
use crate::plugin::{Document, Plugin};
use crate::threads;
use crate::yaml::{Kind, NodeId, go};
use hashbrown::HashMap;
use std::sync::Arc;

/// One of the three parts that have releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The platform.
    Dify,
    /// The plugin daemon.
    Daemon,
    /// The Python SDK.
    Sdk,
}

/// A feature with a floor, at the first place that uses it.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The feature in words.
    pub feature: &'static str,
    /// Where it is used.
    pub place: Place,
    /// The JSON Pointer of that place.
    pub pointer: String,
    /// First Dify release that has it.
    pub dify: Option<&'static str>,
    /// First daemon release.
    pub daemon: Option<&'static str>,
    /// First SDK release.
    pub sdk: Option<&'static str>,
    /// Older releases ignore it.
    pub soft: bool,
    /// It is the kind of the plugin.
    whole: bool,
}

impl Cause {
    /// The first release of a part that has the feature.
    pub const fn since(&self, part: Part) -> Option<&'static str> {
        match part {
            Part::Dify => self.dify,
            Part::Daemon => self.daemon,
            Part::Sdk => self.sdk,
        }
    }

    /// True if no release has this feature and not the other: a trigger plugin needs nothing
    /// newer for having parameters.
    fn implies(&self, other: &Self) -> bool {
        [Part::Dify, Part::Daemon, Part::Sdk]
            .into_iter()
            .all(|part| match (self.since(part), other.since(part)) {
                (_, None) => true,
                (Some(own), Some(other)) => !before(own, other),
                (None, Some(_)) => false,
            })
    }
}

/// What a plugin requires.
#[derive(Clone, Debug, Default)]
pub struct Requires {
    /// Every feature with a floor, once, where it stands first: hard ones before soft ones, the
    /// highest Dify first. What the kind of the plugin implies is left out.
    pub causes: Vec<Cause>,
}

impl Requires {
    /// Walks over everything that the documents of the plugin use.
    pub fn of(plugin: &Plugin) -> Self {
        threads::ahead(&plugin.documents, |document| _ = document.derived(Used::of));
        let mut found = Found::default();
        for document in &plugin.documents {
            of_document(document, &mut found);
        }
        of_files(plugin, &mut found);
        let mut causes = found.causes;
        let kinds: Vec<Cause> = causes.iter().filter(|cause| cause.whole).cloned().collect();
        causes.retain(|cause| cause.whole || !kinds.iter().any(|kind| kind.implies(cause)));
        let key = |text: Option<&str>| text.and_then(version);
        causes.sort_by_cached_key(|cause| {
            std::cmp::Reverse((
                !cause.soft,
                key(cause.dify),
                key(cause.sdk),
                key(cause.daemon),
            ))
        });
        Self { causes }
    }

    /// The hard feature that needs the newest release of a part; `None` when every release will do.
    pub fn floor(&self, part: Part) -> Option<(&Cause, &'static str)> {
        let hard = self.causes.iter().filter(|cause| !cause.soft);
        let mut highest: Option<(&Cause, &'static str)> = None;
        for cause in hard {
            let Some(since) = cause.since(part) else {
                continue;
            };
            if highest.is_none_or(|(_, highest)| before(highest, since)) {
                highest = Some((cause, since));
            }
        }
        highest
    }
}

#[derive(Default)]
struct Found {
    causes: Vec<Cause>,
    by_feature: HashMap<&'static str, usize>,
}

impl Found {
    fn add(&mut self, since: &'static Since, document: &Document, node: NodeId) {
        let whole = document.root() == Some(node);
        if let Some(known) = self.by_feature.get(since.feature) {
            if let Some(cause) = self.causes.get_mut(*known) {
                cause.soft &= since.soft;
                cause.whole |= whole;
            }
            return;
        }
        self.by_feature.insert(since.feature, self.causes.len());
        let tree = document.tree();
        let shown = match tree.key_of(node) {
            Some(key) if !tree.is_scalar(node) => key,
            _ => node,
        };
        self.causes.push(Cause {
            feature: since.feature,
            place: document.place(shown),
            pointer: tree.pointer(node),
            dify: since.dify,
            daemon: since.daemon,
            sdk: since.sdk,
            soft: since.soft,
            whole,
        });
    }
}

fn of_document(document: &Document, found: &mut Found) {
    for (since, node) in &document.derived(Used::of).0 {
        found.add(since, document, *node);
    }
}

/// What a document uses that has a floor, and where.
struct Used(Vec<(&'static Since, NodeId)>);

impl Used {
    fn of(document: &Document) -> Self {
        let mut used = Vec::new();
        let shapes = shapes();
        for (node, shape) in document.shaped() {
            let shape = shapes.get(*shape);
            if !shape.has_floors || is_unused(document, *node) {
                continue;
            }
            used.extend(shape.since.as_ref().map(|since| (since, *node)));
            let forms = shape.forms.iter();
            let forms = forms.filter(|form| has_form(document, *node, form));
            used.extend(forms.map(|form| (&form.since, *node)));
            used.extend(of_value(document, *node, shape).map(|since| (since, *node)));
        }
        Self(used)
    }
}

/// An empty value uses nothing; an empty list of providers makes no plugin of that kind.
fn is_unused(document: &Document, node: NodeId) -> bool {
    let tree = document.tree();
    match tree.target(node) {
        Some(node) if tree.is_scalar(node) => go::is_null(tree, node) || tree.text(node).is_empty(),
        Some(node) if tree.is_sequence(node) => tree.items(node).is_empty(),
        Some(_) => false,
        None => true,
    }
}

fn of_value(document: &Document, node: NodeId, shape: &'static Shape) -> Option<&'static Since> {
    let tree = document.tree();
    let node = tree.target(node).filter(|node| tree.is_scalar(*node))?;
    let text = tree.text(node);
    shape
        .values
        .iter()
        .find(|value| value.value == text)?
        .since
        .as_ref()
}

fn has_form(document: &Document, node: NodeId, form: &Form) -> bool {
    let Plain {
        types,
        words,
        pattern: wanted,
        ..
    } = &form.condition;
    let tree = document.tree();
    let Some(node) = tree.target(node) else {
        return false;
    };
    let text = tree.is_scalar(node).then(|| tree.text(node));
    (types.is_empty() || types.contains(&type_of(document, node)))
        && (words.is_empty() || text.is_some_and(|text| words.contains(&text)))
        && wanted
            .as_ref()
            .is_none_or(|it| text.is_some_and(|text| pattern::matches(it, text)))
}

fn type_of(document: &Document, node: NodeId) -> PlainType {
    let tree = document.tree();
    match tree.kind(node) {
        Kind::Sequence { .. } => PlainType::Array,
        Kind::Mapping { .. } => PlainType::Object,
        Kind::Alias => PlainType::Null,
        Kind::Scalar(_) => match go::resolve(tree, node) {
            Ok(go::Scalar::Null) => PlainType::Null,
            Ok(go::Scalar::Bool(_)) => PlainType::Boolean,
            Ok(go::Scalar::Int(_) | go::Scalar::Uint(_)) => PlainType::Integer,
            Ok(go::Scalar::Float(_)) => PlainType::Number,
            _ => PlainType::String,
        },
    }
}

/// Older daemons look for `requirements.txt` alone. With a `uv.lock` the packager writes one.
fn of_files(plugin: &Plugin, found: &mut Found) {
    const PYPROJECT: &str = "pyproject.toml";
    if plugin.manifest().is_none()
        || !plugin.has_file(PYPROJECT)
        || plugin.has_file("requirements.txt")
        || plugin.has_file("uv.lock")
    {
        return;
    }
    let fact = &releases().pyproject_alone;
    found.causes.push(Cause {
        feature: fact.feature,
        place: Place {
            file: Arc::from(PYPROJECT),
            span: Span::at(0),
        },
        pointer: String::new(),
        dify: Some(fact.dify),
        daemon: Some(fact.daemon),
        sdk: None,
        soft: false,
        whole: false,
    });
}
