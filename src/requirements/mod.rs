//! The Python packages that a plugin asks for, from `requirements.txt` and `pyproject.toml`.

mod edit;
mod parse;
mod pyproject;
mod text;

pub use edit::{add_dependency, raise_floor};
pub use parse::parse;

use crate::finding::{Place, Span};
use crate::source::{Files, ReadError, SourceFile};
use pep440_rs::VersionSpecifiers;
use pep508_rs::VersionOrUrl;
use std::sync::Arc;

/// The file that the daemon prefers.
pub const PYPROJECT: &str = "pyproject.toml";
/// The file that it takes otherwise.
pub const REQUIREMENTS: &str = "requirements.txt";
/// Both.
pub const FILES: [&str; 2] = [PYPROJECT, REQUIREMENTS];

/// One package that is asked for.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name, normalised: `dify-plugin` for `Dify_Plugin`.
    pub name: String,
    /// Which versions; `None` for an address, whose version nobody knows before it is fetched.
    pub specifiers: Option<VersionSpecifiers>,
    /// The text as written.
    pub written: String,
    /// Where it stands.
    pub place: Place,
}

/// Something that no installer can read.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong, in the library's words.
    pub message: String,
}

/// `requires-python` of a `pyproject.toml`.
#[derive(Clone, Debug)]
pub struct RequiresPython {
    /// Which versions of Python.
    pub specifiers: VersionSpecifiers,
    /// The text as written.
    pub written: String,
    /// Where it stands.
    pub place: Place,
}

/// Everything that the two files say.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// Packages, in the order of the files: `pyproject.toml` first.
    pub entries: Vec<Requirement>,
    /// Lines and values that cannot be read.
    pub problems: Vec<Problem>,
    /// The versions of Python for which the project is meant.
    pub requires_python: Option<RequiresPython>,
    /// The file that the daemon installs from; `None` when there is neither.
    pub installed_from: Option<&'static str>,
}

impl Requirements {
    /// Reads both files of a plugin, as far as they are there.
    pub fn read(files: &dyn Files) -> Self {
        let mut found = Self::default();
        for (name, read) in [
            (PYPROJECT, pyproject::read as fn(&SourceFile, &mut Self)),
            (REQUIREMENTS, text::read),
        ] {
            match files.read(name) {
                Ok(bytes) => {
                    found.installed_from = found.installed_from.or(Some(name));
                    read(&SourceFile::new(name, bytes), &mut found);
                }
                Err(ReadError::Missing | ReadError::IsFolder) => {}
                Err(error) => found.problem(&Arc::from(name), Span::at(0), error.to_string()),
            }
        }
        found
    }

    /// The entries of a package, by its normalised name.
    pub fn of<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r Requirement> {
        self.entries.iter().filter(move |entry| entry.name == name)
    }

    fn problem(&mut self, file: &Arc<str>, span: Span, message: String) {
        self.problems.push(Problem {
            place: Place {
                file: file.clone(),
                span,
            },
            message,
        });
    }

    fn entry(&mut self, file: &Arc<str>, span: Span, written: &str) {
        match parse(written) {
            Ok(parsed) => self.entries.push(Requirement {
                name: parsed.name.to_string(),
                specifiers: match parsed.version_or_url {
                    Some(VersionOrUrl::VersionSpecifier(specifiers)) => Some(specifiers),
                    Some(VersionOrUrl::Url(_)) => None,
                    None => Some(VersionSpecifiers::empty()),
                },
                written: written.to_owned(),
                place: Place {
                    file: file.clone(),
                    span,
                },
            }),
            Err(reason) => self.problem(file, span, reason),
        }
    }
}

/// A range of a text as a span; the file is below the limit of 4 GiB by far.
fn span(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

#[cfg(test)]
mod tests;
