//! The Python packages that a plugin asks for, from `requirements.txt` and `pyproject.toml`.

mod parse;
mod pyproject;
mod text;

pub use parse::parse;

use crate::finding::{Place, Span};
use crate::source::{Files, SourceFile};
use pep440_rs::VersionSpecifiers;
use pep508_rs::VersionOrUrl;

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
    /// What is asked for; why it is no requirement of PEP 508, in words.
    pub asked: Result<Asked, String>,
    /// The text as written, without comments and options.
    pub written: String,
    /// Where it stands.
    pub place: Place,
    /// It belongs to a group that is not installed with the plugin.
    pub development: bool,
}

/// Which of its releases is asked for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// These versions; any if there are no bounds.
    Versions(VersionSpecifiers),
    /// What lies at an address, whose version nobody knows before it is fetched.
    Address,
}

impl Requirement {
    /// Which versions; `None` where nobody knows.
    pub const fn specifiers(&self) -> Option<&VersionSpecifiers> {
        match &self.asked {
            Ok(Asked::Versions(specifiers)) => Some(specifiers),
            _ => None,
        }
    }
}

/// `requires-python` of a `pyproject.toml`.
#[derive(Clone, Debug)]
pub struct RequiresPython {
    /// Which versions of Python; `None` where that cannot be read.
    pub specifiers: Option<VersionSpecifiers>,
    /// The text as written.
    pub written: String,
    /// Where it stands.
    pub place: Place,
}

/// What kind of file a `pyproject.toml` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Project {
    /// It has the table `[project]`.
    Project,
    /// It has other tables only.
    OtherTables,
    /// It is no TOML.
    NoToml {
        /// Why, in the library's words.
        message: String,
        /// Where.
        place: Place,
    },
}

/// Everything that the two files say.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// Packages, in the order of the files: `pyproject.toml` first.
    pub entries: Vec<Requirement>,
    /// Lines with pip's `-e`, which name no package, and where they stand.
    pub editable: Vec<(String, Place)>,
    /// The versions of Python for which the project is meant.
    pub requires_python: Option<RequiresPython>,
    /// The `pyproject.toml`, if it is there and can be read.
    pub project: Option<Project>,
    /// There is a `requirements.txt` that can be read.
    pub lists: bool,
    /// It names another file to read, and nobody looked into that.
    pub includes: bool,
    /// The file that the daemon installs from; `None` when there is neither.
    pub installed_from: Option<&'static str>,
}

impl Requirements {
    /// Reads both files of a plugin, as far as they are there. One that cannot be read is told
    /// elsewhere.
    pub fn read(files: &dyn Files) -> Self {
        let mut found = Self::default();
        for (name, read) in [
            (PYPROJECT, pyproject::read as fn(&SourceFile, &mut Self)),
            (REQUIREMENTS, text::read),
        ] {
            if let Ok(bytes) = files.read(name) {
                found.installed_from = found.installed_from.or(Some(name));
                read(&SourceFile::new(name, bytes), &mut found);
            }
        }
        found
    }

    /// What is asked for of a package, by its normalised name, where the plugin is installed.
    pub fn of<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r Requirement> {
        let entries = self.entries.iter();
        entries.filter(move |entry| entry.name == name && !entry.development)
    }

    /// What a file asks for.
    pub fn in_file<'r>(&'r self, file: &'r str) -> impl Iterator<Item = &'r Requirement> {
        self.entries
            .iter()
            .filter(move |it| &*it.place.file == file)
    }

    fn entry(&mut self, place: Place, written: &str, development: bool) {
        let parsed = parse(written);
        self.entries.push(Requirement {
            name: match &parsed {
                Ok(parsed) => parsed.name.to_string(),
                Err(_) => name_in(written),
            },
            asked: parsed.map(|parsed| match parsed.version_or_url {
                Some(VersionOrUrl::VersionSpecifier(specifiers)) => Asked::Versions(specifiers),
                Some(VersionOrUrl::Url(_)) => Asked::Address,
                None => Asked::Versions(VersionSpecifiers::empty()),
            }),
            written: written.to_owned(),
            place,
            development,
        });
    }
}

/// The name at the start of what cannot be read, normalised.
fn name_in(written: &str) -> String {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let end = written.find(|it| !is_part(it)).unwrap_or(written.len());
    let name = written.get(..end).unwrap_or_default();
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

/// A range of a text as a span; the file is below the limit of 4 GiB by far.
fn span(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

#[cfg(test)]
mod tests;
