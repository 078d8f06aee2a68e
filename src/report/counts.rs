use super::text::{count, number};
use crate::finding::Severity;

/// How many findings of each severity.
#[derive(Default)]
pub(super) struct Counts([usize; 3]);

impl Counts {
    pub(super) fn add(&mut self, severity: Severity, more: usize) {
        if let Some(count) = self.0.get_mut(severity as usize) {
            *count += more;
        }
    }

    pub(super) fn all(&self) -> usize {
        self.0.iter().sum()
    }

    /// `2 errors, 1 warning`; where there is nothing, what is said then.
    pub(super) fn words(&self, nothing: &str) -> String {
        let [infos, warnings, errors] = self.0;
        let words: Vec<String> = [
            (errors, count(errors, "error")),
            (warnings, count(warnings, "warning")),
            (infos, format!("{} info", number(infos))),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(_, words)| words)
        .collect();
        match words.is_empty() {
            true => nothing.to_owned(),
            false => words.join(", "),
        }
    }
}
