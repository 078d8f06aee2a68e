//! Permissions that grant nothing, are not needed, or are missing.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

const MODELS: [&str; 6] = [
    "llm",
    "text_embedding",
    "rerank",
    "tts",
    "speech2text",
    "moderation",
];
const ALL: [&str; 6] = ["tool", "model", "node", "endpoint", "app", "storage"];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(root) = manifest(plugin) else {
        return;
    };
    let permission = root.at(&["resource", "permission"]);
    endpoints(plugin, root, permission, cx);
    let Some(permission) = permission else { return };
    for name in ALL {
        let Some(part) = permission.get(name).filter(|part| part.is_mapping()) else {
            continue;
        };
        let enabled = part.get("enabled");
        let on = enabled.and_then(Node::bool);
        let flags: Vec<_> = if name == "model" {
            let granted = |key: &&str| part.get(key).and_then(Node::bool) == Some(true);
            MODELS.into_iter().filter(granted).collect()
        } else {
            Vec::new()
        };
        if enabled.is_none() && !part.entries().is_empty()
            || (on == Some(false) && !flags.is_empty())
        {
            let what = match flags.first() {
                Some(flag) => format!("`{flag}` is granted"),
                None => "something is set".to_owned(),
            };
            cx.report(
                Draft::key(
                    part,
                    format!("the permission `{name}` is not enabled, although {what}"),
                )
                .rule(RuleId("manifest/ineffective-permission"))
                .note("without `enabled: true` the daemon denies every call of the kind")
                .help("write `enabled: true`, or remove the permission"),
            );
        } else if name == "model" && on == Some(true) && flags.is_empty() {
            cx.report(
                Draft::key(part, "the permission `model` grants no kind of model")
                    .rule(RuleId("manifest/empty-model-permission"))
                    .note("the daemon also looks at the flag of the kind and denies every call")
                    .help(format!(
                        "set one of {} to true, or remove it",
                        crate::format::words::one_of(&MODELS)
                    )),
            );
        }
    }
}

fn endpoints(plugin: &Plugin, root: Node<'_>, permission: Option<Node<'_>>, cx: &mut Context<'_>) {
    let group = plugin
        .references
        .iter()
        .find(|it| it.from == 0 && it.kind == DocumentKind::EndpointGroup)
        .map(|it| Node::new(root.document(), it.node))
        .or_else(|| root.get("endpoint"));
    let part = permission.and_then(|permission| permission.get("endpoint"));
    let granted = part
        .and_then(|part| part.get("enabled"))
        .and_then(Node::bool)
        == Some(true);
    match (group, part) {
        (Some(group), part) if !granted => {
            let mut draft = Draft::node(group, "endpoints without the permission for them")
                .rule(RuleId("manifest/missing-endpoint-permission"))
                .note("the plugin installs, but the daemon refuses to create an endpoint of it")
                .fix(
                    match (part.and_then(|it| it.get("enabled")), part, permission) {
                        (Some(node), ..) => repair::node::yaml(node, "true", repair::Unsafe),
                        (None, Some(part), _) => {
                            repair::node::add(part, "enabled", "true", repair::Unsafe)
                        }
                        (None, None, Some(all)) => {
                            repair::node::add(all, "endpoint", "enabled: true\n", repair::Unsafe)
                        }
                        _ => root.get("resource").and_then(|it| {
                            repair::node::add(
                                it,
                                "permission",
                                "endpoint:\n  enabled: true\n",
                                repair::Unsafe,
                            )
                        }),
                    },
                )
                .help("set `resource.permission.endpoint.enabled` to true");
            if let Some(part) = part {
                draft = draft.label(part.key_place(), "not enabled here");
            }
            cx.report(draft);
        }
        (None, Some(part)) if granted => cx.report(
            Draft::key(part, "the permission for endpoints is not needed")
                .rule(RuleId("manifest/unused-endpoint-permission"))
                .note("the plugin has no endpoints; users are asked for more than it uses")
                .fix(repair::node::remove(part, repair::Unsafe))
                .help("remove `endpoint` from the permissions"),
        ),
        _ => {}
    }
    long_name(root, group, cx);
}

/// The daemon keeps the plugin of an endpoint in a column of so many characters.
const LONGEST_ID: usize = 64;

fn long_name(root: Node<'_>, group: Option<Node<'_>>, cx: &mut Context<'_>) {
    let (Some(author), Some(name)) = (root.text_at("author"), root.get("name")) else {
        return;
    };
    let Some(text) = name.text().filter(|_| group.is_some()) else {
        return;
    };
    let length = author.chars().count() + 1 + text.chars().count();
    if length > LONGEST_ID {
        cx.report(
            Draft::node(
                name,
                format!("author and name have {length} characters together"),
            )
            .rule(RuleId("manifest/long-name-with-endpoints"))
            .note(format!(
                "the daemon's table of endpoints holds {LONGEST_ID}, so none can be created"
            ))
            .help("shorten the name"),
        );
    }
}
