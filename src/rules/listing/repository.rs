//! Where the source code of the plugin is.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::{one_of, shorten};
use crate::plugin::{MANIFEST, Plugin};
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// The hosts that the Marketplace knows.
const HOSTS: [&str; 7] = [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "gitee.com",
    "codeberg.org",
    "git.sr.ht",
    "gitlab.anchnet.com",
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest(plugin) else {
        return;
    };
    let repo = manifest.get("repo");
    let written = repo.and_then(|it| it.text()).map(str::trim);
    let draft = match (repo, written) {
        (Some(node), Some(text)) if !text.is_empty() => {
            if is_known(text) {
                return;
            }
            let message = format!("the repository `{}` is not on a known host", shorten(text));
            Draft::node(node, message)
                .rule(RuleId("listing/unknown-host"))
                .note("the Marketplace takes the address of a repository on a host that it knows")
                .help(format!(
                    "expected an address with a path on {}",
                    one_of(&HOSTS)
                ))
        }
        (node, _) => {
            let message = "the manifest names no repository";
            node.map_or_else(
                || Draft::file(MANIFEST, message),
                |node| Draft::key(node, message),
            )
            .rule(RuleId("listing/missing-repository"))
            .note("the Marketplace wants to know where the source code is, and links it")
            .help("write `repo: https://github.com/you/your-plugin`")
        }
    };
    cx.report(draft.stages(Stages::only(Stage::Marketplace)));
}

fn is_known(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    HOSTS.contains(&host) && !path.trim_matches('/').is_empty()
}
