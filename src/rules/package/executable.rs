//! Programs and scripts in the package.

use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::package_files::ending;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// What the reviewers' check takes for a program by its name.
const ENDINGS: [&str; 5] = [".app", ".bin", ".command", ".run", ".sh"];

/// The programs among the files.
struct Programs(Vec<Draft>);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let files = plugin.files.as_ref();
    let programs = plugin.packed.derived(files, |walk| {
        Programs(walk.files.iter().filter_map(|it| program(it)).collect())
    });
    programs.0.iter().for_each(|it| cx.report(it.clone()));
}

fn program(path: &str) -> Option<Draft> {
    ending(path, &ENDINGS).map(|_| {
        Draft::file(
            path,
            format!("the package holds the program `{}`", shorten(path)),
        )
        .note("nothing of Dify runs it, and the reviewers of the Marketplace ask what it is for")
        .help("keep it out with a line in `.difyignore`")
    })
}
