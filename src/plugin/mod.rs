//! One plugin as a graph: its documents, what each refers to, and the files it would be packed with.

mod bundle;
mod discover;
mod load;
mod node;
mod packed;
mod reference;
mod renew;
mod shaped;

pub use bundle::{Carried, carried};
pub use discover::{DiscoverError, Target, discover, discover_telling, with_text};
pub use node::Node;
pub use packed::{IGNORE_FILES, Packed, Walk};
pub use reference::{Outcome, Reference};
pub use shaped::Stranger;

use crate::finding::Place;
use crate::format::DocumentKind;
use crate::source::{Changes, Content, Derived, EntryKind, Files, ReadError, SourceFile};
use crate::yaml::{NodeId, Tree};
use hashbrown::HashMap;
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// The name of the document that makes a folder a plugin.
pub const MANIFEST: &str = "manifest.yaml";

/// A YAML file, read and parsed once.
#[derive(Debug)]
pub struct Parsed {
    /// Its text.
    pub file: SourceFile,
    /// What the text says.
    pub tree: Tree,
}

impl Parsed {
    /// A file of this path that holds this; the one from before, if it was made of it.
    fn of(path: &str, content: Content, before: Option<&Arc<Self>>) -> Arc<Self> {
        if let Some(same) = before.filter(|it| it.file.is_made_of(&content)) {
            return same.clone();
        }
        let file = SourceFile::new(path, content);
        let tree = Tree::of(file.shared_text());
        Arc::new(Self { file, tree })
    }
}

/// A YAML file in one of its roles. The same file may have several.
#[derive(Clone, Debug)]
pub struct Document {
    /// What its referrer takes it for.
    pub kind: DocumentKind,
    /// The file.
    pub parsed: Arc<Parsed>,
    /// The daemon decodes it in this role.
    pub daemon: bool,
    /// The SDK loads it in this role.
    pub sdk: bool,
    /// The document that refers to it and the node there; `None` for the manifest.
    pub parent: Option<(usize, NodeId)>,
    known: Arc<Known>,
}

/// What follows from the text and the kind of a document; found on first use.
#[derive(Debug, Default)]
struct Known {
    shaped: OnceLock<shaped::Shaped>,
    derived: Derived,
}

impl Document {
    /// What follows from the text and the kind of the document, and from nothing else. It is made
    /// once, and kept for as long as the text stays the same.
    pub fn derived<T: Any + Send + Sync>(&self, make: impl FnOnce(&Self) -> T) -> Arc<T> {
        self.known.derived.get(|| make(self))
    }

    /// Path relative to the plugin root.
    pub fn path(&self) -> &Arc<str> {
        self.parsed.file.path()
    }

    /// What the file says.
    #[inline]
    pub fn tree(&self) -> &Tree {
        &self.parsed.tree
    }

    /// The place of a node.
    pub fn place(&self, node: NodeId) -> Place {
        Place {
            file: self.path().clone(),
            span: self.tree().span(node),
        }
    }

    /// The top mapping, aliases followed; `None` when the document is anything else.
    pub fn root(&self) -> Option<NodeId> {
        let tree = self.tree();
        tree.root()
            .and_then(|root| tree.target(root))
            .filter(|root| tree.is_mapping(*root))
    }
}

/// A file and what its referrer takes it for.
type Role = (Arc<str>, DocumentKind);

/// A loaded plugin.
pub struct Plugin {
    /// Its files.
    pub files: Arc<dyn Files>,
    /// Documents in the order in which they are reached; the manifest is the first, if it could
    /// be read.
    pub documents: Vec<Document>,
    /// What documents refer to.
    pub references: Vec<Reference>,
    /// Patterns that match at least one file: the document and the node.
    pub matched: hashbrown::HashSet<(usize, NodeId)>,
    /// Patterns through which the SDK finds a position file: the document and the node.
    pub position_patterns: hashbrown::HashSet<(usize, NodeId)>,
    /// Why the manifest could not be read.
    pub manifest_error: Option<ReadError>,
    /// The files that the packager would take.
    pub packed: Arc<Packed>,
    parsed: HashMap<Arc<str>, Result<Arc<Parsed>, ReadError>>,
    roles: Arc<HashMap<Role, usize>>,
    matches: HashMap<String, Arc<load::Matches>>,
    in_order: OnceLock<Vec<Arc<Parsed>>>,
    /// Documents that an earlier state of the plugin had, whose files did not change since. While a
    /// provider cannot be read, what it names rests here.
    resting: HashMap<Role, Document>,
}

/// More documents do not rest.
const MOST_RESTING: usize = 2000;

impl Plugin {
    /// Loads what the manifest reaches, each file once.
    pub fn load(files: Arc<dyn Files>) -> Self {
        load::load(files, None)
    }

    /// Loads a plugin whose state before is known: documents that did not change are taken over.
    pub fn load_again(files: Arc<dyn Files>, before: &Self, changes: &Changes) -> Self {
        renew::renew(&files, before, changes)
            .unwrap_or_else(|| load::load(files, Some((before, changes))))
    }

    /// The manifest, if it could be read.
    pub fn manifest(&self) -> Option<&Document> {
        self.documents.first().filter(|document| {
            matches!(document.kind, DocumentKind::Manifest | DocumentKind::Bundle)
        })
    }

    /// The documents of a kind.
    pub fn of_kind(&self, kind: DocumentKind) -> impl Iterator<Item = &Document> {
        self.documents
            .iter()
            .filter(move |document| document.kind == kind)
    }

    /// The document of a file in a role, here or resting.
    fn same(&self, key: &Role, parsed: &Arc<Parsed>) -> Option<&Document> {
        let here = self.roles.get(key).and_then(|at| self.documents.get(*at));
        let document = here.or_else(|| self.resting.get(key))?;
        Arc::ptr_eq(&document.parsed, parsed).then_some(document)
    }

    /// How a file was read that some document reaches, or reached in this role.
    fn read(&self, path: &str, kind: DocumentKind) -> Option<Result<Arc<Parsed>, ReadError>> {
        if let Some(known) = self.parsed.get(path) {
            return Some(known.clone());
        }
        if self.resting.is_empty() {
            return None;
        }
        let resting = self.resting.get(&(path.into(), kind))?;
        Some(Ok(resting.parsed.clone()))
    }

    /// What rests from now on: what this state had and the next, which has these roles, has not.
    fn rest(&self, changes: &Changes, roles: &HashMap<Role, usize>) -> HashMap<Role, Document> {
        let here = self.documents.iter();
        let here = here.map(|it| ((it.path().clone(), it.kind), it));
        let resting = self.resting.iter().map(|(key, it)| (key.clone(), it));
        here.chain(resting)
            .filter(|(key, _)| !roles.contains_key(key) && changes.spare(&key.0))
            .take(MOST_RESTING)
            .map(|(key, document)| (key, document.clone()))
            .collect()
    }

    /// A YAML file that some document reaches.
    pub fn parsed(&self, path: &str) -> Option<&Arc<Parsed>> {
        self.parsed.get(path)?.as_ref().ok()
    }

    /// The files that some document reaches and that could not be read, the manifest aside, in order
    /// of path.
    pub fn unread_files(&self) -> Vec<(&str, &ReadError)> {
        let mut files: Vec<_> = self
            .parsed
            .iter()
            .filter_map(|(path, file)| Some((&**path, file.as_ref().err()?)))
            .filter(|(path, _)| *path != MANIFEST)
            .collect();
        files.sort_by_key(|(path, _)| *path);
        files
    }

    /// Every YAML file that was read, in order of path.
    pub fn parsed_files(&self) -> &[Arc<Parsed>] {
        self.in_order.get_or_init(|| {
            let files = self.parsed.values().filter_map(|file| file.as_ref().ok());
            let mut files: Vec<_> = files.cloned().collect();
            files.sort_by(|a, b| a.file.path().cmp(b.file.path()));
            files
        })
    }

    /// True if the plugin has a regular file of this path, written exactly so.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.kind(path).is_some_and(EntryKind::is_file)
    }
}
