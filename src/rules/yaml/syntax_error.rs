//! What the scanner could not read.

use crate::finding::{Place, Stage, Stages};
use crate::plugin::Parsed;
use crate::rules::{Context, Draft, On, readers};

pub const CHECK: On = On::File(check);

/// More errors than this in one file are echoes of the first.
const MOST: usize = 5;

fn check(file: &Parsed, cx: &mut Context<'_>) {
    let read_by = readers::of(cx.plugin(), file);
    let place = |span| Place { file: file.file.path().clone(), span };
    for error in file.tree.errors().iter().take(MOST) {
        let mut stages = Stages::NONE;
        if error.daemon && read_by.daemon {
            stages = stages.union(Stages::DAEMON);
        }
        if error.sdk && read_by.sdk {
            stages = stages.with(Stage::Start);
        }
        if stages.is_empty() {
            continue;
        }
        let who = match (error.daemon, error.sdk) {
            (true, true) => "neither the daemon nor the SDK can read the file",
            (true, false) => "the daemon (yaml.v3) stops here; Python would read on",
            _ => "the SDK (PyYAML) stops here; the daemon would read on",
        };
        let mut draft =
            Draft::new(place(error.span), error.problem.message()).stages(stages).note(who);
        if let Some((span, remark)) = error.context {
            draft = draft.label(place(span), remark);
        }
        if let Some(help) = error.problem.help() {
            draft = draft.help(help);
        }
        cx.report(draft);
    }
}
