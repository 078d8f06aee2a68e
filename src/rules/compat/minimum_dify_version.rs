//! `meta.minimum_dify_version` beside the Dify release that the plugin really needs.

use crate::finding::{Applicability, Edit, Fix, RuleId};
use crate::format::words::shorten;
use crate::plugin::{Document, Node, Plugin};
use crate::requires::{Cause, Part, before, releases, version};
use crate::rules::documents::manifest_document;
use crate::rules::{Context, Draft, On, nodes, repair};
use crate::yaml::{NodeId, edit};

pub const CHECK: On = On::Plugin(check);

const KEY: &str = "minimum_dify_version";
const NOTE: &str = "the console warns whoever installs the plugin on an older Dify by this version \
                    alone, and nothing else compares it";

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest_document(plugin) else {
        return;
    };
    let Some(root) = Node::root(manifest) else {
        return;
    };
    if misplaced(manifest, cx) {
        return;
    }
    let stated = root.at(&["meta", KEY]);
    let floor = cx.requires().floor(Part::Dify);
    match (stated, floor) {
        (Some(stated), floor) => compare(stated, floor, cx),
        (None, Some((cause, floor)))
            if before(releases().minimum_dify_version.read_since, floor) =>
        {
            missing(root, cause, floor, cx);
        }
        _ => {}
    }
}

/// The key in any other mapping than `meta`; true if it stands there.
fn misplaced(manifest: &Document, cx: &mut Context<'_>) -> bool {
    let mut found = false;
    for (mapping, shape) in nodes::mappings(manifest) {
        if shape.additional.is_some() || shape.property(KEY).is_some() {
            continue;
        }
        let Some(value) = manifest.tree().get(mapping.id(), KEY) else {
            continue;
        };
        found = true;
        cx.report(
            Draft::key(
                Node::new(manifest, value),
                format!("`{KEY}` is read only below `meta`"),
            )
            .rule(RuleId("compat/minimum-dify-version-malformed"))
            .note("no reader looks for it here, so nobody is warned")
            .help("move it below `meta`, beside `version` and `arch`")
            .fix(moved(manifest, value)),
        );
    }
    found
}

fn compare(stated: Node<'_>, floor: Option<(&Cause, &'static str)>, cx: &mut Context<'_>) {
    let Some(written) = stated.text() else { return };
    // what is no version at all is refused by the SDK, and reported as that
    if version(written).is_none() {
        return;
    }
    if !is_semantic(written) {
        let draft = Draft::node(
            stated,
            format!("the console cannot compare `{}`", shorten(written)),
        )
        .rule(RuleId("compat/minimum-dify-version-malformed"))
        .note("it compares by semantic versioning: three numbers, then perhaps `-rc1`");
        cx.report(match as_semantic(written) {
            Some(meant) => draft
                .help(format!("write `{meant}`"))
                .fix(replace(stated, &meant)),
            None => draft.help("write three numbers, such as `1.9.0`"),
        });
    }
    let Some((cause, floor)) = floor.filter(|(_, floor)| before(written, floor)) else {
        return;
    };
    cx.report(
        Draft::node(
            stated,
            format!(
                "`{}` is too low: Dify has {} since {floor}",
                shorten(written),
                cause.feature
            ),
        )
        .rule(RuleId("compat/minimum-dify-version-too-low"))
        .label(cause.place.clone(), format!("since Dify {floor}"))
        .note(NOTE)
        .help(format!("write `{KEY}: {floor}`"))
        .fix(replace(stated, floor)),
    );
}

fn missing(root: Node<'_>, cause: &Cause, floor: &str, cx: &mut Context<'_>) {
    let message = format!(
        "`{KEY}` is missing, but Dify has {} only since {floor}",
        cause.feature
    );
    let draft = match root.get("meta") {
        Some(meta) => Draft::key(meta, message),
        // a manifest without `meta` is refused for that
        None => return,
    };
    cx.report(
        draft
            .rule(RuleId("compat/minimum-dify-version-missing"))
            .label(cause.place.clone(), format!("since Dify {floor}"))
            .note(NOTE)
            .help(format!("add `{KEY}: {floor}` below `meta`"))
            .fix(
                root.get("meta")
                    .and_then(|meta| repair::node::add(meta, KEY, floor, repair::Unsafe)),
            ),
    );
}

/// Three numbers without leading zeros, then perhaps `-` and a pre-release, `+` and a build.
fn is_semantic(text: &str) -> bool {
    let (text, build) = text
        .split_once('+')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let (numbers, before) = text
        .split_once('-')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let is_number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit())
            && !part.is_empty()
            && (part == "0" || !part.starts_with('0'))
    };
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && [before, build]
            .into_iter()
            .flatten()
            .all(|words| words.split('.').all(is_word))
}

/// `1.9` as `1.9.0`, `v1.9.0` as `1.9.0`, `1.10.0rc1` as `1.10.0-rc1`.
fn as_semantic(text: &str) -> Option<String> {
    let version = version(text).filter(|it| it.epoch() == 0 && it.post().is_none())?;
    if version.is_dev() || version.is_local() || version.release().len() > 3 {
        return None;
    }
    let number = |at: usize| version.release().get(at).copied().unwrap_or(0);
    let pre = match version.pre() {
        Some(pre) => format!("-{pre}"),
        None => String::new(),
    };
    Some(format!("{}.{}.{}{pre}", number(0), number(1), number(2)))
}

fn replace(node: Node<'_>, text: &str) -> Option<Fix> {
    let place = node.place();
    Some(Fix {
        title: format!("write `{text}`"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            file: place.file,
            span: place.span,
            text: format!("\"{text}\""),
        }],
    })
}

/// The key below `meta`, where it is read.
fn moved(manifest: &Document, value: NodeId) -> Option<Fix> {
    let tree = manifest.tree();
    let meta = Node::root(manifest)?.get("meta")?;
    if meta.get(KEY).is_some() || !tree.is_scalar(value) || tree.raw(value).contains('\n') {
        return None;
    }
    let edits = edit::move_entry(tree, tree.key_of(value)?, meta.id(), &[])?;
    repair::fix(manifest, repair::Safe, "move it below `meta`", edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semantic_versions() {
        for text in ["1.9.0", "1.10.0-rc1", "1.10.1-fix.1", "1.0.0-beta.1+build"] {
            assert!(is_semantic(text), "{text}");
        }
        for text in [
            "1.9",
            "1.10.0rc1",
            "v1.9.0",
            "1.09.0",
            "1.9.0.0",
            "1.9.0-",
            "",
        ] {
            assert!(!is_semantic(text), "{text}");
        }
    }

    #[test]
    fn what_was_meant() {
        for (text, meant) in [
            ("1.9", "1.9.0"),
            ("v1.9.0", "1.9.0"),
            ("1.10.0rc1", "1.10.0-rc1"),
            ("1", "1.0.0"),
        ] {
            assert_eq!(as_semantic(text).as_deref(), Some(meant));
            assert!(is_semantic(meant));
        }
        assert_eq!(as_semantic("1.9.0.post1"), None);
        assert_eq!(as_semantic("1.9.0.1"), None);
    }
}
