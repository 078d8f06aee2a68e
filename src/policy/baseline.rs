//! What was found before and is not to be shown again: a file of known findings, to begin with
//! difylint in a repository that has many, and to let none come in.

use super::{Judged, Policy, clean, relative};
use crate::finding::{Finding, Place, RuleId, Severity, Span, Suppressed, SuppressedBy};
use crate::format::words::shorten;
use crate::rules;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Entries that stand for nothing any more.
const OUTDATED: RuleId = RuleId("suppression/outdated-baseline");

/// The version of the form. It changes only when an older difylint would read the file wrongly.
const SCHEMA_VERSION: u32 = 1;

/// One kind of finding at one place, and how often it was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path relative to the plugin root.
    pub file: String,
    /// The rule's name.
    pub rule: String,
    /// [`Finding::fingerprint`].
    pub fingerprint: String,
    /// How many equal findings.
    pub count: usize,
    /// What the finding said; together with file and rule it is known again after its place moved.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    schema_version: u32,
    plugins: BTreeMap<String, Vec<Entry>>,
}

/// Why a text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadBaseline {
    /// What is wrong.
    pub message: String,
    /// Line and column, both from 1, the column in bytes; `None` when the whole text is meant.
    pub at: Option<(usize, usize)>,
}

/// Known findings, by plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The folder of the file, absolute: plugins are named from there.
    folder: PathBuf,
    /// The working directory, absolute: the roots of plugins are named from there.
    here: PathBuf,
    plugins: BTreeMap<String, Vec<Entry>>,
}

impl Baseline {
    /// An empty baseline for a file in this folder. Both paths are absolute.
    pub const fn new(folder: PathBuf, here: PathBuf) -> Self {
        Self {
            folder,
            here,
            plugins: BTreeMap::new(),
        }
    }

    /// Reads the text of a baseline file in this folder.
    ///
    /// # Errors
    /// When the text is no baseline, or one of a later form.
    pub fn read(text: &str, folder: PathBuf, here: PathBuf) -> Result<Self, BadBaseline> {
        let form: Form = serde_json::from_str(text).map_err(|error| {
            let words = error.to_string();
            let end = words.rfind(" at line ").unwrap_or(words.len());
            BadBaseline {
                message: words.get(..end).unwrap_or(&words).to_owned(),
                at: (error.line() > 0).then(|| (error.line(), error.column())),
            }
        })?;
        if form.schema_version != SCHEMA_VERSION {
            return Err(BadBaseline {
                message: format!(
                    "it has form {}, this difylint reads form {SCHEMA_VERSION}",
                    form.schema_version
                ),
                at: None,
            });
        }
        Ok(Self {
            plugins: form.plugins,
            ..Self::new(folder, here)
        })
    }

    /// The text of the file: sorted, one line for each entry, so that changes are small.
    pub fn text(&self) -> String {
        let mut text = format!("{{\n\"schema_version\": {SCHEMA_VERSION},\n\"plugins\": {{");
        let mut first = true;
        for (name, entries) in self.plugins.iter().filter(|(_, all)| !all.is_empty()) {
            let comma = if first { "" } else { "," };
            first = false;
            let _ = write!(text, "{comma}\n{}: [", json(name));
            let mut entries: Vec<&Entry> = entries.iter().collect();
            entries.sort();
            for (at, entry) in entries.into_iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                let _ = write!(text, "{comma}\n  {}", json(entry));
            }
            text.push_str("\n]");
        }
        text.push_str("\n}\n}\n");
        text
    }

    /// The plugins with known findings, by their paths from the folder of the file.
    pub const fn plugins(&self) -> &BTreeMap<String, Vec<Entry>> {
        &self.plugins
    }

    /// How many findings are known.
    pub fn total(&self) -> usize {
        let entries = self.plugins.values().flatten();
        entries.map(|entry| entry.count).sum()
    }

    /// Forgets the plugins that `stays` does not confirm, by their paths from the file's folder.
    pub fn keep_plugins(&mut self, stays: impl Fn(&str) -> bool) {
        self.plugins.retain(|name, _| stays(name));
    }

    /// What is known of a plugin from now on: these findings. Entries of rules that take no part in
    /// the policy stay as they are. `root` is the path as the reader of reports knows it.
    pub fn record<'f>(
        &mut self,
        root: &str,
        policy: &Policy,
        findings: impl Iterator<Item = &'f Finding>,
    ) {
        let key = self.key(root);
        let mut entries = self.plugins.remove(&key).unwrap_or_default();
        entries.retain(|entry| rules::find(&entry.rule).is_some_and(|it| !policy.allows(it.id)));
        let mut found: BTreeMap<String, Entry> = BTreeMap::new();
        for finding in findings.filter(|it| it.rule != OUTDATED) {
            let fingerprint = finding.fingerprint();
            let entry = found.entry(fingerprint.clone()).or_insert_with(|| Entry {
                file: finding.place.file.to_string(),
                rule: finding.rule.0.to_owned(),
                fingerprint,
                count: 0,
                message: finding.message.clone(),
            });
            entry.count += 1;
        }
        entries.extend(found.into_values());
        entries.sort();
        if !entries.is_empty() {
            self.plugins.insert(key, entries);
        }
    }

    /// Takes what is known out of the findings to be shown, and says which entries stand for
    /// nothing any more.
    pub(super) fn apply(&self, root: &str, policy: &Policy, judged: &mut Judged) {
        let Some(entries) = self.plugins.get(&self.key(root)) else {
            return;
        };
        let mut left: Vec<usize> = entries.iter().map(|entry| entry.count).collect();
        let shown = std::mem::take(&mut judged.shown);
        let mut known: Vec<bool> = vec![false; shown.len()];
        let by_print = group(entries, |entry| entry.fingerprint.clone());
        for (finding, known) in shown.iter().zip(&mut known) {
            *known = by_print
                .get(&finding.fingerprint())
                .is_some_and(|these| take_one(these, &mut left));
        }
        // an entry put before it in a list moves a finding and changes its fingerprint
        let by_words = group(entries, |it| {
            (it.file.as_str(), it.rule.as_str(), it.message.as_str())
        });
        for (finding, known) in shown.iter().zip(&mut known).filter(|(_, known)| !**known) {
            let words = (&*finding.place.file, finding.rule.0, &*finding.message);
            *known = by_words
                .get(&words)
                .is_some_and(|these| take_one(these, &mut left));
        }
        for (finding, known) in shown.into_iter().zip(known) {
            if known {
                judged.suppressed.push(Suppressed {
                    finding,
                    by: SuppressedBy::Baseline,
                    reason: None,
                });
            } else {
                judged.shown.push(finding);
            }
        }
        let outdated = entries.iter().zip(&left).filter(|(entry, left)| {
            let took_part = rules::find(&entry.rule).is_none_or(|it| policy.allows(it.id));
            **left > 0 && took_part
        });
        let outdated = outdated.map(|(entry, left)| outdated_finding(entry, *left));
        judged.shown.extend(policy.apply(outdated.collect()));
        judged.shown.sort_by(|a, b| a.order().cmp(&b.order()));
        let order =
            |one: &Suppressed, other: &Suppressed| one.finding.order().cmp(&other.finding.order());
        judged.suppressed.sort_by(order);
    }

    /// A plugin's path from the folder of the file, separated by `/`; `.` for the folder itself.
    fn key(&self, root: &str) -> String {
        let root = clean(&self.here.join(root));
        match relative(&clean(&self.folder), &root) {
            Some(path) if path.is_empty() => ".".to_owned(),
            Some(path) => path,
            None => root.to_string_lossy().into_owned(),
        }
    }
}

fn group<'e, K: std::hash::Hash + Eq>(
    entries: &'e [Entry],
    key: impl Fn(&'e Entry) -> K,
) -> HashMap<K, Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        groups.entry(key(entry)).or_default().push(at);
    }
    groups
}

fn take_one(these: &[usize], left: &mut [usize]) -> bool {
    for at in these {
        if let Some(count) = left.get_mut(*at).filter(|count| **count > 0) {
            *count -= 1;
            return true;
        }
    }
    false
}

fn outdated_finding(entry: &Entry, gone: usize) -> Finding {
    let place = Place {
        file: entry.file.as_str().into(),
        span: Span::at(0),
    };
    let severity = rules::find(OUTDATED.0).map_or(Severity::Info, |meta| meta.severity);
    let rule = shorten(&entry.rule);
    let message = if gone < entry.count {
        format!(
            "the baseline lists `{rule}` here {} times, {} found",
            entry.count,
            match entry.count - gone {
                1 => "1 is".to_owned(),
                more => format!("{more} are"),
            }
        )
    } else {
        format!("the baseline lists `{rule}` here, which is not found any more")
    };
    let mut finding = Finding::new(OUTDATED, severity, place, message);
    let said = shorten(&entry.message).replace('`', "'");
    finding.note = Some(format!("the entry: {said}"));
    finding.help = Some(
        "`difylint baseline prune` takes it off the list, so that it cannot come back unseen"
            .to_owned(),
    );
    finding
}

/// A value on one line.
fn json<T: Serialize>(value: &T) -> String {
    // texts and numbers can always be written
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(pointer: &str, message: &str) -> Finding {
        let place = Place {
            file: "tools/a.yaml".into(),
            span: Span::new(3, 5),
        };
        let rule = RuleId("path/missing-file");
        let mut finding = Finding::new(rule, Severity::Error, place, message);
        finding.pointer = Some(pointer.to_owned());
        finding
    }

    fn baseline(findings: &[Finding]) -> Baseline {
        let mut baseline = Baseline::new("/repo/.ci".into(), "/repo".into());
        baseline.record("plugins/demo", &Policy::default(), findings.iter());
        baseline
    }

    fn shown(baseline: &Baseline, findings: &[Finding]) -> Vec<String> {
        let mut judged = Judged {
            shown: findings.to_vec(),
            suppressed: Vec::new(),
        };
        baseline.apply("./plugins/x/../demo/", &Policy::default(), &mut judged);
        let words = |it: &Finding| format!("{}: {}", it.rule, it.message);
        judged.shown.iter().map(words).collect()
    }

    #[test]
    fn equal_findings_are_counted() {
        let (one, other) = (finding("/a", "x"), finding("/b", "y"));
        let known = baseline(&[one.clone(), one.clone()]);
        assert_eq!(known.total(), 2);
        assert!(shown(&known, &[one.clone(), one.clone()]).is_empty());
        let third = [one.clone(), one.clone(), one.clone(), other];
        assert_eq!(
            shown(&known, &third),
            ["path/missing-file: x", "path/missing-file: y"]
        );
        assert_eq!(
            shown(&known, &[one]),
            [
                "suppression/outdated-baseline: the baseline lists `path/missing-file` here 2 times, 1 is found"
            ]
        );
    }

    #[test]
    fn a_finding_that_moved_in_its_list_is_known_again() {
        let known = baseline(&[finding("/tools/0", "x")]);
        assert!(shown(&known, &[finding("/tools/1", "x")]).is_empty());
        let both = [finding("/tools/1", "x"), finding("/tools/0", "x")];
        assert_eq!(shown(&known, &both).len(), 1);
    }

    #[test]
    fn the_text_is_read_again() {
        let known = baseline(&[finding("/a", "名称 \"x\""), finding("/b", "y")]);
        insta::assert_snapshot!(known.text());
        let again = Baseline::read(&known.text(), "/repo/.ci".into(), "/repo".into());
        assert_eq!(again, Ok(known));
        let empty = baseline(&[]);
        assert_eq!(
            empty.text(),
            "{\n\"schema_version\": 1,\n\"plugins\": {\n}\n}\n"
        );
    }

    #[test]
    fn other_texts_are_refused() {
        let read = |text: &str| Baseline::read(text, "/".into(), "/".into()).unwrap_err();
        assert_eq!(read("{").at, Some((1, 1)));
        assert!(read("[]").message.contains("invalid"));
        let later = read(r#"{"schema_version": 2, "plugins": {}}"#);
        assert_eq!(later.message, "it has form 2, this difylint reads form 1");
    }

    #[test]
    fn roots_are_named_from_the_folder_of_the_file() {
        let baseline = Baseline::new("/repo/ci".into(), "/repo/plugins".into());
        assert_eq!(baseline.key("demo"), "../plugins/demo");
        assert_eq!(baseline.key("../ci"), ".");
        assert_eq!(baseline.key("/other"), "../../other");
    }
}
