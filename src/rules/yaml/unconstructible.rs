//! Nodes that Python cannot build, wherever they stand in the file.

use crate::finding::{Place, RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Parsed;
use crate::rules::{Context, Draft, On, repair};
use crate::yaml::Reader;
use crate::yaml::python::{self, Refusal};

pub const CHECK: On = On::File(check);

fn check(file: &Parsed, cx: &mut Context<'_>) {
    if !cx.readers(file).sdk || file.tree.refused_by(Reader::Sdk).is_some() {
        return;
    }
    for (node, refusal) in python::refusals(&file.tree) {
        let rule = match &refusal {
            Refusal::Date(_) | Refusal::HugeNumber => "yaml/impossible-value",
            Refusal::Equals | Refusal::MergeAsValue => "yaml/reserved-scalar",
            Refusal::UnknownTag(_) => "yaml/unknown-tag",
            Refusal::Misfit { .. } | Refusal::WrongKind { .. } | Refusal::Pair { .. } => {
                "yaml/bad-tag"
            }
            Refusal::Unhashable { .. } => "yaml/complex-key",
            Refusal::Merge { .. } => "yaml/bad-merge",
        };
        let mut span = file.tree.span(node);
        if let (Refusal::UnknownTag(_), Some(tag)) = (&refusal, file.tree.tag(node)) {
            span = tag.span.to(span);
        }
        let message = match &refusal {
            Refusal::Date(problem) => {
                format!(
                    "`{}` is an impossible date: {problem}",
                    shorten(file.tree.raw(node))
                )
            }
            _ => refusal.message(),
        };
        let place = Place {
            file: file.file.path().clone(),
            span,
        };
        let document = cx.plugin().documents.iter();
        let mut document = document.filter(|it| it.path() == file.file.path());
        let repair = matches!(rule, "yaml/bad-tag" | "yaml/unknown-tag")
            .then(|| repair::without_tag(document.next()?, node))
            .flatten()
            .or_else(|| match rule {
                "yaml/reserved-scalar" => repair::quote(document.next()?, node, repair::Safe),
                _ => None,
            });
        cx.report(
            Draft::new(place, message)
                .fix(repair)
                .rule(RuleId(rule))
                .stages(Stages::only(Stage::Start))
                .note("PyYAML builds every value of the file, used or not, and stops at this one")
                .help(refusal.help()),
        );
    }
}
