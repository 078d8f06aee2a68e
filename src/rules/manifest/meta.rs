//! What the manifest says of its own form, of machines and of memory.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::code::started_by;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

/// The one Python that the daemon starts plugins with.
pub const PYTHON: &str = "3.12";
/// The form of the manifest, and the one with which agent strategies get MCP tools.
pub const FORM: &str = "0.0.1";
const FORM_WITH_MCP: &str = "0.0.2";

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    runner(manifest, cx);
    form(manifest, cx);
    if let Some(arch) = manifest.at(&["meta", "arch"]).filter(|arch| arch.is_list()) {
        let words: Vec<&str> = arch.items().into_iter().filter_map(Node::text).collect();
        let missing: Vec<&str> = ["amd64", "arm64"]
            .into_iter()
            .filter(|word| !words.contains(word))
            .collect();
        if let [word] = missing[..] {
            cx.report(
                Draft::key(arch, format!("`{word}` is missing from the processors"))
                    .rule(RuleId("manifest/incomplete-arch"))
                    .note("half of the machines are said not to be able to run the plugin")
                    .fix(repair::node::append(arch, word, repair::Unsafe))
                    .help(format!(
                        "add `{word}`, unless a package with native code forbids it"
                    )),
            );
        } else if missing.len() == 2 && words.is_empty() {
            cx.report(
                Draft::key(arch, "no processor is named")
                    .rule(RuleId("manifest/incomplete-arch"))
                    .help("list `amd64` and `arm64`"),
            );
        }
    }
    memory(manifest, cx);
}

fn runner(manifest: Node<'_>, cx: &mut Context<'_>) {
    if let Some(version) = manifest.at(&["meta", "runner", "version"])
        && let Some(text) = version
            .text()
            .filter(|text| !text.is_empty() && *text != PYTHON)
    {
        cx.report(
            Draft::node(
                version,
                format!("the runner's version is `{}`", shorten(text)),
            )
            .rule(RuleId("manifest/odd-runner-version"))
            .note(format!(
                "the daemon does not look at it and runs Python {PYTHON}"
            ))
            .fix(repair::node::write(version, PYTHON, repair::Unsafe))
            .help(format!("write `\"{PYTHON}\"`, and test the plugin with it")),
        );
    }
    if let Some(entry) = manifest.at(&["meta", "runner", "entrypoint"])
        && let Some(text) = entry
            .text()
            .filter(|text| !text.is_empty() && *text != "main")
        // python/missing-entry-point says what is wrong with another
        && started_by(text, cx.plugin()).is_some()
    {
        cx.report(
            Draft::node(entry, format!("the entry point is `{}`", shorten(text)))
                .rule(RuleId("manifest/odd-entrypoint"))
                .note("tests of the Marketplace and the documentation start `python -m main`")
                .help("write `main` and name the file `main.py`"),
        );
    }
}

fn form(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(version) = manifest.at(&["meta", "version"]) else {
        return;
    };
    let Some(text) = version.text() else { return };
    let lists_agents = manifest
        .at(&["plugins", "agent_strategies"])
        .is_some_and(|it| !it.items().is_empty());
    if text.is_empty() || text == FORM || (text == FORM_WITH_MCP && lists_agents) {
        return;
    }
    cx.report(
        Draft::node(version, format!("`meta.version` is `{}`", shorten(text)))
            .rule(RuleId("manifest/odd-meta-version"))
            .note("it is the version of the manifest's form, not that of the plugin")
            .fix(repair::node::write(version, FORM, repair::Unsafe))
            .help(format!(
                "write `{FORM}`, and count up the `version` at the top instead"
            )),
    );
}

const MEBIBYTE: f64 = 1_048_576.0;

fn memory(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(memory) = manifest.at(&["resource", "memory"]) else {
        return;
    };
    let Some(bytes) = memory.number().filter(|bytes| *bytes != 0.0) else {
        return;
    };
    let message = if bytes < MEBIBYTE {
        format!("`memory` is {bytes} bytes, less than one MiB")
    } else if bytes >= 1024.0 * MEBIBYTE {
        format!("`memory` is {:.1} GiB", bytes / 1024.0 / MEBIBYTE)
    } else {
        return;
    };
    cx.report(
        Draft::node(memory, message)
            .rule(RuleId("manifest/odd-memory"))
            .note("it is counted in bytes; serverless installations reserve as much")
            .help("write for instance `268435456` for 256 MiB"),
    );
}
