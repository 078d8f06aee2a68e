//! What one run found that the next one may take over.
//!
//! A check of a document is a function of that document and of what it asks its context for. One
//! that asked for neither the plugin, nor its Python sources, nor its requirements will find the
//! same in the same document again, for the same options: that is remembered, and nothing else.

use super::Options;
use super::readers::Readers;
use crate::finding::Finding;
use crate::format::DocumentKind;
use crate::plugin::{Parsed, Plugin};
use crate::python::Modules;
use std::collections::HashMap;
use std::sync::Arc;

/// What earlier runs over a plugin found.
#[derive(Default)]
pub struct Recall {
    options: Options,
    roles: HashMap<Key, Role>,
    pub(super) modules: Modules,
}

/// A file in a role; `None` for the file as such.
type Key = (Arc<str>, Option<DocumentKind>);

/// What was found in a file in a role.
struct Role {
    parsed: Arc<Parsed>,
    /// The daemon reads it, the SDK reads it, another document refers to it.
    read: (bool, bool, bool),
    /// By the number of the check; `None` where it must run.
    found: Vec<Option<Box<[Finding]>>>,
}

/// What is known of the documents of a plugin, in their order, and then of its files.
#[derive(Default)]
pub struct Known(Vec<(Key, Role)>);

impl Recall {
    /// What is known of this plugin; the rest is forgotten.
    pub(super) fn known(
        &mut self,
        plugin: &Plugin,
        readers: &HashMap<Arc<str>, Readers>,
        options: &Options,
    ) -> Known {
        let mut before = std::mem::take(&mut self.roles);
        if self.options != *options {
            before.clear();
            self.options = options.clone();
        }
        let documents = plugin.documents.iter().map(|it| {
            let key = (it.path().clone(), Some(it.kind));
            (key, &it.parsed, (it.daemon, it.sdk, it.parent.is_some()))
        });
        let files = plugin.parsed_files().into_iter().map(|parsed| {
            let key = (parsed.file.path().clone(), None);
            let by = readers.get(parsed.file.path()).copied().unwrap_or_default();
            (key, parsed, (by.daemon, by.sdk, false))
        });
        let role = |(key, parsed, read): (Key, &Arc<Parsed>, _)| {
            let role = before
                .remove(&key)
                .filter(|role| Arc::ptr_eq(&role.parsed, parsed) && role.read == read)
                .unwrap_or_else(|| Role {
                    parsed: parsed.clone(),
                    read,
                    found: Vec::new(),
                });
            (key, role)
        };
        Known(documents.chain(files).map(role).collect())
    }

    /// Takes in what is known now.
    pub(super) fn keep(&mut self, known: Known) {
        self.roles = known.0.into_iter().collect();
    }
}

impl Known {
    /// What a check finds; `None` when it must run.
    pub(super) fn found(&self, role: usize, check: usize) -> Option<&[Finding]> {
        let (_, role) = self.0.get(role)?;
        role.found.get(check)?.as_deref()
    }

    /// Remembers what a check found.
    pub(super) fn keep(&mut self, role: usize, check: usize, found: &[Finding]) {
        if let Some((_, role)) = self.0.get_mut(role) {
            if role.found.len() <= check {
                role.found.resize(check + 1, None);
            }
            if let Some(slot) = role.found.get_mut(check) {
                *slot = Some(found.into());
            }
        }
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
            let plugin = Plugin::load_again(Arc::new(files), before.as_ref());
            let requires = Requires::of(&plugin);
            let mut context = Context::new(&plugin, &requires, options, Some(&mut recall));
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
