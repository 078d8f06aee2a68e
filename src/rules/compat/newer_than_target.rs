//! Features that the versions to run on do not have yet.

use crate::plugin::Plugin;
use crate::requires::{Cause, Part, before};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

fn check(_: &Plugin, cx: &mut Context<'_>) {
    let target = &cx.options().target;
    let wanted = [
        (Part::Dify, "Dify", target.dify.as_deref()),
        (Part::Daemon, "daemon", target.daemon.as_deref()),
        (Part::Sdk, "SDK", target.sdk.as_deref()),
    ];
    for cause in &cx.requires().causes {
        let lacking = wanted.iter().filter_map(|(part, name, target)| {
            let (since, target) = (cause.since(*part)?, (*target)?);
            before(target, since).then_some((*name, since, target))
        });
        let lacking: Vec<_> = lacking.collect();
        if let Some(first) = lacking.first() {
            cx.report(tell(cause, first, &lacking));
        }
    }
}

fn tell(cause: &Cause, first: &(&str, &str, &str), lacking: &[(&str, &str, &str)]) -> Draft {
    let (name, since, target) = first;
    let draft = Draft::new(
        cause.place.clone(),
        format!(
            "the target {name} {target} lacks {}, new in {since}",
            cause.feature
        ),
    )
    .pointer(&cause.pointer);
    let raise: Vec<String> = lacking
        .iter()
        .map(|(name, since, _)| format!("{name} to {since}"))
        .collect();
    draft
        .note(if cause.soft {
            "the target version ignores it, and the rest of the plugin works"
        } else {
            "the target version refuses the plugin for it, or the feature is lost"
        })
        .help(format!(
            "do without it, or raise `[target]` in the configuration: {}",
            raise.join(", ")
        ))
}
