//! What the daemon's decoder, the packager's validator and the SDK's entities refuse, told once.
//!
//! Two readers that object to the same node for the same reason make one finding.

use crate::finding::{RuleId, Stages};
use crate::format::words::{nearest, shorten, with_article};
use crate::format::{self, DocumentKind, Part, Refusal};
use crate::plugin::Document;
use crate::rules::{Context, Draft, On, misplaced, nodes, repair};
use crate::source::Encoding;
use crate::source::limits::MAX_FINDINGS_OF_FILE;
use crate::yaml::{NodeId, Reader, Tree};
use hashbrown::HashMap;

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
    if document.daemon && readable(document, Reader::Daemon) {
        refusals.extend(format::check_console(tree, nodes::shaped(document)));
    }
    let stages = refusals
        .iter()
        .fold(Stages::NONE, |stages, it| stages.union(it.stages));
    if !stages.is_empty()
        && let Some(instead) = misplaced::instead(cx.plugin(), document)
        && let Some((from, node)) = document.parent
    {
        let message = format!(
            "`{}` is not {} but {instead}",
            document.path(),
            with_article(document.kind)
        );
        let referrer = &cx.plugin().documents[from];
        let mut draft = Draft::at(referrer, node, message)
            .rule(RuleId("path/wrong-kind"))
            .stages(stages)
            .help(format!("name the file of the {} here", document.kind));
        if let Some(first) = refusals.iter().find(|it| !it.stages.is_empty()) {
            draft = draft.note(format!(
                "the first thing its reader stops at: {}",
                first.message
            ));
        }
        cx.report(draft);
        return;
    }
    for refusal in &mut refusals {
        point_at_misspelt(document, refusal);
    }
    for group in grouped(refusals) {
        report(document, &group, cx);
    }
}

/// A key that is a slip of the pen away is what is wrong, not the mapping that lacks the right one.
fn point_at_misspelt(document: &Document, refusal: &mut Refusal) {
    let (Part::Inside, Some(key)) = (refusal.part, &refusal.missing) else {
        return;
    };
    let tree = document.tree();
    let Some(shape) = document.shape_of(refusal.node) else {
        return;
    };
    // of more keys than findings are shown nobody wrote each
    let mut keys = tree.pairs(refusal.node).take(MAX_FINDINGS_OF_FILE);
    let misspelt = keys.find(|(other, _)| {
        let other = tree.text(*other);
        shape.property(other).is_none() && nearest(other, [key.as_str()]).is_some()
    });
    if let Some((misspelt, _)) = misspelt {
        let name = shorten(tree.text(misspelt));
        refusal.help = Some(format!("`{name}` is probably meant: write it `{key}`"));
        refusal.node = misspelt;
        refusal.part = Part::Value;
    }
}

/// The kinds of models for which the SDK finds a position file through this provider's patterns.
fn positions<'p>(provider: &Document, cx: &Context<'p>) -> Vec<&'p str> {
    if provider.kind != DocumentKind::ModelProvider {
        return Vec::new();
    }
    let plugin = cx.plugin();
    let patterns = plugin.position_patterns.iter();
    patterns
        .filter_map(|(from, node)| {
            let provider = plugin.documents.get(*from)?;
            let tree = provider.tree();
            // pattern < `predefined` < the kind's mapping, whose key names the kind
            let kind = tree.parent(tree.parent(*node)?)?;
            Some(tree.text(tree.key_of(kind)?))
        })
        .collect()
}

/// False if the reader does not get as far as the values; another finding says so.
fn readable(document: &Document, reader: Reader) -> bool {
    let encoding = matches!(
        (document.parsed.file.encoding(), reader),
        (Encoding::Utf8, _) | (Encoding::Utf16, Reader::Daemon)
    );
    encoding && document.tree().refused_by(reader).is_none()
}

/// What is said of one value; readers differ in how much of the reason they see. First what tells
/// its author most.
const OF_A_VALUE: [RuleId; 4] = [
    RuleId("shape/missing-key"),
    RuleId("shape/unknown-value"),
    RuleId("shape/malformed-value"),
    RuleId("shape/wrong-type"),
];

/// The place in `OF_A_VALUE`; `None` if the refusal stands for itself.
fn rank(refusal: &Refusal) -> Option<usize> {
    let of_a_value = |rule: &RuleId| refusal.part == Part::Value && *rule == refusal.rule;
    OF_A_VALUE.iter().position(of_a_value)
}

type Key = (NodeId, Option<RuleId>, Part, String);

/// Refusals of one node for one reason, in the order in which they were found; what tells most of
/// a value comes first.
fn grouped(refusals: Vec<Refusal>) -> Vec<Vec<Refusal>> {
    let mut groups: Vec<Vec<Refusal>> = Vec::new();
    let mut known: HashMap<Key, usize> = HashMap::new();
    for refusal in refusals {
        // two missing keys of one mapping are two findings
        let detail = match refusal.part {
            Part::Inside => refusal
                .message
                .split('`')
                .nth(1)
                .unwrap_or_default()
                .to_owned(),
            Part::Value => String::new(),
        };
        let rule = rank(&refusal).is_none().then_some(refusal.rule);
        let key = (refusal.node, rule, refusal.part, detail);
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(refusal),
            None => groups.push(vec![refusal]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(rank);
    }
    groups
}

fn report(document: &Document, group: &[Refusal], cx: &mut Context<'_>) {
    let Some(first) = group.first() else { return };
    let tree = document.tree();
    let stages = group
        .iter()
        .fold(Stages::NONE, |stages, it| stages.union(it.stages));
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
    // what helps against a wrong type alone would leave the value refused
    let alike = || {
        let helps = |it: &&Refusal| it.rule == first.rule || it.rule != RuleId("shape/wrong-type");
        group.iter().filter(helps)
    };
    if let Some(help) = alike().find_map(|refusal| refusal.help.clone()) {
        draft = draft.help(help);
    }
    if let Some((also, remark)) = first.also {
        draft = draft.label(document.place(also), remark);
    }
    let repair = alike().find_map(|it| repair::refused(cx.plugin(), document, it));
    cx.report(draft.fix(repair));
}

/// The node, or its key when the value is empty and nothing is there to see.
fn visible(tree: &Tree, node: NodeId) -> NodeId {
    if tree.span(node).is_empty() {
        tree.key_of(node).unwrap_or(node)
    } else {
        node
    }
}

/// What stands for a mapping in a frame: the key that holds it, or its first key.
fn header(tree: &Tree, mapping: NodeId) -> NodeId {
    let first = tree.pairs(mapping).next().map(|(key, _)| key);
    tree.key_of(mapping).or(first).unwrap_or(mapping)
}
