//! Files in another encoding than UTF-8.

use crate::finding::{Place, Span, Stage, Stages};
use crate::plugin::Parsed;
use crate::rules::{Context, Draft, On};
use crate::source::Encoding;

pub const CHECK: On = On::File(check);

fn check(file: &Parsed, cx: &mut Context<'_>) {
    let read_by = cx.readers(file);
    let sdk = if read_by.sdk {
        Stages::only(Stage::Start)
    } else {
        Stages::NONE
    };
    let daemon = if read_by.daemon {
        Stages::DAEMON
    } else {
        Stages::NONE
    };
    let (at, stages, message) = match file.file.encoding() {
        Encoding::Utf8 => return,
        Encoding::Utf16 => (0, sdk, "the file is UTF-16"),
        Encoding::Broken(at) => (at, sdk.union(daemon), "the file is not UTF-8"),
    };
    // the character that took the place of the wrong byte
    let width = file
        .file
        .text()
        .get(at as usize..)
        .and_then(|rest| rest.chars().next());
    let end = at + width.map_or(0, |c| u32::try_from(c.len_utf8()).unwrap_or(1));
    let place = Place {
        file: file.file.path().clone(),
        span: Span::new(at, end),
    };
    cx.report(
        Draft::new(place, message)
            .stages(stages)
            .note(match file.file.encoding() {
                Encoding::Utf16 => "the daemon can read it; the SDK takes it for UTF-8 and stops",
                _ => "packager, daemon and SDK read UTF-8 and stop at the first wrong byte",
            })
            .help("save the file as UTF-8"),
    );
}
