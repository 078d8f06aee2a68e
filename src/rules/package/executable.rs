//! Programs and scripts in the package.

use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// What the reviewers' check takes for a program by its name.
const ENDINGS: [&str; 5] = [".app", ".bin", ".command", ".run", ".sh"];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let walk = plugin.packed.walk(plugin.files.as_ref());
    for path in &walk.files {
        let lower = path.to_ascii_lowercase();
        if !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            continue;
        }
        cx.report(
            Draft::file(
                path,
                format!("the package holds the program `{}`", shorten(path)),
            )
            .note(
                "nothing of Dify runs it, and the reviewers of the Marketplace ask what it is for",
            )
            .help("keep it out with a line in `.difyignore`"),
        );
    }
}
