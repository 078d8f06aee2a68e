//! Texts longer than the daemon's own limit, where nothing enforces it before a release does.

use crate::format::words::name_of;
use crate::format::{DocumentKind, shapes};
use crate::rules::locales::{ALL, Localized};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Localized(check);

fn check(localized: &Localized<'_>, cx: &mut Context<'_>) {
    let document = localized.node.document();
    // in a manifest the packager itself refuses it
    if matches!(document.kind, DocumentKind::Manifest | DocumentKind::Bundle) {
        return;
    }
    let Some(shape) = document.shape_of(localized.node.id()) else {
        return;
    };
    for (locale, text) in ALL.iter().zip(localized.texts) {
        let Some((node, text)) = text else { continue };
        let property = shape.property(locale).map(|id| shapes().get(id));
        let Some(limit) = property.and_then(|it| it.plain.max_length) else {
            continue;
        };
        // never more characters than bytes
        if text.len() as u64 <= limit {
            continue;
        }
        let length = text.chars().count();
        if length as u64 > limit {
            let message = format!(
                "{} has {length} characters, more than {limit}",
                name_of(node.tree(), node.id())
            );
            cx.report(
                Draft::key(node, message)
                    .note("the daemon checks this limit when a plugin is debugged remotely, and refuses it then")
                    .help(format!("shorten it to {limit} characters; details belong in the README")),
            );
        }
    }
}
