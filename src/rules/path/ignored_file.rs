//! Files that the plugin needs and its own ignore rules keep out of the package.

use crate::finding::{Applicability, Edit, Fix, Place, Span, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{MANIFEST, Outcome, Plugin, Reference};
use crate::rules::{Context, Draft, On};
use crate::source::LineIndex;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if plugin.has_file(MANIFEST)
        && let Some(line) = plugin.packed.excluded_by(MANIFEST, false)
    {
        let message = format!("the ignore rules keep `{MANIFEST}` out of the package");
        let draft = Draft::new(line_place(plugin, line), message);
        cx.report(explain(plugin, line, draft));
    }
    for reference in &plugin.references {
        if reference.daemon && reference.install == Outcome::Ignored {
            one(plugin, reference, cx);
        }
    }
}

fn one(plugin: &Plugin, reference: &Reference, cx: &mut Context<'_>) {
    let Some(path) = &reference.path else { return };
    let Some(line) = plugin.packed.excluded_by(path, false) else {
        return;
    };
    let document = &plugin.documents[reference.from];
    let message = format!(
        "the {} `{}` is kept out of the package by the ignore rules",
        reference.kind,
        shorten(path)
    );
    let draft = Draft::at(document, reference.node, message);
    cx.report(explain(plugin, line, draft).label(line_place(plugin, line), EXCLUDES));
}

/// What is to be seen at the line of the ignore file.
pub const EXCLUDES: &str = "this line excludes it";

/// The stages and words that every such finding has.
pub fn explain(plugin: &Plugin, line: usize, draft: Draft) -> Draft {
    let name = plugin.packed.ignore_file.unwrap_or(".difyignore");
    let pattern = plugin
        .packed
        .ignore_text
        .lines()
        .nth(line)
        .unwrap_or_default()
        .trim();
    draft
        .stages(Stages::only(Stage::Install))
        .note("packaging reads the folder and does not notice; the daemon finds the file missing")
        .help(format!(
            "take `{}` out of {name}; a line with `!` does not bring files back",
            shorten(pattern)
        ))
        .fix(without_line(plugin, line))
}

/// The ignore file without one of its lines, counted from 0.
pub fn without_line(plugin: &Plugin, line: usize) -> Option<Fix> {
    let place = line_place(plugin, line);
    let text = &plugin.packed.ignore_text;
    let pattern = text.get(place.span.range())?;
    let rest = text.get(place.span.end as usize..)?;
    let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let end = place.span.end + u32::try_from(length).ok()?;
    Some(Fix {
        title: format!("take `{}` out of {}", shorten(pattern.trim()), place.file),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            file: place.file,
            span: Span::new(place.span.start, end),
            text: String::new(),
        }],
    })
}

/// The line of the ignore file, counted from 0.
pub fn line_place(plugin: &Plugin, line: usize) -> Place {
    let text = &plugin.packed.ignore_text;
    let span = LineIndex::new(text).span_of(line).unwrap_or_default();
    let width = text
        .get(span.range())
        .map_or(0, |line| line.trim_end().len());
    let end = span.start + u32::try_from(width).unwrap_or(0);
    let file = plugin.packed.ignore_file.unwrap_or(".difyignore");
    Place {
        file: file.into(),
        span: Span::new(span.start, end),
    }
}
