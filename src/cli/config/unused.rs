//! Overrides that match no file: exceptions that have outlived what they were made for.

use crate::plugin::Target;
use crate::policy::{Mistake, PathPattern, Said, Settings, clean};
use crate::source::{EntryKind, join};
use std::path::PathBuf;

/// More files than this are not looked at; what is not seen is not called unused.
const MOST_FILES: usize = 50_000;

/// Gathers the patterns of all overrides and what they match.
pub struct Unused {
    /// What the run was told to check, absolute.
    checked: Vec<PathBuf>,
    patterns: Vec<Pattern>,
    complete: bool,
}

struct Pattern {
    said: Said<PathPattern>,
    matches: bool,
}

impl Unused {
    /// For a run over these paths.
    pub fn new(paths: &[PathBuf]) -> Self {
        Self {
            checked: paths
                .iter()
                .filter_map(|path| Some(clean(&std::path::absolute(path).ok()?)))
                .collect(),
            patterns: Vec::new(),
            complete: true,
        }
    }

    /// Takes in a plugin. Its files are only listed if some override has matched nothing so far.
    pub fn add(&mut self, settings: &Settings, target: &Target) {
        for said in settings.overrides.iter().flat_map(|it| &it.paths) {
            if !self.patterns.iter().any(|it| it.said == *said) && self.sees_all_of(said) {
                self.patterns.push(Pattern {
                    said: said.clone(),
                    matches: false,
                });
            }
        }
        if self.patterns.iter().all(|it| it.matches) {
            return;
        }
        let mut folders = vec![String::new()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in target.files.list(&folder).unwrap_or_default() {
                let path = join(&folder, &entry.name);
                seen += 1;
                let open = self.patterns.iter_mut().filter(|it| !it.matches);
                for pattern in open {
                    pattern.matches = pattern.said.value.covers(&settings.root().join(&path));
                }
                if entry.kind == EntryKind::Folder && entry.name != ".git" {
                    folders.push(path);
                }
            }
            if seen > MOST_FILES {
                self.complete = false;
                return;
            }
        }
    }

    /// A run over a part of what a configuration is for says nothing about the rest.
    fn sees_all_of(&self, said: &Said<PathPattern>) -> bool {
        let Some((file, _)) = said.origin.place() else {
            return false;
        };
        self.checked
            .iter()
            .any(|path| file.folder().starts_with(path))
    }

    /// The patterns that matched nothing, in order of place.
    pub fn finish(self) -> Vec<Mistake> {
        if !self.complete {
            return Vec::new();
        }
        let left = self.patterns.into_iter().filter(|it| !it.matches);
        let told = left.map(|it| Mistake {
            message: format!(
                "the override for `{}` matches no file",
                it.said.value.as_str()
            ),
            help: "take it out, or correct it: patterns are relative to the folder of this file"
                .to_owned(),
            place: it.said.origin.place(),
        });
        told.collect()
    }
}
