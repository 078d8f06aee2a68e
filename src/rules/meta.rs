use super::OptionMeta;
use crate::finding::{RuleId, Severity, Stages};
use crate::texts::text;

/// Whether a rule takes part when nothing is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// On in every profile.
    Default,
    /// On only in the profile `pedantic`, or when selected by name.
    Pedantic,
}

/// What the page of a rule says about it, for programs.
#[derive(Debug)]
pub struct RuleMeta {
    /// `category/wrong-state`.
    pub id: RuleId,
    /// One line: what is wrong when the rule reports.
    pub summary: &'static str,
    /// The severity of its findings, or the highest if they differ.
    pub severity: Severity,
    /// The stages that its findings can name.
    pub stages: Stages,
    /// True if some of its findings come with a fix.
    pub fixable: bool,
    /// When it takes part.
    pub status: Status,
    /// The release of difylint that brought it.
    pub since: &'static str,
    /// What the author may set, sorted by name.
    pub options: &'static [OptionMeta],
}

impl RuleMeta {
    /// The page in Markdown, without its front matter.
    pub fn body(&self) -> &'static str {
        text(&format!("rules/{}.md", self.id)).unwrap_or_default()
    }

    /// The option of this name.
    pub fn option(&self, name: &str) -> Option<&'static OptionMeta> {
        self.options.iter().find(|option| option.name == name)
    }

    /// The public address of the page.
    pub fn url(&self) -> String {
        self.id.url()
    }
}
