//! What the icons of a plugin look like.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::icons::{self, Use};
use crate::rules::images::{Format, size};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

/// Their pages have what may be set.
const LARGE: RuleId = RuleId("asset/large-icon");
const SMALL: RuleId = RuleId("asset/small-icon");
/// Nobody sees less than this: measured over 262 plugins, it leaves 41 icons.
const TOLERANCE: f64 = 1.1;
/// The mark in the icons that `dify plugin init` writes.
const SCAFFOLD: &[u8] = b"DIFY_MARKETPLACE_TEMPLATE_ICON_DO_NOT_USE";
/// The one path of the icon that older command line tools wrote, without its blanks.
const OLD_SCAFFOLD: &[u8] = b"M2020V80M2020H60Q80208040T6060H20";

/// What a file is as a picture.
struct Picture {
    bytes: usize,
    format: Option<Format>,
    size: Option<(f64, f64)>,
    is_scaffold: bool,
}

impl Picture {
    fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len(),
            format: Format::of_bytes(bytes),
            size: size(bytes),
            is_scaffold: is_scaffold(bytes),
        }
    }
}

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let most_kib = cx.options().number(LARGE, "max-kib");
    let fewest_pixels = cx.options().number(SMALL, "min-pixels");
    for (path, (node, shown)) in icons::all(plugin) {
        let Some(picture) = cx.fact_of_file(&path, |content| Picture::of(&content)) else {
            continue;
        };
        let name = shorten(&path);
        let report = |rule, message: String, note: &str, help: String, cx: &mut Context<'_>| {
            let draft = Draft::file(&path, message)
                .rule(RuleId(rule))
                .note(note)
                .help(help);
            cx.report(draft.label(node.place(), "the icon is named here"));
        };
        if picture.is_scaffold {
            let draft = Draft::file(&path, format!("`{name}` is the icon of the template"))
                .rule(RuleId("asset/scaffold-icon"))
                .stages(Stages::only(Stage::Marketplace))
                .note("the Marketplace refuses a plugin that has it")
                .help("draw an icon of your own");
            cx.report(draft.label(node.place(), "the icon is named here"));
            continue;
        }
        let promised = Format::of_name(&path);
        let Some(real) = picture.format else {
            let help = "save it as SVG or PNG".to_owned();
            report(
                "asset/wrong-type",
                format!("`{name}` is no picture"),
                "browsers cannot show it",
                help,
                cx,
            );
            continue;
        };
        if promised != Some(real) {
            let message = format!("`{name}` is a {} picture by its content", real.name());
            let note = "the type that Dify sends with it comes from the name";
            let ending = real.name().to_ascii_lowercase();
            report(
                "asset/wrong-type",
                message,
                note,
                format!("name it `.{ending}`, or convert it"),
                cx,
            );
        }
        if !matches!(real, Format::Svg | Format::Png | Format::Jpeg) {
            let message = format!("`{name}` is a {} picture", real.name());
            let note =
                "icons are SVG, PNG or JPEG everywhere else; not every place shows other types";
            report(
                "asset/unusual-format",
                message,
                note,
                "convert it to SVG or PNG".to_owned(),
                cx,
            );
        }
        if picture.bytes as u64 > most_kib.saturating_mul(1024) {
            let message = format!("`{name}` has {} KiB", picture.bytes / 1024);
            let note = "lists of plugins load every icon at once";
            report(
                LARGE.0,
                message,
                note,
                format!("make it smaller than {most_kib} KiB"),
                cx,
            );
        }
        let Some((width, height)) = picture.size else {
            if real == Format::Svg {
                let message = format!("`{name}` has neither a viewBox nor a size");
                let note = "a browser then shows a part of it, or nothing";
                report(
                    "asset/unsized-svg",
                    message,
                    note,
                    "add `viewBox=\"0 0 64 64\"`".to_owned(),
                    cx,
                );
            }
            continue;
        };
        if shown == Use::Square && width.max(height) > width.min(height) * TOLERANCE {
            let message = format!("`{name}` is not square: {width} x {height}");
            let note = "Dify shows it in a square, stretched or with gaps";
            report(
                "asset/not-square",
                message,
                note,
                "give it the same width and height".to_owned(),
                cx,
            );
        }
        if real != Format::Svg && width.max(height) < pixels(fewest_pixels) {
            let message = format!("`{name}` is small: {width} x {height} pixels");
            let note = "it looks blurred where icons are shown larger";
            report(
                SMALL.0,
                message,
                note,
                format!("use at least {fewest_pixels} x {fewest_pixels} pixels, or SVG"),
                cx,
            );
        }
    }
}

/// Measures of a picture may be fractions.
#[expect(
    clippy::cast_precision_loss,
    reason = "the option allows no such number"
)]
fn pixels(number: u64) -> f64 {
    number as f64
}

fn is_scaffold(bytes: &[u8]) -> bool {
    if memchr::memmem::find(bytes, SCAFFOLD).is_some() {
        return true;
    }
    let start = bytes.get(..4096).unwrap_or(bytes);
    memchr::memchr_iter(OLD_SCAFFOLD[0], start).any(|at| {
        let rest = start.get(at..).unwrap_or_default().iter();
        let mut dense = rest.filter(|byte| !byte.is_ascii_whitespace());
        OLD_SCAFFOLD
            .iter()
            .all(|wanted| dense.next() == Some(wanted))
    })
}
