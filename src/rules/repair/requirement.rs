//! Lower bounds in the files that name the Python packages.

use super::Unsafe;
use crate::finding::{Edit, Fix, Place, Span};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::text_file;
use pep440_rs::{Version, VersionSpecifiers};
use std::str::FromStr;

/// A requirement with this lower bound in place of its own. Upper bounds that admit the version,
/// extras and markers stay; one with hashes is for the tool that made them.
pub fn floor(plugin: &Plugin, place: &Place, written: &str, floor: &str) -> Option<Fix> {
    let file = text_file(plugin, &place.file)?;
    let around = file.text().get(place.span.start as usize..)?;
    let line = around.lines().next()?;
    let start = line.find(written)?;
    if line.contains("--hash") || line.trim_end().ends_with('\\') {
        return None;
    }
    let text = with_floor(written, floor)?;
    let start = place.span.start + u32::try_from(start).ok()?;
    let end = start + u32::try_from(written.len()).ok()?;
    Some(Fix {
        title: format!("write `{}`", shorten(&text)),
        applicability: Unsafe,
        edits: vec![Edit {
            file: place.file.clone(),
            span: Span::new(start, end),
            text,
        }],
    })
}

fn with_floor(written: &str, floor: &str) -> Option<String> {
    let lowest = Version::from_str(floor).ok()?;
    let (requirement, marker) = match written.find(';') {
        Some(at) => written.split_at_checked(at)?,
        None => (written, ""),
    };
    let at = requirement.find(['<', '>', '=', '!', '~']);
    let (name, bounds) = requirement.split_at_checked(at.unwrap_or(requirement.len()))?;
    let name = name.trim_end().trim_end_matches('(').trim_end();
    // an address is no bound
    if name.contains('@') {
        return None;
    }
    let kept = bounds.trim_end().trim_end_matches(')').split(',');
    let kept = kept.map(str::trim).filter(|bound| {
        let upper = bound.starts_with('<') || bound.starts_with("!=");
        upper && VersionSpecifiers::from_str(bound).is_ok_and(|it| it.contains(&lowest))
    });
    let bounds: Vec<String> = std::iter::once(format!(">={floor}"))
        .chain(kept.map(str::to_owned))
        .collect();
    let blank = if marker.is_empty() { "" } else { " " };
    Some(format!("{name}{}{blank}{marker}", bounds.join(",")))
}

#[cfg(test)]
mod tests {
    use super::with_floor;

    #[test]
    fn bounds() {
        for (written, expected) in [
            ("dify_plugin", "dify_plugin>=0.9.0"),
            ("dify_plugin==0.4.0", "dify_plugin>=0.9.0"),
            ("dify_plugin>=0.4,<0.5", "dify_plugin>=0.9.0"),
            ("dify_plugin ~= 0.5.0", "dify_plugin>=0.9.0"),
            (
                "dify_plugin[x]>=0.4.0, <1.0 ; python_version > '3'",
                "dify_plugin[x]>=0.9.0,<1.0 ; python_version > '3'",
            ),
        ] {
            assert_eq!(with_floor(written, "0.9.0").as_deref(), Some(expected));
        }
        assert_eq!(with_floor("dify_plugin @ https://x/y", "0.9.0"), None);
    }
}
