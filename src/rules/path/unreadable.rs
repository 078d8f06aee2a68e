//! Documents that are there and cannot be read.

use crate::finding::{Stage, Stages};
use crate::plugin::{MANIFEST, Outcome, Plugin};
use crate::rules::{Context, Draft, On};
use crate::source::{ReadError, parent};
use std::collections::BTreeSet;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    // of a damaged entry of an archive `package/damaged-entry` speaks
    let packed = plugin.files.archive().is_some();
    for (path, error) in plugin.unread_files() {
        match error {
            ReadError::Refused(_) if !packed => refused(path, "file", error, cx),
            ReadError::TooLarge(_) => cx.report(
                Draft::file(path, format!("`{path}` is not read: {error}"))
                    .note("nothing in it was checked")
                    .help("a document of a plugin has a few kilobytes"),
            ),
            _ => {}
        }
    }
    // what stands in a folder that cannot be listed seems not to be there
    let missing = plugin
        .references
        .iter()
        .filter(|it| it.package == Outcome::Missing);
    let folders: BTreeSet<&str> = missing
        .filter_map(|it| it.path.as_deref())
        .map(parent)
        .collect();
    for folder in folders {
        if let Err(error @ ReadError::Refused(_)) = plugin.files.list(folder) {
            refused(folder, "folder", &error, cx);
        }
    }
}

fn refused(path: &str, what: &str, error: &ReadError, cx: &mut Context<'_>) {
    cx.report(
        Draft::file(
            if path.is_empty() { MANIFEST } else { path },
            format!("the {what} `{path}` cannot be read: {error}"),
        )
        .stages(Stages::only(Stage::Package))
        .note("nothing in it was checked; packaging reads every file and stops here")
        .help(format!("check the permissions of the {what}")),
    );
}
