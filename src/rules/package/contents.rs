//! What would be packed and should not be.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{Packed, Plugin, carried};
use crate::rules::documents::ignore_place;
use crate::rules::package_files::ending;
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashSet;
use std::collections::BTreeMap;

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

/// Folders that no plugin needs when it runs; the Marketplace refuses each.
const FOLDERS: [&str; 18] = [
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    "env",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".tox",
    ".nox",
    ".idea",
    ".vscode",
    "node_modules",
    "__MACOSX",
    ".eggs",
    ".uv",
];
/// Files likewise.
const FILES: [&str; 6] = [
    ".DS_Store",
    ".gitconfig",
    "Thumbs.db",
    "desktop.ini",
    "id_rsa",
    "id_ed25519",
];
/// Endings likewise.
const ENDINGS: [&str; 13] = [
    ".key",
    ".pem",
    ".p12",
    ".pfx",
    ".pyc",
    ".pyo",
    ".log",
    ".tmp",
    ".swp",
    ".swo",
    ".bak",
    ".difypkg",
    ".difybndl",
];
const NATIVE_RULE: &str = "package/native-binary";
/// Programs for one kind of machine.
const NATIVE: [&str; 6] = [".dll", ".dylib", ".exe", ".node", ".pyd", ".so"];
/// Archives: the Marketplace asks what they are for.
const ARCHIVES: [&str; 8] = [".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"];
/// Of use to whoever develops the plugin, to nobody who runs it.
const DEVELOPMENT: [&str; 4] = [".github", ".gitlab-ci.yml", ".circleci", "GUIDE.md"];

/// The rule against a file, and the pattern that would keep it out.
type Verdict = (&'static str, String);

/// What the names of the files say.
#[derive(Default)]
struct Names {
    unwanted: Vec<(String, Verdict)>,
    /// Those whose names say nothing.
    unclear: Vec<String>,
}

/// True for a program for one kind of machine.
struct Program(bool);

/// A kind of unwanted content: files by what they share.
type Group<'w> = BTreeMap<&'w Verdict, Vec<&'w str>>;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let names = plugin
        .packed
        .derived(plugin.files.as_ref(), |walk| Names::of(&walk.files));
    let unclear = names.unclear.iter().filter(|path| {
        let program = cx.fact(path, || Program(is_program(plugin, path)));
        program.0
    });
    let programs: Vec<_> = unclear
        .map(|path| (path.clone(), (NATIVE_RULE, format!("/{path}"))))
        .collect();
    let in_bundle: HashSet<String> = carried(plugin).iter().map(|it| it.path()).collect();
    let mut groups = Group::new();
    for (path, kind) in names.unwanted.iter().chain(&programs) {
        if !in_bundle.contains(path) {
            groups.entry(kind).or_default().push(path);
        }
    }
    for ((rule, what), mut paths) in groups {
        paths.sort_unstable();
        report(&plugin.packed, plugin, rule, what, &paths, cx);
    }
}

impl Names {
    fn of(files: &[String]) -> Self {
        let mut names = Self::default();
        for path in files {
            match judge(path) {
                Some(verdict) => names.unwanted.push((path.clone(), verdict)),
                None if !has_telling_ending(path) => names.unclear.push(path.clone()),
                None => {}
            }
        }
        names
    }
}

/// The rule against a file, and the pattern that would keep it out.
fn judge(path: &str) -> Option<Verdict> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut parts = folders.split('/');
    if let Some(folder) = parts.clone().find(|part| FOLDERS.contains(part)) {
        return Some(("package/junk", format!("{folder}/")));
    }
    let top = parts.next().filter(|top| !top.is_empty()).unwrap_or(name);
    if DEVELOPMENT.contains(&top) {
        let slash = if folders.is_empty() { "" } else { "/" };
        return Some(("package/development-file", format!("{top}{slash}")));
    }
    if FILES.contains(&name) || name.starts_with("dify-plugin-") && !name.contains('.') {
        return Some(("package/junk", name.to_owned()));
    }
    if let Some(ending) = ending(name, &ENDINGS) {
        return Some(("package/junk", format!("*{ending}")));
    }
    if let Some(ending) = ending(name, &NATIVE) {
        return Some((NATIVE_RULE, format!("*{ending}")));
    }
    ending(name, &ARCHIVES).map(|ending| ("package/archive", format!("*{ending}")))
}

/// False for a name that a program may have, such as `run`, `run.bin` and `libx.so.1`.
fn has_telling_ending(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        ending != "bin" && !ending.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// True for a file that begins as ELF, PE or Mach-O programs do.
fn is_program(plugin: &Plugin, path: &str) -> bool {
    const MAGIC: [&[u8]; 6] = [
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
    ];
    // no program is smaller
    let size = plugin.files.size(path).unwrap_or(0);
    size >= 128
        && plugin
            .files
            .read(path)
            .is_ok_and(|bytes| MAGIC.iter().any(|magic| bytes.starts_with(magic)))
}

fn report(
    packed: &Packed,
    plugin: &Plugin,
    rule: &'static str,
    what: &str,
    paths: &[&str],
    cx: &mut Context<'_>,
) {
    let Some(first) = paths.first() else { return };
    let first = shorten(first);
    let inside = plugin.files.archive().is_some();
    let subject = match paths.len() {
        1 if inside => format!("`{first}` is in the package"),
        more if inside => format!("{more} files of `{what}` are in the package, such as `{first}`"),
        1 => format!("`{first}` goes into the package"),
        more => format!("{more} files of `{what}` go into the package, such as `{first}`"),
    };
    let note = match rule {
        "package/development-file" => {
            "nothing reads it there; everybody who installs the plugin gets it"
        }
        "package/native-binary" => {
            "it runs on one kind of machine only, and the Marketplace refuses it"
        }
        "package/archive" => "nobody can see what is in it; the Marketplace asks",
        _ => "nothing needs it there, and the Marketplace refuses a plugin with it",
    };
    let help = match packed.ignore_file {
        Some(".difyignore") => format!("add the line `{what}` to .difyignore"),
        _ if plugin.files.archive().is_some() => {
            format!("add the line `{what}` to .difyignore in the folder, and pack it again")
        }
        Some(other) => format!(
            "add the line `{what}` to {other}, or to a .difyignore, which then counts alone"
        ),
        None => format!("write a file .difyignore with the line `{what}`"),
    };
    let draft = Draft::new(ignore_place(plugin), subject)
        .rule(RuleId(rule))
        .note(note)
        .fix(repair::ignore::add(plugin, what))
        .help(help);
    cx.report(match rule {
        "package/junk" | "package/native-binary" => draft.stages(MARKETPLACE),
        _ => draft,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgements() {
        for (path, expected) in [
            ("a/__pycache__/x.py", Some("package/junk __pycache__/")),
            ("x.pyc", Some("package/junk *.pyc")),
            (
                ".github/workflows/a.yml",
                Some("package/development-file .github/"),
            ),
            ("GUIDE.md", Some("package/development-file GUIDE.md")),
            ("docs/GUIDE.md", None),
            ("old-0.1.difypkg", Some("package/junk *.difypkg")),
            (
                "dify-plugin-linux-amd64",
                Some("package/junk dify-plugin-linux-amd64"),
            ),
            ("lib/x.SO", Some("package/native-binary *.so")),
            ("data.zip", Some("package/archive *.zip")),
            ("tools/env.py", None),
        ] {
            let found = judge(path).map(|(rule, what)| format!("{rule} {what}"));
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }
}
