//! What one run found that the next one may take over.
//!
//! A check of a document is a function of that document and of what it asks its context for. One
//! that asked for neither the plugin, nor its Python sources, nor its requirements will find the
//! same in the same document again, for the same options. Of checks that look around nothing is
//! remembered, but what they ask for is: facts about Python sources, requirements and single files
//! hold for as long as the files that they follow from are known not to have changed.

use super::Options;
use super::readers::Readers;
use crate::finding::Finding;
use crate::format::DocumentKind;
use crate::plugin::{IGNORE_FILES, Parsed, Plugin};
use crate::python;
use crate::requirements::Requirements;
use crate::source::{Changes, Derived};
use hashbrown::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// What earlier runs over a plugin found.
#[derive(Default)]
pub struct Recall {
    options: Options,
    known: Known,
    pub(super) python: python::Known,
    pub(super) facts: Facts,
    pub(super) requirements: Option<Arc<Requirements>>,
}

/// What was made of files, by their paths.
#[derive(Default)]
pub(super) struct Facts(pub HashMap<Box<str>, Arc<Derived>>);

/// A file in a role; `None` for the file as such.
type Key = (Arc<str>, Option<DocumentKind>);

/// The daemon reads it, the SDK reads it, another document refers to it.
type Read = (bool, bool, bool);

/// What was found in a file in a role.
struct Role {
    parsed: Arc<Parsed>,
    read: Read,
    /// By the number of the check; `None` where it must run.
    found: Vec<Option<Box<[Finding]>>>,
}

/// What is known of the documents of a plugin, in their order, and then of its files.
#[derive(Default)]
pub struct Known {
    roles: Vec<(Key, Role)>,
    /// What an earlier state of the plugin had. It is good for as long as its file is.
    resting: HashMap<Key, Role>,
    /// By the number of the check, the roles in which it is known to find nothing.
    silent: Vec<Bits>,
}

/// More roles do not rest.
const MOST_RESTING: usize = 4000;

/// A set of numbers.
#[derive(Clone, Default)]
struct Bits(Vec<u64>);

impl Recall {
    /// What is known of this plugin; the rest is forgotten.
    pub(super) fn known(
        &mut self,
        plugin: &Plugin,
        readers: &HashMap<Arc<str>, Readers>,
        options: &Options,
    ) -> Known {
        let mut before = std::mem::take(&mut self.known);
        if self.options != *options {
            before = Known::default();
            self.options = options.clone();
        }
        let documents = plugin.documents.iter().map(|it| {
            let key = (it.path().clone(), Some(it.kind));
            (key, &it.parsed, (it.daemon, it.sdk, it.parent.is_some()))
        });
        let files = plugin.parsed_files().iter().map(|parsed| {
            let key = (parsed.file.path().clone(), None);
            let by = readers.get(parsed.file.path()).copied().unwrap_or_default();
            (key, parsed, (by.daemon, by.sdk, false))
        });
        before.now(documents.chain(files).collect())
    }

    /// Takes in what is known now.
    pub(super) fn keep(&mut self, known: Known) {
        self.known = known;
    }
}

impl Facts {
    /// What holds after these changes.
    pub(super) fn after(mut self, changes: &Changes) -> Self {
        // which files are the plugin's
        if !IGNORE_FILES.iter().all(|path| changes.spare(path)) {
            return Self::default();
        }
        self.0.retain(|path, _| changes.spare(path));
        self
    }
}

impl Known {
    /// What is known of these roles.
    fn now(mut self, wanted: Vec<(Key, &Arc<Parsed>, Read)>) -> Self {
        let places = || self.roles.iter().map(|(key, _)| key);
        if places().ne(wanted.iter().map(|(key, ..)| key)) {
            let mut before = self.resting;
            if before.len() > MOST_RESTING {
                before.clear();
            }
            before.extend(self.roles);
            let role = |(key, parsed, read): (Key, &Arc<Parsed>, _)| {
                let known = before.remove(&key).filter(|it| it.is_of(parsed, read));
                let role = known.unwrap_or_else(|| Role::new(parsed, read));
                (key, role)
            };
            let roles = wanted.into_iter().map(role).collect();
            return Self::of(roles, before);
        }
        for (at, (_, parsed, read)) in wanted.into_iter().enumerate() {
            let Some((_, role)) = self.roles.get_mut(at) else {
                continue;
            };
            if !role.is_of(parsed, read) {
                *role = Role::new(parsed, read);
                self.silent.iter_mut().for_each(|it| it.set(at, false));
            }
        }
        self
    }

    fn of(roles: Vec<(Key, Role)>, resting: HashMap<Key, Role>) -> Self {
        let mut known = Self {
            roles,
            resting,
            silent: Vec::new(),
        };
        for (at, (_, role)) in known.roles.iter().enumerate() {
            for (check, found) in role.found.iter().enumerate() {
                if found.as_ref().is_some_and(|found| found.is_empty()) {
                    silent(&mut known.silent, check).set(at, true);
                }
            }
        }
        known
    }

    /// Those of the roles in which a check may find something.
    pub(super) fn loud(&self, check: usize, roles: Range<usize>) -> Vec<usize> {
        match self.silent.get(check) {
            Some(silent) => silent.missing(roles),
            None => roles.collect(),
        }
    }

    /// What a check finds; `None` when it must run.
    pub(super) fn found(&self, role: usize, check: usize) -> Option<&[Finding]> {
        let (_, role) = self.roles.get(role)?;
        role.found.get(check)?.as_deref()
    }

    /// Remembers what a check found.
    pub(super) fn keep(&mut self, at: usize, check: usize, found: &[Finding]) {
        if let Some((_, role)) = self.roles.get_mut(at) {
            if role.found.len() <= check {
                role.found.resize(check + 1, None);
            }
            if let Some(slot) = role.found.get_mut(check) {
                *slot = Some(found.into());
            }
            silent(&mut self.silent, check).set(at, found.is_empty());
        }
    }
}

fn silent(silent: &mut Vec<Bits>, check: usize) -> &mut Bits {
    if silent.len() <= check {
        silent.resize(check + 1, Bits::default());
    }
    &mut silent[check]
}

impl Role {
    fn new(parsed: &Arc<Parsed>, read: Read) -> Self {
        Self {
            parsed: parsed.clone(),
            read,
            found: Vec::new(),
        }
    }

    fn is_of(&self, parsed: &Arc<Parsed>, read: Read) -> bool {
        Arc::ptr_eq(&self.parsed, parsed) && self.read == read
    }
}

impl Bits {
    fn set(&mut self, number: usize, is_in: bool) {
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
            *word |= u64::from(is_in) << (number % 64);
        }
    }

    /// The numbers of a range that are not in the set.
    fn missing(&self, range: Range<usize>) -> Vec<usize> {
        let mut missing = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let word = self.0.get(at / 64).copied().unwrap_or(0);
            let present = (word >> (at % 64)).trailing_ones() as usize;
            if present > 0 {
                at += present.min(64 - at % 64);
            } else {
                missing.push(at);
                at += 1;
            }
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RuleId;
    use crate::plugin::Node;
    use crate::requires::Requires;
    use crate::rules::context::{Context, Draft};
    use crate::source::Memory;

    /// A check that always reports the manifest, once in a run, over these states of it; how often
    /// it ran.
    fn runs(states: &[&str], options: &[Options], looks_around: bool) -> usize {
        let mut recall = Recall::default();
        let mut before = None;
        let mut runs = 0;
        for (text, options) in states.iter().zip(options) {
            let mut files = Memory::new();
            files.insert("manifest.yaml", text.as_bytes());
            let files = Arc::new(files);
            let plugin = match &before {
                Some(before) => Plugin::load_again(files, before, &Changes::Anything),
                None => Plugin::load(files),
            };
            let requires = Requires::of(&plugin);
            let mut context = Context::new(
                &plugin,
                &requires,
                options,
                Some((&mut recall, &Changes::Anything)),
            );
            context.enter(7, RuleId("path/missing-file"));
            let root = Node::root(&plugin.documents[0]).unwrap();
            context.look(0, |context| {
                runs += 1;
                if looks_around {
                    context.plugin();
                }
                context.report(Draft::node(root, "here"));
            });
            assert_eq!(context.finish(Some(&mut recall)).len(), 1);
            before = Some(plugin);
        }
        runs
    }

    #[test]
    fn numbers_that_are_missing() {
        let mut bits = Bits::default();
        (0..200)
            .filter(|it| it % 65 != 0)
            .for_each(|it| bits.set(it, true));
        assert_eq!(bits.missing(0..200), [0, 65, 130, 195]);
        assert_eq!(bits.missing(65..131), [65, 130]);
        assert_eq!(bits.missing(254..258), [254, 255, 256, 257]);
        bits.set(1, false);
        bits.set(65, true);
        assert_eq!(bits.missing(0..66), [0, 1]);
    }

    #[test]
    fn a_check_runs_again_when_what_it_saw_may_have_changed() {
        let same = vec![Options::default(); 3];
        assert_eq!(runs(&["a: 1", "a: 1", "a: 1"], &same, false), 1);
        assert_eq!(runs(&["a: 1", "a: 1", "a: 1"], &same, true), 3);
        assert_eq!(runs(&["a: 1", "a: 2", "a: 1"], &same, false), 3);
        let mut others = same;
        others[1].target.dify = Some("1.2.3".to_owned());
        assert_eq!(runs(&["a: 1", "a: 1", "a: 1"], &others, false), 3);
    }
}
