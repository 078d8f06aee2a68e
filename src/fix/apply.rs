//! Edits of several fixes put together.

use crate::finding::{Edit, Finding, Fix};
use std::collections::BTreeMap;

/// The edits of some fixes, by file, in order of place.
pub(super) struct Edits {
    pub(super) files: BTreeMap<String, Vec<Edit>>,
}

impl Edits {
    /// # Errors
    /// When edits overlap, within a fix or between two.
    pub(super) fn of(chosen: &[&(Finding, Fix)]) -> Result<Self, String> {
        let mut files: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
        for edit in chosen.iter().flat_map(|(_, fix)| &fix.edits) {
            if edit.span.start > edit.span.end {
                return Err("an edit ends before it begins".to_owned());
            }
            files
                .entry(edit.file.to_string())
                .or_default()
                .push(edit.clone());
        }
        if files.is_empty() {
            return Err("it changes nothing".to_owned());
        }
        for edits in files.values_mut() {
            edits.sort_by_key(|edit| edit.span);
            let pairs = edits.iter().zip(edits.iter().skip(1));
            if pairs.into_iter().any(|(a, b)| overlap(a, b)) {
                return Err("its edits overlap".to_owned());
            }
        }
        Ok(Self { files })
    }
}

/// The fixes that can be applied together: of two that overlap the first one stays.
pub(super) fn choose(candidates: Vec<(Finding, Fix)>) -> Vec<(Finding, Fix)> {
    let mut chosen: Vec<(Finding, Fix)> = Vec::new();
    for candidate in candidates {
        let free = chosen.iter().flat_map(|(_, fix)| &fix.edits).all(|taken| {
            candidate
                .1
                .edits
                .iter()
                .all(|edit| edit.file != taken.file || !overlap(taken, edit))
        });
        if free {
            chosen.push(candidate);
        }
    }
    chosen
}

/// Two insertions at one place overlap too, because their order would be chance; whole lines are
/// put there in the order of their findings.
fn overlap(a: &Edit, b: &Edit) -> bool {
    if a.span == b.span && a.span.is_empty() {
        let lines = |end: fn(&str) -> bool| end(&a.text) && end(&b.text);
        return !lines(|text| text.ends_with('\n'))
            && !lines(|text| text.starts_with(['\n', '\r']));
    }
    a.span.start < b.span.end && b.span.start < a.span.end
        || a.span.start == b.span.start
        || a.span.is_empty() && b.span.start < a.span.start && a.span.start < b.span.end
        || b.span.is_empty() && a.span.start < b.span.start && b.span.start < a.span.end
}

/// A text with edits, which are in order and do not overlap.
///
/// # Errors
/// When an edit is no range of the text.
pub(super) fn apply(text: &str, edits: &[Edit]) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let before = text
            .get(at..edit.span.start as usize)
            .ok_or("an edit lies outside the file")?;
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).ok_or("an edit lies outside the file")?);
    Ok(out)
}
