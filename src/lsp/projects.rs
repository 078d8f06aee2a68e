//! The plugins that open documents belong to, each analysed once for every state of its texts.

use super::documents::Documents;
use super::settings;
use crate::plugin::{MANIFEST, Plugin};
use crate::policy::{ConfigError, Policy};
use crate::report::PluginReport;
use crate::rules::Recall;
use crate::source::{Files, Folder, Kept, Memory, Noticing, Overlay, Shelf, SourceFile};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
    plugin: Mutex<Option<Arc<Plugin>>>,
    recall: Mutex<Recall>,
}

/// One plugin in one state. Nothing is computed before somebody asks.
pub struct Analysis {
    /// Its folder.
    pub root: PathBuf,
    /// Which state.
    pub stamp: u64,
    files: Arc<dyn Files>,
    /// The same files, which know where comments to difylint stand.
    noticing: Arc<Noticing>,
    past: Arc<Past>,
    /// The configurations that are open in the editor.
    configurations: settings::Texts,
    policy: OnceLock<Result<Policy, ConfigError>>,
    plugin: OnceLock<Arc<Plugin>>,
    report: OnceLock<PluginReport>,
}

impl Analysis {
    /// The plugin of a folder, with the texts of open documents in place of the saved ones.
    fn new(root: PathBuf, stamp: u64, documents: &Documents, past: Arc<Past>) -> Self {
        let mut above = Memory::new();
        for (path, document) in documents.below(&root).filter(|(_, it)| it.is_readable()) {
            if let Some(inner) = inner(&root, path) {
                above.insert(inner, document.text.as_bytes());
            }
        }
        let below = Kept::new(Folder::new(root.clone()), past.shelf.clone());
        let overlay = Arc::new(Overlay::new(below, above));
        let noticing = Arc::new(Noticing::new(overlay, crate::policy::suppress::NAME));
        Self {
            files: noticing.clone(),
            noticing,
            root,
            stamp,
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
            let last = || {
                self.past
                    .plugin
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
            };
            let before = last().clone();
            let plugin = Arc::new(Plugin::load_again(self.files.clone(), before.as_deref()));
            *last() = Some(plugin.clone());
            plugin
        })
    }

    /// Which findings are shown, and how severe they are.
    ///
    /// # Errors
    /// When the configuration has mistakes.
    pub fn policy(&self) -> &Result<Policy, ConfigError> {
        self.policy
            .get_or_init(|| settings::of_plugin(&self.root, &self.configurations))
    }

    /// What is wrong with it.
    pub fn report(&self) -> &PluginReport {
        self.report.get_or_init(|| {
            let policy = self.policy().clone().unwrap_or_default();
            let root = self.root.to_string_lossy();
            let plugin = self.plugin();
            let recall = self.past.recall.lock();
            let mut recall = recall.unwrap_or_else(PoisonError::into_inner);
            crate::check_again(plugin, &self.noticing, &root, &policy, &mut recall)
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
    pub fn get(&self, root: PathBuf, stamp: u64, documents: &Documents) -> Arc<Analysis> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = known.get(&root);
        if let Some(same) = newest.filter(|newest| newest.stamp == stamp) {
            return same.clone();
        }
        let newer = newest.is_none_or(|newest| newest.stamp < stamp);
        let past = newest.map(|newest| newest.past.clone()).unwrap_or_default();
        let analysis = Arc::new(Analysis::new(root.clone(), stamp, documents, past));
        // what nobody has open is analysed for its asker, and forgotten
        if newer && documents.below(&root).next().is_some() {
            known.insert(root, analysis.clone());
        }
        analysis
    }

    /// Forgets plugins that no open document belongs to.
    pub fn retain(&self, documents: &Documents) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|root, _| documents.below(root).next().is_some());
    }
}
