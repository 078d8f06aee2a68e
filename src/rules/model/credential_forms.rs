//! The forms in which users enter credentials of a model provider.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use hashbrown::HashMap;

pub const CHECK: On = On::Kind(DocumentKind::ModelProvider, check);

/// Fields that the daemon's validator lets pass while remote debugging.
const MOST: usize = 32;

fn check(provider: Node<'_>, cx: &mut Context<'_>) {
    for form in ["provider_credential_schema", "model_credential_schema"] {
        let Some(list) = provider.at(&[form, "credential_form_schemas"]) else {
            continue;
        };
        let fields: Vec<Node<'_>> = list
            .items()
            .into_iter()
            .filter(|field| field.is_mapping())
            .collect();
        if fields.len() > MOST {
            let message = format!(
                "the form has {} fields; at most {MOST} are allowed",
                fields.len()
            );
            cx.report(
                Draft::key(list, message)
                    .rule(RuleId("model/too-many-fields"))
                    .note("a package installs, but remote debugging refuses the whole plugin")
                    .help("merge fields, or show choices as options of one field"),
            );
        }
        let form = Form::of(&fields);
        for field in &fields {
            one(*field, &form, cx);
        }
        twice(&fields, cx);
    }
}

/// The fields of a form by name, with the values that each can have; `None`: any.
struct Form<'p>(HashMap<&'p str, Option<Vec<&'p str>>>);

impl<'p> Form<'p> {
    fn of(fields: &[Node<'p>]) -> Self {
        let mut known: HashMap<&str, Option<Vec<&str>>> = HashMap::new();
        for field in fields {
            let Some(name) = field.text_at("variable") else {
                continue;
            };
            let values = match field.text_at("type") {
                Some("switch") => Some(vec!["true", "false"]),
                Some("select" | "radio") => {
                    let options = field.get("options").map_or_else(Vec::new, Node::items);
                    let values = options
                        .into_iter()
                        .filter_map(|option| option.text_at("value"));
                    Some(values.collect()).filter(|values: &Vec<&str>| !values.is_empty())
                }
                _ => None,
            };
            // a form may have one variable several times, for different types of models
            known
                .entry(name)
                .and_modify(|all| match (all.as_mut(), &values) {
                    (Some(all), Some(values)) => all.extend(values),
                    _ => *all = None,
                })
                .or_insert(values);
        }
        Self(known)
    }
}

/// What Dify itself asks for beside the form; conditions may name it.
const IMPLIED: [&str; 2] = ["__model_type", "__model_name"];

fn one(field: Node<'_>, form: &Form<'_>, cx: &mut Context<'_>) {
    if field.get("required").is_none()
        && let Some(name) = field.get("variable")
        && let Some(text) = name.text()
    {
        cx.report(
            Draft::node(
                name,
                format!(
                    "the field `{}` does not say whether it is required",
                    shorten(text)
                ),
            )
            .rule(RuleId("model/required-left-out"))
            .note("left out, the SDK takes it for required and the daemon for optional")
            .help("write `required: true` or `required: false`"),
        );
    }
    let options = field.get("options").map_or_else(Vec::new, Node::items);
    for holder in std::iter::once(field).chain(options) {
        for condition in holder.get("show_on").map_or_else(Vec::new, Node::items) {
            judge(condition, form, cx);
        }
    }
}

fn judge(condition: Node<'_>, form: &Form<'_>, cx: &mut Context<'_>) {
    let Some(variable) = condition.get("variable") else {
        return;
    };
    let Some(name) = variable.text().filter(|name| !IMPLIED.contains(name)) else {
        return;
    };
    let Some(values) = form.0.get(name) else {
        let near = (form.0.len() <= 256)
            .then(|| nearest(name, form.0.keys().copied()))
            .flatten();
        cx.report(
            Draft::node(
                variable,
                format!("the form has no field `{}`", shorten(name)),
            )
            .rule(RuleId("model/unknown-condition"))
            .note("the condition never holds, so nobody sees what it guards")
            .help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the `variable` of another field, or `__model_type`".to_owned(),
            }),
        );
        return;
    };
    let (Some(values), Some(value)) = (values, condition.get("value")) else {
        return;
    };
    let Some(text) = value.text().filter(|text| !values.contains(text)) else {
        return;
    };
    let some: Vec<&str> = values.iter().copied().take(6).collect();
    cx.report(
        Draft::node(
            value,
            format!("`{}` is never `{}`", shorten(name), shorten(text)),
        )
        .rule(RuleId("model/unknown-condition"))
        .note("the condition never holds, so nobody sees what it guards")
        .help(match nearest(text, values.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", one_of(&some)),
        }),
    );
}

/// A field by its name and the conditions under which it is shown.
type Shown<'p> = (&'p str, Vec<(&'p str, &'p str)>);

/// Two fields of one name are two forms of it, unless both are shown at once.
fn twice(fields: &[Node<'_>], cx: &mut Context<'_>) {
    let mut seen: HashMap<Shown<'_>, Node<'_>> = HashMap::new();
    for field in fields {
        let Some(node) = field.get("variable") else {
            continue;
        };
        let Some(name) = node.text() else { continue };
        let conditions = field.get("show_on").map_or_else(Vec::new, Node::items);
        let mut conditions: Vec<(&str, &str)> = conditions
            .into_iter()
            .filter_map(|it| Some((it.text_at("variable")?, it.text_at("value")?)))
            .collect();
        conditions.sort_unstable();
        if let Some(first) = seen.get(&(name, conditions.clone())) {
            cx.report(
                Draft::node(
                    node,
                    format!("the field `{}` is there twice", shorten(name)),
                )
                .rule(RuleId("model/duplicate-field"))
                .label(first.place(), "first here")
                .note("both are shown under the same conditions and write the same value")
                .help("remove one, or give them different `show_on`"),
            );
        } else {
            seen.insert((name, conditions), node);
        }
    }
}
