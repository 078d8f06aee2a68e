//! What people see of a plugin in Dify, read from its documents. Nothing of it is judged here.

mod parts;

use crate::dialect::clean_path;
use crate::plugin::{Node, Plugin};
use crate::report::{Card, LOCALES, Localized, MAX_PICTURE_BYTES, Picture};
use crate::rules::images;
use parts::Parts;

/// Longest text that is kept, in characters: more is not read on a card.
const MAX_TEXT: usize = 2_000;
/// Tags and permissions that are kept; the manifest knows fewer.
const MAX_WORDS: usize = 64;

/// The card of a plugin; `None` when its manifest is no mapping.
pub fn card(plugin: &Plugin) -> Option<Card> {
    let document = plugin.manifest()?;
    let manifest = Node::root(document)?;
    let tags = manifest.get("tags").map(Node::items).unwrap_or_default();
    let facts = [
        ("kind", manifest.get("type")),
        ("created", manifest.get("created_at")),
        ("Dify from", manifest.at(&["meta", "minimum_dify_version"])),
        ("repository", manifest.get("repo")),
        ("contact", manifest.get("contact")),
        ("privacy policy", manifest.get("privacy")),
        ("memory", manifest.at(&["resource", "memory"])),
    ];
    let facts = facts.into_iter().filter_map(|(name, node)| {
        let node = node?;
        let text = match name {
            "memory" => node.number().map_or_else(|| text(node), bytes),
            _ => text(node),
        };
        (!text.is_empty()).then_some((name, text))
    });
    let mut parts = Parts::new(plugin);
    let provided = parts.of(0);
    // a bundle has its texts in keys of its own
    let localized_at =
        |one: &str, other: &str| localized(manifest.get(one).or_else(|| manifest.get(other)));
    Some(Card {
        icon: manifest.get("icon").map(|node| picture(plugin, node)),
        icon_dark: manifest.get("icon_dark").map(|node| picture(plugin, node)),
        label: localized_at("label", "labels"),
        description: localized_at("description", "descriptions"),
        tags: tags.into_iter().take(MAX_WORDS).map(text).collect(),
        facts: facts.collect(),
        permissions: permissions(manifest),
        parts: provided,
        cut: parts.cut,
    })
}

/// A text by language; a scalar stands for the language that Dify falls back to.
fn localized(node: Option<Node<'_>>) -> Localized {
    let mut texts = Localized::default();
    let Some(node) = node else {
        return texts;
    };
    for (locale, slot) in LOCALES.iter().zip(&mut texts.0) {
        let written = node.get(locale.key).map(text);
        *slot = written.filter(|it| !it.trim().is_empty());
    }
    if let [english, ..] = &mut texts.0
        && node.text().is_some()
    {
        *english = Some(text(node));
    }
    texts
}

/// The text of a scalar, cut where it is too long; empty for anything else.
fn text(node: Node<'_>) -> String {
    let text = node.text().unwrap_or_default();
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn bytes(number: f64) -> String {
    const MEBIBYTE: f64 = 1024.0 * 1024.0;
    if number >= MEBIBYTE {
        let whole = (number / MEBIBYTE * 10.0).round() / 10.0;
        format!("{whole} MiB")
    } else {
        format!("{number} bytes")
    }
}

fn picture(plugin: &Plugin, node: Node<'_>) -> Picture {
    let written = text(node);
    let path = clean_path(&format!("_assets/{written}")).filter(|path| plugin.has_file(path));
    let Some(path) = path else {
        return Picture::Missing(written);
    };
    match plugin.files.size(&path) {
        Some(size) if size > MAX_PICTURE_BYTES => return Picture::TooLarge(size),
        _ => {}
    }
    match plugin.files.read(&path) {
        // a file may grow between the two looks at it
        Ok(content) if content.len() as u64 > MAX_PICTURE_BYTES => {
            Picture::TooLarge(content.len() as u64)
        }
        Ok(content) => match images::Format::of_bytes(&content) {
            Some(format) => Picture::Bytes(media_type(format), content.to_vec()),
            None => Picture::Unknown(written),
        },
        Err(_) => Picture::Missing(written),
    }
}

const fn media_type(format: images::Format) -> &'static str {
    match format {
        images::Format::Png => "image/png",
        images::Format::Jpeg => "image/jpeg",
        images::Format::Gif => "image/gif",
        images::Format::Webp => "image/webp",
        images::Format::Ico => "image/x-icon",
        images::Format::Bmp => "image/bmp",
        images::Format::Svg => "image/svg+xml",
    }
}

/// The permissions that are asked for, each with what else is switched on in it.
fn permissions(manifest: Node<'_>) -> Vec<(String, String)> {
    let all = manifest.at(&["resource", "permission"]);
    let all = all.map(Node::entries).unwrap_or_default();
    let asked = all.into_iter().take(MAX_WORDS).filter_map(|(name, what)| {
        what.get("enabled").and_then(Node::bool)?.then_some(())?;
        let mut details = Vec::new();
        for (key, value) in what.entries().into_iter().take(MAX_WORDS) {
            match key.text() {
                Some("enabled") | None => {}
                Some("size") => details.extend(value.number().map(bytes)),
                Some(_) if value.bool() == Some(true) => details.push(text(key)),
                Some(_) => {}
            }
        }
        Some((text(name), details.join(", ")))
    });
    asked.collect()
}
