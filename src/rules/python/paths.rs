//! Paths of sources that work, but hardly as meant.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    for named in cx.named_sources().iter() {
        let Ok(path) = cx.python().locate(named.written) else {
            continue;
        };
        if !named.written.trim_end().ends_with(".py") {
            let written = shorten(named.written);
            cx.report(
                Draft::at(named.document, named.node, format!("`{written}` is not the Python source"))
                    .rule(RuleId("python/source-suffix"))
                    .note(format!("the SDK ignores the suffix and imports `{path}`; others read the path as it stands"))
                    .help(format!("write `{path}`"))
                    .fix(repair::write(named.document, named.node, &path, repair::Safe)),
            );
        }
        let document = named.document.path();
        let Some(own) = document
            .rsplit_once('.')
            .map(|(stem, _)| format!("{stem}.py"))
        else {
            continue;
        };
        if own != path && plugin.has_file(&own) && !named_elsewhere(&own, cx) {
            let message = format!("`{path}` is run here, though `{own}` stands next to this file");
            cx.report(
                Draft::at(named.document, named.node, message)
                    .rule(RuleId("python/other-source"))
                    .note(format!("`{own}` is named by no document, so it never runs"))
                    .help(format!(
                        "write `{own}` if that is meant, or remove that file"
                    )),
            );
        }
    }
}

fn named_elsewhere(path: &str, cx: &Context<'_>) -> bool {
    cx.named_sources()
        .iter()
        .any(|named| cx.python().locate(named.written).is_ok_and(|it| it == path))
}
