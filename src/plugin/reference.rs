use super::Packed;
use crate::dialect::{clean_path, io_fs};
use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::source::{EntryKind, Files};
use crate::yaml::NodeId;

/// What one reader finds at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file.
    File,
    /// Nothing.
    Missing,
    /// A folder.
    Folder,
    /// The reader does not take paths written like this.
    Unclean,
    /// The file exists, but the ignore rules keep it out of the package.
    Ignored,
}

/// A path in a document that leads to another document.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The document that it stands in, an index of `Plugin::documents`.
    pub from: usize,
    /// The node that holds the path.
    pub node: NodeId,
    /// What is expected there.
    pub kind: DocumentKind,
    /// The path or pattern as written.
    pub written: String,
    /// The path cleaned; `None` when it leaves the plugin.
    pub path: Option<String>,
    /// It is a pattern for model files.
    pub pattern: bool,
    /// The daemon follows it.
    pub daemon: bool,
    /// The SDK follows it.
    pub sdk: bool,
    /// What the packager finds in the folder.
    pub package: Outcome,
    /// What the daemon finds in the package.
    pub install: Outcome,
    /// What the SDK finds in the folder.
    pub start: Outcome,
}

impl Reference {
    /// The stages at which the path leads to no file.
    pub fn failing(&self) -> Stages {
        let mut stages = Stages::NONE;
        if self.daemon && self.package != Outcome::File {
            stages = stages.with(Stage::Package);
        }
        if self.daemon && self.install != Outcome::File {
            stages = stages.with(Stage::Install);
        }
        // the SDK takes a group file that is missing for an empty group
        let forgiven = self.kind == DocumentKind::EndpointGroup && self.start == Outcome::Missing;
        if self.sdk && self.start != Outcome::File && !forgiven {
            stages = stages.with(Stage::Start);
        }
        stages
    }

    /// True if the packager finds the file, and the daemon does not, which wants it as it is named
    /// in the package.
    pub fn is_unclean(&self) -> bool {
        let found = self.package == Outcome::File && self.install == Outcome::Unclean;
        self.daemon && !self.pattern && found
    }
}

/// What the three readers find at a path as it is written.
pub(super) fn outcomes(
    files: &dyn Files,
    packed: &Packed,
    written: &str,
) -> (Option<String>, Outcome, Outcome, Outcome) {
    let path = clean_path(written);
    let on_disk = path
        .as_deref()
        .map_or(Outcome::Missing, |path| at(files, path));
    let install = if !io_fs::valid_path(written) {
        Outcome::Unclean
    } else if at(files, written) != Outcome::File {
        at(files, written)
    } else if packed.holds(files, written) {
        Outcome::File
    } else {
        Outcome::Ignored
    };
    // both readers clean the path before they open it: `file/` is `file`
    let start = if written.is_empty() || written.starts_with('/') {
        Outcome::Missing
    } else {
        on_disk
    };
    (path, on_disk, install, start)
}

fn at(files: &dyn Files, path: &str) -> Outcome {
    match files.kind(path) {
        _ if path.is_empty() => Outcome::Folder,
        Some(kind) if kind.is_folder() => Outcome::Folder,
        Some(EntryKind::Link(None)) | None => Outcome::Missing,
        Some(_) => Outcome::File,
    }
}
