//! Keys that nobody reads.

use crate::format::words::{nearest, shorten};
use crate::format::{DocumentKind, PlainType, Shape, shapes};
use crate::plugin::Document;
use crate::rules::{Context, Draft, On, repair};
use crate::source::limits::MAX_FINDINGS_OF_FILE;
use crate::yaml::NodeId;

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let tree = document.tree();
    let mut found = 0;
    // the keys that the mapping at hand could have yet
    let mut free: (Option<NodeId>, Vec<&str>) = (None, Vec::new());
    for stranger in document.strangers() {
        let (key, value) = (stranger.key, stranger.value);
        let (name, shape) = (tree.text(key), shapes().get(stranger.mapping));
        // the keys of a localized text are languages: `i18n/` has better words for them
        if name == "<<" || shape.noun == "localized text" {
            continue;
        }
        // compat/minimum-dify-version-malformed says where it belongs
        if document.kind == DocumentKind::Manifest && name == "minimum_dify_version" {
            continue;
        }
        let mapping = tree.parent(key);
        if free.0 != mapping {
            let known = shape.properties.iter().map(|(name, _)| *name);
            let absent = |known: &&str| mapping.is_none_or(|it| tree.get(it, known).is_none());
            free = (mapping, known.filter(absent).collect());
        }
        found += 1;
        // what is only counted needs no advice, which takes longer than all the rest
        let shown = found <= MAX_FINDINGS_OF_FILE;
        let near = shown.then(|| nearest(name, free.1.iter().copied()));
        let message = format!("nobody reads the key `{}`", shorten(name));
        let mut draft = Draft::at(document, value, message)
            .note("neither the daemon nor the SDK knows it here, and both skip it silently");
        draft.place_at(document.place(key));
        cx.report(match near.flatten() {
            Some(near) => {
                let required = shape.plain.required.contains(&near);
                let sure = required || repair::words::same(name, near);
                let how = if sure { repair::Safe } else { repair::Unsafe };
                let fix = fits(document, value, shape, near)
                    .then(|| repair::rename(document, key, near, how));
                draft
                    .help(format!("did you mean `{near}`?"))
                    .fix(fix.flatten())
            }
            None => draft.help("remove it, or move it to where it is read"),
        });
    }
}

/// True if the value could stand under that key: a list, a mapping or a scalar as the key wants.
fn fits(document: &Document, value: NodeId, shape: &Shape, key: &str) -> bool {
    let tree = document.tree();
    let Some(wanted) = shape.property(key).map(|id| &shapes().get(id).plain.types) else {
        return false;
    };
    wanted.is_empty()
        || wanted.iter().any(|kind| match kind {
            PlainType::Array => tree.is_sequence(value),
            PlainType::Object => tree.is_mapping(value),
            _ => tree.is_scalar(value),
        })
}
