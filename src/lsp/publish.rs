//! Diagnostics for clients that wait to be told.

use super::configuration;
use super::diagnostics;
use super::documents::Documents;
use super::settings;
use super::snapshot::Snapshot;
use super::uri;
use lsp_types::{Diagnostic, PublishDiagnosticsParams};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A plugin's diagnostics by absolute path.
pub type Found = BTreeMap<PathBuf, Vec<Diagnostic>>;

/// What came of a check.
pub struct Checked {
    /// The plugin.
    pub root: PathBuf,
    /// The state that was checked.
    pub stamp: u64,
    /// How long it took.
    pub took: Duration,
    /// What was found, or why the check failed.
    pub found: Result<Found, String>,
}

/// Checks a plugin.
pub fn check(snapshot: &Snapshot, root: PathBuf) -> Checked {
    let began = Instant::now();
    let analysis = snapshot.analysis(root.clone());
    let found = diagnostics::of_plugin(snapshot, &analysis);
    let found = configuration::with_mistakes(snapshot, &analysis, found);
    Checked {
        root,
        stamp: analysis.stamp.state,
        took: began.elapsed(),
        found: Ok(found),
    }
}

/// A plugin that changed.
struct Dirty {
    due: Instant,
}

/// Which plugins wait for a check, and what the client has been told.
#[derive(Default)]
pub struct Publisher {
    dirty: BTreeMap<PathBuf, Dirty>,
    running: BTreeMap<PathBuf, u64>,
    /// How long the last check of a plugin took, and when it ended.
    last: BTreeMap<PathBuf, (Duration, Instant)>,
    told: BTreeMap<PathBuf, Found>,
    /// The client asks for all files of the workspace by itself.
    pub workspace_pulled: bool,
}

/// A check as fast as this may run at every keystroke.
const QUICK: Duration = Duration::from_millis(30);

/// No check rests longer than this.
const LONGEST_WAIT: Duration = Duration::from_millis(250);

impl Publisher {
    /// A plugin changed: it is checked at once, but a slow check rests after the last one for as
    /// long as that took, so that half of the time is left for what the user asks.
    pub fn touch(&mut self, root: &Path) {
        let now = Instant::now();
        let due = match self.last.get(root) {
            Some((took, ended)) if *took > QUICK => now.max(*ended + (*took).min(LONGEST_WAIT)),
            _ => now,
        };
        self.dirty.insert(root.to_path_buf(), Dirty { due });
    }

    /// When the next check is due; `None` when nothing is to be checked, or what is to be checked is
    /// being checked already in an older state.
    pub fn next_due(&self) -> Option<Instant> {
        self.waiting().map(|(_, dirty)| dirty.due).min()
    }

    /// The plugins whose check is due; each counts as running from now on.
    pub fn take_due(&mut self, stamp_of: impl Fn(&Path) -> u64) -> Vec<PathBuf> {
        let now = Instant::now();
        let due: Vec<PathBuf> = self
            .waiting()
            .filter(|(_, dirty)| dirty.due <= now)
            .map(|(root, _)| root.clone())
            .collect();
        for root in &due {
            self.dirty.remove(root);
            self.running.insert(root.clone(), stamp_of(root));
        }
        due
    }

    fn waiting(&self) -> impl Iterator<Item = (&PathBuf, &Dirty)> {
        let running = &self.running;
        self.dirty
            .iter()
            .filter(move |(root, _)| !running.contains_key(*root))
    }

    /// Takes in a check that ended: what to tell the client. A check of a state that is no longer
    /// the newest is not told; the newer one is on its way.
    pub fn ended(
        &mut self,
        checked: Checked,
        newest: u64,
        documents: &Documents,
        pulls: bool,
    ) -> Vec<PublishDiagnosticsParams> {
        self.running.remove(&checked.root);
        self.last
            .insert(checked.root.clone(), (checked.took, Instant::now()));
        let found = match checked.found {
            Ok(found) if checked.stamp == newest => found,
            _ => return Vec::new(),
        };
        // its last document was closed meanwhile
        if documents.below(&checked.root).next().is_none() {
            return Vec::new();
        }
        let workspace_pulled = self.workspace_pulled;
        let wanted = found.into_iter().filter(|(path, _)| {
            let open = documents.get(path).is_some();
            !(pulls && open || workspace_pulled && !open)
        });
        self.tell(&checked.root, wanted.collect(), documents, pulls)
    }

    /// Takes back what was told about a plugin.
    pub fn forget(&mut self, root: &Path, documents: &Documents) -> Vec<PublishDiagnosticsParams> {
        self.dirty.remove(root);
        self.last.remove(root);
        let told = self.tell(root, Found::new(), documents, true);
        self.told.remove(root);
        told
    }

    /// The plugins that the client was told something about.
    pub fn roots(&self) -> Vec<PathBuf> {
        self.told.keys().cloned().collect()
    }

    fn tell(
        &mut self,
        root: &Path,
        found: Found,
        documents: &Documents,
        pulls: bool,
    ) -> Vec<PublishDiagnosticsParams> {
        let others = self.told.iter().filter(|(other, _)| *other != root);
        let shared: BTreeSet<PathBuf> = others
            .flat_map(|(_, told)| told.keys())
            .filter(|path| settings::is_configuration(path))
            .cloned()
            .collect();
        let told = self.told.entry(root.to_path_buf()).or_default();
        let mut news = Vec::new();
        let mut tell = |path: &Path, diagnostics: Vec<Diagnostic>| {
            let document = documents.get(path);
            news.push(PublishDiagnosticsParams {
                uri: document.map_or_else(|| uri::of_path(path), |it| it.uri.clone()),
                version: document.map(|it| it.version),
                diagnostics,
            });
        };
        let gone: Vec<PathBuf> = told
            .keys()
            .filter(|path| !found.contains_key(*path))
            .cloned()
            .collect();
        for path in gone {
            told.remove(&path);
            // another plugin with the same configuration still has its mistakes
            if !shared.contains(&path) {
                tell(&path, Vec::new());
            }
        }
        for (path, diagnostics) in found {
            let open = documents.get(&path).is_some();
            // an open document is told at every version, so that the client knows it is up to date
            if told.get(&path) != Some(&diagnostics) || open {
                told.insert(path.clone(), diagnostics.clone());
                tell(&path, diagnostics);
            }
        }
        if !pulls {
            let clean = documents
                .below(root)
                .filter(|(path, _)| !told.contains_key(*path));
            let clean: Vec<PathBuf> = clean.map(|(path, _)| path.to_path_buf()).collect();
            for path in clean {
                if !news
                    .iter()
                    .any(|it| uri::to_path(&it.uri).as_deref() == Some(&path))
                {
                    let document = documents.get(&path);
                    news.push(PublishDiagnosticsParams {
                        uri: document.map_or_else(|| uri::of_path(&path), |it| it.uri.clone()),
                        version: document.map(|it| it.version),
                        diagnostics: Vec::new(),
                    });
                }
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::super::documents::Document;
    use super::*;

    fn checked(stamp: u64, took: u64) -> Checked {
        let diagnostic = Diagnostic::default();
        Checked {
            root: "/p".into(),
            stamp,
            took: Duration::from_millis(took),
            found: Ok(Found::from([("/p/closed.yaml".into(), vec![diagnostic])])),
        }
    }

    fn open() -> Documents {
        let mut documents = Documents::default();
        let document = Document {
            uri: "file:///p/open.yaml".into(),
            version: 7,
            text: "".into(),
        };
        documents.open("/p/open.yaml".into(), document);
        documents
    }

    fn told(news: &[PublishDiagnosticsParams]) -> Vec<String> {
        let line = |it: &PublishDiagnosticsParams| {
            format!("{} {:?} {}", it.uri, it.version, it.diagnostics.len())
        };
        news.iter().map(line).collect()
    }

    #[test]
    fn an_old_state_is_not_told() {
        let mut publisher = Publisher::default();
        let documents = open();
        assert!(
            publisher
                .ended(checked(1, 1), 2, &documents, false)
                .is_empty()
        );
        assert_eq!(
            told(&publisher.ended(checked(2, 1), 2, &documents, false)),
            [
                "file:///p/closed.yaml None 1",
                "file:///p/open.yaml Some(7) 0"
            ]
        );
        // what has not changed is not told again, but that the open document is up to date
        assert_eq!(
            told(&publisher.ended(checked(2, 1), 2, &documents, false)),
            ["file:///p/open.yaml Some(7) 0"]
        );
        assert_eq!(
            told(&publisher.forget(Path::new("/p"), &Documents::default())),
            ["file:///p/closed.yaml None 0"]
        );
    }

    #[test]
    fn a_client_that_asks_is_told_only_what_it_does_not_ask_for() {
        let mut publisher = Publisher::default();
        let documents = open();
        let news = publisher.ended(checked(1, 1), 1, &documents, true);
        assert_eq!(told(&news), ["file:///p/closed.yaml None 1"]);
        publisher.workspace_pulled = true;
        let news = publisher.ended(checked(1, 1), 1, &documents, true);
        assert_eq!(told(&news), ["file:///p/closed.yaml None 0"]);
    }

    #[test]
    fn one_check_at_a_time_and_slow_ones_rest_in_between() {
        let mut publisher = Publisher::default();
        let root = Path::new("/p");
        publisher.touch(root);
        assert_eq!(publisher.take_due(|_| 1), [root]);
        publisher.touch(root);
        assert!(publisher.next_due().is_none(), "one is running");
        publisher.ended(checked(1, 200), 2, &open(), false);
        assert!(publisher.next_due().is_some());
        publisher.touch(root);
        assert!(publisher.take_due(|_| 2).is_empty(), "not yet");
    }
}
