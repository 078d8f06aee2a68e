//! What the daemon's decoder, the packager's validator and the SDK's entities refuse, told once.
//!
//! Two readers that object to the same node for the same reason make one finding.

use crate::finding::{RuleId, Stages};
use crate::format::{self, DocumentKind, Part, Refusal};
use crate::plugin::Document;
use crate::rules::{Context, Draft, On};
use crate::source::Encoding;
use crate::yaml::{NodeId, Reader, Tree};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    let mut refusals: Vec<Refusal> = Vec::new();
    let tree = document.tree();
    if document.daemon && readable(document, Reader::Daemon) {
        refusals.extend(format::check_daemon(tree, document.kind));
        if document.kind == DocumentKind::Manifest {
            refusals.extend(format::check_validators(tree));
            refusals.extend(format::check_identity(tree));
        }
    }
    if document.sdk && readable(document, Reader::Sdk) {
        let positions = positions(document, cx);
        refusals.extend(format::check_sdk(tree, document.kind, &positions));
    }
    for group in grouped(refusals) {
        report(document, &group, cx);
    }
}

/// The kinds of models for which the SDK finds a position file through this provider's patterns.
fn positions<'p>(provider: &Document, cx: &Context<'p>) -> Vec<&'p str> {
    if provider.kind != DocumentKind::ModelProvider {
        return Vec::new();
    }
    let plugin = cx.plugin();
    let found = plugin.of_kind(DocumentKind::Position).filter(|it| it.sdk);
    found
        .filter_map(|it| {
            let (from, node) = it.parent?;
            let provider = plugin.documents.get(from)?;
            let tree = provider.tree();
            // pattern < `predefined` < the kind's mapping, whose key names the kind
            let kind = tree.parent(tree.parent(node)?)?;
            Some(tree.text(tree.key_of(kind)?))
        })
        .collect()
}

/// False if the reader does not get as far as the values; another finding says so.
fn readable(document: &Document, reader: Reader) -> bool {
    let encoding = match (document.parsed.file.encoding(), reader) {
        (Encoding::Utf8, _) | (Encoding::Utf16, Reader::Daemon) => true,
        _ => false,
    };
    encoding && document.tree().refused_by(reader).is_none()
}

type Key = (NodeId, RuleId, Part, String);

/// Refusals of one node for one reason, in the order in which they were found.
fn grouped(refusals: Vec<Refusal>) -> Vec<Vec<Refusal>> {
    let mut groups: Vec<(Key, Vec<Refusal>)> = Vec::new();
    for refusal in refusals {
        // two missing keys of one mapping are two findings
        let detail = match refusal.part {
            Part::Inside => refusal.message.split('`').nth(1).unwrap_or_default().to_owned(),
            Part::Value => String::new(),
        };
        let key = (refusal.node, refusal.rule, refusal.part, detail);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(refusal),
            None => groups.push((key, vec![refusal])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn report(document: &Document, group: &[Refusal], cx: &mut Context<'_>) {
    let Some(first) = group.first() else { return };
    let tree = document.tree();
    let stages = group.iter().fold(Stages::NONE, |stages, it| stages.union(it.stages));
    let mut notes: Vec<&str> = Vec::new();
    for refusal in group {
        if !notes.contains(&refusal.note.as_str()) {
            notes.push(&refusal.note);
        }
    }
    let node = first.node;
    let mut draft = Draft::at(document, node, &first.message)
        .rule(first.rule)
        .stages(stages)
        .note(notes.join("; "));
    draft.place_at(match first.part {
        Part::Value => document.place(visible(tree, node)),
        Part::Inside => document.place(header(tree, node)),
    });
    if let Some(help) = group.iter().find_map(|refusal| refusal.help.clone()) {
        draft = draft.help(help);
    }
    if let Some((also, remark)) = first.also {
        draft = draft.label(document.place(also), remark);
    }
    cx.report(draft);
}

/// The node, or its key when the value is empty and nothing is there to see.
fn visible(tree: &Tree, node: NodeId) -> NodeId {
    if tree.span(node).is_empty() { tree.key_of(node).unwrap_or(node) } else { node }
}

/// What stands for a mapping in a frame: the key that holds it, or its first key.
fn header(tree: &Tree, mapping: NodeId) -> NodeId {
    let first = tree.pairs(mapping).next().map(|(key, _)| key);
    tree.key_of(mapping).or(first).unwrap_or(mapping)
}
