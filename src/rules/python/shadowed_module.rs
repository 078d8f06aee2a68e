//! Files at the plugin root that hide a module without which the SDK cannot be imported.

use crate::finding::{Stage, Stages};
use crate::plugin::Plugin;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if plugin.manifest().is_none() {
        return;
    }
    for shadow in cx.python().shadows() {
        let message = format!("`{}` hides the module `{}`", shadow.path, shadow.module);
        cx.report(
            Draft::file(&shadow.path, message)
                .stages(Stages::only(Stage::Start))
                .note("the plugin root comes first on Python's path, so the SDK gets this file instead")
                .help(match shadow.path.strip_suffix("/__init__.py") {
                    Some(folder) => format!("rename the folder `{folder}`"),
                    None => "rename the file, or move it into a folder".to_owned(),
                }),
        );
    }
}
