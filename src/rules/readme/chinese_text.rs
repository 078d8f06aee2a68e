//! Chinese characters in the English README.

use crate::finding::{Stage, Stages};
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, prose, text_file};
use crate::rules::locales::is_han;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

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
        .help("move the Chinese text to `readme/README_zh_Hans.md`");
    cx.report(found.fold(draft, |draft, place| draft.label(place, "and here")));
}
