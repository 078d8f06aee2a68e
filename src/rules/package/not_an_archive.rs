//! Packages that are no archives.

use crate::finding::{Stage, Stages};
use crate::plugin::Plugin;
use crate::rules::{Context, Draft, On};
use crate::source::Defect;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(defect) = plugin.files.archive().and_then(|it| it.defect()) else {
        return;
    };
    let (message, help) = match defect {
        Defect::Empty => ("this package has no bytes".to_owned(), AGAIN),
        Defect::Foreign(Some(what)) => (
            format!("this is no package but {what}"),
            match *what {
                what if what.contains("Git LFS") => "fetch the file itself with `git lfs pull`",
                _ => AGAIN,
            },
        ),
        Defect::Foreign(None) => (
            "this is no package: it does not end as a ZIP archive does".to_owned(),
            AGAIN,
        ),
        Defect::CutOff => (
            "this package is cut off: the table of its entries is missing".to_owned(),
            AGAIN,
        ),
        Defect::Damaged => (
            "this package is damaged: the table of its entries is not where it should be"
                .to_owned(),
            AGAIN,
        ),
        Defect::Unreadable(reason) => (
            format!("this package cannot be read: {reason}"),
            "check that the file is there and may be read",
        ),
    };
    cx.report(
        Draft::file("", message)
            .stages(Stages::only(Stage::Install).with(Stage::Marketplace))
            .note(
                "a package is a ZIP archive; the daemon refuses anything else as no valid difypkg",
            )
            .help(help),
    );
}

const AGAIN: &str = "download it again, or make it again with `dify plugin package`";
