//! Images in a README that are not in the plugin.

use crate::dialect::clean_path;
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, prose, text_file};
use crate::rules::{Context, Draft, On};
use crate::source::{SourceFile, join, parent};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let mut paths = vec!["README.md".to_owned()];
    let translated = plugin.files.list("readme").unwrap_or_default();
    paths.extend(
        translated
            .into_iter()
            .map(|entry| join("readme", &entry.name)),
    );
    for path in paths.iter().filter(|path| path.ends_with(".md")) {
        if let Some(readme) = text_file(plugin, path) {
            one(plugin, &readme, cx);
        }
    }
}

fn one(plugin: &Plugin, readme: &SourceFile, cx: &mut Context<'_>) {
    for (start, line) in prose(readme.text()) {
        for (at, target) in images(line) {
            let Some(path) = local(target) else { continue };
            // a translated README is written for its folder, or for the root as the first one is
            let wanted: Vec<String> = [join(parent(readme.path()), &path), path]
                .iter()
                .filter_map(|path| clean_path(path))
                .collect();
            if wanted.iter().any(|path| plugin.has_file(path)) {
                continue;
            }
            let near = wanted.iter().find_map(|path| in_other_case(plugin, path));
            let draft = Draft::new(
                place(readme, start + at, target.len()),
                format!("the image `{}` is not in the plugin", shorten(target)),
            )
            .note("people see a broken picture on the plugin's page");
            cx.report(match near {
                Some(near) => draft.help(format!(
                    "write `{near}`: names are compared letter by letter"
                )),
                None => draft.help("add the file below `_assets`, or take the image out"),
            });
        }
    }
}

/// The targets of `![text](target)` and `<img src="target">` in a line, with their offsets.
fn images(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    if memchr::memchr2(b'!', b'<', line.as_bytes()).is_none() {
        return found;
    }
    for (at, _) in line.match_indices("![") {
        let rest = line.get(at..).unwrap_or_default();
        let Some(open) = rest.find("](").map(|open| open + 2) else {
            continue;
        };
        let inner = rest.get(open..).unwrap_or_default();
        let lead = inner.len() - inner.trim_start_matches([' ', '<']).len();
        let inner = inner.get(lead..).unwrap_or_default();
        let Some(end) = inner.find([')', ' ', '>']) else {
            continue;
        };
        found.extend(inner.get(..end).map(|target| (at + open + lead, target)));
    }
    // ASCII letters keep their width, so offsets hold
    let lower = line.to_ascii_lowercase();
    for (at, _) in lower.match_indices("<img") {
        let tag = line.get(at..).unwrap_or_default();
        let tag = tag
            .get(..tag.find('>').unwrap_or(tag.len()))
            .unwrap_or_default();
        let Some(source) = lower
            .get(at..at + tag.len())
            .and_then(|tag| tag.find("src="))
        else {
            continue;
        };
        let value = tag.get(source + 4..).unwrap_or_default();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        let inner = value.get(1..).unwrap_or_default();
        let Some(end) = inner.find(quote) else {
            continue;
        };
        found.extend(inner.get(..end).map(|target| (at + source + 5, target)));
    }
    found
}

/// The path of a target that is a file, `%20` and the like decoded.
fn local(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let elsewhere = path.is_empty()
        || path.starts_with(['/', '{'])
        || path.contains("://")
        || path.starts_with("data:");
    if elsewhere { None } else { decode(path) }
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The file that the path means when letter case does not count.
fn in_other_case(plugin: &Plugin, path: &str) -> Option<String> {
    let mut found = String::new();
    for part in path.split('/') {
        let entries = plugin.files.list(&found).ok()?;
        let entry = entries
            .into_iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(part))?;
        found = join(&found, &entry.name);
    }
    plugin.has_file(&found).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let line = "![a](x.png) [![b](./y%20z.png \"t\")](u) <IMG alt=\"\" src='_assets/é.svg'/>";
        let found: Vec<&str> = images(line).into_iter().map(|(_, target)| target).collect();
        assert_eq!(found, ["x.png", "./y%20z.png", "_assets/é.svg"]);
        for (at, target) in images(line) {
            assert!(line[at..].starts_with(target));
        }
        assert_eq!(local("y%20z.png?raw=1"), Some("y z.png".to_owned()));
        assert_eq!(local("https://example.org/a.png"), None);
        assert_eq!(local("a%zz"), None);
        for broken in ["![", "![](", "![](x", "<img", "<img src=", "<img src=\"x"] {
            assert!(images(broken).is_empty(), "{broken}");
        }
    }
}
