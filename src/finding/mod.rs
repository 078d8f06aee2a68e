//! What difylint says about a plugin: plain data that every other floor may use.

mod fix;
mod span;
mod stage;

pub use fix::{Applicability, Edit, Fix};
pub use span::Span;
pub use stage::{Stage, Stages};

use std::fmt;
use std::sync::Arc;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice.
    Info,
    /// Accepted, but wrong, misleading or silently lost.
    Warning,
    /// Some stage refuses the plugin.
    Error,
}

impl Severity {
    /// The word used in every output and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::str::FromStr for Severity {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Error, Self::Warning, Self::Info]
            .into_iter()
            .find(|severity| severity.as_str() == word)
            .ok_or(())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of a rule, `category/wrong-state`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub &'static str);

impl RuleId {
    /// The part before the slash.
    pub fn category(self) -> &'static str {
        self.0
            .split_once('/')
            .map_or(self.0, |(category, _)| category)
    }

    /// The public address of the rule's page.
    pub fn url(self) -> String {
        const FOLDER: &str = "https://github.com/difylint/difylint/blob/main/rules/";
        [FOLDER, self.0, ".md"].concat()
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A place in a file of the plugin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path relative to the plugin root, separated by `/`.
    pub file: Arc<str>,
    /// Byte range in the text of that file; empty at 0 when the file as a whole is meant.
    pub span: Span,
}

/// A place with a remark, shown next to the finding's own place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there; lower case, no full stop.
    pub message: String,
}

/// One reported problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that reports.
    pub rule: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// The stages that refuse the plugin because of it; none: advice.
    pub stages: Stages,
    /// What is wrong, quoting the author's own words; lower case, no full stop.
    pub message: String,
    /// Where it is wrong.
    pub place: Place,
    /// JSON Pointer (RFC 6901) of the node in its document, if the place is in a YAML document.
    pub pointer: Option<String>,
    /// What to see at the place itself; empty when the message says it all.
    pub remark: String,
    /// Further places, possibly in other files.
    pub labels: Vec<Label>,
    /// Why it matters: what its reader would do.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Repairs, best first.
    pub fixes: Vec<Fix>,
    /// How many further findings of its rule this one stands for, which were only counted; 0 for
    /// every other finding.
    pub more: usize,
}

impl Finding {
    /// A finding without stages, labels or advice.
    pub fn new(rule: RuleId, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            stages: Stages::NONE,
            message: message.into(),
            place,
            pointer: None,
            remark: String::new(),
            labels: Vec::new(),
            note: None,
            help: None,
            fixes: Vec::new(),
            more: 0,
        }
    }

    /// The key by which findings of one plugin are put in order: place first, then rule and text.
    pub fn order(&self) -> impl Ord + '_ {
        (
            &self.place,
            std::cmp::Reverse(self.severity),
            self.rule,
            &self.message,
        )
    }

    /// A name for this finding that survives edits elsewhere in the file: it is made of the rule,
    /// the file, the node's pointer and the message, never of line numbers.
    pub fn fingerprint(&self) -> String {
        hash_of(&[
            self.rule.0,
            &self.place.file,
            self.pointer.as_deref().unwrap_or(""),
            &self.message,
        ])
    }
}

/// A short name for some texts that stays the same over releases: 16 hexadecimal digits.
pub fn hash_of(parts: &[&str]) -> String {
    let mut hash = Fnv::new();
    for part in parts {
        hash.write(part.as_bytes());
        hash.write(&[0]);
    }
    format!("{:016x}", hash.0)
}

/// Who took a finding out of sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuppressedBy {
    /// A comment in the file.
    Comment,
    /// The baseline: it was known before.
    Baseline,
}

/// A finding that the author has seen and does not want to see again. It still refuses its stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// Who took it out.
    pub by: SuppressedBy,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// FNV-1a: fingerprints must stay the same over releases, which the standard hasher does not promise.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
