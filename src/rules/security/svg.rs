//! SVG pictures that run code or load something.

use crate::finding::RuleId;
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::place;
use crate::rules::package_files::ending;
use crate::rules::{Context, Draft, On};
use crate::source::SourceFile;
use memchr::memmem;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let walk = plugin.packed.walk(plugin.files.as_ref());
    let pictures = walk
        .files
        .iter()
        .filter(|path| ending(path, &[".svg"]).is_some());
    for path in pictures {
        let found = cx.fact_of_file(path, |content| Found::of(&SourceFile::new(path, content)));
        let drafts = found.iter().flat_map(|found| &found.0);
        drafts.for_each(|draft| cx.report(draft.clone()));
    }
}

/// What is wrong with a picture.
struct Found(Vec<Draft>);

impl Found {
    fn of(file: &SourceFile) -> Self {
        let mut found = Vec::new();
        let lower = file.text().to_ascii_lowercase();
        let name = shorten(file.path());
        if let Some((at, length)) = script(&lower) {
            found.push(
                Draft::new(
                    place(file, at, length),
                    format!("the picture `{name}` holds a script"),
                )
                .rule(RuleId("security/svg-script"))
                .note("where Dify shows the picture by itself a browser would run it")
                .help(
                    "remove it; browser extensions leave empty ones behind when a picture is saved",
                ),
            );
        }
        if let Some(at) = find(&lower, "<foreignobject") {
            found.push(
                Draft::new(
                    place(file, at, 14),
                    format!("the picture `{name}` holds foreign content"),
                )
                .rule(RuleId("security/svg-foreign-object"))
                .note("it can hold any HTML, and many viewers show nothing of it")
                .help("draw it with the elements of SVG"),
            );
        }
        if let Some((at, length)) = external(&lower) {
            found.push(
                Draft::new(
                    place(file, at, length),
                    format!("the picture `{name}` loads something from elsewhere"),
                )
                .rule(RuleId("security/svg-external-reference"))
                .note("browsers do not load it in a picture, and it would tell others who looks at it")
                .help("put what it needs into the picture itself"),
            );
        }
        Self(found)
    }
}

fn find(text: &str, word: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), word.as_bytes())
}

/// Where a word stands; pictures are large, and all are searched for a dozen words.
fn all<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    memmem::find_iter(text.as_bytes(), word.as_bytes())
}

/// `<script>`, an event attribute, or an address with code.
fn script(lower: &str) -> Option<(usize, usize)> {
    if let Some(at) = find(lower, "<script") {
        return Some((at, 7));
    }
    let address = ["\"javascript:", "'javascript:"];
    if let Some(at) = address.iter().find_map(|word| find(lower, word)) {
        return Some((at + 1, 11));
    }
    [
        "onload",
        "onclick",
        "onerror",
        "onmouseover",
        "onfocus",
        "onbegin",
    ]
    .into_iter()
    .find_map(|word| {
        let at = all(lower, word).find(|at| {
            let before = lower.get(..*at).and_then(|text| text.chars().next_back());
            let after = lower
                .get(at + word.len()..)
                .unwrap_or_default()
                .trim_start();
            before.is_some_and(char::is_whitespace) && after.starts_with('=')
        })?;
        Some((at, word.len()))
    })
}

/// An address in `href` of anything but a link, in `url(...)` or in `@import`.
fn external(lower: &str) -> Option<(usize, usize)> {
    let remote = |text: &str| {
        text.starts_with("http://") || text.starts_with("https://") || text.starts_with("//")
    };
    for at in all(lower, "href=") {
        let element = lower
            .get(..at)
            .and_then(|text| text.rsplit('<').next())
            .unwrap_or_default();
        let value = lower.get(at + 6..).unwrap_or_default();
        let link = element.starts_with("a ") || element.starts_with('?');
        if !link && remote(value) {
            return Some((at + 6, value.find(['"', '\'']).unwrap_or(0)));
        }
    }
    for (mark, width) in [("url(", 4), ("@import", 7)] {
        for at in all(lower, mark) {
            let value = lower.get(at + width..).unwrap_or_default();
            let inner = value.trim_start_matches(['"', '\'', ' ']);
            if remote(inner) {
                return Some((at, width));
            }
        }
    }
    None
}
