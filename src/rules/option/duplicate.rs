//! Options that cannot be told apart, by the code or by the user.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Document;
use crate::rules::fields::{english, lists, repeated};
use crate::rules::nodes::called;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Document(check);

fn check(document: &Document, cx: &mut Context<'_>) {
    for list in lists(document, called(document).options.iter().map(|(id, _)| *id)) {
        for twin in repeated(list.iter().filter_map(|option| option.get("value"))) {
            cx.report(
                Draft::node(
                    twin.again,
                    format!("the option `{}` is there twice", shorten(twin.text)),
                )
                .rule(RuleId("option/duplicate-value"))
                .label(twin.first.place(), "first here")
                .note("the code cannot tell which one was chosen, and the form may mark both")
                .fix(repair::node::remove_twin(
                    twin.again,
                    twin.first,
                    repair::Safe,
                ))
                .help("remove one, or correct its value"),
            );
        }
        for twin in repeated(list.iter().filter_map(|option| english(*option, "label"))) {
            cx.report(
                Draft::node(
                    twin.again,
                    format!("two options are labelled `{}`", shorten(twin.text)),
                )
                .rule(RuleId("option/duplicate-label"))
                .label(twin.first.place(), "first here")
                .note("users see the same line twice and cannot know which to take")
                .help("say in the label what is different, or remove one"),
            );
        }
    }
}
