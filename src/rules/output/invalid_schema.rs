//! An `output_schema` that is no JSON Schema.

use crate::finding::RuleId;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::{Document, Node};
use crate::rules::json_schema::{TYPES, at_pointer, is_everyday, output_schema, schemas, to_json};
use crate::rules::{Context, Draft, On, repair};
use jsonschema::error::ValidationErrorKind;

pub const CHECK: On = On::Document(check);

/// After so many an author knows where to look.
const MOST: usize = 20;

fn check(document: &Document, cx: &mut Context<'_>) {
    let Some(root) = output_schema(document) else {
        return;
    };
    if is_everyday(root) {
        return;
    }
    let named = schemas(root)
        .into_iter()
        .filter_map(|schema| schema.get("type"));
    let odd: Vec<_> = named.filter_map(|kind| unknown_type(kind, cx)).collect();
    let Some(json) = to_json(root) else { return };
    if jsonschema::draft202012::meta::is_valid(&json) {
        return;
    }
    for error in jsonschema::draft202012::meta::validator()
        .iter_errors(&json)
        .take(MOST)
    {
        let node = at_pointer(root, error.instance_path().as_str());
        // told with the word that was meant
        if odd.contains(&node.id()) {
            continue;
        }
        let keyword = node
            .tree()
            .key_of(node.id())
            .map_or("", |key| node.tree().text(key));
        let message = match error.kind() {
            ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
                format!(
                    "{} is not what the keyword takes",
                    shorten(&error.instance().to_string())
                )
            }
            _ => shorten(&error.to_string()),
        };
        let place = if keyword.is_empty() {
            String::new()
        } else {
            format!("`{}`: ", shorten(keyword))
        };
        let draft = Draft::node(node, format!("no JSON Schema: {place}{message}"))
            .note("Dify reads the schema to offer the variables to later nodes, and drops what it cannot read");
        cx.report(help(keyword, node, draft));
    }
}

fn help(keyword: &str, node: Node<'_>, draft: Draft) -> Draft {
    match keyword {
        "required" if node.bool().is_some() => draft
            .help("list the names of required properties beside `properties`: `required: [name]`"),
        "required" if node.is_list() => {
            draft.help("`required` stands beside `properties`, not among them")
        }
        "properties" => draft.help("write a mapping from the name of each variable to its schema"),
        _ => draft.help("see the keyword in JSON Schema, draft 2020-12"),
    }
}

/// Reports a word that is no type, and returns its node.
fn unknown_type(kind: Node<'_>, cx: &mut Context<'_>) -> Option<crate::yaml::NodeId> {
    let text = kind.text().filter(|text| !TYPES.contains(text))?;
    let draft = Draft::node(
        kind,
        format!("`{}` is no type of JSON Schema", shorten(text)),
    )
    .rule(RuleId("output/unknown-type"))
    .note("Dify then does not know what the variable holds and shows it as it likes");
    let inner = text
        .strip_prefix("array[")
        .and_then(|rest| rest.strip_suffix(']'));
    let draft = match (inner, nearest(text, TYPES)) {
        (Some("file"), _) => draft.help("write `type: array` and an `items` for files"),
        (Some(inner), _) => draft.help(format!(
            "write `type: array` with `items: {{type: {}}}`",
            shorten(inner)
        )),
        (None, Some(near)) => draft
            .help(format!("did you mean `{near}`?"))
            .fix(repair::node::write(kind, near, repair::Unsafe)),
        (None, None) => draft
            .fix(repair::node::near(
                kind,
                repair::words::meant(text, &TYPES).map(|(word, _)| word),
            ))
            .help(match text {
                "str" | "text" => "write `string`".to_owned(),
                "int" => "write `integer`".to_owned(),
                "float" | "double" => "write `number`".to_owned(),
                "bool" => "write `boolean`".to_owned(),
                "dict" | "map" | "json" => "write `object`".to_owned(),
                "list" => "write `array`".to_owned(),
                _ => format!("use {}", one_of(&TYPES)),
            }),
    };
    cx.report(draft);
    Some(kind.id())
}
