//! What a datasource returns, and what it asks for.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::one_of;
use crate::plugin::{Node, Plugin};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// The variables that a knowledge pipeline expects of each type of provider.
const EXPECTED: [(&str, &[&str]); 3] = [
    (
        "website_crawl",
        &["source_url", "content", "title", "description"],
    ),
    ("online_document", &["content"]),
    ("online_drive", &["file"]),
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    for datasource in plugin.of_kind(DocumentKind::Datasource) {
        let Some(root) = Node::root(datasource) else {
            continue;
        };
        let provider = datasource
            .parent
            .and_then(|(at, _)| plugin.documents.get(at));
        let kind = provider
            .and_then(Node::root)
            .and_then(|root| root.text_at("provider_type"));
        let empty = parameters(root, kind, cx);
        if let Some(kind) = kind {
            if kind == "website_crawl" && empty {
                no_crawl(root, cx);
            }
            outputs(root, kind, cx);
        }
    }
}

/// Reports a missing list of parameters; true if there are none.
fn parameters(root: Node<'_>, kind: Option<&str>, cx: &mut Context<'_>) -> bool {
    let tree = root.tree();
    let written = tree.get(root.document().root().unwrap_or(root.id()), "parameters");
    let Some(list) = root.get("parameters") else {
        if kind != Some("website_crawl") {
            let draft = match written {
                Some(node) => Draft::key(Node::new(root.document(), node), "`parameters` is empty"),
                None => Draft::node(first_key(root), "there is no `parameters`"),
            };
            cx.report(
                draft
                    .rule(RuleId("datasource/missing-parameters"))
                    .note("the daemon wants a list; the SDK writes one for it when it starts")
                    .help("write `parameters: []`"),
            );
        }
        return true;
    };
    list.is_list() && list.items().is_empty()
}

fn first_key(root: Node<'_>) -> Node<'_> {
    root.entries().first().map_or(root, |(key, _)| *key)
}

fn no_crawl(root: Node<'_>, cx: &mut Context<'_>) {
    cx.report(
        Draft::node(first_key(root), "this crawler has no parameters")
            .rule(RuleId("datasource/missing-crawl-parameters"))
            .note("a crawler learns from its parameters where to begin; nobody can tell it")
            .help("add a parameter `url` of type `string`"),
    );
}

fn outputs(root: Node<'_>, kind: &str, cx: &mut Context<'_>) {
    let Some((_, expected)) = EXPECTED.iter().find(|(name, _)| *name == kind) else {
        return;
    };
    let Some(schema) = root.get("output_schema") else {
        cx.report(
            Draft::node(first_key(root), "this datasource has no `output_schema`")
                .rule(RuleId("datasource/missing-output-schema"))
                .note("its outputs are the variables of the node; without them nothing can be connected")
                .help(format!("describe {} in `output_schema.properties`", one_of(expected))),
        );
        return;
    };
    let Some(properties) = schema.get("properties").filter(|node| node.is_mapping()) else {
        return;
    };
    let missing: Vec<&str> = expected
        .iter()
        .copied()
        .filter(|name| properties.get(name).is_none())
        .collect();
    if !missing.is_empty() {
        cx.report(
            Draft::key(
                properties,
                format!("a {kind} datasource also returns {}", one_of(&missing)),
            )
            .rule(RuleId("datasource/missing-output"))
            .note("the chunker and other nodes of a knowledge pipeline look for these variables")
            .help("describe them here and return them from your code"),
        );
    }
    if kind == "online_drive"
        && let Some(file) = properties.get("file")
        && file.get("$ref").is_none()
    {
        cx.report(
            Draft::key(
                file,
                "the output `file` does not refer to Dify's schema of files",
            )
            .rule(RuleId("datasource/file-without-schema"))
            .note("a knowledge pipeline connects this output to an extractor only as a file")
            .help("write `$ref: https://dify.ai/schemas/v1/file.json`"),
        );
    }
}
