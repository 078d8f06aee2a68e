//! Lines of the ignore file that do nothing.

use crate::dialect::gitignore::{Effect, Reason};
use crate::finding::{Fix, Place, RuleId, Span};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::registry::path_ignored_file as ignored_file;
use crate::rules::{Context, Draft, On, repair};
use crate::source::LineIndex;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(file) = plugin.packed.ignore_file else {
        return;
    };
    let text = &plugin.packed.ignore_text;
    let mut lines = None;
    for pattern in plugin.packed.patterns().iter() {
        let written = shorten(&pattern.text);
        let (rule, message, help) = match pattern.effect {
            Effect::Excludes => continue,
            Effect::Negation => (
                "package/negated-pattern",
                format!("`{written}` brings nothing back into the package"),
                "exclude less in the line above: name what is to be left out".to_owned(),
            ),
            Effect::Nothing(reason) => {
                let (why, help) = explain(reason, &pattern.text);
                (
                    "package/dead-pattern",
                    format!("`{written}` matches nothing: {why}"),
                    help,
                )
            }
        };
        let lines = lines.get_or_insert_with(|| LineIndex::new(text));
        let span = usize::try_from(pattern.line)
            .ok()
            .and_then(|line| lines.span_of(line.checked_sub(1)?));
        let Some(span) = span else { continue };
        let width = text
            .get(span.range())
            .map_or(0, |line| line.trim_end().len());
        let end = span.start + u32::try_from(width).unwrap_or(0);
        cx.report(
            Draft::new(Place { file: file.into(), span: Span::new(span.start, end) }, message)
                .rule(RuleId(rule))
                .note("the packager tries each line alone, and the first that matches leaves the file out")
                .help(help)
                .fix(usize::try_from(pattern.line).ok().and_then(|line| {
                    // another pattern may be meant than none, but none is what there is now
                    let empty = matches!(pattern.effect, Effect::Nothing(Reason::Empty));
                    let how = if empty { repair::Safe } else { repair::Unsafe };
                    let fix = ignored_file::without_line(plugin, line.checked_sub(1)?)?;
                    Some(Fix { applicability: how, ..fix })
                })),
        );
    }
}

fn explain(reason: Reason, text: &str) -> (&'static str, String) {
    match reason {
        Reason::ByteOrderMark => (
            "it begins with a byte order mark",
            "save the file without a byte order mark".to_owned(),
        ),
        Reason::BadPattern => (
            "it is no valid pattern",
            "close the bracket, or drop the `\\` at the end".to_owned(),
        ),
        Reason::PartialDoubleStar => (
            "`**` must stand alone between slashes",
            "write `*`, or `**/` and the name".to_owned(),
        ),
        Reason::DotPart => {
            let plain = text.trim_start_matches("./");
            (
                "no path begins with `./` or holds `..`",
                format!("write `/{}`", shorten(plain)),
            )
        }
        Reason::Empty => ("nothing is left of it", "remove the line".to_owned()),
    }
}
