//! YAML: the tree, what both readers make of scalars, and the shapes of documents.

use super::plugins::files_with;
use super::text;
use difylint::finding::Span;
use difylint::format::{
    DocumentKind, Refusal, check_daemon, check_identity, check_sdk, check_validators, plain,
};
use difylint::yaml::{Kind, NodeId, Reader, Tree, divergence, go, python};

pub fn yaml_seeds() -> Vec<Vec<u8>> {
    // a block text at the very end has no line break, until something follows
    let more = ["$ el#:\n |\n     \u{fffd}", "- >+\n  a"];
    let more = more.iter().map(|it| it.as_bytes().to_vec());
    let own = files_with(".yaml").map(|(_, bytes)| bytes.to_vec());
    more.chain(own).collect()
}

fn in_text(span: Span, text: &str) {
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} is no range of the text"
    );
}

/// What a tree says, without where it says it.
fn outline(tree: &Tree) -> Vec<(Kind, Option<NodeId>, String)> {
    tree.nodes()
        .map(|node| {
            (
                tree.kind(node),
                tree.parent(node),
                tree.text(node).to_owned(),
            )
        })
        .collect()
}

pub fn tree(data: &[u8]) {
    let text = text(data);
    let tree = Tree::parse(&text);
    assert_eq!(tree.source(), text);
    for error in tree.errors() {
        assert!(
            error.daemon || error.sdk,
            "an error of no reader: {error:?}"
        );
        in_text(error.span, &text);
        if let Some((span, _)) = error.context {
            in_text(span, &text);
        }
    }
    assert!(tree.errors().is_sorted_by_key(|error| error.span.start));
    for span in tree.comments() {
        in_text(*span, &text);
        assert!(
            text[span.range()].starts_with('#'),
            "{span:?} is no comment"
        );
    }
    for reader in [Reader::Daemon, Reader::Sdk] {
        let refused = tree.errors().iter().any(|it| it.refuses(reader));
        assert_eq!(tree.refused_by(reader).is_some(), refused);
    }
    for node in tree.nodes() {
        let span = tree.span(node);
        in_text(span, &text);
        tree.anchor(node)
            .into_iter()
            .for_each(|it| in_text(it, &text));
        tree.tag(node)
            .into_iter()
            .for_each(|it| in_text(it.span, &text));
        for child in tree.items(node) {
            assert_eq!(tree.parent(*child), Some(node));
        }
        for child in tree.pairs(node).flat_map(<[_; 2]>::from) {
            assert_eq!(tree.parent(child), Some(node));
        }
        if let Some(parent) = tree.parent(node) {
            let around = tree.span(parent);
            assert!(
                around.start <= span.start && span.end <= around.end,
                "{span:?} in {around:?}"
            );
        }
        tree.node_at(span.start);
    }
    for node in tree.nodes().take(200) {
        tree.find(&tree.pointer(node));
    }
    if tree.errors().is_empty() {
        // a comment of its own at the end changes nothing, but where a block text goes on
        let before = Tree::parse(&format!("{text}\n"));
        let after = Tree::parse(&format!("{text}\n# the end\n"));
        let ends_in_block = after.comments().len() != before.comments().len() + 1;
        assert!(
            ends_in_block || outline(&after) == outline(&before),
            "a comment changes the tree"
        );
    }
}

pub fn readings(data: &[u8]) {
    let text = text(data);
    for plain in [true, false] {
        let _ = go::resolve_text(&text, plain, None);
        let _ = python::resolve_text(&text, plain, None);
    }
    let tree = Tree::parse(&text);
    for node in tree.nodes() {
        if let Ok(value) = go::resolve(&tree, node) {
            let _ = (
                go::to_int(&value),
                go::to_uint(&value),
                go::to_float(&value),
            );
            let _ = go::to_bool(&value, tree.text(node));
        }
        let _ = go::created_at(&tree, node);
        go::string(&tree, node);
        if let Ok(value) = python::resolve(&tree, node) {
            python::str_of(&value);
        }
        python::truthy(&tree, node);
        divergence(&tree, node);
    }
    for (node, _) in python::refusals(&tree) {
        in_text(tree.span(node), &text);
    }
    for line in text.lines() {
        let _ = go::parse_created_at(line, true);
        let _ = go::parse_decimal(line);
    }
}

pub fn shapes(data: &[u8]) {
    let tree = Tree::parse(&text(data));
    let known = |refusal: &Refusal| {
        in_text(tree.span(refusal.node), tree.source());
        assert!(!refusal.message.is_empty());
    };
    for kind in DocumentKind::ALL {
        check_daemon(&tree, kind).iter().for_each(known);
        check_sdk(&tree, kind, &["llm", "moderation"])
            .iter()
            .for_each(known);
        plain::check(&tree, kind);
    }
    check_identity(&tree).iter().for_each(known);
    check_validators(&tree).iter().for_each(known);
}
