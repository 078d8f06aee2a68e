//! Two parameters of one name in one list.

use crate::format::words::shorten;
use crate::plugin::Document;
use crate::rules::fields::{lists, repeated};
use crate::rules::nodes::called;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for list in lists(document, called(document).parameters.iter().copied()) {
        for twin in repeated(list.iter().filter_map(|parameter| parameter.get("name"))) {
            cx.report(
                Draft::node(
                    twin.again,
                    format!("the parameter `{}` is there twice", shorten(twin.text)),
                )
                .label(twin.first.place(), "first here")
                .note("every reader keeps both; the form shows two fields, the code gets one value")
                .fix(repair::node::remove_twin(
                    twin.again,
                    twin.first,
                    repair::Safe,
                ))
                .help("remove one, or give it a name of its own"),
            );
        }
    }
}
