//! Two fields of one form with the same name.

use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Document;
use crate::rules::fields::{lists, name, repeated};
use crate::rules::nodes::called;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    // one variable may be asked for differently there: model/duplicate-field looks at the conditions
    if document.kind == DocumentKind::ModelProvider {
        return;
    }
    for list in lists(document, called(document).credentials.iter().copied()) {
        for twin in repeated(list.iter().filter_map(|field| name(*field))) {
            cx.report(
                Draft::node(
                    twin.again,
                    format!("the field `{}` is there twice", shorten(twin.text)),
                )
                .label(twin.first.place(), "first here")
                .note("the form shows two fields, and the code gets the value of one of them")
                .help("remove one, or give it a name of its own"),
            );
        }
    }
}
