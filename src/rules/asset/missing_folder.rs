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
    let message = match found {
        Some(_) => "`_assets` is not a folder",
        None => "there is no folder `_assets`",
    };
    let (package, start) = (Stage::Package, Stage::Start);
    cx.report(
        Draft::file(MANIFEST, message)
            .stages(Stages::only(package).with(start))
            .note("packaging lists the folder, and so does the SDK when it starts; both stop")
            .help("make it and put the icon there"),
    );
}
