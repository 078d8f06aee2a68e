use super::{Policy, suppress};
use crate::finding::{Finding, Suppressed};
use crate::plugin::Plugin;
use crate::source::Noticing;

/// Findings after everything that the user decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// To be shown, in order of place.
    pub shown: Vec<Finding>,
    /// Taken out by comments or the baseline, in order of place.
    pub suppressed: Vec<Suppressed>,
}

impl Judged {
    /// Both, those to be shown first.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        let suppressed = self.suppressed.iter().map(|it| &it.finding);
        self.shown.iter().chain(suppressed)
    }
}

impl Policy {
    /// Takes out what comments in the files speak for, then what rules and severities say, then
    /// what the baseline knows. `root` is the plugin's path as the reader of the report knows it,
    /// `files` what the plugin was read through, `findings` everything that is wrong.
    pub fn judge(
        &self,
        plugin: &Plugin,
        root: &str,
        files: &Noticing,
        findings: Vec<Finding>,
    ) -> Judged {
        let outcome = suppress::apply(plugin, files, findings);
        let mut judged = Judged {
            shown: self.apply(outcome.left),
            suppressed: Vec::new(),
        };
        for mut one in outcome.suppressed {
            // what the policy does not show was not taken out by a comment
            if let Some(finding) = self.apply(vec![one.finding]).pop() {
                one.finding = finding;
                judged.suppressed.push(one);
            }
        }
        if let Some(baseline) = &self.baseline {
            baseline.apply(root, self, &mut judged);
        }
        judged
    }
}
