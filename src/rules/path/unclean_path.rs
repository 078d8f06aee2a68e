//! Paths that a disk understands and a package does not.

use crate::finding::Stage;
use crate::format::words::shorten;
use crate::plugin::Reference;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Reference(check);

fn check(reference: &Reference, cx: &mut Context<'_>) {
    if !reference.is_unclean() {
        return;
    }
    let Some(path) = &reference.path else { return };
    let document = &cx.plugin().documents[reference.from];
    let written = shorten(&reference.written);
    let mut message = format!("`{written}` works in a folder but not in a package");
    let mut note =
        "the daemon looks the path up in the package letter by letter and finds nothing".to_owned();
    if reference.failing().contains(Stage::Start) {
        message = format!("`{written}` works for the packager only");
        note.push_str("; the SDK looks from the root of the machine");
    }
    cx.report(
        Draft::at(document, reference.node, message)
            .stages(reference.failing())
            .note(note)
            .help(format!("write `{path}`"))
            .fix(repair::write(document, reference.node, path, repair::Safe)),
    );
}
