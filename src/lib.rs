//! difylint: the static validator and linter for Dify plugins.
//!
//! The whole story is three steps: [`plugin::Plugin::load`] reads what a manifest reaches,
//! [`rules::run`] finds what is wrong, [`report`] tells it.

pub mod card;
pub mod cli;
pub mod compare;
pub mod dialect;
pub mod finding;
pub mod fix;
pub mod format;
pub mod lsp;
pub mod plugin;
pub mod policy;
pub mod python;
pub mod report;
pub mod requirements;
pub mod requires;
pub mod rules;
pub mod source;
mod texts;
mod threads;
pub mod yaml;

use finding::{Finding, Stages};
use plugin::{Node, Plugin};
use policy::Policy;
use report::{PluginReport, RootKind};
use source::{Changes, Files, Noticing, Remembered};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Checks one plugin. `root` is its path as the reader of the report knows it.
pub fn check(files: Arc<dyn Files>, root: &str, policy: &Policy) -> PluginReport {
    let (plugin, files) = load(files);
    check_loaded(&plugin, &files, root, policy)
}

/// Checks one plugin and reads its card, for reports that show it.
pub fn check_with_card(files: Arc<dyn Files>, root: &str, policy: &Policy) -> PluginReport {
    let (plugin, files) = load(files);
    let mut report = check_loaded(&plugin, &files, root, policy);
    report.card = card::card(&plugin);
    report
}

/// Loads a plugin whose files are looked at once in a check.
fn load(files: Arc<dyn Files>) -> (Plugin, Arc<Noticing>) {
    let noticing = Arc::new(Noticing::new(files, policy::suppress::NAME));
    let files = Arc::new(Remembered::new(noticing.clone()));
    (Plugin::load(files), noticing)
}

/// Checks a plugin that was loaded through these files.
pub fn check_loaded(
    plugin: &Plugin,
    files: &Noticing,
    root: &str,
    policy: &Policy,
) -> PluginReport {
    let requires = requires::Requires::of(plugin);
    let findings = rules::run(plugin, &requires, &policy.options);
    judge(plugin, files, root, policy, requires, findings)
}

/// Checks a plugin that was [loaded again](Plugin::load_again); what cannot have changed since is
/// taken over. These are the changes since the last check with this recall.
pub fn check_again(
    plugin: &Plugin,
    files: &Noticing,
    root: &str,
    policy: &Policy,
    recall: &mut rules::Recall,
    changes: &Changes,
) -> PluginReport {
    let requires = requires::Requires::of(plugin);
    let findings = rules::run_again(plugin, &requires, &policy.options, recall, changes);
    judge(plugin, files, root, policy, requires, findings)
}

fn judge(
    plugin: &Plugin,
    files: &Noticing,
    root: &str,
    policy: &Policy,
    requires: requires::Requires,
    findings: Vec<Finding>,
) -> PluginReport {
    let rejected = findings
        .iter()
        .fold(Stages::NONE, |stages, finding| stages.union(finding.stages));
    let judged = policy.judge(plugin, root, files, findings);
    let manifest = plugin.manifest().and_then(Node::root);
    let text = |key: &str| manifest.and_then(|it| it.text_at(key)).map(str::to_owned);
    PluginReport {
        root: root.to_owned(),
        kind: match plugin.manifest().map(|manifest| manifest.kind) {
            Some(format::DocumentKind::Bundle) => RootKind::Bundle,
            _ => RootKind::Plugin,
        },
        author: text("author"),
        name: text("name"),
        version: text("version"),
        rejected,
        requires: required(requires),
        sources: sources(plugin, judged.all()),
        files: plugin.parsed_files().len(),
        fail_on: Some(finding::Severity::Error),
        findings: judged.shown,
        suppressed: judged.suppressed,
        card: None,
    }
}

/// The version floors, and every feature that has one.
fn required(requires: requires::Requires) -> report::Requires {
    let floor = |part| requires.floor(part).map(|(_, version)| version.to_owned());
    report::Requires {
        dify: floor(requires::Part::Dify),
        sdk: floor(requires::Part::Sdk),
        daemon: floor(requires::Part::Daemon),
        because: requires.causes.into_iter().map(evidence).collect(),
    }
}

fn evidence(cause: requires::Cause) -> report::Evidence {
    let text = |version: Option<&str>| version.map(str::to_owned);
    report::Evidence {
        feature: cause.feature.to_owned(),
        file: cause.place.file,
        pointer: cause.pointer,
        dify: text(cause.dify),
        sdk: text(cause.sdk),
        daemon: text(cause.daemon),
        soft: cause.soft,
    }
}

/// The texts of the files that findings point into and that their fixes change.
fn sources<'f>(
    plugin: &Plugin,
    findings: impl Iterator<Item = &'f Finding>,
) -> BTreeMap<Arc<str>, source::SourceFile> {
    let mut sources = BTreeMap::new();
    let paths = findings.flat_map(|finding| {
        let labels = finding.labels.iter().map(|label| &label.place.file);
        let edits = finding.fixes.iter().flat_map(|fix| &fix.edits);
        std::iter::once(&finding.place.file)
            .chain(labels)
            .chain(edits.map(|edit| &edit.file))
    });
    for path in paths {
        if sources.contains_key(path) {
            continue;
        }
        let file = match plugin.parsed(path) {
            Some(parsed) => Some(parsed.file.clone()),
            None => plugin
                .files
                .read(path)
                .ok()
                .map(|bytes| source::SourceFile::new(path, bytes)),
        };
        if let Some(file) = file {
            sources.insert(path.clone(), file);
        }
    }
    sources
}
