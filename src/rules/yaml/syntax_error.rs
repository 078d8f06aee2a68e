//! What the scanner could not read.

use crate::finding::{Place, RuleId, Stage, Stages};
use crate::format::words::with_article;
use crate::plugin::Parsed;
use crate::rules::readers::Readers;
use crate::rules::{Context, Draft, On, misplaced};

pub const CHECK: On = On::File(check);

/// More errors than this in one file are echoes of the first.
const MOST: usize = 5;

fn check(file: &Parsed, cx: &mut Context<'_>) {
    let read_by = cx.readers(file);
    if !misplaced::is_yaml(file.file.path()) {
        return other_format(file, read_by, cx);
    }
    let place = |span| Place {
        file: file.file.path().clone(),
        span,
    };
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
        let mut draft = Draft::new(place(error.span), error.problem.message())
            .stages(stages)
            .note(who);
        if let Some((span, remark)) = error.context {
            draft = draft.label(place(span), remark);
        }
        if let Some(help) = error.problem.help() {
            draft = draft.help(help);
        }
        cx.report(draft);
    }
}

/// A README or a source named where YAML is read: told at the reference, once.
fn other_format(file: &Parsed, read_by: Readers, cx: &mut Context<'_>) {
    let errors = file.tree.errors();
    let daemon = read_by.daemon && errors.iter().any(|error| error.daemon);
    let sdk = read_by.sdk && errors.iter().any(|error| error.sdk);
    let mut stages = if daemon { Stages::DAEMON } else { Stages::NONE };
    if sdk {
        stages = stages.with(Stage::Start);
    }
    let plugin = cx.plugin();
    let role = plugin
        .documents
        .iter()
        .find(|it| it.path() == file.file.path());
    let Some((role, (from, node))) = role.and_then(|role| Some((role, role.parent?))) else {
        return;
    };
    if stages.is_empty() {
        return;
    }
    let message = format!(
        "`{}` is not {}: it is not YAML",
        role.path(),
        with_article(role.kind)
    );
    cx.report(
        Draft::at(&plugin.documents[from], node, message)
            .rule(RuleId("path/wrong-kind"))
            .stages(stages)
            .help(format!("name the file of the {} here", role.kind)),
    );
}
