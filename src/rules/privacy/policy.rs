//! The privacy policy: there, named, and written.

use crate::dialect::clean_path;
use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{MANIFEST, Node, Plugin};
use crate::rules::documents::{manifest, other_case, place, text_file};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);
const FILE: &str = "PRIVACY.md";

/// The sentence that `dify plugin init` writes into the file.
const TEMPLATE: &str = "please fill in the privacy policy";

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest(plugin) else {
        return;
    };
    let declared = manifest
        .get("privacy")
        .filter(|it| it.text().is_some_and(|it| !it.trim().is_empty()));
    if plugin.has_file(FILE) {
        if declared.is_none() {
            undeclared(manifest, cx);
        }
    } else {
        missing(plugin, cx);
    }
    if let Some(node) = declared {
        target(plugin, node, cx);
    }
    contents(plugin, cx);
}

fn missing(plugin: &Plugin, cx: &mut Context<'_>) {
    let draft = match other_case(plugin, FILE) {
        Some(other) => Draft::file(
            &other,
            format!("the privacy policy is called `{other}`, not `{FILE}`"),
        )
        .rule(RuleId("privacy/wrong-case"))
        .help(format!("rename it to `{FILE}`, in the manifest too")),
        None => Draft::file(MANIFEST, format!("the plugin has no `{FILE}`"))
            .rule(RuleId("privacy/missing-policy"))
            .help(format!(
                "write `{FILE}` at the root and name it in the manifest: `privacy: {FILE}`"
            )),
    };
    cx.report(
        draft
            .stages(MARKETPLACE)
            .note("the Marketplace wants this file, by this name, even beside an address"),
    );
}

fn undeclared(manifest: Node<'_>, cx: &mut Context<'_>) {
    let draft = match manifest.tree().get(manifest.id(), "privacy") {
        Some(node) => Draft::key(Node::new(manifest.document(), node), "`privacy` is empty"),
        None => Draft::file(MANIFEST, format!("the manifest does not name `{FILE}`")),
    };
    cx.report(
        draft
            .rule(RuleId("privacy/undeclared"))
            .stages(MARKETPLACE)
            .note("Dify links the policy only if the manifest names it; the Marketplace demands the key")
            .fix(match manifest.tree().get(manifest.id(), "privacy") {Some(node) => repair::node::write(Node::new(manifest.document(), node), FILE, repair::Unsafe), None => repair::node::add(manifest, "privacy", FILE, repair::Unsafe)}).help(format!("write `privacy: {FILE}`")),
    );
}

/// The manifest may also name an address.
fn target(plugin: &Plugin, node: Node<'_>, cx: &mut Context<'_>) {
    let written = node.text().unwrap_or_default().trim();
    if written.starts_with("http://") || written.starts_with("https://") {
        return;
    }
    let inside = !written.starts_with('/') && !written.contains("://");
    let path = clean_path(written).filter(|_| inside);
    if path.is_some_and(|path| plugin.has_file(&path)) {
        return;
    }
    let message = format!(
        "the privacy policy `{}` is not in the plugin",
        shorten(written)
    );
    cx.report(
        Draft::node(node, message)
            .rule(RuleId("privacy/missing-file"))
            .stages(MARKETPLACE)
            .note("the link on the plugin's page leads nowhere")
            .fix(
                plugin
                    .has_file(FILE)
                    .then(|| repair::node::write(node, FILE, repair::Unsafe))
                    .flatten(),
            )
            .help(format!(
                "write `{FILE}`, or an address that begins with `https://`"
            )),
    );
}

fn contents(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(file) = text_file(plugin, FILE) else {
        return;
    };
    let draft = if file.text().trim().is_empty() {
        Draft::file(FILE, format!("`{FILE}` is empty")).rule(RuleId("privacy/empty"))
    } else if let Some(at) = file.text().to_ascii_lowercase().find(TEMPLATE) {
        Draft::new(
            place(&file, at, TEMPLATE.len()),
            "the privacy policy is still the template",
        )
        .rule(RuleId("privacy/template-text"))
    } else {
        return disclosure(file.text(), cx);
    };
    cx.report(
        draft
            .stages(MARKETPLACE)
            .note(
                "people read here what happens to their data; the Marketplace refuses the template",
            )
            .help("say what is collected, stored and sent to whom, even if it is nothing"),
    );
}

/// Words by which such a text speaks of data.
const WORDS: [&str; 14] = [
    "collect",
    "store",
    "retain",
    "log",
    "share",
    "send",
    "sent",
    "transmit",
    "third part",
    "third-part",
    "收集",
    "存储",
    "发送",
    "共享",
];

fn disclosure(text: &str, cx: &mut Context<'_>) {
    let lower = text.to_lowercase();
    if WORDS.iter().any(|word| lower.contains(word)) {
        return;
    }
    cx.report(
        Draft::file(FILE, "the privacy policy does not say what happens to data")
            .rule(RuleId("privacy/no-disclosure"))
            .note("the Marketplace looks for words such as collect, store, share, send")
            .help("say what is collected, stored and sent to whom, even if it is nothing"),
    );
}
