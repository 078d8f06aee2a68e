//! What a selector offers.

use crate::finding::RuleId;
use crate::format::scopes;
use crate::format::words::{nearest, one_of, shorten};
use crate::plugin::Node;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Parameter(check);

fn check(parameter: Node<'_>, cx: &mut Context<'_>) {
    let Some(scope) = parameter.get("scope") else {
        return;
    };
    let Some(written) = scope.text().filter(|text| !text.is_empty()) else {
        return;
    };
    let Some(kind) = parameter.get("type") else {
        return;
    };
    let Some(word) = kind.text() else {
        return;
    };
    let known = scopes(word);
    if known.is_empty() {
        cx.report(
            Draft::key(
                scope,
                format!("`scope` does nothing for the type `{}`", shorten(word)),
            )
            .rule(RuleId("parameter/scope-without-selector"))
            .label(kind.place(), "no selector")
            .note("remote debugging refuses the plugin, packaged it is ignored")
            .fix(repair::node::remove(scope, repair::Unsafe))
            .help("remove it, or make the parameter a selector"),
        );
        return;
    }
    for part in written
        .split('&')
        .map(str::trim)
        .filter(|part| !known.contains(part))
    {
        let draft = Draft::node(scope, format!("`{}` is no scope", shorten(part)))
            .rule(RuleId("parameter/unknown-scope"))
            .note("a word that nobody knows narrows nothing, or hides everything");
        cx.report(match nearest(part, known.iter().copied()) {
            Some(near) => draft
                .help(format!("did you mean `{near}`?"))
                .fix(repair::node::write(
                    scope,
                    &with_part(written, part, near),
                    repair::Unsafe,
                )),
            None => draft.help(format!("use {}", one_of(known))),
        });
    }
}

/// A scope with one of its words exchanged.
fn with_part(scope: &str, part: &str, meant: &str) -> String {
    let words: Vec<&str> = scope.split('&').map(str::trim).collect();
    let words: Vec<&str> = words
        .into_iter()
        .map(|word| if word == part { meant } else { word })
        .collect();
    words.join("&")
}
