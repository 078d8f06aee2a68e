//! Paths that lead to no file.

use crate::finding::{Stage, Stages};
use crate::format::words::{nearest, shorten, with_article};
use crate::plugin::{Outcome, Plugin, Reference};
use crate::rules::{Context, Draft, On, repair};
use crate::source::parent;

pub const CHECK: On = On::Reference(check);

fn check(reference: &Reference, cx: &mut Context<'_>) {
    // path/unclean-path has better words for a path that some reader finds
    if reference.pattern || reference.is_unclean() {
        return;
    }
    let nowhere = |outcome| matches!(outcome, Outcome::Missing | Outcome::Folder);
    let missing = nowhere(reference.package) || nowhere(reference.start);
    if !missing {
        return;
    }
    let document = &cx.plugin().documents[reference.from];
    let written = shorten(&reference.written);
    let message = match (reference.written.as_str(), reference.package) {
        ("", _) => format!("the path of {} is empty", with_article(reference.kind)),
        (_, Outcome::Folder) => {
            format!(
                "`{written}` is a folder, not {}",
                with_article(reference.kind)
            )
        }
        _ => format!("the {} `{written}` does not exist", reference.kind),
    };
    let stages = reference.failing();
    let mut draft = Draft::at(document, reference.node, message)
        .stages(stages)
        .note(note(stages));
    let near = similar(cx.plugin(), &reference.written)
        .or_else(|| elsewhere(cx.plugin(), document.path(), &reference.written));
    if let Some(near) = near {
        draft = draft.help(if near.eq_ignore_ascii_case(&reference.written) {
            format!("write `{near}`: letter case counts")
        } else {
            format!("did you mean `{near}`? paths start at the plugin root")
        });
        let how = match same_path(&near, &reference.written) {
            true => repair::Safe,
            false => repair::Unsafe,
        };
        draft = draft.fix(repair::write(document, reference.node, &near, how));
    } else if matches!(reference.written.as_str(), "" | "~" | "null") {
        draft = draft.help("remove the entry").fix(repair::remove(
            document,
            reference.node,
            repair::Unsafe,
        ));
    } else if reference.package == Outcome::Folder {
        draft = draft.help("write the path of a file in it");
    } else if !reference.written.is_empty() {
        draft = draft.help("create the file, or remove the entry; paths start at the plugin root");
    }
    cx.report(draft);
}

/// True for paths that differ in letter case, slashes and blanks only.
pub fn same_path(a: &str, b: &str) -> bool {
    let fold =
        |path: &str| crate::dialect::clean_path(&path.trim().replace('\\', "/").to_lowercase());
    fold(a) == fold(b)
}

fn note(stages: Stages) -> &'static str {
    match (
        stages.contains(Stage::Package),
        stages.contains(Stage::Start),
    ) {
        (true, true) => {
            "packaging, installation and start-up each open this file and stop without it"
        }
        (true, false) => "packaging and installation open this file and stop without it",
        _ => "the SDK takes a missing file for an empty one",
    }
}

/// The file that the path leads to from the folder of its document, or the only file of that name.
pub fn elsewhere(plugin: &Plugin, document: &str, written: &str) -> Option<String> {
    let from_root = crate::dialect::clean_path(&written.trim().replace('\\', "/"));
    if let Some(path) = from_root.filter(|path| plugin.has_file(path)) {
        return Some(path);
    }
    let from_here = crate::dialect::clean_path(&format!("{}/{written}", parent(document)));
    if let Some(path) = from_here.filter(|path| plugin.has_file(path)) {
        return Some(path);
    }
    let name = written
        .rsplit('/')
        .next()
        .filter(|name| name.contains('.'))?;
    let files = &plugin.packed.walk(plugin.files.as_ref()).files;
    let mut found = files
        .iter()
        .filter(|file| file.rsplit('/').next() == Some(name));
    let only = found.next()?;
    found.next().is_none().then(|| only.clone())
}

/// A file of the plugin that was probably meant: the same name in another letter case, with another
/// ending, or a letter or two away.
fn similar(plugin: &Plugin, written: &str) -> Option<String> {
    let clean = crate::dialect::clean_path(&written.trim().replace('\\', "/"))?;
    let (folder, name) = (parent(&clean), clean.rsplit('/').next().unwrap_or(&clean));
    let folders = [folder.to_owned(), folder.to_lowercase()];
    let stem = |file: &str| {
        file.rsplit_once('.')
            .map_or(file, |(stem, _)| stem)
            .to_lowercase()
    };
    folders.iter().find_map(|folder| {
        let entries = plugin.files.list(folder).ok()?;
        let files: Vec<&str> = entries
            .iter()
            .filter(|it| it.kind.is_file())
            .map(|it| it.name.as_str())
            .collect();
        let same = files
            .iter()
            .find(|file| file.eq_ignore_ascii_case(name))
            .copied();
        let yaml = files
            .iter()
            .copied()
            .filter(|file| file.ends_with(".yaml") || file.ends_with(".yml"));
        // the same name with another ending, or with none
        let mut other_ending = yaml
            .clone()
            .filter(|file| stem(file) == stem(name) || stem(file) == name.to_lowercase());
        let only = other_ending
            .next()
            .filter(|_| other_ending.next().is_none());
        let near = same.or(only).or_else(|| nearest(name, yaml))?;
        Some(crate::source::join(folder, near))
    })
}
