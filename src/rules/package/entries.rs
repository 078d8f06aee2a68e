//! Entries of an archive that the daemon cannot use, or uses otherwise than others do.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::{Context, Draft, On};
use crate::source::limits::PACKAGE_BYTES;
use crate::source::{Archive, ArchiveEntry, BodyFault, NameFault};
use hashbrown::HashMap;
use std::collections::BTreeMap;

pub const CHECK: On = On::Plugin(check);

const INSTALL: Stages = Stages::only(Stage::Install);

/// The most bytes that are unpacked to see whether they can be.
const PROVED_BYTES: u64 = 2 * PACKAGE_BYTES;

/// What is wrong with an entry. An archive may have very many of a kind; they make one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    NameEmpty,
    NameNotUtf8,
    NameAbsolute,
    NameOutside,
    NameBackslash,
    NameNul,
    NameTooLong,
    NameTooDeep,
    NameUnclean,
    Folder,
    Link,
    Twice,
    FileAndFolder,
    Encrypted,
    Compression,
    Damaged,
}

#[derive(Default)]
struct Groups<'a>(BTreeMap<Wrong, Group<'a>>);

struct Group<'a> {
    first: &'a ArchiveEntry,
    /// What to say of the first.
    why: String,
    count: usize,
}

impl<'a> Groups<'a> {
    fn add(&mut self, wrong: Wrong, entry: &'a ArchiveEntry, why: impl FnOnce() -> String) {
        let group = self.0.entry(wrong).or_insert_with(|| Group {
            first: entry,
            why: why(),
            count: 0,
        });
        group.count += 1;
    }
}

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(archive) = plugin.files.archive() else {
        return;
    };
    let bundle = plugin.of_kind(DocumentKind::Bundle).next().is_some();
    let mut groups = Groups::default();
    names(archive, &mut groups);
    contents(plugin, archive, &mut groups);
    for (wrong, group) in groups.0 {
        report(wrong, &group, bundle, cx);
    }
}

fn names<'a>(archive: &'a Archive, groups: &mut Groups<'a>) {
    let mut files: HashMap<String, &ArchiveEntry> = HashMap::new();
    for entry in archive.entries() {
        if let Some(fault) = entry.name_fault() {
            groups.add(of_name(&fault), entry, String::new);
        }
        if entry.is_folder() {
            groups.add(Wrong::Folder, entry, String::new);
        }
        if entry.is_link() {
            groups.add(Wrong::Link, entry, String::new);
        }
        if let Some(path) = entry.path()
            && files.insert(path, entry).is_some()
        {
            groups.add(Wrong::Twice, entry, String::new);
        }
    }
    for path in files.keys() {
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        for file in folders.filter_map(|folder| files.get(folder)) {
            groups.add(Wrong::FileAndFolder, file, String::new);
        }
    }
}

const fn of_name(fault: &NameFault) -> Wrong {
    match fault {
        NameFault::Empty => Wrong::NameEmpty,
        NameFault::NotUtf8 => Wrong::NameNotUtf8,
        NameFault::Absolute => Wrong::NameAbsolute,
        NameFault::Outside => Wrong::NameOutside,
        NameFault::Backslash => Wrong::NameBackslash,
        NameFault::Nul => Wrong::NameNul,
        NameFault::TooLong => Wrong::NameTooLong,
        NameFault::TooDeep => Wrong::NameTooDeep,
        NameFault::Unclean => Wrong::NameUnclean,
    }
}

fn contents<'a>(plugin: &Plugin, archive: &'a Archive, groups: &mut Groups<'a>) {
    let mut left = PROVED_BYTES;
    for entry in archive.entries().iter().filter(|it| !it.is_folder()) {
        // what is wrong with the manifest is said there
        if plugin.manifest_error.is_some() && entry.path().is_some_and(|it| it == MANIFEST) {
            continue;
        }
        let Some(rest) = left.checked_sub(entry.size) else {
            continue;
        };
        left = rest;
        let Err(fault) = archive.prove(entry) else {
            continue;
        };
        let wrong = match fault {
            BodyFault::Encrypted => Wrong::Encrypted,
            BodyFault::Method(_) => Wrong::Compression,
            _ => Wrong::Damaged,
        };
        groups.add(wrong, entry, || fault.to_string());
    }
}

fn report(wrong: Wrong, group: &Group<'_>, bundle: bool, cx: &mut Context<'_>) {
    let name = group.first.name();
    // an odd name is no place that a reader could open
    let clean = group.first.name_fault().is_none();
    let path = group.first.path().filter(|_| clean);
    let inside = path.as_deref().unwrap_or("");
    let first = shorten(&name);
    // a bundle is not read entry by entry: only its manifest and what lies in `_assets` is opened
    let read = !bundle || inside == MANIFEST || inside.starts_with("_assets/");
    let by_checksum = if bundle { Stages::NONE } else { INSTALL };
    let by_reading = if read { INSTALL } else { Stages::NONE };
    let (rule, stages, message, note, help) = match wrong {
        Wrong::Folder => (
            "package/folder-entry",
            by_checksum,
            format!("`{first}` is an entry for a folder"),
            FOLDER_NOTE,
            "make it with `dify plugin package`; if by hand, with `zip -r -D`",
        ),
        Wrong::Link => (
            "package/archived-link",
            Stages::NONE,
            format!("`{first}` is a symbolic link"),
            "the daemon makes a plain file of it whose content is the path that it leads to",
            "make the package with `dify plugin package`, which packs what links lead to",
        ),
        Wrong::Twice => (
            "package/duplicate-entry",
            Stages::NONE,
            format!("there is a second entry `{first}`"),
            "the daemon reads the first; `unzip` and others keep the last, so people look at another file",
            "make the package again: zipping into an old one may add a file twice",
        ),
        Wrong::FileAndFolder => (
            "package/duplicate-entry",
            by_checksum,
            format!("`{first}` is a file and also a folder"),
            "no disk can hold both: the daemon stops when it unpacks the package to start it",
            "rename one of them",
        ),
        Wrong::Encrypted => (
            "package/encrypted-entry",
            by_reading,
            format!("`{first}` is encrypted"),
            "the daemon has no password and refuses the upload",
            "make the package again, without a password",
        ),
        Wrong::Compression => (
            "package/unsupported-compression",
            by_reading,
            format!("`{first}` cannot be unpacked: {}", group.why),
            "the daemon knows only entries that are stored or deflated, and refuses the upload",
            "make it with `dify plugin package`, or choose `deflate`",
        ),
        Wrong::Damaged => (
            "package/damaged-entry",
            by_reading,
            format!("`{first}` cannot be unpacked: {}", group.why),
            "the daemon reads every entry for the checksum of the package, and refuses the upload",
            "download the package again, or make it again with `dify plugin package`",
        ),
        name => {
            let (stages, words, note) = of_names(name, by_checksum);
            let help = "make the package with `dify plugin package`, in the folder of the plugin";
            let message = match name {
                Wrong::NameEmpty => "an entry has no name".to_owned(),
                _ => format!("the name `{first}` {words}"),
            };
            ("package/bad-entry-name", stages, message, note, help)
        }
    };
    let message = match group.count - 1 {
        0 => message,
        more => format!("{message}, {more} more likewise"),
    };
    cx.report(
        Draft::file(inside, message)
            .rule(RuleId(rule))
            .stages(stages)
            .note(note)
            .help(help),
    );
}

const FOLDER_NOTE: &str = "the daemon reads every entry for the checksum of the package, cannot read a folder, and refuses the upload";

fn of_names(wrong: Wrong, refused: Stages) -> (Stages, &'static str, &'static str) {
    const UNOPENED: &str = "the daemon opens every entry for the checksum of the package, cannot open this one, and refuses the upload";
    const UNMADE: &str =
        "no file can have this name, so the package cannot be unpacked to start it";
    let marketplace = if refused.is_empty() {
        refused
    } else {
        refused.with(Stage::Marketplace)
    };
    match wrong {
        Wrong::NameAbsolute => (marketplace, "begins with a slash", UNOPENED),
        Wrong::NameOutside => (marketplace, "leads out of its folder", UNOPENED),
        Wrong::NameBackslash => (refused, "holds a backslash", UNOPENED),
        Wrong::NameNotUtf8 => (refused, "is not UTF-8", UNOPENED),
        Wrong::NameNul => (refused, "holds a NUL", UNMADE),
        Wrong::NameTooLong => (refused, "is longer than a path can be", UNMADE),
        Wrong::NameTooDeep => (
            Stages::NONE,
            "lies in too many folders",
            "difylint does not look that deep; what is wrong with the file stays unknown",
        ),
        Wrong::NameUnclean => (
            Stages::NONE,
            "is not clean",
            "the daemon finds the file without the `.` or the second slash, but takes it for no asset",
        ),
        _ => (refused, "", UNOPENED),
    }
}
