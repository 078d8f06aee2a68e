//! A source with everything of the plugin that it imports.

use super::imports::{Place, prefixes};
use super::known::Reads;
use super::module::{Import, Module};
use super::sources::Sources;
use super::usage::{Handed, Map, Read, named_map};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// How many sources are followed from one; what is beyond may do anything.
const MAX_SOURCES: usize = 2000;

/// A source and the plugin's own sources that it imports, directly or not.
pub struct Closure {
    /// The sources; the one asked for comes first.
    pub modules: Vec<Arc<Module>>,
    /// False if a source could not be looked at: nothing may be concluded from what is missing.
    pub complete: bool,
    /// For each source its imports of other sources: the local name, the file, and the name there.
    links: HashMap<Arc<str>, Vec<Link>>,
}

struct Link {
    local: Box<str>,
    file: Arc<str>,
}

impl Closure {
    /// Follows the imports of a source; the paths that were looked at come along.
    pub(super) fn follow(sources: &Sources<'_>, path: &str) -> (Self, Reads) {
        let mut closure = Self {
            modules: Vec::new(),
            complete: true,
            links: HashMap::new(),
        };
        let mut open: Vec<Arc<str>> = vec![path.into()];
        let mut seen: Reads = open.iter().map(|path| path.as_ref().into()).collect();
        while let Some(path) = open.pop() {
            if closure.modules.len() >= MAX_SOURCES {
                closure.complete = false;
                break;
            }
            let Ok(module) = sources.module(&path) else {
                closure.complete = false;
                continue;
            };
            closure.complete &= !module.opaque && module.error.is_none();
            let links = closure.links.entry(module.path.clone()).or_default();
            for import in &module.imports {
                let (files, complete) = files_of(sources, &module.path, import);
                closure.complete &= complete;
                for file in files {
                    let local = import.alias.as_ref().or(import.name.as_ref());
                    let local = local.map_or_else(
                        || import.module.split('.').next().unwrap_or_default().into(),
                        Clone::clone,
                    );
                    links.push(Link {
                        local,
                        file: file.clone(),
                    });
                    if seen.insert(file.as_ref().into()) {
                        open.push(file);
                    }
                }
            }
            closure.modules.push(module);
        }
        (closure, seen)
    }

    /// True if the sources do something; a plugin of mere declarations says nothing about what is
    /// read.
    pub fn has_code(&self) -> bool {
        self.modules.iter().any(|module| module.usage.has_code)
    }

    /// True if a word occurs as a name or as a text.
    pub fn mentions(&self, word: &str) -> bool {
        self.modules
            .iter()
            .any(|module| module.usage.words.contains(word))
    }

    /// The keys that are read from a map, each with its source.
    pub fn reads(&self, map: Map) -> impl Iterator<Item = (&Arc<Module>, &Read)> {
        self.modules.iter().flat_map(move |module| {
            let reads = module
                .usage
                .reads
                .iter()
                .filter(move |read| read.map == map);
            reads.map(move |read| (module, read))
        })
    }

    /// True if any key of the map may be read, here or by what the plugin calls.
    pub fn may_read_any(&self, map: Map) -> bool {
        !self.complete
            || self.modules.iter().any(|module| {
                let usage = &module.usage;
                usage.opaque
                    || usage.open.iter().any(|(open, _)| *open == map)
                    || usage
                        .handed
                        .iter()
                        .any(|handed| handed.map == map && !self.explains(module, handed))
            })
    }

    /// True if a map is handed to a function of these sources whose parameter has a name under
    /// which its reads are seen.
    fn explains(&self, module: &Module, handed: &Handed) -> bool {
        let mut parts = handed.callee.split('.');
        let first = parts.next().unwrap_or_default();
        let last = handed.callee.rsplit('.').next().unwrap_or_default();
        let links = self.links.get(&module.path).map_or(&[][..], Vec::as_slice);
        let inherited = matches!(first, "self" | "cls") && parts.count() == 1;
        let named: Vec<&str> = links
            .iter()
            .filter(|link| inherited || link.local.as_ref() == first)
            .map(|link| link.file.as_ref())
            .collect();
        // the SDK's own way to make a tool that has the credentials
        if last == "from_credentials" && !named.is_empty() {
            return true;
        }
        let mut names = self
            .modules
            .iter()
            .filter(|module| named.contains(&module.path.as_ref()))
            .filter_map(|module| module.usage.functions.get(last))
            .peekable();
        names.peek().is_some()
            && names.all(|names| {
                let name = match (&handed.keyword, handed.index) {
                    (Some(keyword), _) => names.iter().find(|name| *name == keyword),
                    (None, Some(index)) => names.get(index),
                    (None, None) => None,
                };
                name.is_some_and(|name| named_map(name) == Some(handed.map))
            })
    }
}

/// The files of the plugin that an import statement reaches; false if something on the way cannot
/// be looked at.
fn files_of(sources: &Sources<'_>, importer: &str, import: &Import) -> (Vec<Arc<str>>, bool) {
    let mut found = Vec::new();
    let Some(mut name) = absolute(importer, import) else {
        return (found, true);
    };
    let mut taken = import.name.as_deref().filter(|taken| *taken != "*");
    if name.is_empty() {
        name = taken.take().unwrap_or_default().into();
    }
    let member = taken
        .into_iter()
        .map(|taken| Cow::Owned([&*name, ".", taken].concat()));
    for module in prefixes(&name).map(Cow::Borrowed).chain(member) {
        match sources.place(&module) {
            Place::Module(path) | Place::Package(path) => found.push(path),
            Place::Compiled(_) => return (found, false),
            Place::Namespace => {}
            _ => break,
        }
    }
    (found, true)
}

/// The absolute name of the module that a statement names.
fn absolute<'m>(importer: &str, import: &'m Import) -> Option<Cow<'m, str>> {
    if import.level == 0 {
        return Some(Cow::Borrowed(&import.module));
    }
    let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let up = usize::try_from(import.level).ok()?.checked_sub(1)?;
    let mut name = parts.get(..parts.len().checked_sub(up)?)?.join(".");
    if !import.module.is_empty() {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&import.module);
    }
    Some(name.into())
}
