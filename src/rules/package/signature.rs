//! The signature of a package: a JSON object behind the archive.

use crate::finding::RuleId;
use crate::format::DocumentKind;
use crate::plugin::Plugin;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// What `dify signature sign` adds to the files.
const VERIFICATION: &str = ".verification.dify.json";

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(archive) = plugin.files.archive() else {
        return;
    };
    let bundle = plugin.of_kind(DocumentKind::Bundle).next().is_some();
    if bundle || archive.defect().is_some() || is_signature(archive.comment()) {
        return;
    }
    let draft = if plugin.has_file(VERIFICATION) {
        Draft::file(
            VERIFICATION,
            "this package was signed and has lost its signature",
        )
        .rule(RuleId("package/lost-signature"))
        .note("the signature stands behind the archive; to unpack it and pack it again drops it")
        .help("upload the signed package as it is, or sign it again with `dify signature sign`")
    } else {
        Draft::file("", "this package is not signed")
            .rule(RuleId("package/unsigned"))
            .note("a daemon with its default settings refuses local packages without a signature")
            .help(
                "sign it with `dify signature sign`, or set FORCE_VERIFYING_SIGNATURE=false there",
            )
    };
    cx.report(draft);
}

/// Only its form: whose key made it, only the daemon can say.
fn is_signature(comment: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(comment).ok();
    value.is_some_and(|it| it["signature"].is_string() && it["time"].is_i64())
}
