//! Types of models for which there is no Python class.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::python::Base;
use crate::rules::sources::{Count, Named};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const CLASSES: [(&str, Base); 6] = [
    ("llm", Base::LargeLanguageModel),
    ("text-embedding", Base::TextEmbeddingModel),
    ("rerank", Base::RerankModel),
    ("tts", Base::TtsModel),
    ("speech2text", Base::Speech2TextModel),
    ("moderation", Base::ModerationModel),
];

/// With more sources than this the search is given up: each is followed through its imports.
const MOST: usize = 32;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let named = cx.named_sources();
    for provider in plugin.of_kind(DocumentKind::ModelProvider) {
        let models = named
            .iter()
            .filter(|it| std::ptr::eq(it.document, provider) && is_model(it));
        let Some(paths) = located(models, cx) else {
            continue;
        };
        let Some(root) = Node::root(provider) else {
            continue;
        };
        let types = root
            .get("supported_model_types")
            .map_or_else(Vec::new, Node::items);
        for node in types.into_iter().take(64) {
            let Some(kind) = node.text() else { continue };
            let Some((_, base)) = CLASSES.iter().find(|(name, _)| *name == kind) else {
                continue;
            };
            // a source that cannot be imported has a finding of its own and proves nothing here
            let found = paths.iter().any(|path| {
                cx.python()
                    .subclasses(path, *base)
                    .map_or(true, |found| !found.is_empty())
            });
            if !found {
                let class = base.class_name();
                cx.report(
                    Draft::node(
                        node,
                        format!("no model source has a class for `{}`", shorten(kind)),
                    )
                    .rule(RuleId("model/type-without-source"))
                    .note("the plugin starts, and every use of such a model fails")
                    .help(format!(
                        "list a file with a subclass of `{class}` in `model_sources`"
                    )),
                );
            }
        }
    }
}

fn is_model(named: &Named<'_>) -> bool {
    named
        .wanted
        .iter()
        .any(|(base, count)| *base == Base::AiModel && *count == Count::Any)
}

/// The files of the sources; `None` if something about them is not known.
fn located<'n>(
    sources: impl Iterator<Item = &'n Named<'n>>,
    cx: &Context<'_>,
) -> Option<Vec<String>> {
    let mut paths = Vec::new();
    for source in sources {
        if paths.len() >= MOST {
            return None;
        }
        let path = cx.python().locate(source.written).ok()?;
        if cx.python().is_cut(&path) {
            return None;
        }
        paths.push(path);
    }
    Some(paths)
}
