//! Option values that are empty, or that the two readers take for different texts.

use crate::finding::{Applicability, Edit, Fix, RuleId};
use crate::format::words::shorten;
use crate::format::{SdkType, shapes};
use crate::plugin::{Document, Node};
use crate::rules::{Context, Draft, On, nodes};
use crate::yaml::python;

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for (id, shape) in &nodes::called(document).options {
        let Some(value) = Node::new(document, *id).get("value") else {
            continue;
        };
        let sdk = shapes()
            .get(*shape)
            .property("value")
            .and_then(|id| shapes().get(id).sdk.as_ref());
        // a form whose options must be texts is refused with the value
        let strict = sdk.is_some_and(|sdk| sdk.kind == SdkType::Str);
        match value.text() {
            Some("") => cx.report(
                Draft::node(value, "the value of an option is empty")
                    .rule(RuleId("option/empty-value"))
                    .note("remote debugging refuses the plugin; packaged, a required field seems unset")
                    .help("use a word such as `none` and translate it in the code"),
            ),
            Some(text) if !strict => unquoted(value, text, cx),
            _ => {}
        }
    }
}

/// The daemon keeps the text as it is spelt, the SDK gives `str(value)` of what PyYAML makes of it.
fn unquoted(value: Node<'_>, text: &str, cx: &mut Context<'_>) {
    let Ok(scalar) = python::resolve(value.tree(), value.id()) else {
        return;
    };
    let sdk = python::str_of(&scalar);
    if sdk == text {
        return;
    }
    let place = value.place();
    let edit = Edit {
        file: place.file,
        span: place.span,
        text: format!("\"{text}\""),
    };
    let fix = Fix {
        title: format!("quote {}", shorten(text)),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    };
    cx.report(
        Draft::node(value, format!("Dify offers `{}`, but the code knows `{}`", shorten(text), shorten(&sdk)))
            .rule(RuleId("option/unquoted-value"))
            .note("without quotes YAML reads a truth value or number here, and the two readers spell it differently")
            .help(format!("write `\"{}\"`, or the text that was meant, in quotes", shorten(text)))
            .fix(Some(fix)),
    );
}
