//! Dependencies that weigh too much, or stay on this machine.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::requirements::Requirement;
use crate::rules::documents::{manifest, place, text_file};
use crate::rules::{Context, Draft, On};
use crate::source::SourceFile;

pub const CHECK: On = On::Plugin(check);

/// Packages of hundreds of megabytes, or that need a browser; `*` stands for any end.
const HEAVY: [&str; 18] = [
    "torch",
    "torchvision",
    "transformers",
    "sentence-transformers",
    "tensorflow*",
    "keras",
    "opencv*",
    "playwright",
    "selenium",
    "pyppeteer",
    "spacy",
    "chromadb",
    "faiss*",
    "jax",
    "jaxlib",
    "llama-cpp-python",
    "paddlepaddle*",
    "paddleocr",
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    if let Some(file) = text_file(plugin, "requirements.txt") {
        editable(&file, cx);
    }
}

/// Reports a heavy package that is installed with the plugin.
pub fn heavy(requirement: &Requirement, cx: &mut Context<'_>) {
    let name = &requirement.name;
    let is_heavy = HEAVY.iter().any(|it| match it.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *it,
    });
    if is_heavy && !requirement.development {
        cx.report(
            Draft::new(
                requirement.place.clone(),
                format!("the package `{}` is very large", shorten(name)),
            )
            .rule(RuleId("dependency/heavy-package"))
            .note("each installation downloads it, often longer than the daemon waits; the Marketplace warns")
            .help("call a service instead, or use a smaller package"),
        );
    }
}

/// pip's `-e`, which the reader of requirements leaves out.
fn editable(file: &SourceFile, cx: &mut Context<'_>) {
    let mut at = 0;
    for line in file.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let word = line.trim();
        if !["-e ", "--editable "].iter().any(|it| word.starts_with(it)) {
            continue;
        }
        let offset = line.len() - line.trim_start().len();
        cx.report(
            Draft::new(
                place(file, start + offset, word.len()),
                format!(
                    "`{}` is installed from a folder of this machine",
                    shorten(word)
                ),
            )
            .rule(RuleId("dependency/editable"))
            .note(
                "the folder is not in the package, so that the installation fails everywhere else",
            )
            .help("publish the package, or put its modules into the plugin"),
        );
    }
}
