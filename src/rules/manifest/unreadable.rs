//! A manifest that is not there, or that cannot be read.

use crate::finding::{Stage, Stages};
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::{Context, Draft, On};
use crate::source::ReadError;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(error) = &plugin.manifest_error else {
        return;
    };
    let message = match error {
        ReadError::Missing => format!("there is no `{MANIFEST}`"),
        ReadError::IsFolder => format!("`{MANIFEST}` is a folder"),
        _ => format!("`{MANIFEST}` cannot be read: {error}"),
    };
    let help = match error {
        ReadError::Missing => match (similar(plugin), wrapped(plugin)) {
            (Some(name), _) => format!("rename `{name}`: only this exact name is looked for"),
            (None, Some(folder)) => {
                format!("the plugin lies in the folder `{folder}`: pack what is in it, not the folder")
            }
            (None, None) if is_empty(plugin) => {
                "the package is empty: is there a line `*` in .difyignore, or was it made through a link?"
                    .to_owned()
            }
            (None, None) => "every plugin has one at its root".to_owned(),
        },
        ReadError::IsFolder => "put a file in its place".to_owned(),
        ReadError::TooLarge(_) => "a manifest has a few kilobytes".to_owned(),
        ReadError::Refused(_) if plugin.files.archive().is_some() => {
            "make the package again with `dify plugin package`".to_owned()
        }
        ReadError::Refused(_) => "check the permissions of the file".to_owned(),
    };
    cx.report(
        Draft::file(MANIFEST, message)
            .stages(Stages::DAEMON.with(Stage::Start))
            .note("nothing of a plugin is read without its manifest")
            .help(help),
    );
}

/// The only folder that a package holds, if the manifest is in it.
fn wrapped(plugin: &Plugin) -> Option<String> {
    plugin.files.archive()?;
    let entries = plugin.files.list("").ok()?;
    let mut folders = entries.into_iter().map(|entry| entry.name);
    folders.find(|folder| plugin.has_file(&format!("{folder}/{MANIFEST}")))
}

fn is_empty(plugin: &Plugin) -> bool {
    let archive = plugin.files.archive();
    archive.is_some_and(|archive| archive.entries().is_empty())
}

/// A file of the root that was probably meant as the manifest.
fn similar(plugin: &Plugin) -> Option<String> {
    let entries = plugin.files.list("").ok()?;
    let files = entries.into_iter().filter(|entry| entry.kind.is_file());
    files.map(|entry| entry.name).find(|name| {
        let name = name.to_ascii_lowercase();
        matches!(
            name.as_str(),
            "manifest.yaml" | "manifest.yml" | "manifest.json"
        )
    })
}
