//! `pyproject.toml`: the dependencies of `[project]`.

use super::{Requirements, RequiresPython, span};
use crate::finding::Place;
use crate::source::SourceFile;
use pep440_rs::VersionSpecifiers;
use serde::Deserialize;
use std::str::FromStr;
use toml::Spanned;

#[derive(Deserialize)]
struct File {
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    #[serde(default)]
    dependencies: Vec<Spanned<String>>,
    requires_python: Option<Spanned<String>>,
}

pub(super) fn read(file: &SourceFile, found: &mut Requirements) {
    let text = file.text();
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let body = text.get(bom..).unwrap_or(text);
    let parsed: File = match toml::from_str(body) {
        Ok(parsed) => parsed,
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            found.problem(
                file.path(),
                span(range.start + bom..range.end + bom),
                error.message().to_owned(),
            );
            return;
        }
    };
    let Some(project) = parsed.project else {
        return;
    };
    for dependency in &project.dependencies {
        let range = dependency.span();
        let place = span(range.start + bom..range.end + bom);
        found.entry(file.path(), place, dependency.get_ref());
    }
    let Some(python) = &project.requires_python else {
        return;
    };
    let range = python.span();
    let place = span(range.start + bom..range.end + bom);
    match VersionSpecifiers::from_str(python.get_ref()) {
        Ok(specifiers) => {
            found.requires_python = Some(RequiresPython {
                specifiers,
                written: python.get_ref().clone(),
                place: Place {
                    file: file.path().clone(),
                    span: place,
                },
            });
        }
        Err(error) => found.problem(file.path(), place, error.to_string()),
    }
}
