//! A plugin of which only texts changed, and none in a way that brings or takes documents: what it
//! is made of stays, and nothing is followed anew. So it is after nearly every key in an editor.

use super::load::{Children, kind_of};
use super::{Document, MANIFEST, Parsed, Plugin};
use crate::source::{Changes, Files};
use std::sync::{Arc, OnceLock};

/// `None` where the plugin has to be loaded, because other documents may belong to it now.
pub(super) fn renew(files: &Arc<dyn Files>, before: &Plugin, changes: &Changes) -> Option<Plugin> {
    let Changes::Texts(changed) = changes else {
        return None;
    };
    let packed = before.packed.again(files, changes)?;
    let mut documents = before.documents.clone();
    let mut parsed = before.parsed.clone();
    let mut in_order = before.in_order.get().cloned();
    for path in changed {
        let Some(known) = before.parsed.get(path.as_str()) else {
            continue;
        };
        let old = known.as_ref().ok()?;
        let content = files.read(path).ok()?;
        let new = Parsed::of(path, content, Some(old));
        if Arc::ptr_eq(&new, old) {
            continue;
        }
        if path == MANIFEST && kind_of(&new.tree) != kind_of(&old.tree) {
            return None;
        }
        for document in &mut documents {
            if Arc::ptr_eq(&document.parsed, old) {
                *document = with_text(document, &new)?;
            }
        }
        let in_order = in_order.iter_mut().flatten();
        for file in in_order.filter(|file| Arc::ptr_eq(file, old)) {
            *file = new.clone();
        }
        parsed.insert(new.file.path().clone(), Ok(new));
    }
    let unchanged = before.parsed.keys().filter(|path| changes.spare(path));
    unchanged.for_each(|path| files.read_before(path));
    let resting = before.resting.iter();
    let resting = resting.filter(|((path, _), _)| changes.spare(path));
    Some(Plugin {
        files: files.clone(),
        documents,
        references: before.references.clone(),
        matched: before.matched.clone(),
        position_patterns: before.position_patterns.clone(),
        manifest_error: before.manifest_error.clone(),
        packed,
        parsed,
        roles: before.roles.clone(),
        matches: before.matches.clone(),
        in_order: in_order.map_or_else(OnceLock::new, OnceLock::from),
        resting: resting.map(|(key, it)| (key.clone(), it.clone())).collect(),
    })
}

/// The document with its new text; `None` if it names other documents now, or elsewhere.
fn with_text(document: &Document, parsed: &Arc<Parsed>) -> Option<Document> {
    let new = Document {
        parsed: parsed.clone(),
        known: Arc::default(),
        ..document.clone()
    };
    let same = new.derived(Children::of) == document.derived(Children::of);
    same.then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;
    use std::collections::BTreeSet;

    const MANIFEST_TEXT: &str = "type: plugin\nplugins:\n  tools:\n  - provider.yaml\n";
    const PROVIDER: &str = "identity: {name: a}\ntools:\n- tools/a.yaml\n";

    fn files(changed: &str, text: &str) -> Arc<dyn Files> {
        let mut files = Memory::new();
        for (path, text) in [
            (MANIFEST, MANIFEST_TEXT),
            ("provider.yaml", PROVIDER),
            ("tools/a.yaml", "identity: {name: a}\n"),
            ("tools/b.yaml", "identity: {name: b}\n"),
        ] {
            files.insert(path.to_owned(), text.as_bytes());
        }
        files.insert(changed.to_owned(), text.as_bytes());
        Arc::new(files)
    }

    /// Paths and texts of the documents after a change, if the plugin can be renewed.
    fn renewed(path: &str, text: &str) -> Option<Vec<(String, String)>> {
        let before = Plugin::load(files("README.md", ""));
        let files = files(path, text);
        let changes = Changes::Texts(BTreeSet::from([path.to_owned()]));
        let told = |plugin: &Plugin| {
            let documents = plugin.documents.iter();
            let told = documents.map(|it| (it.path().to_string(), it.tree().source().to_owned()));
            told.collect::<Vec<_>>()
        };
        let loaded = told(&Plugin::load(files.clone()));
        let renewed = renew(&files, &before, &changes).map(|plugin| told(&plugin));
        assert!(renewed.as_ref().is_none_or(|renewed| *renewed == loaded));
        renewed
    }

    #[test]
    fn what_brings_no_documents_renews() {
        assert!(renewed("tools/a.yaml", "identity: {name: c}\n").is_some());
        assert!(renewed("tools/a.yaml", "identity: {name: [\n").is_some());
        assert!(renewed("tools/b.yaml", "nobody names it").is_some());
        let renamed = PROVIDER.replace("name: a", "name: longer");
        assert!(renewed("provider.yaml", &renamed).is_some());
    }

    #[test]
    fn what_brings_or_takes_documents_loads_anew() {
        let more = format!("{PROVIDER}- tools/b.yaml\n");
        assert!(renewed("provider.yaml", &more).is_none());
        // the same documents, named by another node
        assert!(renewed("provider.yaml", &format!("first: 1\n{PROVIDER}")).is_none());
        assert!(renewed("provider.yaml", "tools: [").is_none());
        assert!(renewed(MANIFEST, "type: bundle\n").is_none());
        assert!(renewed(".difyignore", "tools/").is_none());
    }
}
