//! JSON Schemas that stand in documents: `output_schema`.

use crate::format::DocumentKind;
use crate::plugin::{Document, Node};
use serde_json::{Map, Number, Value};
use std::collections::BTreeSet;

/// The names of JSON types.
pub const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "object", "array", "null",
];

/// The keywords of draft 2020-12 and those of older drafts that still have a meaning, sorted.
pub const KEYWORDS: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "else",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
];

/// More than the largest schema that was ever seen, and little to walk.
const MOST_NODES: usize = 20_000;
const DEEPEST: usize = 64;

/// The `output_schema` of a document, if it is a mapping.
pub fn output_schema(document: &Document) -> Option<Node<'_>> {
    use DocumentKind::{AgentStrategy, Datasource, Event, Tool};
    if !matches!(document.kind, Tool | Event | Datasource | AgentStrategy) {
        return None;
    }
    Node::root(document)?
        .get("output_schema")
        .filter(|schema| schema.is_mapping())
}

/// The schema and every schema below it that is a mapping, the outer before the inner.
pub fn schemas(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    visit(root, 0, &mut found);
    found
}

fn visit<'p>(schema: Node<'p>, depth: usize, found: &mut Vec<Node<'p>>) {
    if depth > DEEPEST || found.len() > MOST_NODES || !schema.is_mapping() {
        return;
    }
    found.push(schema);
    for (key, value) in schema.pairs() {
        match key.text().unwrap_or_default() {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                for (_, inner) in value.pairs() {
                    visit(inner, depth + 1, found);
                }
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                for inner in value.items() {
                    visit(inner, depth + 1, found);
                }
            }
            "items"
            | "additionalProperties"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "propertyNames" => visit(value, depth + 1, found),
            _ => {}
        }
    }
}

/// The node as JSON, as the daemon would send it; `None` when it is too large, too deep or holds
/// something that JSON cannot have, each of which is told elsewhere.
pub fn to_json(node: Node<'_>) -> Option<Value> {
    let mut left = MOST_NODES;
    convert(node, 0, &mut left)
}

fn convert(node: Node<'_>, depth: usize, left: &mut usize) -> Option<Value> {
    use crate::yaml::go::{self, Scalar};
    *left = left.checked_sub(1)?;
    if depth > DEEPEST {
        return None;
    }
    if node.is_mapping() {
        let mut map = Map::new();
        for (key, value) in node.pairs() {
            let name = key.tree().text(key.id()).to_owned();
            map.insert(name, convert(value, depth + 1, left)?);
        }
        return Some(Value::Object(map));
    }
    let tree = node.tree();
    let target = tree.target(node.id())?;
    if node.is_list() {
        let items = tree.items(target).iter();
        let items = items.map(|id| convert(Node::new(node.document(), *id), depth + 1, left));
        return items.collect::<Option<Vec<_>>>().map(Value::Array);
    }
    Some(match go::resolve(tree, target).ok()? {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Int(value) => Value::Number(value.into()),
        Scalar::Uint(value) => Value::Number(value.into()),
        Scalar::Float(value) => Value::Number(Number::from_f64(value)?),
        _ => Value::String(tree.text(target).to_owned()),
    })
}

/// True for a schema of everyday keywords in their everyday form: JSON Schema allows it. Any other
/// may be allowed as well; to tell, the schema of schemas has to be built first, which takes longer
/// than to check a small plugin.
pub fn is_everyday(schema: Node<'_>) -> bool {
    everyday(schema, 0, &mut { MOST_NODES })
}

fn everyday(schema: Node<'_>, depth: usize, left: &mut usize) -> bool {
    if depth > DEEPEST || *left == 0 || !schema.is_mapping() {
        return false;
    }
    *left -= 1;
    let mut pairs = schema.pairs();
    pairs.all(|(key, value)| match key.tree().text(key.id()) {
        "type" if value.is_list() => {
            unique(value, |name| TYPES.contains(&name)) && value.written_items().next().is_some()
        }
        "type" => text(value).is_some_and(|name| TYPES.contains(&name)),
        "title" | "description" | "format" => text(value).is_some(),
        "additionalProperties" if is_bool(value) => true,
        "additionalProperties" => everyday(value, depth + 1, left),
        "properties" => {
            let mut schemas = value.pairs();
            value.is_mapping() && schemas.all(|(_, schema)| everyday(schema, depth + 1, left))
        }
        "items" => everyday(value, depth + 1, left),
        "required" => value.is_list() && unique(value, |_| true),
        "enum" | "examples" => value.is_list(),
        "default" => true,
        // what no draft knows is free
        other => !other.starts_with('$') && KEYWORDS.binary_search(&other).is_err(),
    })
}

fn is_bool(node: Node<'_>) -> bool {
    use crate::yaml::go::{self, Scalar};
    let target = node.tree().target(node.id());
    target.is_some_and(|node_id| matches!(go::resolve(node.tree(), node_id), Ok(Scalar::Bool(_))))
}

/// True if each item is a text of its own that passes.
fn unique(list: Node<'_>, passes: impl Fn(&str) -> bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = list.written_items().map(text);
    names.all(|name| name.is_some_and(|name| passes(name) && seen.insert(name)))
}

/// What is text in JSON too.
fn text<'p>(node: Node<'p>) -> Option<&'p str> {
    use crate::yaml::go::{self, Scalar};
    let target = node.tree().target(node.id())?;
    match go::resolve(node.tree(), target) {
        Ok(Scalar::Str(text)) => Some(text),
        _ => None,
    }
}

/// The node at a JSON Pointer below another, aliases and merge keys followed; the last one that
/// is there when the pointer leads further.
pub fn at_pointer<'p>(root: Node<'p>, pointer: &str) -> Node<'p> {
    let mut node = root;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let entries = node.entries();
        let next = if node.is_list() {
            let tree = node.tree();
            let target = tree.target(node.id()).unwrap_or(node.id());
            let item = part
                .parse()
                .ok()
                .and_then(|at: usize| tree.items(target).get(at).copied());
            item.map(|id| Node::new(node.document(), id))
        } else {
            let entry = entries
                .into_iter()
                .find(|(key, _)| key.tree().text(key.id()) == part);
            entry.map(|(_, value)| value)
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Plugin;
    use crate::source::Memory;
    use serde_json::json;
    use std::sync::Arc;

    fn passes(schema: &Value) -> bool {
        let tool = format!("output_schema: {schema}");
        let mut files = Memory::new();
        files.insert("manifest.yaml", b"plugins: {tools: [provider.yaml]}");
        files.insert("provider.yaml", b"tools: [tool.yaml]");
        files.insert("tool.yaml", tool.into_bytes());
        let plugin = Plugin::load(Arc::new(files));
        let tool = plugin.of_kind(DocumentKind::Tool).next();
        output_schema(tool.expect("a tool")).is_some_and(is_everyday)
    }

    #[test]
    fn keywords_can_be_searched() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn everyday_schemas_are_sound() {
        let everyday = json!({
            "type": "object", "title": "t", "description": "d", "default": {"a": [1]},
            "properties": {"a": {"type": "array", "items": {"type": "string", "enum": ["x", 1]}}},
            "required": ["a", "b"], "format": "f", "examples": [1],
            "additionalProperties": {"type": ["string", "null"]}, "of our own": 1,
        });
        assert!(passes(&everyday));
        // in place of each value, at each depth, something else: what passes must be sound
        let odd = [
            json!(null),
            json!(true),
            json!(1),
            json!("a"),
            json!("object"),
            json!([]),
            json!(["a", "a"]),
            json!([1]),
            json!({}),
            json!({"type": "str"}),
            json!({"$ref": 1}),
            json!(["string", "string"]),
            json!(["string", "null"]),
            json!(false),
        ];
        let pointers = [
            "",
            "/type",
            "/title",
            "/description",
            "/default",
            "/properties",
            "/properties/a",
            "/properties/a/items",
            "/properties/a/items/enum",
            "/properties/a/items/type",
            "/required",
            "/required/1",
            "/format",
            "/examples",
            "/additionalProperties",
            "/additionalProperties/type",
            "/additionalProperties/type/1",
            "/of our own",
        ];
        let (mut passed, mut unsound) = (0, 0);
        for pointer in pointers {
            for odd in &odd {
                let mut schema = everyday.clone();
                *schema.pointer_mut(pointer).expect("a place of the schema") = odd.clone();
                let sound = jsonschema::draft202012::meta::is_valid(&schema);
                assert!(sound || !passes(&schema), "{pointer}: {odd}");
                passed += usize::from(passes(&schema));
                unsound += usize::from(!sound);
            }
        }
        // both answers were tried
        assert!(passed > 0 && unsound > 0, "{passed}, {unsound}");
    }
}
