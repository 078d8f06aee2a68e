//! The code behind a document: its source, what that imports, and the class the SDK looks for.

use super::sources::{self, Named};
use super::{Context, Draft};
use crate::finding::{Place, Span};
use crate::format::DocumentKind;
use crate::plugin::{Document, Node, Plugin};
use crate::python::{Closure, Found, Module};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The code behind a document.
pub struct Code<'p> {
    /// The source as the document names it.
    pub named: Named<'p>,
    /// Its file.
    pub path: String,
    /// The file and what it imports.
    pub closure: Arc<Closure>,
    /// The classes that the SDK finds there, one for each kind it looks for.
    pub classes: Vec<Arc<Found>>,
}

/// The code behind one document.
pub fn of<'p>(document: &'p Document, cx: &Context<'p>) -> Vec<Arc<Code<'p>>> {
    cx.shared().code(document, || {
        let named = sources::of_document(cx.plugin(), document).into_iter();
        let found = named.filter_map(|named| code(named, cx));
        found.map(Arc::new).collect()
    })
}

fn code<'p>(named: Named<'p>, cx: &Context<'_>) -> Option<Code<'p>> {
    let path = cx.python().locate(named.written).ok()?;
    let mut classes = Vec::new();
    for (base, _) in &named.wanted {
        let found = cx.python().subclasses(&path, *base).ok()?;
        classes.extend(found.iter().filter(|found| found.certain).cloned());
    }
    let closure = cx.python().closure(&path);
    Some(Code {
        named,
        path,
        closure,
        classes,
    })
}

/// The code behind a provider and everything that it lists.
pub fn of_family<'p>(provider: &'p Document, cx: &Context<'p>) -> Vec<Arc<Code<'p>>> {
    let documents = &cx.plugin().documents;
    let index = documents
        .iter()
        .position(|document| std::ptr::eq(document, provider));
    let children = documents.iter().filter(|document| {
        document.sdk
            && document
                .parent
                .is_some_and(|(parent, _)| Some(parent) == index)
    });
    std::iter::once(provider)
        .chain(children)
        .flat_map(|document| of(document, cx))
        .collect()
}

/// Sources by their paths.
pub type Modules = BTreeMap<Arc<str>, Arc<Module>>;

/// Every source that some document reaches, once, by path.
pub fn modules(cx: &Context<'_>) -> Arc<Modules> {
    cx.shared().modules(|| {
        let mut found = Modules::new();
        for named in cx.named_sources().iter() {
            let Ok(path) = cx.python().locate(named.written) else {
                continue;
            };
            for module in &cx.python().closure(&path).modules {
                found
                    .entry(module.path.clone())
                    .or_insert_with(|| module.clone());
            }
        }
        found
    })
}

/// The code behind the documents of a kind.
pub fn of_kinds<'p>(
    kinds: &[DocumentKind],
    cx: &Context<'p>,
) -> Vec<(Node<'p>, Vec<Arc<Code<'p>>>)> {
    let documents = cx.plugin().documents.iter();
    let documents = documents.filter(|it| it.sdk && kinds.contains(&it.kind));
    documents
        .filter_map(|document| Some((Node::root(document)?, of(document, cx))))
        .collect()
}

impl Code<'_> {
    /// Where the class of this code is defined, or the start of the file.
    pub fn place(&self) -> Place {
        let class = self.classes.first();
        let file = class.and_then(|class| class.file.clone());
        match (class, file) {
            (Some(class), Some(file)) => Place {
                file,
                span: class.span,
            },
            _ => Place {
                file: self.path.as_str().into(),
                span: Span::at(0),
            },
        }
    }

    /// True if a class of this code defines the method, or may do so.
    pub fn has_method(&self, name: &str) -> bool {
        self.classes.iter().any(|class| {
            class.dynamic
                || class
                    .methods
                    .iter()
                    .any(|method| method.name.as_ref() == name)
        })
    }
}

/// A finding at a place of a Python source.
pub fn in_source(module: &Module, span: Span, message: impl Into<String>) -> Draft {
    Draft::new(
        Place {
            file: module.path.clone(),
            span,
        },
        message,
    )
}

/// The file that `python -m` runs.
pub fn started_by(module: &str, plugin: &Plugin) -> Option<String> {
    let path = module.replace('.', "/");
    if module.contains('/') || module.split('.').any(str::is_empty) {
        return None;
    }
    [format!("{path}.py"), format!("{path}/__main__.py")]
        .into_iter()
        .find(|path| plugin.has_file(path))
}
