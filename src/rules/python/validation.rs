//! Credentials that are declared must be tried out when somebody enters them.

use crate::finding::{Place, RuleId};
use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::rules::code;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const METHOD: &str = "_validate_credentials";

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for document in cx.plugin().documents.iter().filter(|document| document.sdk) {
        let key = match document.kind {
            DocumentKind::ToolProvider => "credentials_for_provider",
            DocumentKind::DatasourceProvider => "credentials_schema",
            _ => continue,
        };
        let Some(form) = Node::root(document).and_then(|root| root.get(key)) else {
            continue;
        };
        if form.entries().is_empty() && form.items().is_empty() {
            continue;
        }
        let family = code::of_family(document, cx);
        let Some(code) = family
            .iter()
            .find(|code| std::ptr::eq(code.named.document, document))
        else {
            continue;
        };
        if code.classes.is_empty() {
            continue;
        }
        if !code.has_method(METHOD) {
            cx.report(
                Draft::key(form, format!("`{key}` is declared, but nothing validates it"))
                    .rule(RuleId("python/missing-validation"))
                    .label(code.place(), format!("no method `{METHOD}`"))
                    .note("Dify calls the method when somebody saves the credentials; it raises NotImplementedError")
                    .help(format!("define `{METHOD}` and raise an error for what does not work")),
            );
            continue;
        }
        // sources of mere declarations say nothing
        if !family.iter().any(|code| code.closure.has_code()) {
            continue;
        }
        for module in &code.closure.modules {
            for (class, span) in &module.usage.validates_nothing {
                if !code
                    .classes
                    .iter()
                    .any(|found| found.class == class.as_ref())
                {
                    continue;
                }
                let place = Place {
                    file: module.path.clone(),
                    span: *span,
                };
                cx.report(
                    Draft::new(place, format!("`{METHOD}` of `{class}` accepts anything"))
                        .rule(RuleId("python/idle-validation"))
                        .label(form.key_place(), "these credentials are never tried out")
                        .note("a mistyped key is saved as valid, and fails only when a tool is used")
                        .help("make a cheap call with the credentials, and raise an error if it fails"),
                );
            }
        }
    }
}
