//! Two parameters of one list that the user cannot tell apart.

use crate::format::words::shorten;
use crate::plugin::Document;
use crate::rules::fields::{english, lists, repeated};
use crate::rules::nodes::called;
use crate::rules::{Context, Draft, On};
use hashbrown::HashSet;

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for list in lists(document, called(document).parameters.iter().copied()) {
        // two of one name are reported as such
        let names = repeated(list.iter().filter_map(|it| it.get("name")));
        let twins: HashSet<_> = names.iter().map(|twin| twin.again.id()).collect();
        let labels = list
            .iter()
            .filter(|it| {
                it.get("name")
                    .is_none_or(|name| !twins.contains(&name.id()))
            })
            .filter_map(|it| english(*it, "label"));
        for twin in repeated(labels) {
            cx.report(
                Draft::node(
                    twin.again,
                    format!("two parameters are labelled `{}`", shorten(twin.text)),
                )
                .label(twin.first.place(), "first here")
                .note("the form shows the label, not the name: users cannot tell the fields apart")
                .help("say in the label what is different"),
            );
        }
    }
}
