//! The plugins that open documents belong to, each analysed once for every state of its texts.

use super::documents::Documents;
use super::settings;
use super::snapshot::Stamp;
use crate::plugin::{MANIFEST, Plugin};
use crate::policy::{ConfigError, Policy};
use crate::report::PluginReport;
use crate::rules::Recall;
use crate::source::{
    Changes, Files, Folder, Kept, Memory, Noticing, Overlay, Shelf, SourceFile, held,
};
use hashbrown::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// How many folders above a file are looked into for a manifest.
const MAX_DEPTH: usize = 32;

/// The folder of the plugin that a file belongs to: the nearest above it that has a manifest, be it
/// on the disk or in the editor.
pub fn root_of(path: &Path, documents: &Documents) -> Option<PathBuf> {
    path.ancestors()
        .skip(1)
        .take(MAX_DEPTH)
        .find(|folder| is_root(folder, documents))
        .map(Path::to_path_buf)
}

/// True for a folder that has a manifest, on the disk or in the editor.
pub fn is_root(folder: &Path, documents: &Documents) -> bool {
    documents.get(&folder.join(MANIFEST)).is_some() || Folder::new(folder).kind(MANIFEST).is_some()
}

/// The path of a file as the plugin in `root` calls it.
pub fn inner(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    Some(rest.to_string_lossy().replace('\\', "/"))
}

/// What is known of a plugin from its earlier states. It makes an analysis quick and changes nothing
/// in it.
#[derive(Default)]
struct Past {
    shelf: Arc<Shelf>,
    look: Mutex<Option<Look>>,
    plugin: Mutex<Option<Seen<Arc<Plugin>>>>,
    recall: Mutex<Option<Seen<Recall>>>,
    ruled: Mutex<Option<Ruled>>,
}

/// What the configurations came to at a look.
struct Ruled {
    look: u64,
    texts: settings::Texts,
    policy: Arc<Result<Policy, ConfigError>>,
}

/// One look at the disk.
#[derive(Clone)]
struct Look {
    number: u64,
    disk: u64,
    began: Instant,
    kept: Arc<Kept>,
}

/// What a watching client tells of is looked at again at once; everything else, such as what lies in
/// folders that the user excluded from watching, no later than this.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// What a plugin is made of: the disk, and the texts of its open documents.
struct State {
    look: u64,
    texts: Vec<(String, Arc<str>)>,
}

/// What came of a state.
struct Seen<T> {
    value: T,
    state: Arc<State>,
    noticing: Arc<Noticing>,
}

impl State {
    fn changes(&self, other: &Self) -> Changes {
        fn paths(state: &State) -> impl Iterator<Item = &str> {
            state.texts.iter().map(|(path, _)| path.as_str())
        }
        if self.look != other.look || paths(self).ne(paths(other)) {
            return Changes::Anything;
        }
        let pairs = self.texts.iter().zip(&other.texts);
        let changed = pairs.filter(|((_, text), (_, other))| !Arc::ptr_eq(text, other));
        Changes::Texts(changed.map(|((path, _), _)| path.clone()).collect())
    }
}

impl Past {
    /// A look at the disk: the last one, if the client would have told that something changed.
    fn look(&self, root: &Path, disk: u64, watched: bool) -> Look {
        let mut last = held(&self.look);
        let fresh =
            |look: &&Look| watched && look.disk == disk && look.began.elapsed() < LONGEST_LOOK;
        if let Some(look) = last.as_ref().filter(fresh) {
            return look.clone();
        }
        let look = Look {
            number: last.as_ref().map_or(0, |look| look.number + 1),
            disk,
            began: Instant::now(),
            kept: Arc::new(Kept::new(Folder::new(root), self.shelf.clone())),
        };
        *last = Some(look.clone());
        look
    }
}

/// One plugin in one state. Nothing is computed before somebody asks.
pub struct Analysis {
    /// Its folder.
    pub root: PathBuf,
    /// Which state.
    pub stamp: Stamp,
    state: Arc<State>,
    files: Arc<dyn Files>,
    /// The same files, which know where comments to difylint stand.
    noticing: Arc<Noticing>,
    past: Arc<Past>,
    /// The configurations that are open in the editor.
    configurations: settings::Texts,
    policy: OnceLock<Arc<Result<Policy, ConfigError>>>,
    plugin: OnceLock<Arc<Plugin>>,
    report: OnceLock<PluginReport>,
}

impl Analysis {
    /// The plugin of a folder, with the texts of open documents in place of the saved ones.
    fn new(
        root: PathBuf,
        stamp: Stamp,
        documents: &Documents,
        past: Arc<Past>,
        watched: bool,
    ) -> Self {
        let mut above = Memory::new();
        let mut texts = Vec::new();
        for (path, document) in documents.below(&root).filter(|(_, it)| it.is_readable()) {
            if let Some(inner) = inner(&root, path) {
                above.insert(inner.clone(), document.text.clone());
                texts.push((inner, document.text.clone()));
            }
        }
        let look = past.look(&root, stamp.disk, watched);
        let overlay = Arc::new(Overlay::new(look.kept, above));
        let noticing = Arc::new(Noticing::new(overlay, crate::policy::suppress::NAME));
        Self {
            files: noticing.clone(),
            noticing,
            root,
            stamp,
            state: Arc::new(State {
                look: look.number,
                texts,
            }),
            past,
            configurations: settings::texts(documents),
            policy: OnceLock::new(),
            plugin: OnceLock::new(),
            report: OnceLock::new(),
        }
    }

    /// The plugin's files as the editor has them.
    pub const fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        self.plugin.get_or_init(|| {
            let before = held(&self.past.plugin).take();
            let plugin = Arc::new(match &before {
                Some(before) => {
                    let changes = self.since(before);
                    Plugin::load_again(self.files.clone(), &before.value, &changes)
                }
                None => Plugin::load(self.files.clone()),
            });
            *held(&self.past.plugin) = Some(self.seen(plugin.clone()));
            plugin
        })
    }

    /// What changed since a state.
    fn since<T>(&self, before: &Seen<T>) -> Changes {
        let changes = self.state.changes(&before.state);
        self.noticing.inherit(&before.noticing, &changes);
        changes
    }

    fn seen<T>(&self, value: T) -> Seen<T> {
        Seen {
            value,
            state: self.state.clone(),
            noticing: self.noticing.clone(),
        }
    }

    /// Which findings are shown, and how severe they are.
    ///
    /// # Errors
    /// When the configuration has mistakes.
    pub fn policy(&self) -> &Result<Policy, ConfigError> {
        self.policy.get_or_init(|| {
            let mut before = held(&self.past.ruled);
            let (look, texts) = (self.state.look, &self.configurations);
            let known = before.as_ref().filter(|it| it.look == look);
            if let Some(same) = known.filter(|it| settings::are_same(&it.texts, texts)) {
                return same.policy.clone();
            }
            let policy = Arc::new(settings::of_plugin(&self.root, texts));
            *before = Some(Ruled {
                look,
                texts: texts.clone(),
                policy: policy.clone(),
            });
            policy
        })
    }

    /// What is wrong with it.
    pub fn report(&self) -> &PluginReport {
        self.report.get_or_init(|| {
            let policy = self.policy().clone().unwrap_or_default();
            let root = self.root.to_string_lossy();
            let plugin = self.plugin();
            let mut before = held(&self.past.recall);
            let (mut recall, changes) = match before.take() {
                Some(before) => {
                    let changes = self.since(&before);
                    (before.value, changes)
                }
                None => (Recall::default(), Changes::Anything),
            };
            let noticing = &self.noticing;
            let report =
                crate::check_again(plugin, noticing, &root, &policy, &mut recall, &changes);
            *before = Some(self.seen(recall));
            report
        })
    }

    /// A text file of the plugin; `None` if it cannot be read.
    pub fn file(&self, path: &str) -> Option<SourceFile> {
        if let Some(file) = self
            .report
            .get()
            .and_then(|report| report.sources.get(path))
        {
            return Some(file.clone());
        }
        if let Some(parsed) = self.plugin().parsed(path) {
            return Some(parsed.file.clone());
        }
        let bytes = self.files.read(path).ok()?;
        Some(SourceFile::new(path, bytes))
    }

    /// The absolute path of a file of the plugin.
    pub fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// The newest analysis of each plugin that has an open document.
#[derive(Default)]
pub struct Projects(Mutex<HashMap<PathBuf, Arc<Analysis>>>);

impl Projects {
    /// The analysis of a plugin in a state. An older state than the newest known one is analysed
    /// for its asker alone.
    pub fn get(
        &self,
        root: PathBuf,
        stamp: Stamp,
        documents: &Documents,
        watched: bool,
    ) -> Arc<Analysis> {
        let mut known = held(&self.0);
        let newest = known.get(&root);
        if let Some(same) = newest.filter(|newest| newest.stamp == stamp) {
            return same.clone();
        }
        let newer = newest.is_none_or(|newest| newest.stamp.state < stamp.state);
        let past = newest.map(|newest| newest.past.clone()).unwrap_or_default();
        let analysis = Arc::new(Analysis::new(root.clone(), stamp, documents, past, watched));
        // what nobody has open is analysed for its asker, and forgotten
        if newer && documents.below(&root).next().is_some() {
            known.insert(root, analysis.clone());
        }
        analysis
    }

    /// Forgets plugins that no open document belongs to.
    pub fn retain(&self, documents: &Documents) {
        let mut known = held(&self.0);
        known.retain(|root, _| documents.below(root).next().is_some());
    }
}
