//! A manifest that is not there, or that cannot be read.

use crate::finding::{Stage, Stages};
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::{Context, Draft, On};
use crate::source::ReadError;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(error) = &plugin.manifest_error else { return };
    let help = match error {
        ReadError::Missing => "every plugin has a `manifest.yaml` at its root",
        ReadError::IsFolder => "`manifest.yaml` must be a file",
        ReadError::TooLarge(_) => "a manifest has a few kilobytes",
        ReadError::Refused(_) => "check the permissions of the file",
    };
    cx.report(
        Draft::file(MANIFEST, format!("the manifest cannot be read: {error}"))
            .stages(Stages::DAEMON.with(Stage::Start))
            .note("nothing of a plugin is read without its manifest")
            .help(help),
    );
}
