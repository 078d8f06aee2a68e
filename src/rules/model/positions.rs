//! The lists that say in which order Dify shows the models of a provider.

use crate::finding::RuleId;
use crate::format::words::{nearest, shorten};
use crate::plugin::{Document, Node, Plugin};
use crate::rules::fields::is_text;
use crate::rules::models::{Model, Section};
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashMap;
use std::cell::LazyCell;

/// How often "did you mean" is looked for in one list: it compares with every model.
const GUESSES: usize = 64;

pub const CHECK: On = On::Plugin(check);

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for section in cx.sections().iter() {
        let models = section.models();
        if models.is_empty() {
            // the pattern is wrong, not the list
            continue;
        }
        let mut listed = Vec::new();
        for list in lists(section) {
            listed.extend(entries(list, &models, cx));
        }
        if !listed.is_empty() {
            missing(section, &models, &listed, cx);
        }
    }
}

/// The position files, or else the list that stands in the provider itself.
fn lists<'p>(section: &Section<'p>) -> Vec<Node<'p>> {
    if section.positions.is_empty() {
        let root = Node::root(section.provider);
        return root
            .and_then(|root| root.at(&["position", section.key]))
            .into_iter()
            .collect();
    }
    let top =
        |document: &&'p Document| document.tree().root().map(|root| Node::new(document, root));
    section.positions.iter().filter_map(top).collect()
}

/// Looks at each entry of a list and returns the names that stand in it.
fn entries<'p>(list: Node<'p>, models: &[Model<'p>], cx: &mut Context<'_>) -> Vec<&'p str> {
    let mut by_name: HashMap<&str, &Model<'_>> = HashMap::with_capacity(models.len());
    by_name.extend(models.iter().filter_map(|it| Some((it.name?.1, it))));
    let by_stem = LazyCell::new(|| {
        let by_stem = models.iter().map(|it| (stem(it.document.path()), it));
        by_stem.collect::<HashMap<&str, &Model<'_>>>()
    });
    let mut seen: HashMap<&str, Node<'p>> = HashMap::with_capacity(models.len());
    let mut guesses = 0;
    for entry in list.written_items() {
        let Some(text) = entry.text() else { continue };
        if let Some(first) = seen.insert(text, entry) {
            twice(entry, first, text, cx);
            seen.insert(text, first);
            continue;
        }
        match by_name.get(text) {
            // an unquoted number or date is refused by the SDK already
            None if !is_text(entry) => {}
            None => {
                let of_file = by_stem.get(text).and_then(|model| Some(model.name?.1));
                guesses += 1;
                let near = (of_file.is_none() && guesses <= GUESSES)
                    .then(|| nearest(text, by_name.keys().copied()))
                    .flatten();
                unknown(entry, text, of_file, near, cx);
            }
            Some(model) => deprecated(entry, text, model, cx),
        }
    }
    seen.into_keys().collect()
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn twice(entry: Node<'_>, first: Node<'_>, text: &str, cx: &mut Context<'_>) {
    let message = format!("`{}` is in the list twice", shorten(text));
    cx.report(
        Draft::node(entry, message)
            .rule(RuleId("model/duplicate-position"))
            .label(first.place(), "first here")
            .note("nobody refuses it, but a model has only one place in the list")
            .fix(repair::node::remove(entry, repair::Safe))
            .help("remove one of the two"),
    );
}

fn unknown(
    entry: Node<'_>,
    text: &str,
    of_file: Option<&str>,
    near: Option<&str>,
    cx: &mut Context<'_>,
) {
    let mut draft = Draft::node(entry, format!("no model is called `{}`", shorten(text)))
        .rule(RuleId("model/position-without-model"))
        .note("entries are compared with `model` of the model files; this one orders nothing");
    draft = match (of_file, near) {
        (Some(name), _) => draft.help(format!(
            "the model of this file is called `{}`",
            shorten(name)
        )),
        (None, Some(near)) => draft.help(format!("did you mean `{}`?", shorten(near))),
        (None, None) if text.contains(" - ") => draft.help("write each model on a line of its own"),
        (None, None) => draft.help("remove the entry, or add the model's file"),
    };
    let meant = of_file.or(near);
    cx.report(draft.fix(match meant {
        Some(name) => repair::node::write(entry, name, repair::Unsafe),
        None => repair::node::remove(entry, repair::Unsafe),
    }));
}

fn deprecated(entry: Node<'_>, text: &str, model: &Model<'_>, cx: &mut Context<'_>) {
    let Some(flag) = model.deprecated else {
        return;
    };
    cx.report(
        Draft::node(
            entry,
            format!("`{}` is deprecated and still in the list", shorten(text)),
        )
        .rule(RuleId("model/deprecated-position"))
        .label(flag.place(), "deprecated here")
        .note("Dify does not offer deprecated models to new workflows, so it needs no place")
        .help("remove the entry; the model itself can stay"),
    );
}

fn missing(section: &Section<'_>, models: &[Model<'_>], listed: &[&str], cx: &mut Context<'_>) {
    let listed: hashbrown::HashSet<&str> = listed.iter().copied().collect();
    for model in models {
        let Some((node, text)) = model.name else {
            continue;
        };
        if listed.contains(text) || model.deprecated.is_some() {
            continue;
        }
        let message = format!(
            "`{}` is not in the list of positions of `{}`",
            shorten(text),
            section.key
        );
        let mut draft = Draft::node(node, message)
            .rule(RuleId("model/missing-position"))
            .note("Dify shows models without a position after all others")
            .help("add it to the list at the place where it should be shown")
            .fix(section.positions.first().and_then(|it| {
                let list = Node::new(it, it.tree().root()?);
                repair::node::append(list, text, repair::Unsafe)
            }));
        if let Some(list) = section
            .positions
            .first()
            .and_then(|it| it.tree().root().map(|root| it.place(root)))
        {
            let start = crate::finding::Span::at(list.span.start);
            draft = draft.label(
                crate::finding::Place {
                    file: list.file,
                    span: start,
                },
                "the list",
            );
        }
        cx.report(draft);
    }
}
