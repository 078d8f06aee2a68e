//! Position files that the daemon never reads.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::package_files;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if plugin.of_kind(DocumentKind::ModelProvider).next().is_none() {
        return;
    }
    for path in package_files::yaml(plugin) {
        if !path.ends_with("_position.yaml") {
            continue;
        }
        let mut roles = plugin
            .of_kind(DocumentKind::Position)
            .filter(|it| **it.path() == **path);
        if roles.any(|document| document.daemon) {
            continue;
        }
        let message = format!(
            "no `position` of a model provider names `{}`",
            shorten(path)
        );
        cx.report(
            Draft::file(path, message)
                .note("the daemon finds the order of the models only through `models.<kind>.position`")
                .help(format!("write `position: {path}` beside `predefined`, or remove the file")),
        );
    }
}
