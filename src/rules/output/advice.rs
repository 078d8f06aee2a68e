//! What a valid `output_schema` leaves open or promises in vain.

use crate::finding::RuleId;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::{Document, Node};
use crate::rules::fields::MOST_COMPARED;
use crate::rules::json_schema::{KEYWORDS, TYPES, output_schema, schemas};
use crate::rules::{Context, Draft, On, repair};
use hashbrown::HashSet;

pub const CHECK: On = On::Document(check);

/// Outputs that every tool has anyway; Dify refuses a variable of such a name when it is sent.
const RESERVED: [&str; 3] = ["text", "files", "json"];
/// Any of them says what a value may be, so that `type` may be left out. A form like `properties`
/// is a type of its own.
const SAYING: [&str; 11] = [
    "type",
    "properties",
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
    "not",
    "if",
    "$dynamicRef",
];

fn check(document: &Document, cx: &mut Context<'_>) {
    let Some(root) = output_schema(document) else {
        return;
    };
    of_root(root, document, cx);
    for schema in schemas(root) {
        // most are plain values, and there is no more to them
        let mut keys = schema.pairs().filter_map(|(key, _)| key.text());
        let plain = |key: &str| matches!(key, "type" | "description" | "title" | "default");
        if keys.all(plain) && schema.text_at("type") != Some("array") {
            continue;
        }
        keywords(schema, cx);
        if schema.text_at("type") == Some("array")
            && ["items", "prefixItems", "$ref"]
                .iter()
                .all(|key| schema.get(key).is_none())
        {
            cx.report(
                Draft::key(
                    schema,
                    format!("{} is an array of nobody knows what", named(schema)),
                )
                .rule(RuleId("output/array-without-items"))
                .note("later nodes cannot pick from its items")
                .help("add `items`, such as `items: {type: string}`"),
            );
        }
        required(schema, cx);
        let properties = schema.get("properties").map(Node::pairs);
        for (_, property) in properties.into_iter().flatten() {
            let says = |(key, value): (Node<'_>, Node<'_>)| {
                key.text().is_some_and(|key| SAYING.contains(&key)) && !value.is_null()
            };
            if property.is_mapping() && !property.pairs().any(says) {
                cx.report(
                    Draft::key(property, format!("{} has no `type`", named(property)))
                        .rule(RuleId("output/missing-type"))
                        .note("Dify cannot offer the variable where a certain type is wanted")
                        .help("add `type`, such as `type: string`"),
                );
            }
        }
    }
}

fn of_root(root: Node<'_>, document: &Document, cx: &mut Context<'_>) {
    let kind = root.get("type");
    // of a word that is no type at all output/unknown-type speaks
    if let Some((node, text)) = kind.and_then(|node| Some((node, node.text()?)))
        && text != "object"
        && TYPES.contains(&text)
    {
        cx.report(
            Draft::node(node, format!("the outputs are no `{}`", shorten(text)))
                .rule(RuleId("output/not-object"))
                .note("the schema is that of all variables together: an object with one property each")
                .help("write `type: object` and put the variables below `properties`"),
        );
        return;
    }
    let Some(properties) = root.get("properties") else {
        let elsewhere = ["$ref", "allOf", "anyOf", "oneOf"];
        if root.entries().is_empty() || elsewhere.iter().any(|key| root.get(key).is_some()) {
            return;
        }
        cx.report(
            Draft::key(root, "`output_schema` names no variable")
                .rule(RuleId("output/no-properties"))
                .note("Dify offers the `properties` of the schema to later nodes; here are none")
                .help("put the variables below `properties`"),
        );
        return;
    };
    if document.kind != crate::format::DocumentKind::Tool {
        return;
    }
    for (name, _) in properties.pairs() {
        if let Some(text) = name.text().filter(|text| RESERVED.contains(text)) {
            cx.report(
                Draft::node(name, format!("the variable `{text}` is there anyway"))
                    .rule(RuleId("output/reserved-name"))
                    .note("every tool hands on `text`, `files` and `json`; a variable of that name is refused when it is sent")
                    .help("choose another name"),
            );
        }
    }
}

fn keywords(schema: Node<'_>, cx: &mut Context<'_>) {
    for (key, _) in schema.pairs() {
        let Some(text) = key.text() else { continue };
        if KEYWORDS.binary_search(&text).is_ok() || text.starts_with("x-") {
            continue;
        }
        let draft = Draft::node(
            key,
            format!("`{}` is no keyword of JSON Schema", shorten(text)),
        )
        .rule(RuleId("output/unknown-keyword"))
        .note("it is skipped silently");
        cx.report(match nearest(text, KEYWORDS.iter().copied()) {
            Some(near) => draft
                .help(format!("did you mean `{near}`?"))
                .fix(repair::rename(
                    key.document(),
                    key.id(),
                    near,
                    repair::Unsafe,
                )),
            None if text == "label" => {
                draft.help("users see the name of the variable; say more in `description`")
            }
            None => draft.help("remove it; a variable belongs below `properties`"),
        });
    }
}

fn required(schema: Node<'_>, cx: &mut Context<'_>) {
    let (Some(wanted), Some(properties)) = (schema.get("required"), schema.get("properties"))
    else {
        return;
    };
    let names: Vec<&str> = properties
        .pairs()
        .filter_map(|(key, _)| key.text())
        .collect();
    let known: HashSet<&str> = names.iter().copied().collect();
    for item in wanted.items() {
        let Some(text) = item.text().filter(|text| !known.contains(text)) else {
            continue;
        };
        let draft = Draft::node(
            item,
            format!(
                "`{}` is required, but not among the properties",
                shorten(text)
            ),
        )
        .rule(RuleId("output/required-undeclared"))
        .note("later nodes cannot see a variable that is not declared");
        cx.report(
            match nearest(text, names.iter().copied().take(MOST_COMPARED)) {
                Some(near) => draft
                    .help(format!("did you mean `{}`?", shorten(near)))
                    .fix(repair::node::write(item, near, repair::Unsafe)),
                None if names.len() <= 8 && !names.is_empty() => draft.help(format!(
                    "declared are {}",
                    one_of(&names).replace(" or ", " and ")
                )),
                None => draft.help("declare it below `properties`, or take it off the list"),
            },
        );
    }
}

fn named(schema: Node<'_>) -> String {
    crate::format::words::name_of(schema.tree(), schema.id())
}
