//! Hosts in the code that `network.domains` does not list.

use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, text_file};
use crate::rules::{Context, Draft, On};
use std::collections::BTreeSet;

pub const CHECK: On = On::Plugin(check);

/// Larger files are data, not sources.
const LARGEST: u64 = 1024 * 1024;

/// Hosts that stand for none: examples, this machine, name spaces of XML.
const NOBODY: [&str; 6] = [
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "example.com",
    "example.org",
    "www.w3.org",
];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let listed = manifest(plugin).and_then(|it| it.at(&["network", "domains"]));
    let Some(listed) = listed else { return };
    let domains: Vec<String> = listed
        .items()
        .into_iter()
        .filter_map(|item| item.text().map(str::to_lowercase))
        .collect();
    let mut seen = BTreeSet::new();
    let walk = plugin.packed.walk(plugin.files.as_ref());
    for path in walk.files.iter().filter(|path| path.ends_with(".py")) {
        if plugin.files.size(path).is_none_or(|size| size > LARGEST) {
            continue;
        }
        let Some(file) = text_file(plugin, path) else {
            continue;
        };
        for (at, host) in hosts(file.text()) {
            let known = domains.iter().any(|domain| covers(domain, &host));
            if known || NOBODY.contains(&host.as_str()) || !seen.insert(host.clone()) {
                continue;
            }
            cx.report(
                Draft::new(
                    place(&file, at, host.len()),
                    format!("`network.domains` does not list `{}`", shorten(&host)),
                )
                .label(listed.key_place(), "the hosts that people are told of")
                .note("the Marketplace shows the list as what the plugin talks to, and compares it with the code")
                .help(format!("add `{}` to the list, or take the address out", shorten(&host))),
            );
        }
    }
}

/// Offset and name of each host in an address of the text.
fn hosts(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for scheme in ["https://", "http://"] {
        for (at, _) in text.match_indices(scheme) {
            let start = at + scheme.len();
            let rest = text.get(start..).unwrap_or_default();
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
                .unwrap_or(rest.len());
            let host = rest.get(..end).unwrap_or_default();
            // a placeholder or a name of this network says nothing about the world
            if host.contains('.')
                && !host.ends_with('.')
                && !rest.get(end..).is_some_and(|it| it.starts_with('{'))
            {
                found.push((start, host.to_lowercase()));
            }
        }
    }
    found.sort();
    found
}

fn covers(domain: &str, host: &str) -> bool {
    match domain.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .is_some_and(|rest| rest.ends_with('.')),
        None => domain == host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_addresses() {
        let text =
            "a = 'https://API.example.net/v1'\nb = f'http://{host}.x.org'\n# http://api.x.cn";
        let names: Vec<_> = hosts(text).into_iter().map(|(_, host)| host).collect();
        assert_eq!(names, ["api.example.net", "api.x.cn"]);
        assert!(covers("*.example.net", "api.example.net"));
        assert!(!covers("*.example.net", "example.net"));
    }
}
