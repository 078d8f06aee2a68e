//! Paths that lead to no file.

use crate::finding::{Stage, Stages};
use crate::format::words::{nearest, shorten};
use crate::plugin::{Outcome, Plugin, Reference};
use crate::rules::{Context, Draft, On};
use crate::source::parent;

pub const CHECK: On = On::Reference(check);

fn check(reference: &Reference, cx: &mut Context<'_>) {
    if reference.pattern {
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
        ("", _) => format!("the path of a {} is empty", reference.kind),
        (_, Outcome::Folder) => format!("`{written}` is a folder, not a {}", reference.kind),
        _ => format!("the {} `{written}` does not exist", reference.kind),
    };
    let stages = reference.failing();
    let mut draft = Draft::at(document, reference.node, message).stages(stages).note(note(stages));
    if let Some(near) = similar(cx.plugin(), &reference.written) {
        draft = draft.help(format!("did you mean `{near}`?"));
    } else if !reference.written.is_empty() {
        draft = draft.help("create the file, or remove the entry; paths start at the plugin root");
    }
    cx.report(draft);
}

fn note(stages: Stages) -> &'static str {
    match (stages.contains(Stage::Package), stages.contains(Stage::Start)) {
        (true, true) => "packaging, installation and start-up each open this file and stop without it",
        (true, false) => "packaging and installation open this file and stop without it",
        _ => "the SDK takes a missing file for an empty one",
    }
}

/// A file of the plugin that was probably meant: the same name in another letter case, with another
/// ending, or a letter or two away.
fn similar(plugin: &Plugin, written: &str) -> Option<String> {
    let clean = crate::dialect::clean_path(&written.replace('\\', "/"))?;
    let (folder, name) = (parent(&clean), clean.rsplit('/').next().unwrap_or(&clean));
    let folders = [folder.to_owned(), folder.to_lowercase()];
    folders.iter().find_map(|folder| {
        let entries = plugin.files.list(folder).ok()?;
        let files: Vec<&str> =
            entries.iter().filter(|it| it.kind.is_file()).map(|it| it.name.as_str()).collect();
        let same = files.iter().find(|file| file.eq_ignore_ascii_case(name)).copied();
        let yaml = files.iter().copied().filter(|file| file.ends_with(".yaml") || file.ends_with(".yml"));
        let near = same.or_else(|| nearest(name, yaml))?;
        Some(crate::source::join(folder, near))
    })
}
