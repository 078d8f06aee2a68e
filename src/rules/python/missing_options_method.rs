//! A `dynamic-select` parameter asks the code for its options.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::rules::code;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const KINDS: [DocumentKind; 3] = [
    DocumentKind::Tool,
    DocumentKind::Event,
    DocumentKind::TriggerProvider,
];
const METHOD: &str = "_fetch_parameter_options";

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for (root, codes) in code::of_kinds(&KINDS, cx) {
        let [code] = codes.as_slice() else { continue };
        if code.classes.is_empty() || code.has_method(METHOD) {
            continue;
        }
        let path: &[&str] = match root.document().kind {
            DocumentKind::TriggerProvider => &["subscription_constructor", "parameters"],
            _ => &["parameters"],
        };
        for parameter in root.at(path).map(Node::items).unwrap_or_default() {
            let Some(kind) = parameter.get("type") else {
                continue;
            };
            if kind.text() != Some("dynamic-select") {
                continue;
            }
            let name = parameter.text_at("name").unwrap_or_default();
            cx.report(
                Draft::node(
                    kind,
                    format!("the options of `{}` come from nowhere", shorten(name)),
                )
                .label(code.place(), format!("no method `{METHOD}`"))
                .note("the form asks this class for the options, and gets NotImplementedError")
                .help(format!(
                    "define `{METHOD}`, or use `type: select` with `options`"
                )),
            );
        }
    }
}
