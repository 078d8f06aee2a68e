//! Patterns for model files.

use crate::dialect::{go_glob, py_glob};
use crate::finding::{Fix, RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{Document, Reference};
use crate::rules::{Context, Draft, On, repair};

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
            .help("write it like `models/llm/*.yaml`, from the plugin root")
            .fix(cleaned(reference, document)),
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

/// The pattern without what keeps it from being one: blanks around it, a leading `/`, backslashes.
fn cleaned(reference: &Reference, document: &Document) -> Option<Fix> {
    let written = reference.written.as_str();
    if written.trim().is_empty() {
        return repair::remove(document, reference.node, repair::Unsafe);
    }
    let plain = written.trim().replace('\\', "/");
    let plain = plain.trim_start_matches(['/', '.']).trim_start_matches('/');
    let sound = plain != written && go_glob::is_valid(plain) && py_glob::check(plain).is_ok();
    sound.then(|| repair::write(document, reference.node, plain, repair::Unsafe))?
}
