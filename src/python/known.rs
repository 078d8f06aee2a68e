use super::closure::Closure;
use super::locate::LocateError;
use super::module::Module;
use super::sources::Imported;
use crate::requirements::FILES;
use crate::source::{Changes, SourceFile, held};
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is known of sources for those who look at them again.
#[derive(Default)]
pub struct Known {
    pub(super) modules: HashMap<Box<str>, (SourceFile, Arc<Module>)>,
    pub(super) declared: OnceLock<String>,
    pub(super) runs: Cells<Imported>,
    pub(super) closures: Cells<Arc<Closure>>,
    pub(super) located: Located,
}

/// Where the values of `source` lead to.
pub(super) type Located = HashMap<Box<str>, Result<String, LocateError>>;

/// The sources whose texts something was made from.
pub(super) type Reads = BTreeSet<Box<str>>;

/// Values by path, each made on first use.
pub(super) struct Cells<T> {
    now: Mutex<ByPath<T>>,
    before: ByPath<T>,
}

type ByPath<T> = HashMap<Box<str>, Arc<OnceLock<Arc<Made<T>>>>>;

/// A value, and what it was made from.
pub(super) struct Made<T> {
    pub value: T,
    pub reads: Reads,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Self {
            now: Mutex::default(),
            before: HashMap::new(),
        }
    }
}

impl<T> Cells<T> {
    /// The value of a path. One from before is taken over; what it was made from counts as read.
    pub(super) fn get(
        &self,
        path: &str,
        read: impl Fn(&str),
        make: impl FnOnce() -> Made<T>,
    ) -> Arc<Made<T>> {
        let known = held(&self.now).get(path).cloned();
        let cell = known.unwrap_or_else(|| {
            let before = self.before.get(path).cloned().unwrap_or_default();
            if let Some(made) = before.get() {
                made.reads.iter().for_each(|path| read(path));
            }
            held(&self.now).entry(path.into()).or_insert(before).clone()
        });
        cell.get_or_init(|| Arc::new(make())).clone()
    }

    /// For the next time: what was made from sources that did not change, also what nobody asked
    /// for this time. A document that cannot be read while somebody types is soon there again.
    fn again(self, changes: &Changes) -> Self {
        let now = self.now.into_inner();
        let mut before = self.before;
        before.extend(now.unwrap_or_else(PoisonError::into_inner));
        before.retain(|_, cell| {
            let spared = |reads: &Reads| reads.iter().all(|path| changes.spare(path));
            cell.get().is_some_and(|made| spared(&made.reads))
        });
        Self {
            now: Mutex::default(),
            before,
        }
    }
}

impl Known {
    /// What holds after these changes. Of sources that changed, only the texts do: they may be the
    /// same after all.
    pub(super) fn after(self, changes: &Changes) -> Self {
        let modules = self.modules;
        let spared = |path: &&str| changes.spare(path);
        if !changes.spare_names() || !FILES.iter().all(spared) {
            return Self {
                modules,
                ..Self::default()
            };
        }
        Self {
            modules,
            declared: self.declared,
            runs: self.runs.again(changes),
            closures: self.closures.again(changes),
            located: self.located,
        }
    }
}
