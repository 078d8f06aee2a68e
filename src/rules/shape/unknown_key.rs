//! Keys that nobody reads.

use crate::format::words::{nearest, shorten};
use crate::plugin::Document;
use crate::rules::{Context, Draft, On, nodes};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let tree = document.tree();
    for (mapping, shape) in nodes::mappings(document) {
        if shape.additional.is_some() {
            continue;
        }
        for (key, value) in tree.pairs(mapping.id()) {
            let name = tree.text(key);
            if !tree.is_scalar(key) || name == "<<" || shape.property(name).is_some() {
                continue;
            }
            let known = shape.properties.iter().map(|(name, _)| name.as_str());
            let free = known.clone().filter(|known| tree.get(mapping.id(), known).is_none());
            let near = nearest(name, free);
            let message = format!("nobody reads the key `{}`", shorten(name));
            let mut draft = Draft::at(document, value, message)
                .note("neither the daemon nor the SDK knows it here, and both skip it silently");
            draft.place_at(document.place(key));
            cx.report(match near {
                Some(near) => draft.help(format!("did you mean `{near}`?")),
                None => draft.help("remove it, or move it to where it is read"),
            });
        }
    }
}
