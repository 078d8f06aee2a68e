use super::client::Client;
use super::documents::{Document, Documents};
use super::failure::Failure;
use super::position::Lines;
use super::projects::{self, Analysis, Projects};
use super::uri;
use crate::finding::{Place, Span};
use crate::format::DocumentKind;
use crate::source::{SourceFile, parent};
use lsp_types::{Location, Position, Range, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Counts the states of every plugin.
#[derive(Clone, Debug, Default)]
pub struct Stamps {
    clock: u64,
    epoch: u64,
    roots: Arc<BTreeMap<PathBuf, Stamp>>,
}

/// A state of a plugin: equal to another if nothing is known to have changed between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The state.
    pub state: u64,
    /// The state of what is not the text of an open document.
    pub disk: u64,
}

impl Stamps {
    /// The text of an open document of this plugin changed.
    pub fn touch_text(&mut self, root: &Path) {
        let disk = self.of(root).disk;
        self.set(root, Some(disk));
    }

    /// Something in this plugin changed.
    pub fn touch(&mut self, root: &Path) {
        self.set(root, None);
    }

    fn set(&mut self, root: &Path, disk: Option<u64>) {
        self.clock += 1;
        let stamp = Stamp {
            state: self.clock,
            disk: disk.unwrap_or(self.clock),
        };
        Arc::make_mut(&mut self.roots).insert(root.to_path_buf(), stamp);
    }

    /// Anything may have changed.
    pub fn touch_all(&mut self) {
        self.clock += 1;
        self.epoch = self.clock;
        self.roots = Arc::default();
    }

    /// The state of a plugin.
    pub fn of(&self, root: &Path) -> Stamp {
        let known = self.roots.get(root).copied();
        known.unwrap_or(Stamp {
            state: self.epoch,
            disk: self.epoch,
        })
    }
}

/// Everything as it was when a request came in. Later edits do not change it.
#[derive(Clone)]
pub struct Snapshot {
    /// What the client can do.
    pub client: Arc<Client>,
    /// The open documents.
    pub documents: Documents,
    /// The folders of the workspace.
    pub folders: Arc<Vec<PathBuf>>,
    /// The state of each plugin.
    pub stamps: Stamps,
    /// The plugins.
    pub projects: Arc<Projects>,
    /// Set when nobody waits for the answer any more.
    pub cancelled: Arc<AtomicBool>,
}

/// A file of a plugin, in its state at the time of the request.
pub struct Target {
    /// The plugin.
    pub analysis: Arc<Analysis>,
    /// Path relative to the plugin root.
    pub path: String,
    /// The text.
    pub file: SourceFile,
}

impl Snapshot {
    /// # Errors
    /// When the client took its request back.
    pub fn check_cancelled(&self) -> Result<(), Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Failure::cancelled())
        } else {
            Ok(())
        }
    }

    /// The plugin in a folder.
    pub fn analysis(&self, root: PathBuf) -> Arc<Analysis> {
        let stamp = self.stamps.of(&root);
        let watched = self.client.watches;
        self.projects.get(root, stamp, &self.documents, watched)
    }

    /// The file of a URI; `None` when it belongs to no plugin or cannot be read.
    pub fn target(&self, uri: &Uri) -> Option<Target> {
        let path = uri::to_path(uri)?;
        let root = projects::root_of(&path, &self.documents)?;
        let inner = projects::inner(&root, &path)?;
        let analysis = self.analysis(root);
        let file = analysis.file(&inner)?;
        Some(Target {
            analysis,
            path: inner,
            file,
        })
    }

    /// Lines and columns of a file of a plugin.
    pub fn lines<'f>(&self, analysis: &Analysis, file: &'f SourceFile) -> Lines<'f> {
        let open = self
            .documents
            .get(&analysis.absolute(file.path()))
            .is_some();
        Lines::of(file, open, self.client.encoding)
    }

    /// The open document of a plugin's file.
    pub fn document(&self, analysis: &Analysis, path: &str) -> Option<&Document> {
        self.documents.get(&analysis.absolute(path))
    }

    /// The URI of a plugin's file, written as the client writes it where it has the file open.
    pub fn uri(&self, analysis: &Analysis, path: &str) -> Uri {
        let absolute = analysis.absolute(path);
        match self.documents.get(&absolute) {
            Some(document) => document.uri.clone(),
            None => uri::of_path(&absolute),
        }
    }

    /// The range of a span in a plugin's file; the start of the file when it cannot be read.
    pub fn range(&self, analysis: &Analysis, path: &str, span: Span) -> Range {
        analysis.file(path).map_or_else(Range::default, |file| {
            self.lines(analysis, &file).range(span)
        })
    }

    /// A place as the client finds it.
    pub fn location(&self, analysis: &Analysis, place: &Place) -> Location {
        Location {
            uri: self.uri(analysis, &place.file),
            range: self.range(analysis, &place.file, place.span),
        }
    }
}

impl Target {
    /// The byte at a position.
    pub fn offset(&self, snapshot: &Snapshot, position: Position) -> u32 {
        snapshot.lines(&self.analysis, &self.file).offset(position)
    }

    /// The range of a span of this file.
    pub fn range(&self, snapshot: &Snapshot, span: Span) -> Range {
        snapshot.lines(&self.analysis, &self.file).range(span)
    }
}

impl Target {
    /// What the file is to the plugin. A YAML file that nothing refers to yet is taken for what its
    /// neighbours are.
    pub fn kind(&self) -> Option<DocumentKind> {
        let documents = &self.analysis.plugin().documents;
        let own = documents.iter().find(|it| **it.path() == *self.path);
        let neighbour = || {
            let is_yaml = self.path.ends_with(".yaml") || self.path.ends_with(".yml");
            let folder = parent(&self.path);
            documents
                .iter()
                .filter(|_| is_yaml && !folder.is_empty())
                .find(|it| parent(it.path()) == folder)
        };
        own.or_else(neighbour).map(|document| document.kind)
    }

    /// The roles that the file has in the plugin, by their indices.
    pub fn roles(&self) -> impl Iterator<Item = usize> {
        let documents = self.analysis.plugin().documents.iter().enumerate();
        documents
            .filter(|(_, document)| **document.path() == *self.path)
            .map(|(index, _)| index)
    }
}
