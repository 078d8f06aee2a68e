//! Ways of setting a model provider up, and the forms that belong to them.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::models::{Section, is_type, type_of_key};
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

/// Each method, the form that it shows, and who fills it in.
const METHODS: [(&str, &str, &str); 2] = [
    (
        "predefined-model",
        "provider_credential_schema",
        "the credentials of the whole provider",
    ),
    (
        "customizable-model",
        "model_credential_schema",
        "the name and credentials of one model",
    ),
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let sections = cx.sections();
    for document in plugin.of_kind(DocumentKind::ModelProvider) {
        let Some(root) = Node::root(document) else {
            continue;
        };
        let Some(list) = root
            .get("configurate_methods")
            .filter(|node| node.is_list())
        else {
            continue;
        };
        let methods = list.items();
        if methods.is_empty() {
            cx.report(
                Draft::key(list, "there is no way to set this provider up")
                    .rule(RuleId("model/no-method"))
                    .note("Dify shows the provider, but nobody can add a credential or a model")
                    .help("list `predefined-model`, `customizable-model` or both"),
            );
            continue;
        }
        let method = |name: &str| methods.iter().find(|it| it.text() == Some(name)).copied();
        for (name, form, who) in METHODS {
            match (method(name), root.get(form)) {
                (Some(node), None) => without_form(node, name, form, who, cx),
                (None, Some(node)) => without_method(node, name, form, list, cx),
                _ => {}
            }
        }
        shipped(&sections, root, method("predefined-model"), list, cx);
    }
}

fn without_form(node: Node<'_>, name: &str, form: &str, who: &str, cx: &mut Context<'_>) {
    cx.report(
        Draft::node(node, format!("`{name}` without `{form}`"))
            .rule(RuleId("model/method-without-form"))
            .note(format!(
                "the form asks for {who}; without it there is nothing to fill in"
            ))
            .help(format!("write `{form}`, or remove the method")),
    );
}

fn without_method(node: Node<'_>, name: &str, form: &str, list: Node<'_>, cx: &mut Context<'_>) {
    cx.report(
        Draft::key(node, format!("`{form}` is never shown"))
            .rule(RuleId("model/form-without-method"))
            .label(list.key_place(), format!("`{name}` is not listed here"))
            .note(format!(
                "Dify shows this form only to providers with the method `{name}`"
            ))
            .help(format!(
                "add `{name}` to `configurate_methods`, or remove the form"
            )),
    );
}

/// The models that the plugin ships against the methods and the types that it promises.
fn shipped(
    sections: &[Section<'_>],
    root: Node<'_>,
    predefined: Option<Node<'_>>,
    methods: Node<'_>,
    cx: &mut Context<'_>,
) {
    let shipped: Vec<_> = sections
        .iter()
        .filter(|section| std::ptr::eq(section.provider, root.document()))
        .filter(|section| {
            section
                .patterns
                .iter()
                .any(|(_, models)| !models.is_empty())
        })
        .collect();
    let inline =
        root.get("models").is_some_and(Node::is_list) || root.get("model_declarations").is_some();
    match (predefined, shipped.first()) {
        (Some(node), None) if !inline => cx.report(
            Draft::node(node, "`predefined-model`, but no model file is found")
                .rule(RuleId("model/predefined-without-models"))
                .note("users can store credentials and then have no model to choose")
                .help("list the files under `models.<kind>.predefined`, or remove the method"),
        ),
        (None, Some(section)) => cx.report(
            Draft::key(
                section.node,
                "the plugin ships models, but not `predefined-model`",
            )
            .rule(RuleId("model/models-without-predefined"))
            .label(methods.key_place(), "not listed here")
            .note("Dify offers the models of the plugin only with this method")
            .help("add `predefined-model` to `configurate_methods`, or remove the models"),
        ),
        _ => {}
    }
    let Some(types) = root
        .get("supported_model_types")
        .filter(|node| node.is_list())
    else {
        return;
    };
    let listed = types.items();
    // a type that does not exist may have been meant for the one that is missing
    let sound = listed.iter().all(|node| node.text().is_some_and(is_type));
    for section in shipped.iter().filter(|_| sound) {
        let kind = type_of_key(section.key);
        if !listed.iter().any(|node| node.text() == Some(kind)) {
            cx.report(
                Draft::key(
                    section.node,
                    format!(
                        "there are models under `{}`, but the type is not supported",
                        section.key
                    ),
                )
                .rule(RuleId("model/unlisted-type"))
                .label(types.key_place(), format!("`{kind}` is not listed here"))
                .note("Dify shows a provider only for the types that it lists")
                .fix(repair::node::append(types, kind, repair::Unsafe))
                .help(format!("add `{kind}` to `supported_model_types`")),
            );
        }
    }
    let only_predefined = methods
        .items()
        .iter()
        .all(|node| node.text() == Some("predefined-model"));
    if !only_predefined || inline || shipped.is_empty() {
        return;
    }
    for node in listed.into_iter().take(64) {
        let Some(kind) = node.text() else { continue };
        if is_type(kind)
            && !shipped
                .iter()
                .any(|section| type_of_key(section.key) == kind)
        {
            cx.report(
                Draft::node(
                    node,
                    format!("the plugin ships no model of type `{}`", shorten(kind)),
                )
                .rule(RuleId("model/type-without-models"))
                .note("users cannot add models to this provider, so the type stays empty")
                .fix(repair::node::remove(node, repair::Unsafe))
                .help("add model files of this type, or take it out of the list"),
            );
        }
    }
}
