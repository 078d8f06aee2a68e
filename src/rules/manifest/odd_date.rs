//! A date of creation that cannot be right.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};
use crate::yaml::go;
use std::time::{SystemTime, UNIX_EPOCH};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

/// 1 June 2024: there were no plugins of Dify before.
const FIRST: i64 = 1_717_200_000;
/// Clocks differ, and so do people's days.
const TOLERANCE: i64 = 2 * 24 * 60 * 60;

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(date) = manifest.get("created_at") else {
        return;
    };
    let tree = date.tree();
    let Some(target) = tree.target(date.id()).filter(|node| tree.is_scalar(*node)) else {
        return;
    };
    let Ok(time) = go::created_at(tree, target) else {
        return;
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |it| it.as_secs());
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let written = time.unix_seconds();
    let what = if written > now.saturating_add(TOLERANCE) {
        "lies in the future"
    } else if written < FIRST {
        "is older than the first plugin"
    } else {
        return;
    };
    cx.report(
        Draft::node(
            date,
            format!(
                "the date `{}` {what}",
                shorten(date.text().unwrap_or_default())
            ),
        )
        .note("no program compares it; reviewers of the Marketplace do")
        .help("write the day on which you began, such as `2025-11-03T09:00:00Z`"),
    );
}
