//! Patterns for model files.

use crate::dialect::{go_glob, py_glob};
use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Reference;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Reference(check);

fn check(reference: &Reference, cx: &mut Context<'_>) {
    if !reference.pattern {
        return;
    }
    let plugin = cx.plugin();
    let document = &plugin.documents[reference.from];
    let written = shorten(&reference.written);
    let mut stages = Stages::NONE;
    let any = !plugin.packed.walk(plugin.files.as_ref()).files.is_empty();
    if reference.daemon && any && !go_glob::is_valid(&reference.written) {
        stages = stages.union(Stages::DAEMON);
    }
    if reference.sdk && py_glob::check(&reference.written).is_err() {
        stages = stages.with(Stage::Start);
    }
    if !stages.is_empty() {
        cx.report(
            Draft::at(
                document,
                reference.node,
                format!("`{written}` is no pattern for files"),
            )
            .rule(RuleId("path/bad-pattern"))
            .stages(stages)
            .note(match stages.contains(Stage::Package) {
                true if stages.contains(Stage::Start) => "packager, daemon and SDK stop at it",
                true => "packager and daemon stop at a bracket or backslash left open",
                false => "Python's `pathlib`, by which the SDK finds the files, refuses it",
            })
            .help("write it like `models/llm/*.yaml`, from the plugin root"),
        );
        return;
    }
    let at = (reference.from, reference.node);
    if !plugin.matched.contains(&at) {
        cx.report(
            Draft::at(
                document,
                reference.node,
                format!("no file matches `{written}`"),
            )
            .rule(RuleId("path/pattern-without-match"))
            .note("neither reader says anything about it: the models are just not there")
            .help("`*` stands for any name in one folder; paths start at the plugin root"),
        );
    }
}
