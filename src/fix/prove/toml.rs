//! TOML: every value that no edit covers must be there again under the same keys.

use super::{any_covers, moved};
use crate::finding::{Edit, Span};
use toml::de::{DeTable, DeValue};

pub(super) fn only_declared(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let old_ranges: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let several = |edit: &Edit| {
        before
            .get(edit.span.range())
            .is_some_and(|it| it.contains(['\n', '\r']))
    };
    if edits.iter().any(several) {
        return Err("one edit covers several lines".to_owned());
    }
    let old = values(before, &old_ranges).ok_or("the file cannot be parsed")?;
    let new = values(after, &moved(edits)).ok_or("the file could no longer be parsed")?;
    if old == new {
        Ok(())
    } else {
        Err("a value outside the fix would change".to_owned())
    }
}

/// The keys that lead to each value that no range covers, and the value.
fn values(text: &str, ranges: &[Span]) -> Option<Vec<(String, String)>> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let table = DeTable::parse(text.get(mark..)?).ok()?;
    let mut walk = Walk {
        mark,
        ranges,
        found: Vec::new(),
    };
    walk.table(table.get_ref(), "");
    Some(walk.found)
}

struct Walk<'r> {
    /// Bytes of a byte order mark.
    mark: usize,
    ranges: &'r [Span],
    found: Vec<(String, String)>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        for (key, value) in table {
            let path = format!("{path}.{}", key.get_ref());
            self.value(value, &path);
        }
    }

    fn value(&mut self, value: &toml::Spanned<DeValue<'_>>, path: &str) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, path),
            DeValue::Array(items) => {
                let path = format!("{path}[]");
                items.iter().for_each(|item| self.value(item, &path));
            }
            scalar => {
                let offset = |at: usize| u32::try_from(at + self.mark).unwrap_or(u32::MAX);
                let range = value.span();
                if !any_covers(
                    self.ranges,
                    Span::new(offset(range.start), offset(range.end)),
                ) {
                    self.found.push((path.to_owned(), format!("{scalar:?}")));
                }
            }
        }
    }
}
