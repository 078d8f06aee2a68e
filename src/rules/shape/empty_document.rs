//! Files in which nothing stands.

use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::plugin::Document;
use crate::rules::{Context, Draft, On};
use crate::yaml::go;

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let tree = document.tree();
    let empty = tree.root().is_none_or(|root| {
        tree.target(root)
            .is_some_and(|it| tree.is_scalar(it) && go::is_null(tree, it))
    });
    // what could not be parsed is not empty
    if !empty || tree.errors().iter().any(|error| error.daemon && error.sdk) {
        return;
    }
    let mut stages = Stages::NONE;
    if document.sdk && !matches!(document.kind, DocumentKind::Position | DocumentKind::Bundle) {
        stages = stages.with(Stage::Start);
    }
    if document.kind == DocumentKind::Manifest {
        stages = stages.union(Stages::DAEMON);
    }
    if stages.is_empty() {
        return;
    }
    let draft = match tree.root() {
        Some(root) => Draft::at(document, root, format!("this {} is empty", document.kind)),
        None => Draft::file(document.path(), format!("this {} is empty", document.kind)),
    };
    cx.report(
        draft
            .stages(stages)
            .note("the SDK takes the file for a mapping and stops when there is none")
            .help("fill it in, or remove it and every reference to it"),
    );
}
