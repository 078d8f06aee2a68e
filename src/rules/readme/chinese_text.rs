//! Chinese characters in the English README.

use crate::finding::{Applicability, Edit, Fix, Span, Stage, Stages};
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, prose, text_file};
use crate::rules::locales::is_han;
use crate::rules::{Context, Draft, On};
use crate::source::SourceFile;

pub const CHECK: On = On::Plugin(check);

/// Where Dify looks for the Chinese README.
const CHINESE: &str = "readme/README_zh_Hans.md";

/// Further lines that are pointed at.
const SHOWN: usize = 5;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(readme) = manifest(plugin).and_then(|_| text_file(plugin, "README.md")) else {
        return;
    };
    let mut found = Vec::new();
    let (mut lines, mut characters) = (0, 0);
    for (start, line) in prose(readme.text()) {
        let count = line.chars().filter(|c| is_han(*c)).count();
        if count == 0 {
            continue;
        }
        lines += 1;
        characters += count;
        if found.len() <= SHOWN {
            let from = line.find(is_han).unwrap_or(0);
            let length = line
                .get(from..)
                .map_or(0, |rest| rest.find(|c| !is_han(c)).unwrap_or(rest.len()));
            found.push(place(&readme, start + from, length));
        }
    }
    let mut found = found.into_iter();
    let Some(first) = found.next() else { return };
    let mut message = format!("the English README has {characters} Chinese characters");
    if lines > 1 {
        message.push_str(&format!(" in {lines} lines"));
    }
    let draft = Draft::new(first, message)
        .stages(Stages::only(Stage::Marketplace))
        .note("the Marketplace refuses a root README with even one of them outside of code blocks")
        .help(format!("move the Chinese text to `{CHINESE}`"))
        .fix(apart(plugin, &readme));
    cx.report(found.fold(draft, |draft, place| draft.label(place, "and here")));
}

/// Moves the lines with Chinese characters to a file of their own, which must be a new one; some
/// text must be left.
fn apart(plugin: &Plugin, readme: &SourceFile) -> Option<Fix> {
    let (chinese, other): (Vec<_>, Vec<_>) =
        prose(readme.text()).partition(|(_, line)| line.contains(is_han));
    let is_left = other.iter().any(|(_, line)| !line.trim().is_empty());
    if !is_left || plugin.files.kind(CHINESE).is_some() {
        return None;
    }
    let newline = if readme.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut edits: Vec<Edit> = Vec::new();
    let mut text = String::new();
    for (start, line) in chinese {
        let start = u32::try_from(start).ok()?;
        let end = start + u32::try_from(line.len()).ok()?;
        match edits.last_mut().filter(|last| last.span.end == start) {
            Some(last) => last.span.end = end,
            None => {
                if !edits.is_empty() {
                    text.push_str(newline);
                }
                edits.push(Edit::new(readme.path().clone(), Span::new(start, end), ""));
            }
        }
        text.push_str(line.trim_end_matches(['\n', '\r']));
        text.push_str(newline);
    }
    edits.push(Edit::create(CHINESE, text));
    Some(Fix {
        title: format!("move the Chinese lines to `{CHINESE}`"),
        applicability: Applicability::Unsafe,
        edits,
    })
}
