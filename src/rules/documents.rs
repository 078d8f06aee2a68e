//! What rules ask about a plugin's plain documents: README, PRIVACY.md, ignore file.

use crate::finding::{Place, Span};
use crate::format::DocumentKind;
use crate::plugin::{Document, Node, Plugin};
use crate::source::SourceFile;

/// A text file of the plugin; `None` when it is missing or cannot be read.
pub fn text_file(plugin: &Plugin, path: &str) -> Option<SourceFile> {
    let bytes = plugin
        .has_file(path)
        .then(|| plugin.files.read(path).ok())??;
    Some(SourceFile::new(path, bytes))
}

/// The top of the manifest, unless it is a bundle's.
pub fn manifest(plugin: &Plugin) -> Option<Node<'_>> {
    manifest_document(plugin).and_then(Node::root)
}

/// The manifest, unless it is a bundle's.
pub fn manifest_document(plugin: &Plugin) -> Option<&Document> {
    plugin
        .manifest()
        .filter(|it| it.kind == DocumentKind::Manifest)
}

/// A file of the root with this name but other letter case.
pub fn other_case(plugin: &Plugin, name: &str) -> Option<String> {
    let entries = plugin.files.list("").unwrap_or_default();
    let found = entries.into_iter().find(|entry| {
        entry.kind.is_file() && entry.name != name && entry.name.eq_ignore_ascii_case(name)
    });
    found.map(|entry| entry.name)
}

/// The place of a part of a file's text.
pub fn place(file: &SourceFile, start: usize, length: usize) -> Place {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Place {
        file: file.path().clone(),
        span: Span::new(offset(start), offset(start + length)),
    }
}

/// The lines of a Markdown text that stand outside of fenced code, each with its offset.
pub fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let mut fence: Option<&str> = None;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let bare = line.trim();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) => fence = Some(mark),
            (None, None) => return Some((start, line)),
            _ => {}
        }
        None
    })
}

/// Where advice about the package as a whole is shown: the ignore file, or else the manifest. A
/// package stands for itself.
pub fn ignore_place(plugin: &Plugin) -> Place {
    let file = match plugin.packed.ignore_file {
        Some(file) => file,
        None if plugin.files.archive().is_some() => "",
        None => crate::plugin::MANIFEST,
    };
    Place {
        file: file.into(),
        span: Span::at(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_no_prose() {
        let text = "a\n```sh\nb\n~~~\n```\nc\n~~~\nd";
        let lines: Vec<_> = prose(text).map(|(at, line)| (at, line.trim())).collect();
        assert_eq!(lines, [(0, "a"), (18, "c")]);
    }
}
