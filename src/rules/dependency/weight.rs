//! Dependencies that weigh too much, or stay on this machine.

use crate::finding::{Place, RuleId};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::requirements::Requirement;
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On};

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
    for (written, place) in &cx.requirements().editable {
        editable(written, place, cx);
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

/// Reports what pip's `-e` installs.
fn editable(written: &str, place: &Place, cx: &mut Context<'_>) {
    let written = shorten(written);
    let message = format!("`{written}` is installed from a folder of this machine");
    cx.report(
        Draft::new(place.clone(), message)
            .rule(RuleId("dependency/editable"))
            .note(
                "the folder is not in the package, so that the installation fails everywhere else",
            )
            .help("publish the package, or put its modules into the plugin"),
    );
}
