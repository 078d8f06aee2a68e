//! What reviewers of the Marketplace look for in the code.

use crate::finding::{Place, RuleId};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::code::{in_source, modules};
use crate::rules::{Context, On};

pub const CHECK: On = On::Plugin(check);

/// How many further places are shown of one finding.
const MAX_LABELS: usize = 4;

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for module in modules(cx).values() {
        let usage = &module.usage;
        if let Some((first, rest)) = usage.prints.split_first() {
            let mut draft = in_source(
                module,
                *first,
                "`print` writes into the plugin's own protocol",
            );
            for span in rest.iter().take(MAX_LABELS) {
                draft = draft.label(
                    Place {
                        file: module.path.clone(),
                        span: *span,
                    },
                    "so does this",
                );
            }
            cx.report(
                draft
                    .rule(RuleId("python/print"))
                    .note("a local plugin talks to the daemon over standard output")
                    .help("use `logging` with the SDK's `plugin_logger_handler`, or remove it"),
            );
        }
        for span in &usage.unverified {
            cx.report(
                in_source(
                    module,
                    *span,
                    "`verify=False` turns off the check of certificates",
                )
                .rule(RuleId("python/unverified-tls"))
                .note("anybody on the way can read and change what is sent, credentials included")
                .help("remove it; for a private certificate pass `verify=\"/path/to/ca.pem\"`"),
            );
        }
        for span in &usage.without_timeout {
            cx.report(
                in_source(module, *span, "this request has no `timeout`")
                    .rule(RuleId("python/missing-timeout"))
                    .note("`requests` waits for ever, and the worker with it")
                    .help("add `timeout=` with a number of seconds"),
            );
        }
        for (name, span) in &usage.logged {
            cx.report(
                in_source(
                    module,
                    *span,
                    format!("`{}` is written to the log", shorten(name)),
                )
                .rule(RuleId("python/logged-secret"))
                .note("logs are kept and read by others than the owner of the secret")
                .help("leave it out of the message"),
            );
        }
        for (kind, span) in &usage.secrets {
            cx.report(
                in_source(module, *span, format!("this text looks like a real {kind}"))
                    .rule(RuleId("python/hard-coded-secret"))
                    .note("everybody who gets the package can read it; the Marketplace refuses such plugins")
                    .help("revoke it, and ask for it as a credential"),
            );
        }
        for span in &usage.leaked_secrets {
            cx.report(
                in_source(module, *span, "`client_secret` is stored with the user's credentials")
                    .rule(RuleId("python/leaked-client-secret"))
                    .note("it belongs to the administrator's OAuth client, not to everybody who signs in")
                    .help("return only what the user was granted; refreshing gets `system_credentials` again"),
            );
        }
    }
}
