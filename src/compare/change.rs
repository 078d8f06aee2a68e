//! One difference between two versions, and what it means for those who rely on the old one.

use super::interface::{ItemKind, Reader};
use crate::finding::{Place, RuleId, Severity, Stages};
use crate::plugin::Node;

/// What a change demands of the new version's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Nobody who relies on the old version notices.
    Patch,
    /// Something is new, or is done in another way where nothing is saved.
    Addition,
    /// Something that was saved or is called stops working.
    Breaking,
}

impl Grade {
    /// The word used in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Addition => "addition",
            Self::Breaking => "breaking",
        }
    }
}

/// A place in one of the two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file as reachable from the working directory, and the bytes in it.
    pub place: Place,
    /// JSON Pointer of the node, if it is one.
    pub pointer: Option<String>,
    /// What is to be seen there; empty when the message says it all.
    pub remark: String,
}

impl Spot {
    /// Where a node stands, or the key of a list or mapping. Its file is still relative to the
    /// root of its plugin.
    pub(super) fn of(node: Node<'_>) -> Self {
        let large = node.is_list() || node.is_mapping();
        Self {
            place: if large {
                node.key_place()
            } else {
                node.place()
            },
            pointer: Some(node.tree().pointer(node.id())),
            remark: String::new(),
        }
    }

    pub(super) fn file(place: Place) -> Self {
        Self {
            place,
            pointer: None,
            remark: String::new(),
        }
    }

    #[must_use]
    pub(super) fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }
}

/// One difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule that reports it.
    pub rule: RuleId,
    /// What it demands of the version.
    pub grade: Grade,
    /// How much it matters: a breaking change that the version announces is a warning.
    pub severity: Severity,
    /// Who breaks, if somebody does.
    pub breaks: Option<Reader>,
    /// What has changed.
    pub kind: ItemKind,
    /// The name of that; in the old version, if both have it.
    pub name: String,
    /// Its name in the new version, if it seems to go on under another one.
    pub renamed_to: Option<String>,
    /// Stages that refuse the upgrade.
    pub stages: Stages,
    /// What has changed; lower case, no full stop.
    pub message: String,
    /// Why it matters.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Where in the new version: the thing itself or, when it is gone, what held it.
    pub new: Option<Spot>,
    /// Where in the old version.
    pub old: Option<Spot>,
}

impl Change {
    pub(super) fn new(
        rule: &'static str,
        grade: Grade,
        (kind, name): (ItemKind, &str),
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule: RuleId(rule),
            grade,
            severity: Severity::Info,
            breaks: (grade == Grade::Breaking).then(|| kind.reader()),
            kind,
            name: name.to_owned(),
            renamed_to: None,
            stages: Stages::NONE,
            message: message.into(),
            note: None,
            help: None,
            new: None,
            old: None,
        }
    }

    #[must_use]
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub(super) fn old(mut self, spot: Spot) -> Self {
        self.old = Some(spot);
        self
    }

    #[must_use]
    pub(super) fn new_at(mut self, spot: Spot) -> Self {
        self.new = Some(spot);
        self
    }

    #[must_use]
    pub(super) const fn breaks(mut self, reader: Reader) -> Self {
        self.breaks = Some(reader);
        self
    }
}
