//! A `version:` that the Marketplace takes for the plugin's.

use crate::finding::{Place, Span};
use crate::format::DocumentKind;
use crate::plugin::Node;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

/// The Marketplace's check of updates reads the first line that looks like `version:`, at any
/// indentation, and compares that with the release before.
fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(version) = manifest.get("version") else {
        return;
    };
    let own = version.key_place();
    let document = manifest.document();
    let text = document.parsed.file.text();
    let mut at = 0;
    let first = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let word = line.trim_start();
        let rest = word.strip_prefix("version")?.trim_start();
        rest.starts_with(':')
            .then_some(start + line.len() - word.len())
    });
    let Some(first) = first.and_then(|at| u32::try_from(at).ok()) else {
        return;
    };
    if first >= own.span.start {
        return;
    }
    let draft = Draft::key(version, "another `version:` stands above the plugin's own")
        .note("the Marketplace compares the first one in the file with the release before, so that an update may be refused")
        .help("move this line to the top of the manifest");
    let span = Span::new(first, first + 7);
    let place = Place {
        file: own.file.clone(),
        span,
    };
    cx.report(draft.label(place, "this one is read"));
}
