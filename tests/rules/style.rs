//! How messages are written: lower case, no full stop, short.

use difylint::report::PluginReport;

/// Names that keep their capital where a text begins with them.
const NAMES: [&str; 14] = [
    "YAML",
    "README",
    "README.md",
    "PRIVACY.md",
    "OAuth",
    "Dify",
    "Dify's",
    "Go",
    "GitHub",
    "PyYAML",
    "Python",
    "Python's",
    "Linux",
    "JSON",
];

const LONGEST_MESSAGE: usize = 140;
const LONGEST_ADVICE: usize = 300;

pub fn judge(label: &str, report: &PluginReport, failures: &mut Vec<String>) {
    for finding in &report.findings {
        let place = format!("{label}: {}", finding.rule);
        let mut one = |what: &str, words: &str, limit: usize| {
            text(&place, what, words, failures);
            if words.chars().count() > limit {
                failures.push(format!("{place}: {what} is longer than {limit}: {words}"));
            }
        };
        one("message", &finding.message, LONGEST_MESSAGE);
        for (what, words) in [("note", &finding.note), ("help", &finding.help)] {
            if let Some(words) = words {
                one(what, words, LONGEST_ADVICE);
            }
        }
        if !finding.remark.is_empty() {
            one("remark", &finding.remark, LONGEST_MESSAGE);
        }
        for label in &finding.labels {
            one("label", &label.message, LONGEST_MESSAGE);
        }
    }
}

pub fn text(place: &str, what: &str, words: &str, failures: &mut Vec<String>) {
    let first = words.split([' ', ',', ';']).next().unwrap_or_default();
    let capital = first.chars().next().is_none_or(char::is_uppercase);
    let wrong = if words.is_empty() {
        "is empty"
    } else if capital && !NAMES.contains(&first) {
        "begins with a capital"
    } else if words.ends_with(['.', ' ', '\n']) {
        "ends with a full stop or a space"
    } else if words.contains('\n') {
        "has several lines"
    } else if words.matches('`').count() % 2 == 1 {
        "has an odd number of backticks"
    } else {
        return;
    };
    failures.push(format!("{place}: {what} {wrong}: {words}"));
}
