//! The permissions that the manifest asks for, against the services of Dify that the code calls.

use crate::finding::{Fix, Place, RuleId};
use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::python::usage::Invocation;
use crate::rules::code;
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

/// A permission below `resource.permission`.
struct Permission {
    path: &'static [&'static str],
    /// The service of `self.session` that needs it.
    service: &'static str,
}

const PERMISSIONS: [Permission; 10] = [
    Permission {
        path: &["tool", "enabled"],
        service: "tool",
    },
    Permission {
        path: &["app", "enabled"],
        service: "app",
    },
    Permission {
        path: &["storage", "enabled"],
        service: "storage",
    },
    Permission {
        path: &["node", "enabled"],
        service: "workflow_node",
    },
    Permission {
        path: &["model", "llm"],
        service: "model.llm",
    },
    Permission {
        path: &["model", "text_embedding"],
        service: "model.text_embedding",
    },
    Permission {
        path: &["model", "rerank"],
        service: "model.rerank",
    },
    Permission {
        path: &["model", "tts"],
        service: "model.tts",
    },
    Permission {
        path: &["model", "speech2text"],
        service: "model.speech2text",
    },
    Permission {
        path: &["model", "moderation"],
        service: "model.moderation",
    },
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(root) = manifest(plugin) else {
        return;
    };
    let asked = root.at(&["resource", "permission"]);
    let modules = code::modules(cx);
    if !modules.values().any(|module| module.usage.has_code) {
        return;
    }
    // agents reach models and tools through what they are configured with, and models by convention
    let by_convention = [
        DocumentKind::ModelProvider,
        DocumentKind::AgentStrategyProvider,
    ];
    let may_hide = by_convention
        .iter()
        .any(|kind| plugin.of_kind(*kind).next().is_some());
    for permission in &PERMISSIONS {
        let flag = asked.and_then(|asked| asked.at(permission.path));
        let granted = flag.is_some_and(|flag| flag.bool() == Some(true))
            && (permission.path[0] != "model"
                || asked
                    .and_then(|it| it.at(&["model", "enabled"]))
                    .and_then(Node::bool)
                    == Some(true));
        let first = modules.values().find_map(|module| {
            let call = module
                .usage
                .invocations
                .iter()
                .find(|call| uses(call, permission))?;
            Some((module, call))
        });
        match first {
            Some((module, call)) if !granted => {
                let place = Place {
                    file: module.path.clone(),
                    span: call.span,
                };
                let name = format!("resource.permission.{}", permission.path.join("."));
                let message = format!("`session.{}` is used without permission", call.service);
                let at = flag.or(asked).unwrap_or(root);
                cx.report(
                    Draft::new(place, message)
                        .rule(RuleId("python/undeclared-permission"))
                        .label(at.key_place(), format!("`{name}` is not granted here"))
                        .note("the daemon refuses the call when it is made")
                        .fix(granted_at(flag, asked, permission.path))
                        .help(format!("set `{name}` to true")),
                );
            }
            None if granted && !may_hide => {
                let opaque = modules.values().any(|module| module.usage.opaque);
                // llm also stands behind `session.model.summary`
                let summary = permission.service == "model.llm"
                    && modules.values().any(|module| {
                        let calls = &module.usage.invocations;
                        calls.iter().any(|call| {
                            call.service.as_ref() == "model.summary"
                                || (&*call.service, &*call.method) == ("model", "summary")
                        })
                    });
                if let Some(flag) = flag.filter(|_| !opaque && !summary) {
                    let name = permission.path.join(".");
                    cx.report(
                        Draft::key(flag, format!("the permission `{name}` is never used"))
                            .rule(RuleId("python/unused-permission"))
                            .note("who installs the plugin is asked to trust it with more than it needs")
                            .fix(repair::node::yaml(flag, "false", repair::Unsafe)).help("remove it"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// The permission granted: its flag set, or written where it is missing.
fn granted_at(flag: Option<Node<'_>>, asked: Option<Node<'_>>, path: &[&str]) -> Option<Fix> {
    if let Some(flag) = flag {
        return repair::node::yaml(flag, "true", repair::Unsafe);
    }
    let (name, key) = path.first().zip(path.last())?;
    let asked = asked.filter(|it| it.is_mapping())?;
    match asked.get(name) {
        Some(part) => repair::node::add(part, key, "true", repair::Unsafe),
        None if *key == "enabled" => {
            repair::node::add(asked, name, "enabled: true\n", repair::Unsafe)
        }
        None => {
            let both = format!("enabled: true\n{key}: true\n");
            repair::node::add(asked, name, &both, repair::Unsafe)
        }
    }
}

fn uses(call: &Invocation, permission: &Permission) -> bool {
    let service = call.service.as_ref();
    let wanted = permission.service;
    let service = if service == "node" {
        "workflow_node"
    } else {
        service
    };
    service
        .strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
