//! Parameters, fields of forms, options and outputs as items.

use super::interface::{Attribute, Fact, Item, ItemKind, Value};
use crate::plugin::Node;
use crate::rules::models::templates;
use hashbrown::HashMap;

/// Items that are made at most: more than any plugin has, and a bound for aliases that multiply.
pub(super) const MOST_ITEMS: usize = 200_000;
/// Levels of `output_schema` that are compared.
const DEEPEST_OUTPUT: usize = 12;

/// Counts the items that may still be made.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(MOST_ITEMS)
    }

    /// True if there is room for one more.
    pub(super) const fn take(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// Keys whose text people or language models read; a change of them breaks nothing.
const WORDINGS: [&str; 12] = [
    "label",
    "description",
    "human_description",
    "llm_description",
    "help",
    "placeholder",
    "url",
    "icon",
    "icon_dark",
    "icon_small",
    "icon_large",
    "tags",
];

/// Adds the facts about such keys of a node that are not there yet.
pub(super) fn wordings<'p>(node: Node<'p>, facts: &mut Vec<Fact<'p>>) {
    for key in WORDINGS {
        let attribute = Attribute::Wording(key);
        let known = facts.iter().any(|fact| fact.attribute == attribute);
        if let Some(node) = node.get(key).filter(|_| !known) {
            facts.push(Fact {
                attribute,
                value: Value::Whole,
                node,
            });
        }
    }
}

/// A list of parameters: mappings with `name`.
pub(super) fn parameters<'p>(
    list: Option<Node<'p>>,
    kind: ItemKind,
    item: &mut Item<'p>,
    budget: &mut Budget,
) {
    form(list, "name", kind, item, budget);
}

/// A list of fields, named by a key of each, or a mapping of them, named by its keys.
pub(super) fn form<'p>(
    fields: Option<Node<'p>>,
    name_key: &str,
    kind: ItemKind,
    item: &mut Item<'p>,
    budget: &mut Budget,
) {
    let Some(fields) = fields else {
        return;
    };
    let named: Vec<(Node<'p>, Node<'p>)> = if fields.is_mapping() {
        fields.entries()
    } else {
        let items = fields.items().into_iter();
        items
            .filter_map(|field| Some((field.get(name_key)?, field)))
            .collect()
    };
    let mut known: HashMap<&'p str, usize> = HashMap::new();
    for (name, body) in named {
        let Some(text) = name.text().filter(|text| !text.is_empty()) else {
            continue;
        };
        if !budget.take() {
            return;
        }
        let field = field(kind, text, name, body, budget);
        // two fields of one name are shown in turns (`show_on`): together they make one
        match known.get(text).and_then(|at| item.items.get_mut(*at)) {
            Some(first) => merge(first, field),
            None => {
                known.insert(text, item.items.len());
                item.items.push(field);
            }
        }
    }
}

fn merge<'p>(first: &mut Item<'p>, second: Item<'p>) {
    if !second.flag(Attribute::Required) {
        first
            .facts
            .retain(|fact| fact.attribute != Attribute::Required);
    }
    first.items.extend(second.items);
}

fn field<'p>(
    kind: ItemKind,
    name: &str,
    named: Node<'p>,
    body: Node<'p>,
    budget: &mut Budget,
) -> Item<'p> {
    let mut field = Item::new(kind, name, named);
    let template = (kind == ItemKind::ModelParameter)
        .then(|| templates().get(body.text_at("use_template")?))
        .flatten();
    let mut fact = |attribute, value: Option<Value>, node: Option<Node<'p>>| {
        let node = node.unwrap_or(body);
        let fact = value.map(|value| Fact {
            attribute,
            value,
            node,
        });
        field.facts.extend(fact);
    };
    let word = |node: Option<Node<'_>>| node?.text().map(|text| Value::Word(text.to_owned()));
    let number = |node: Option<Node<'_>>| node?.number().map(Value::Number);
    let kind_node = body.get("type");
    let written =
        word(kind_node).or_else(|| template.map(|template| Value::Word(template.kind.clone())));
    fact(Attribute::Type, written, kind_node);
    fact(Attribute::Form, word(body.get("form")), body.get("form"));
    // a field that is shown only beside some answers is asked for only then
    let required = body
        .get("required")
        .filter(|_| body.get("show_on").is_none());
    let flag = required.and_then(Node::bool).map(Value::Flag);
    fact(Attribute::Required, flag, required);
    let multiple = body.get("multiple");
    fact(
        Attribute::Multiple,
        multiple.and_then(Node::bool).map(Value::Flag),
        multiple,
    );
    let default = body.get("default");
    fact(Attribute::Default, default.map(|_| Value::Whole), default);
    let bounds = [
        (Attribute::Minimum, "min", template.and_then(|it| it.min)),
        (Attribute::Maximum, "max", template.and_then(|it| it.max)),
        (Attribute::Precision, "precision", None),
    ];
    for (attribute, key, otherwise) in bounds {
        let node = body.get(key);
        let value = number(node).or_else(|| otherwise.map(Value::Number));
        fact(attribute, value, node);
    }
    wordings(body, &mut field.facts);
    options(body, &mut field, budget);
    if let Some(template) = template.filter(|_| body.get("options").is_none()) {
        let words = template.options.iter();
        field
            .items
            .extend(words.map(|word| Item::new(ItemKind::Option, word, body)));
    }
    field
}

/// Options are mappings with `value` or, in models, bare words.
fn options<'p>(body: Node<'p>, field: &mut Item<'p>, budget: &mut Budget) {
    let Some(options) = body.get("options") else {
        return;
    };
    for option in options.items() {
        let value = option.get("value").unwrap_or(option);
        let Some(word) = value.text() else {
            continue;
        };
        if !budget.take() {
            return;
        }
        let mut item = Item::new(ItemKind::Option, word, value);
        wordings(option, &mut item.facts);
        field.items.push(item);
    }
}

/// The properties of an `output_schema`, those of objects and of the items of lists below them.
pub(super) fn outputs<'p>(
    schema: Option<Node<'p>>,
    depth: usize,
    item: &mut Item<'p>,
    budget: &mut Budget,
) {
    let Some(schema) = schema.filter(|_| depth < DEEPEST_OUTPUT) else {
        return;
    };
    let Some(properties) = schema.get("properties") else {
        return;
    };
    for (key, body) in properties.entries() {
        let Some(name) = key.text().filter(|_| budget.take()) else {
            continue;
        };
        // a saved workflow names a nested output by all names on the way to it
        let path = match item.kind {
            ItemKind::Output => format!("{}.{name}", item.name),
            _ => name.to_owned(),
        };
        let mut output = Item::new(ItemKind::Output, path, key);
        if let Some(kind) = body.get("type") {
            let value = kind.text().map(|word| Value::Word(word.to_owned()));
            output.facts.push(Fact {
                attribute: Attribute::Type,
                value: value.unwrap_or(Value::Whole),
                node: kind,
            });
        }
        wordings(body, &mut output.facts);
        outputs(Some(body), depth + 1, &mut output, budget);
        outputs(body.get("items"), depth + 1, &mut output, budget);
        item.items.push(output);
    }
}

/// Words of a list, each an item.
pub(super) fn words<'p>(list: Option<Node<'p>>, kind: ItemKind, item: &mut Item<'p>) {
    let nodes = list.map(Node::items).unwrap_or_default();
    let named = nodes
        .into_iter()
        .filter_map(|node| Some(Item::new(kind, node.text()?, node)));
    item.items.extend(named);
}
