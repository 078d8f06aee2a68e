use super::{Document, MANIFEST, Packed, Parsed, Plugin, Reference, Role, reference};
use crate::dialect::{go_glob, py_glob};
use crate::format::{self, Child, ChildSource, DocumentKind};
use crate::source::{Changes, EntryKind, Files, LinkTarget, ReadError};
use crate::threads;
use crate::yaml::{NodeId, Reader, Tree};
use hashbrown::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

pub(super) fn load(files: Arc<dyn Files>, before: Option<(&Plugin, &Changes)>) -> Plugin {
    let (before, changes) = match before {
        Some((before, changes)) => (Some(before), changes),
        None => (None, &Changes::Anything),
    };
    let packed = before.and_then(|before| before.packed.again(&files, changes));
    let packed = packed.unwrap_or_else(|| Arc::new(Packed::new(files.as_ref())));
    let mut loader = Loader {
        files: files.clone(),
        before,
        changes,
        packed,
        parsed: HashMap::with_capacity(before.map_or(0, |before| before.parsed.len())),
        documents: Vec::new(),
        known: HashMap::with_capacity(before.map_or(0, |before| before.roles.len())),
        references: Vec::new(),
        matches: HashMap::new(),
        matched: HashSet::new(),
        position_patterns: HashSet::new(),
    };
    let manifest_error = loader.manifest().err();
    let resting = before.map_or_else(HashMap::new, |it| it.rest(changes, &loader.known));
    Plugin {
        files,
        documents: loader.documents,
        references: loader.references,
        matches: loader.matches,
        matched: loader.matched,
        position_patterns: loader.position_patterns,
        manifest_error,
        packed: loader.packed,
        parsed: loader.parsed,
        roles: Arc::new(loader.known),
        in_order: OnceLock::new(),
        resting,
    }
}

struct Loader<'b> {
    files: Arc<dyn Files>,
    before: Option<&'b Plugin>,
    changes: &'b Changes,
    packed: Arc<Packed>,
    parsed: HashMap<Arc<str>, Result<Arc<Parsed>, ReadError>>,
    documents: Vec<Document>,
    known: HashMap<Role, usize>,
    references: Vec<Reference>,
    matches: HashMap<String, Arc<Matches>>,
    matched: HashSet<(usize, NodeId)>,
    position_patterns: HashSet<(usize, NodeId)>,
}

/// A place in a document that leads to others, and who follows it.
struct Link<'c> {
    from: usize,
    child: &'c Child,
    daemon: bool,
    sdk: bool,
}

impl Link<'_> {
    fn named(&self, path: String, kind: DocumentKind, daemon: bool, sdk: bool) -> Named {
        Named {
            path,
            kind,
            daemon,
            sdk,
            parent: (self.from, self.child.node),
        }
    }

    /// Before anybody looked where it leads.
    fn reference(&self, written: &str) -> Reference {
        Reference {
            from: self.from,
            node: self.child.node,
            kind: self.child.kind,
            written: written.to_owned(),
            path: None,
            pattern: false,
            daemon: self.daemon,
            sdk: self.sdk,
            package: reference::Outcome::File,
            install: reference::Outcome::File,
            start: reference::Outcome::File,
        }
    }
}

/// A file that a document names, and who reads it there.
struct Named {
    path: String,
    kind: DocumentKind,
    daemon: bool,
    sdk: bool,
    parent: (usize, NodeId),
}

/// The files that a pattern finds, as each reader looks, and whether the other one finds them too.
pub(super) struct Matches {
    daemon: Vec<(String, bool)>,
    sdk: Vec<(String, bool)>,
}

/// What a document names, as each reader sees it.
#[derive(PartialEq, Eq)]
pub(super) struct Children {
    daemon: Vec<Child>,
    sdk: Vec<Child>,
}

impl Children {
    pub(super) fn of(document: &Document) -> Self {
        let tree = document.tree();
        let daemon = tree.refused_by(Reader::Daemon).is_none();
        let sdk = tree.refused_by(Reader::Sdk).is_none();
        let daemon = daemon.then(|| format::children(tree, document.kind));
        let sdk = sdk.then(|| format::sdk_children(tree, document.kind));
        Self {
            daemon: daemon.unwrap_or_default(),
            sdk: sdk.unwrap_or_default(),
        }
    }
}

impl Loader<'_> {
    fn manifest(&mut self) -> Result<(), ReadError> {
        let parsed = self.parse(MANIFEST, DocumentKind::Manifest);
        self.parsed.insert(MANIFEST.into(), parsed.clone());
        let parsed = parsed?;
        let kind = kind_of(&parsed.tree);
        self.add(parsed, kind, true, true, None);
        // row by row, so that the files that a row names are read at once
        let mut next = 0;
        while next < self.documents.len() {
            let row = next..self.documents.len();
            next = row.end;
            let mut named = Vec::new();
            row.for_each(|from| self.follow(from, &mut named));
            self.read(&named);
            for it in named {
                if let Some(Ok(parsed)) = self.parsed.get(it.path.as_str()) {
                    self.add(parsed.clone(), it.kind, it.daemon, it.sdk, Some(it.parent));
                }
            }
        }
        Ok(())
    }

    fn read(&mut self, named: &[Named]) {
        let mut seen = HashSet::new();
        let unread = named.iter().filter(|it| {
            let path = it.path.as_str();
            !self.parsed.contains_key(path) && seen.insert(path)
        });
        let unread: Vec<&Named> = unread.collect();
        let parsed = threads::map(&unread, |it| self.parse(&it.path, it.kind));
        let paths = unread.iter().map(|it| it.path.as_str().into());
        self.parsed.extend(paths.zip(parsed));
    }

    fn parse(&self, path: &str, kind: DocumentKind) -> Result<Arc<Parsed>, ReadError> {
        let before = self.before.and_then(|before| before.read(path, kind));
        if let Some(same) = before.as_ref().filter(|_| self.changes.spare(path)) {
            self.files.read_before(path);
            return same.clone();
        }
        let before = before.and_then(Result::ok);
        let read = self.files.read(path);
        read.map(|content| Parsed::of(path, content, before.as_ref()))
    }

    fn add(
        &mut self,
        parsed: Arc<Parsed>,
        kind: DocumentKind,
        daemon: bool,
        sdk: bool,
        parent: Option<(usize, NodeId)>,
    ) {
        let key = (parsed.file.path().clone(), kind);
        let before = self.before.and_then(|before| before.same(&key, &parsed));
        if let Some(at) = self.known.get(&key) {
            let document = &mut self.documents[*at];
            document.daemon |= daemon;
            document.sdk |= sdk;
            return;
        }
        self.known.insert(key, self.documents.len());
        let known = before.map_or_else(Arc::default, |before| before.known.clone());
        self.documents.push(Document {
            kind,
            parsed,
            daemon,
            sdk,
            parent,
            known,
        });
    }

    fn follow(&mut self, from: usize, named: &mut Vec<Named>) {
        let document = self.documents[from].clone();
        let children = document.derived(Children::of);
        let of = |reads: bool, children| if reads { children } else { &[][..] };
        let daemon = of(document.daemon, &children.daemon[..]);
        let sdk = of(document.sdk, &children.sdk[..]);
        let mut nodes: Vec<&Child> = daemon.iter().collect();
        nodes.extend(
            sdk.iter()
                .filter(|child| !daemon.iter().any(|other| other.node == child.node)),
        );
        for child in nodes {
            let link = Link {
                from,
                child,
                daemon: daemon.iter().any(|other| other.node == child.node),
                sdk: sdk.iter().any(|other| other.node == child.node),
            };
            match &child.source {
                ChildSource::File(written) => named.extend(self.file(&link, written)),
                ChildSource::Pattern(written) => named.extend(self.pattern(&link, written)),
                ChildSource::Inline => {}
            }
        }
    }

    fn file(&mut self, link: &Link<'_>, written: &str) -> Option<Named> {
        let (path, package, install, start) =
            reference::outcomes(self.files.as_ref(), &self.packed, written);
        let daemon = link.daemon && package == reference::Outcome::File;
        let sdk = link.sdk && start == reference::Outcome::File;
        let named = path.clone().filter(|_| daemon || sdk);
        let named = named.map(|path| link.named(path, link.child.kind, daemon, sdk));
        self.references.push(Reference {
            path,
            package,
            install,
            start,
            ..link.reference(written)
        });
        named
    }

    fn pattern(&mut self, link: &Link<'_>, written: &str) -> Vec<Named> {
        let found = self.found_by(written);
        let by_daemon = found.daemon.iter().filter(|_| link.daemon);
        let by_daemon = by_daemon.map(|(path, too)| (path, true, link.sdk && *too));
        let by_sdk = found.sdk.iter().filter(|_| link.sdk);
        let by_sdk = by_sdk.filter(|(_, too)| !(link.daemon && *too));
        let by_sdk = by_sdk.map(|(path, _)| (path, false, true));
        let named = by_daemon.chain(by_sdk).map(|(path, daemon, sdk)| {
            let kind = if path.ends_with(POSITION_SUFFIX) {
                DocumentKind::Position
            } else {
                DocumentKind::Model
            };
            link.named(path.clone(), kind, daemon, sdk)
        });
        let named: Vec<Named> = named.collect();
        let place = (link.from, link.child.node);
        if !named.is_empty() {
            self.matched.insert(place);
        }
        if named.iter().any(|it| it.kind == DocumentKind::Position) {
            self.position_patterns.insert(place);
        }
        self.references.push(Reference {
            pattern: true,
            ..link.reference(written)
        });
        named
    }

    /// Which files there are decides alone, and which are packed.
    fn found_by(&mut self, written: &str) -> Arc<Matches> {
        if let Some(known) = self.matches.get(written) {
            return known.clone();
        }
        let before = self.before.filter(|before| {
            self.changes.spare_names() && Arc::ptr_eq(&before.packed, &self.packed)
        });
        let known = before.and_then(|before| before.matches.get(written));
        let found = known.cloned().unwrap_or_else(|| {
            let files = self.files.as_ref();
            let paths = &self.packed.walk(files).files;
            let prefix = go_glob::prefix(written);
            let start = paths.partition_point(|path| path.as_str() < prefix);
            let near = paths.iter().skip(start);
            let near = near.take_while(|path| path.starts_with(prefix));
            let daemon = near.filter(|path| {
                !path.ends_with(POSITION_SUFFIX)
                    && go_glob::matches(written, path).is_ok_and(|matches| matches)
            });
            let daemon: Vec<&String> = daemon.collect();
            let sdk = glob(files, written).unwrap_or_default();
            let of_daemon: HashSet<&String> = daemon.iter().copied().collect();
            let of_sdk: HashSet<&String> = sdk.iter().collect();
            let with = |other: &HashSet<&String>, it: &String| (it.clone(), other.contains(it));
            Arc::new(Matches {
                daemon: daemon.iter().map(|it| with(&of_sdk, it)).collect(),
                sdk: sdk.iter().map(|it| with(&of_daemon, it)).collect(),
            })
        });
        self.matches.insert(written.to_owned(), found.clone());
        found
    }
}

/// A manifest that says `bundle` is one, unless it lists providers as only a plugin does.
pub(super) fn kind_of(tree: &Tree) -> DocumentKind {
    let Some(root) = tree.root() else {
        return DocumentKind::Manifest;
    };
    let bundle = tree
        .get(root, "type")
        .is_some_and(|node| tree.text(node) == "bundle");
    if bundle && tree.get(root, "plugins").is_none() {
        DocumentKind::Bundle
    } else {
        DocumentKind::Manifest
    }
}

/// What Python's `Path.glob` finds, as the SDK uses it.
fn glob(files: &dyn Files, pattern: &str) -> Result<Vec<String>, py_glob::BadPattern> {
    py_glob::expand(pattern, &|folder| {
        let entries = files.list(folder).ok()?.into_iter();
        let entries = entries.map(|entry| py_glob::Entry {
            kind: match entry.kind {
                EntryKind::Folder => py_glob::EntryKind::Folder,
                EntryKind::Link(Some(LinkTarget::Folder)) => py_glob::EntryKind::FolderLink,
                _ => py_glob::EntryKind::File,
            },
            name: entry.name,
        });
        Some(entries.collect())
    })
}

/// Files of this ending are never models, whoever looks.
const POSITION_SUFFIX: &str = "_position.yaml";
