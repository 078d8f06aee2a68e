//! Models that stand among models of another type.

use crate::format::MODEL_KEYS;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::models::{Model, is_type, type_of_key};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for section in cx.sections().iter() {
        let listed = type_of_key(section.key);
        for (pattern, models) in &section.patterns {
            for model in models {
                one(model, listed, section.key, *pattern, cx);
            }
        }
    }
}

fn one(model: &Model<'_>, listed: &str, key: &str, pattern: Node<'_>, cx: &mut Context<'_>) {
    let Some((node, kind)) = model.kind else {
        return;
    };
    if !is_type(kind) {
        return;
    }
    let folder = model
        .document
        .path()
        .split('/')
        .rev()
        .skip(1)
        .find(|part| MODEL_KEYS.contains(part));
    if kind != listed {
        cx.report(
            Draft::node(
                node,
                format!("this {kind} model is listed under `models.{key}`"),
            )
            .label(pattern.place(), "this pattern matches it")
            .note("its `model_type` counts, but its place in the order is that of the other kind")
            .help(format!(
                "move the file to where `{kind}` models are, or correct `model_type`"
            )),
        );
    } else if let Some(folder) = folder.filter(|folder| type_of_key(folder) != kind) {
        cx.report(
            Draft::node(
                node,
                format!("this {kind} model lies in the folder `{}`", shorten(folder)),
            )
            .note("nothing breaks, but it is not where a reader looks for it")
            .help(format!("move the file to the other `{kind}` models")),
        );
    }
}
