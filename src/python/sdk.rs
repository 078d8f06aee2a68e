//! What can be imported from the SDK, and how its classes are related: facts of
//! `schemas/sdk-modules.json` and `schemas/sdk-classes.json`.

use crate::texts::schema;
use hashbrown::HashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct ModulesFile {
    #[serde(borrow)]
    modules: HashMap<&'static str, SdkModule>,
}

/// A module of the SDK. Lists of names are separated by blanks.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct SdkModule {
    /// Classes whose name here is their key in the class table.
    #[serde(borrow)]
    classes: &'static str,
    /// Other classes, with that key.
    #[serde(borrow)]
    renamed: BTreeMap<&'static str, &'static str>,
    /// Everything else that can be imported from it.
    #[serde(borrow)]
    names: &'static str,
    /// What `*` imports, where the module says so.
    #[serde(borrow)]
    all: Option<&'static str>,
    /// First SDK version that has the module, where not the oldest.
    #[serde(borrow)]
    first: Option<&'static str>,
    /// Last SDK version that has it, where not the newest.
    #[serde(borrow)]
    last: Option<&'static str>,
    /// Names by the version that brought them, where not the module's first.
    #[serde(borrow)]
    since: BTreeMap<&'static str, &'static str>,
    /// Names that are no more: `name first last`.
    #[serde(borrow)]
    gone: Vec<&'static str>,
    /// What each name stands for; made on first use.
    #[serde(skip)]
    meant: OnceLock<HashMap<&'static str, SdkName>>,
}

impl SdkModule {
    fn meant(&self) -> &HashMap<&'static str, SdkName> {
        self.meant.get_or_init(|| {
            let others = self.names.split(' ').map(|name| (name, SdkName::Other));
            let all = self.all.map(|_| ("__all__", SdkName::Other));
            let renamed = self.renamed.iter();
            let renamed = renamed.map(|(name, key)| (*name, SdkName::Class(key)));
            let classes = self.classes.split(' ');
            let classes = classes.map(|key| (key, SdkName::Class(key)));
            others.chain(all).chain(renamed).chain(classes).collect()
        })
    }
}

#[derive(Deserialize)]
struct ClassesFile {
    #[serde(borrow)]
    classes: HashMap<&'static str, SdkClass>,
}

/// A class of the SDK.
#[derive(Deserialize)]
pub(super) struct SdkClass {
    /// The module that defines it.
    #[serde(borrow, rename = "in")]
    pub module: &'static str,
    /// Keys of the class table, or names of foreign classes.
    #[serde(borrow)]
    pub bases: Vec<&'static str>,
    #[serde(borrow, default)]
    r#abstract: &'static str,
    #[serde(borrow, default)]
    concrete: &'static str,
}

impl SdkClass {
    /// Its abstract methods.
    pub fn abstract_methods(&self) -> impl Iterator<Item = &'static str> {
        self.r#abstract.split_ascii_whitespace()
    }

    /// Its methods that have a body.
    pub fn concrete_methods(&self) -> impl Iterator<Item = &'static str> {
        self.concrete.split_ascii_whitespace()
    }
}

/// What the newest SDK offers under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdkName {
    /// A class, by its key in `schemas/sdk-classes.json`.
    Class(&'static str),
    /// A module.
    Module,
    /// Something else: a function, a constant, a name that the module itself imports.
    Other,
    /// Nothing any more; the last version that had it.
    Gone(&'static str),
    /// Nothing, ever.
    Missing,
}

fn modules() -> &'static HashMap<&'static str, SdkModule> {
    static MODULES: OnceLock<HashMap<&'static str, SdkModule>> = OnceLock::new();
    MODULES.get_or_init(|| {
        serde_json::from_str::<ModulesFile>(schema!("sdk-modules.json"))
            .map(|file| file.modules)
            .unwrap_or_default()
    })
}

fn classes() -> &'static HashMap<&'static str, SdkClass> {
    static CLASSES: OnceLock<HashMap<&'static str, SdkClass>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        serde_json::from_str::<ClassesFile>(schema!("sdk-classes.json"))
            .map(|file| file.classes)
            .unwrap_or_default()
    })
}

/// The class with this key.
pub(super) fn class(key: &str) -> Option<&'static SdkClass> {
    classes().get(key)
}

/// The bases of an SDK class, by its key.
pub fn sdk_class_bases(key: &str) -> &'static [&'static str] {
    class(key).map_or(&[], |class| &class.bases)
}

/// True if the newest SDK has this module.
pub(super) fn has_module(module: &str) -> bool {
    modules()
        .get(module)
        .is_some_and(|module| module.last.is_none())
}

/// What `from module import name` gives with the newest SDK.
pub fn sdk_name(module: &str, name: &str) -> SdkName {
    let Some(facts) = modules().get(module) else {
        return SdkName::Missing;
    };
    if let Some(last) = facts.last {
        return SdkName::Gone(last);
    }
    let meant = facts.meant().get(name).copied();
    if let Some(class @ SdkName::Class(_)) = meant {
        return class;
    }
    if has_module(&format!("{module}.{name}")) {
        return SdkName::Module;
    }
    if let Some(other) = meant {
        return other;
    }
    let gone = facts.gone.iter().find_map(|entry| {
        let mut parts = entry.split(' ');
        (parts.next() == Some(name)).then(|| parts.nth(1).unwrap_or_default())
    });
    match gone {
        Some(last) => SdkName::Gone(last),
        None if is_implicit(name) => SdkName::Other,
        None => SdkName::Missing,
    }
}

/// The first SDK version in which `module` has `name` (`None`: the module itself), where that is
/// not the oldest known one.
pub fn sdk_since(module: &str, name: Option<&str>) -> Option<&'static str> {
    let facts = modules().get(module)?;
    name.and_then(|name| {
        facts
            .since
            .iter()
            .find(|(_, names)| names.split(' ').any(|one| one == name))
            .map(|(version, _)| *version)
    })
    .or(facts.first)
}

/// What `from module import *` binds.
pub(super) fn star(module: &str) -> Vec<&'static str> {
    let Some(facts) = modules().get(module) else {
        return Vec::new();
    };
    if let Some(all) = facts.all {
        return all.split_ascii_whitespace().collect();
    }
    facts
        .classes
        .split_ascii_whitespace()
        .chain(facts.renamed.keys().copied())
        .chain(facts.names.split_ascii_whitespace())
        .filter(|name| !name.starts_with('_'))
        .collect()
}

fn is_implicit(name: &str) -> bool {
    matches!(
        name,
        "__name__" | "__doc__" | "__file__" | "__package__" | "__path__" | "__spec__"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        assert!(modules().len() > 140 && classes().len() > 350);
        for class in classes().values() {
            for base in &class.bases {
                assert!(
                    !base.starts_with("dify_plugin") || classes().contains_key(base),
                    "{base}"
                );
            }
        }
    }

    #[test]
    fn names() {
        assert_eq!(sdk_name("dify_plugin", "Tool"), SdkName::Class("Tool"));
        assert_eq!(sdk_name("dify_plugin", "interfaces"), SdkName::Module);
        assert_eq!(sdk_name("dify_plugin", "Nope"), SdkName::Missing);
        assert_eq!(
            sdk_name("dify_plugin.entities.tool", "LogMetadata"),
            SdkName::Gone("0.6.2")
        );
        assert_eq!(
            sdk_since("dify_plugin", Some("get_current_session")),
            Some("0.10.0")
        );
        assert!(star("dify_plugin").contains(&"Tool"));
        assert_eq!(
            sdk_name("dify_plugin.interfaces.trigger", "Event"),
            SdkName::Class("dify_plugin.interfaces.trigger.event.Event")
        );
    }
}
