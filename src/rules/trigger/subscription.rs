//! How a trigger provider is subscribed to.

use crate::finding::{Place, RuleId};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::python::Base;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    for document in plugin.of_kind(DocumentKind::TriggerProvider) {
        let Some(root) = Node::root(document) else {
            continue;
        };
        let source = root.at(&["extra", "python", "source"]);
        match root.get("subscription_constructor") {
            Some(constructor) if constructor.is_mapping() => {
                ignored_source(constructor, source, cx);
            }
            Some(_) => {}
            None => undeclared(source, cx),
        }
        if root.get("subscription_schema").is_none() {
            let place = root.entries().first().map_or(root, |(key, _)| *key);
            cx.report(
                Draft::node(place, "there is no `subscription_schema`")
                    .rule(RuleId("trigger/missing-subscription-schema"))
                    .note("a subscription made by hand then has no fields, such as a secret to verify with")
                    .fix(repair::node::add(root, "subscription_schema", "[]", repair::Unsafe)).help("write `subscription_schema: []` if that is meant"),
            );
        }
        if root
            .get("events")
            .is_none_or(|events| events.is_list() && events.items().is_empty())
        {
            let place = root.entries().first().map_or(root, |(key, _)| *key);
            cx.report(
                Draft::node(place, "this trigger provider has no events")
                    .rule(RuleId("trigger/no-events"))
                    .note("it installs and can be subscribed to, but can never start a workflow")
                    .help("list the files of the events under `events`"),
            );
        }
    }
}

fn ignored_source(constructor: Node<'_>, source: Option<Node<'_>>, cx: &mut Context<'_>) {
    let Some(node) = constructor.at(&["extra", "python", "source"]) else {
        return;
    };
    let (Some(text), Some(source)) = (node.text(), source) else {
        return;
    };
    if source.text().is_some_and(|main| main != text) {
        cx.report(
            Draft::node(node, format!("nobody loads `{}`", shorten(text)))
                .rule(RuleId("trigger/ignored-constructor-source"))
                .label(source.place(), "only this file is loaded")
                .note("the SDK looks for the constructor's class in the provider's own source")
                .help("move or import the class into that file, and remove this key"),
        );
    }
}

fn undeclared(source: Option<Node<'_>>, cx: &mut Context<'_>) {
    let Some(source) = source else { return };
    let Some(path) = source.text().and_then(|text| cx.python().locate(text).ok()) else {
        return;
    };
    let found = cx
        .python()
        .subclasses(&path, Base::TriggerSubscriptionConstructor);
    let Some(class) = found
        .ok()
        .and_then(|found| found.iter().find(|class| class.certain).cloned())
    else {
        return;
    };
    cx.report(
        Draft::node(
            source,
            format!(
                "`{}` is there, but no `subscription_constructor`",
                class.class
            ),
        )
        .rule(RuleId("trigger/undeclared-constructor"))
        .label(
            Place {
                file: path.as_str().into(),
                span: class.bound,
            },
            "this class",
        )
        .note("Dify offers subscriptions by key or OAuth only if the YAML declares them")
        .help("write `subscription_constructor` with its `credentials_schema`"),
    );
}
