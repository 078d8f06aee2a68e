//! Paths that a disk understands and a package does not.

use crate::format::words::shorten;
use crate::plugin::{Outcome, Reference};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Reference(check);

fn check(reference: &Reference, cx: &mut Context<'_>) {
    let found = reference.package == Outcome::File;
    if reference.pattern || !reference.daemon || !found || reference.install != Outcome::Unclean {
        return;
    }
    let Some(path) = &reference.path else { return };
    let document = &cx.plugin().documents[reference.from];
    let written = shorten(&reference.written);
    let message = format!("`{written}` works in a folder but not in a package");
    cx.report(
        Draft::at(document, reference.node, message)
            .stages(reference.failing())
            .note("the daemon looks the path up in the package letter by letter and finds nothing")
            .help(format!("write `{path}`"))
            .fix(repair::write(document, reference.node, path, repair::Safe)),
    );
}
