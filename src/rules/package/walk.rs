//! What the packager meets on its way through the folder.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{Plugin, Walk};
use crate::rules::{Context, Draft, On};
use crate::source::{EntryKind, LinkTarget};
use hashbrown::{HashMap, HashSet};

pub const CHECK: On = On::Plugin(check);

/// What the names and kinds of the files say.
struct Names(Vec<Draft>);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let files = plugin.files.as_ref();
    let archive = files.archive().is_some();
    let names = plugin
        .packed
        .derived(files, |walk| Names::of(walk, archive));
    names.0.iter().for_each(|draft| cx.report(draft.clone()));
    if plugin.files.kind("") == Some(EntryKind::Link(Some(LinkTarget::Folder))) {
        cx.report(
            Draft::file("", "the folder of this plugin is named through a symbolic link")
                .rule(RuleId("package/linked-root"))
                .note("`dify plugin package` walks no links: by this name it makes a package without any file, and says that all is well")
                .help("package the folder that the link leads to"),
        );
    }
}

impl Names {
    fn of(walk: &Walk, archive: bool) -> Self {
        let unpackable = walk.unpackable.iter();
        let mut found: Vec<Draft> = unpackable
            .map(|(path, kind)| unpackable_entry(path, *kind))
            .collect();
        found.extend(walk.not_utf8.iter().map(|path| not_utf8(path)));
        if !archive {
            backslashes(&walk.files, &mut found);
        }
        case(&walk.files, &mut found);
        Self(found)
    }
}

fn not_utf8(path: &str) -> Draft {
    Draft::file("", format!("the name `{}` is not UTF-8", shorten(path)))
        .rule(RuleId("package/bad-entry-name"))
        .stages(Stages::only(Stage::Install))
        .note("it is packed, and then the daemon cannot open the entry and refuses the upload")
        .help("rename the file: letters, digits, `-`, `_` and `.`")
}

fn unpackable_entry(path: &str, kind: EntryKind) -> Draft {
    let name = shorten(path);
    let (message, help) = match kind {
        EntryKind::Link(Some(_)) => (
            format!("`{name}` is a link to a folder"),
            "put the folder itself there, or exclude the link by its name without a slash at the end",
        ),
        EntryKind::Link(None) => (
            format!("the link `{name}` leads to nothing"),
            "remove it, or add its name to .difyignore",
        ),
        _ => (
            format!("`{name}` is neither a file nor a folder"),
            "remove it, or add its name to .difyignore",
        ),
    };
    Draft::file(path, message)
        .rule(RuleId("package/unpackable-file"))
        .stages(Stages::only(Stage::Package))
        .note("the packager opens everything that the ignore rules leave, and stops here")
        .help(help)
}

fn backslashes(files: &[String], found: &mut Vec<Draft>) {
    let known: HashSet<&str> = files.iter().map(String::as_str).collect();
    for path in files.iter().filter(|path| path.contains('\\')) {
        let packed = path.replace('\\', "/");
        let note = if known.contains(packed.as_str()) {
            "another file has this name already; the daemon reads only one of them"
        } else {
            "the packager writes slashes instead, so the file is elsewhere once it is installed"
        };
        found.push(
            Draft::file(
                path,
                format!(
                    "`{}` becomes `{}` in the package",
                    shorten(path),
                    shorten(&packed)
                ),
            )
            .rule(RuleId("package/bad-entry-name"))
            .note(note)
            .help("rename the file: letters, digits, `-`, `_` and `.`"),
        );
    }
}

fn case(files: &[String], found: &mut Vec<Draft>) {
    let mut known: HashMap<String, &str> = HashMap::new();
    for path in files {
        let Some(first) = known.insert(path.to_lowercase(), path) else {
            continue;
        };
        found.push(
            Draft::file(
                path,
                format!(
                    "`{}` and `{}` differ only in letter case",
                    shorten(first),
                    shorten(path)
                ),
            )
            .rule(RuleId("package/case-collision"))
            .note(
                "on Windows and macOS only one of them can be there, so packing on them loses one",
            )
            .help("rename one of them"),
        );
    }
}
