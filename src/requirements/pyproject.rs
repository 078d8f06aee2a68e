//! `pyproject.toml`: the dependencies of `[project]` and those of its groups.

use super::{Project, Requirements, RequiresPython, span};
use crate::finding::{Place, Span};
use crate::source::SourceFile;
use pep440_rs::VersionSpecifiers;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) fn read(file: &SourceFile, found: &mut Requirements) {
    let reader = Reader::new(file);
    let table = match DeTable::parse(reader.body()) {
        Ok(table) => table,
        Err(error) => {
            let place = reader.place(error.span().unwrap_or(0..0));
            found.project = Some(Project::NoToml {
                message: error.message().to_lowercase(),
                place,
            });
            return;
        }
    };
    let table = table.get_ref();
    let project = table.get("project").and_then(|it| it.get_ref().as_table());
    found.project = Some(match project {
        Some(_) => Project::Project,
        None => Project::OtherTables,
    });
    let of_project = |key| project.and_then(|project| project.get(key));
    reader.list(of_project("dependencies"), false, found);
    let groups = [
        of_project("optional-dependencies"),
        table.get("dependency-groups"),
    ];
    let groups = groups.into_iter().flatten();
    for group in groups.filter_map(|it| it.get_ref().as_table()) {
        for (_, list) in group {
            reader.list(Some(list), true, found);
        }
    }
    found.requires_python = of_project("requires-python").and_then(|python| {
        let (written, place) = reader.text(python)?;
        Some(RequiresPython {
            specifiers: VersionSpecifiers::from_str(written).ok(),
            written: written.to_owned(),
            place,
        })
    });
}

struct Reader<'f> {
    file: &'f SourceFile,
    /// The length of a byte order mark, which TOML does not know.
    mark: usize,
}

impl<'f> Reader<'f> {
    fn new(file: &'f SourceFile) -> Self {
        let mark = file.text().starts_with('\u{feff}');
        let mark = if mark { '\u{feff}'.len_utf8() } else { 0 };
        Self { file, mark }
    }

    fn body(&self) -> &'f str {
        self.file.text().get(self.mark..).unwrap_or_default()
    }

    fn place(&self, range: std::ops::Range<usize>) -> Place {
        let file = self.file.path().clone();
        let span = span(range.start + self.mark..range.end + self.mark);
        Place { file, span }
    }

    fn list(
        &self,
        list: Option<&Spanned<DeValue<'_>>>,
        development: bool,
        found: &mut Requirements,
    ) {
        let items = list.and_then(|list| list.get_ref().as_array());
        for item in items.into_iter().flat_map(|items| items.iter()) {
            if let Some((written, place)) = self.text(item) {
                found.entry(place, written, development);
            }
        }
    }

    /// A text and where it stands, without its quotes.
    fn text<'v>(&self, value: &'v Spanned<DeValue<'_>>) -> Option<(&'v str, Place)> {
        let text = value.get_ref().as_str()?;
        let mut place = self.place(value.span());
        let inner = Span::new(
            place.span.start.saturating_add(1),
            place.span.end.saturating_sub(1),
        );
        if self.file.text().get(inner.range()) == Some(text) {
            place.span = inner;
        }
        Some((text, place))
    }
}
