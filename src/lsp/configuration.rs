//! What is wrong with the configuration that applies to a plugin. While it is wrong, the plugin is
//! checked as if there were none.

use super::diagnostics::SOURCE;
use super::position::Lines;
use super::projects::Analysis;
use super::publish::Found;
use super::settings;
use super::snapshot::Snapshot;
use crate::plugin::MANIFEST;
use crate::policy::{ConfigError, Mistake};
use crate::source::SourceFile;
use lsp_types::{Code, Diagnostic, DiagnosticSeverity, Message, Range};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The word that the command line uses for all of them.
const CODE: &str = "configuration::mistake";

/// The diagnostics of a plugin by absolute path, those of its configuration among them: that may
/// stand above the plugin.
pub fn with_mistakes(
    snapshot: &Snapshot,
    analysis: &Analysis,
    found: BTreeMap<String, Vec<Diagnostic>>,
) -> Found {
    let found = found.into_iter();
    let mut found: Found = found
        .map(|(path, found)| (analysis.absolute(&path), found))
        .collect();
    if let Err(error) = analysis.policy() {
        for mistake in all(error) {
            // a configuration that cannot be read has no place; the plugin that it is for has one
            let (path, range) = place(snapshot, mistake)
                .unwrap_or_else(|| (analysis.absolute(MANIFEST), Range::default()));
            let mistake = diagnostic(mistake, range);
            found.entry(path).or_default().push(mistake);
        }
    }
    found
}

/// The mistakes of a configuration that belongs to no plugin, but to those below it.
pub fn of_file(snapshot: &Snapshot, path: &Path) -> Vec<Diagnostic> {
    let folder = path.parent().filter(|_| settings::is_configuration(path));
    let texts = settings::texts(&snapshot.documents);
    let Some(Err(error)) = folder.map(|folder| settings::of_plugin(folder, &texts)) else {
        return Vec::new();
    };
    let own = all(&error).filter_map(|mistake| {
        let (file, range) = place(snapshot, mistake)?;
        (file == path).then(|| diagnostic(mistake, range))
    });
    own.collect()
}

fn all(error: &ConfigError) -> impl Iterator<Item = &Mistake> {
    std::iter::once(&error.first).chain(&error.others)
}

fn place(snapshot: &Snapshot, mistake: &Mistake) -> Option<(PathBuf, Range)> {
    let (text, span) = mistake.place.as_ref()?;
    let file = SourceFile::new(&text.shown, text.text.clone());
    let lines = Lines::of(&file, true, snapshot.client.encoding);
    Some((text.path.clone(), lines.range(*span)))
}

fn diagnostic(mistake: &Mistake, range: Range) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::Error),
        code: Some(Code::String(CODE.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(format!("{}\nhelp: {}", mistake.message, mistake.help)),
        ..Diagnostic::default()
    }
}
