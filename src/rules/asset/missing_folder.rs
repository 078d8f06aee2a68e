//! A plugin without `_assets`.

use crate::finding::{Stage, Stages};
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let found = plugin.files.kind("_assets");
    if plugin.manifest().is_none() || found.is_some_and(|kind| kind.is_folder()) {
        return;
    }
    let (message, help) = match found {
        Some(_) => (
            "`_assets` is not a folder",
            "put a folder in its place, with the icon in it",
        ),
        None => (
            "there is no folder `_assets`",
            "make it at the plugin root, with the icon in it",
        ),
    };
    let (package, start) = (Stage::Package, Stage::Start);
    cx.report(
        Draft::file(MANIFEST, message)
            .stages(Stages::only(package).with(start))
            .note("packaging and the SDK both list the folder, and stop when there is none")
            .help(help),
    );
}
