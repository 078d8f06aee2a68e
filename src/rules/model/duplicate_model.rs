//! Models that are there twice.

use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::models::models;
use crate::rules::{Context, Draft, On};
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let mut seen: HashMap<(&str, &str), Node<'_>> = HashMap::with_capacity(plugin.documents.len());
    for model in models(plugin) {
        let (Some((node, name)), Some((_, kind))) = (model.name, model.kind) else {
            continue;
        };
        match seen.entry((name, kind)) {
            Entry::Vacant(place) => _ = place.insert(node),
            Entry::Occupied(first) => cx.report(
                Draft::node(
                    node,
                    format!("the {kind} model `{}` is declared twice", shorten(name)),
                )
                .label(first.get().place(), "first here")
                .note("both readers keep both; which one counts depends on the order of the files")
                .help("give each file its own `model`, or remove one of them"),
            ),
        }
    }
    overlaps(cx);
}

/// A file that two patterns match is loaded twice.
fn overlaps(cx: &mut Context<'_>) {
    let sections = cx.sections();
    let patterns = || sections.iter().flat_map(|section| &section.patterns);
    if patterns().nth(1).is_none() {
        return;
    }
    let mut seen: HashMap<&str, Node<'_>> = HashMap::new();
    for section in sections.iter() {
        for (pattern, models) in &section.patterns {
            let mut told = false;
            for model in models {
                let path: &str = model.document.path();
                let Some(first) = seen.get(path) else {
                    seen.insert(path, *pattern);
                    continue;
                };
                if !std::mem::replace(&mut told, true) {
                    let message = format!("`{}` is matched a second time", shorten(path));
                    cx.report(
                        Draft::node(*pattern, message)
                            .label(first.place(), "matched here already")
                            .note("both readers load a file once for each pattern that matches it")
                            .help("make the patterns disjoint"),
                    );
                }
            }
        }
    }
}
