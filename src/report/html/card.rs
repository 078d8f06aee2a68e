//! The card of a plugin, and what it offers.

use super::escape::{code, localized, text};
use crate::report::text::count;
use crate::report::{Card, Field, MAX_PICTURE_BYTES, Part, Picture, PluginReport};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// The card as Dify shows it: icon, name, what it is for, tags.
pub(super) fn card(out: &mut String, report: &PluginReport, card: &Card) {
    out.push_str("<div class=card>");
    let icons = [("light", &card.icon), ("dark", &card.icon_dark)];
    if icons.iter().any(|(_, icon)| icon.is_some()) {
        out.push_str("<div class=icons>");
        for (ground, icon) in icons {
            if let Some(icon) = icon {
                picture(out, ground, icon);
            }
        }
        out.push_str("</div>");
    }
    out.push_str("<div class=about><h3>");
    match (&report.name, card.label.is_empty()) {
        (_, false) => localized(out, &card.label),
        (Some(name), true) => text(out, name),
        (None, true) => out.push_str("<i>no name</i>"),
    }
    out.push_str("</h3>\n<p class=by>");
    if let Some(author) = &report.author {
        text(out, author);
        out.push_str(" / ");
    }
    text(out, report.name.as_deref().unwrap_or_default());
    if let Some(version) = &report.version {
        out.push_str(" · version ");
        text(out, version);
    }
    out.push_str("</p>\n");
    if !card.description.is_empty() {
        out.push_str("<p>");
        localized(out, &card.description);
        out.push_str("</p>\n");
    }
    words(out, "tags", &card.tags);
    out.push_str("</div></div>\n");
}

/// The rest of the manifest: permissions, repository, memory.
pub(super) fn facts(out: &mut String, card: &Card) {
    out.push_str("<dl class=facts>");
    for (name, fact) in &card.facts {
        let _ = write!(out, "<dt>{name}</dt><dd>");
        text(out, fact);
        out.push_str("</dd>");
    }
    out.push_str("<dt>permissions</dt><dd>");
    if card.permissions.is_empty() {
        out.push_str("none");
    }
    for (at, (permission, details)) in card.permissions.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        text(out, permission);
        if !details.is_empty() {
            out.push_str(" (");
            text(out, details);
            out.push(')');
        }
    }
    out.push_str("</dd></dl>\n");
}

fn picture(out: &mut String, ground: &str, icon: &Picture) {
    let _ = write!(out, "<div class=\"icon {ground}\">");
    match icon {
        Picture::Bytes(media_type, bytes) => {
            let bytes = STANDARD.encode(bytes);
            let _ = write!(
                out,
                "<img alt=\"icon on {ground} ground\" src=\"data:{media_type};base64,{bytes}\">"
            );
        }
        Picture::TooLarge(size) => {
            let most = MAX_PICTURE_BYTES / 1024;
            let kib = size.div_ceil(1024);
            let _ = write!(out, "icon of {kib} KiB: not embedded above {most} KiB");
        }
        Picture::Missing(name) => {
            out.push_str("no icon ");
            code(out, name);
        }
        Picture::Unknown(name) => {
            code(out, name);
            out.push_str(" is no known picture");
        }
    }
    out.push_str("</div>");
}

fn words(out: &mut String, name: &str, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let _ = write!(out, "<ul class=words aria-label={name}>");
    for word in words {
        out.push_str("<li>");
        text(out, word);
        out.push_str("</li>");
    }
    out.push_str("</ul>\n");
}

/// What the plugin offers: its providers, each with its tools, models and so on.
pub(super) fn parts(out: &mut String, card: &Card) {
    for provider in &card.parts {
        out.push_str("<section class=provider><h4>");
        title(out, provider);
        let _ = writeln!(out, " <small>{}</small></h4>", provider.noun);
        about(out, provider);
        fields(out, &provider.fields);
        for part in &provider.parts {
            self::part(out, part);
        }
        out.push_str("</section>\n");
    }
    if card.cut {
        out.push_str("<p>There is more than this page shows.</p>\n");
    }
}

fn part(out: &mut String, part: &Part) {
    let folded = !part.fields.is_empty() || !part.parts.is_empty() || part.llm.is_some();
    out.push_str(if folded {
        "<details class=part><summary>"
    } else {
        "<div class=part>"
    });
    out.push_str("<b>");
    title(out, part);
    let _ = write!(out, "</b> <small>{}", part.noun);
    if !part.fields.is_empty() {
        let noun = part.fields.first().map_or("field", |field| field.noun);
        let _ = write!(out, ", {}", count(part.fields.len(), noun));
    }
    out.push_str("</small>");
    if folded {
        out.push_str("</summary>");
    }
    out.push('\n');
    about(out, part);
    fields(out, &part.fields);
    for inner in &part.parts {
        self::part(out, inner);
    }
    out.push_str(if folded { "</details>\n" } else { "</div>\n" });
}

fn title(out: &mut String, part: &Part) {
    if !part.label.is_empty() {
        localized(out, &part.label);
        out.push(' ');
    }
    code(out, &part.name);
}

fn about(out: &mut String, part: &Part) {
    if !part.description.is_empty() {
        out.push_str("<p>");
        localized(out, &part.description);
        out.push_str("</p>\n");
    }
    if let Some(llm) = part.llm.as_ref().filter(|llm| !llm.trim().is_empty()) {
        out.push_str("<p class=llm><small>for the model:</small> <span class=t>");
        text(out, llm);
        out.push_str("</span></p>\n");
    }
    words(out, "facts", &part.facts);
}

fn fields(out: &mut String, fields: &[Field]) {
    if fields.is_empty() {
        return;
    }
    out.push_str("<dl class=fields>\n");
    for field in fields {
        out.push_str("<dt>");
        if !field.label.is_empty() {
            localized(out, &field.label);
            out.push(' ');
        }
        code(out, &field.name);
        let _ = write!(out, " <small>{}", field.noun);
        for word in [&field.kind, &field.form] {
            if !word.is_empty() {
                out.push_str(", ");
                text(out, word);
            }
        }
        out.push_str(if field.required { ", required" } else { "" });
        out.push_str("</small></dt><dd>");
        localized(out, &field.description);
        out.push_str("</dd>\n");
    }
    out.push_str("</dl>\n");
}
