//! The credentials and settings that a provider declares, against those that its code reads.

use crate::finding::{Place, RuleId};
use crate::format::DocumentKind;
use crate::format::words::{nearest, shorten};
use crate::plugin::{Node, Plugin};
use crate::python::usage::Map;
use crate::rules::code::{self, Code};
use crate::rules::{Context, Draft, On};
use hashbrown::HashSet;
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

/// One form that people fill in, and the map in which the code gets it.
struct Form<'p> {
    map: Map,
    word: &'static str,
    /// The lists and mappings that declare its fields.
    parts: Vec<Node<'p>>,
    /// The one of them that signing in fills.
    granted: Option<Node<'p>>,
    /// The code may put more into the map than people fill in.
    extended: bool,
}

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for document in cx.plugin().documents.iter().filter(|document| document.sdk) {
        let Some(root) = Node::root(document) else {
            continue;
        };
        let forms = forms(document.kind, root);
        if forms.is_empty() {
            continue;
        }
        let family = code::of_family(document, cx);
        for form in forms {
            compare(root, &form, &family, cx);
        }
    }
}

fn forms(kind: DocumentKind, root: Node<'_>) -> Vec<Form<'_>> {
    let form = |map, word, paths: &[&[&str]]| Form {
        map,
        word,
        parts: paths.iter().filter_map(|path| root.at(path)).collect(),
        granted: paths.get(1).and_then(|path| root.at(path)),
        extended: map == Map::Properties,
    };

    let client = |path| form(Map::SystemCredentials, "client credential", &[path]);
    let credentials = |paths| form(Map::Credentials, "credential", paths);
    match kind {
        DocumentKind::ToolProvider => vec![
            credentials(&[
                &["credentials_for_provider"],
                &["oauth_schema", "credentials_schema"],
            ]),
            client(&["oauth_schema", "client_schema"]),
        ],
        DocumentKind::DatasourceProvider => vec![
            credentials(&[
                &["credentials_schema"],
                &["oauth_schema", "credentials_schema"],
            ]),
            client(&["oauth_schema", "client_schema"]),
        ],
        DocumentKind::TriggerProvider => vec![
            credentials(&[
                &["subscription_constructor", "credentials_schema"],
                &[
                    "subscription_constructor",
                    "oauth_schema",
                    "credentials_schema",
                ],
            ]),
            client(&["subscription_constructor", "oauth_schema", "client_schema"]),
            form(
                Map::Properties,
                "subscription field",
                &[&["subscription_schema"]],
            ),
        ],
        DocumentKind::EndpointGroup => vec![form(Map::Settings, "setting", &[&["settings"]])],
        _ => Vec::new(),
    }
}

/// The names that a list or a mapping of fields declares, with the nodes that say so.
fn fields<'p>(part: Node<'p>) -> Vec<(&'p str, Node<'p>)> {
    if part.is_list() {
        let names = part
            .items()
            .into_iter()
            .filter_map(|field| field.get("name"));
        return names
            .filter_map(|name| Some((name.text()?, name)))
            .collect();
    }
    let entries = part.entries().into_iter();
    entries
        .filter_map(|(key, value)| Some((key.text()?, value)))
        .collect()
}

fn compare(root: Node<'_>, form: &Form<'_>, family: &[Arc<Code<'_>>], cx: &mut Context<'_>) {
    let declared: Vec<_> = form.parts.iter().flat_map(|part| fields(*part)).collect();
    let word = form.word;
    let first = family.first();
    let open = family
        .iter()
        .any(|code| code.closure.may_read_any(form.map));
    let grants = grants_are_known(family);
    let granted = form.granted.map(fields).unwrap_or_default();
    if family.iter().any(|code| code.closure.has_code()) {
        for (name, node) in &declared {
            // what signing in fills must be written by the code, whoever reads it
            let of_grant = grants && granted.iter().any(|(_, other)| other.id() == node.id());
            if (open && !of_grant) || family.iter().any(|code| code.closure.mentions(name)) {
                continue;
            }
            let (state, note) = if of_grant {
                (
                    "never filled in",
                    "signing in returns credentials under other names",
                )
            } else {
                ("never read", "people fill it in, and nothing comes of it")
            };
            let message = format!("the {word} `{}` is {state}", shorten(name));
            let mut draft = Draft::key(*node, message)
                .rule(RuleId("python/unread-credential"))
                .note(note)
                .help("use the name that the code uses, or remove it");

            if let Some(code) = first {
                draft = draft.label(code.place(), "neither this source nor another names it");
            }
            cx.report(draft);
        }
    }
    let mut seen: HashSet<&str> = declared.iter().map(|(name, _)| *name).collect();
    let names: Vec<&str> = declared.iter().map(|(name, _)| *name).collect();
    for code in family.iter().filter(|_| !form.extended) {
        for (module, read) in code.closure.reads(form.map) {
            // a helper's own dictionary may have the same name
            let own = code.classes.iter().any(|class| {
                class.methods.iter().any(|method| {
                    method.file == module.path
                        && (read.class.as_deref() == Some(&*method.class) || read.class.is_none())
                })
            });
            if !own || !seen.insert(&read.key) {
                continue;
            }
            let key = shorten(&read.key);
            let help = match nearest(&read.key, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? otherwise declare `{key}`"),
                None => format!("declare a {word} `{key}`, or stop reading it"),
            };
            let place = Place {
                file: module.path.clone(),
                span: read.span,
            };
            let declares = form
                .parts
                .first()
                .map_or_else(|| root.place(), |part| part.key_place());
            cx.report(
                Draft::new(place, format!("the {word} `{key}` is not declared"))
                    .rule(RuleId("python/undeclared-credential"))
                    .label(declares, "nobody is asked for it here")
                    .note(if read.demanded {
                        "reading it with `[...]` fails with a KeyError"
                    } else {
                        "the code always falls back to its default"
                    })
                    .help(help),
            );
        }
    }
}

/// True if some OAuth method returns credentials, and each says under which names.
fn grants_are_known(family: &[Arc<Code<'_>>]) -> bool {
    let modules = || family.iter().flat_map(|code| &code.closure.modules);
    modules().any(|module| !module.usage.granted.is_empty())
        && modules().all(|module| !module.usage.grants_any)
}
