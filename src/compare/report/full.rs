use super::super::Comparison;
use super::{findings, remarks, totals, verdict};
use crate::finding::Severity;
use crate::report::{self, Look, Run, Style, clean, paint};

/// Frames with the source text of both versions, then what it all amounts to.
pub fn full(comparison: &Comparison, look: &Look) -> String {
    let mut out = Vec::new();
    if let Some(frames) = report::find("full") {
        let quiet = Look {
            quiet: true,
            ..*look
        };
        let mut frames = (frames.make)(&quiet);
        // writing to memory does not fail
        let _ = frames
            .begin(&mut out, &Run::new(1))
            .and_then(|()| frames.plugin(&mut out, &findings(comparison)));
    }
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if look.quiet {
        return text;
    }
    let arrow = if look.unicode { "→" } else { "->" };
    let version = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("(no version)");
        clean(text).into_owned()
    };
    let name = comparison
        .new
        .name
        .as_deref()
        .unwrap_or(&comparison.new.root);
    let title = format!(
        "{} {} {arrow} {}",
        clean(name),
        version(&comparison.old.version),
        version(&comparison.new.version)
    );
    text.push_str(&paint(look.color, Style::Bold, title).to_string());
    if let Some(totals) = totals(comparison) {
        let style = match comparison.severity() {
            Some(Severity::Error) => Style::Error,
            Some(Severity::Warning) => Style::Warning,
            _ => Style::Good,
        };
        text.push_str(&format!(": {}", paint(look.color, style, totals)));
    }
    if let Some(verdict) = verdict(comparison) {
        text.push_str(&format!("; {}", clean(&verdict)));
    }
    text.push('\n');
    for remark in remarks(comparison) {
        text.push_str(&format!("{}\n", paint(look.color, Style::Dim, remark)));
    }
    text
}
