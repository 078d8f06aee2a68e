//! More than one provider of a kind.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::documents::manifest_document;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest_document(plugin) else {
        return;
    };
    for (list, kind) in DocumentKind::PROVIDERS {
        let named: Vec<_> = plugin
            .references
            .iter()
            .filter(|it| it.from == 0 && it.kind == kind && it.daemon)
            .collect();
        let Some((last, lost)) = named.split_last() else {
            continue;
        };
        for reference in lost {
            cx.report(
                Draft::node(
                    Node::new(manifest, reference.node),
                    format!(
                        "only the last of the {list} is kept; `{}` is lost",
                        shorten(&reference.written)
                    ),
                )
                .label(manifest.place(last.node), "the one that is kept")
                .note("the daemon stores one provider of each kind and overwrites it with the next")
                .help("put everything into one provider, or make a plugin of each"),
            );
        }
    }
}
