//! Every rule keeps what its page says: the examples run, the messages read well, the places exist.
//!
//! The pages in `rules/` hold fenced blocks whose info string begins with a language and the word
//! `bad` or `good`. Each makes a plugin from one of `corpus/good`:
//!
//! | word | meaning |
//! |---|---|
//! | `base=NAME` | the plugin to start from; `tool` when absent |
//! | `remove=A,B` | files to delete first |
//! | `file=PATH` | the file that the text goes to; without it the block only shows something |
//! | `at=POINTER` | replace this entry of the file (or add it), instead of the whole file |
//! | `case=NAME` | blocks of one name make one plugin |
//! | `package=entries` | pack the plugin, and the entries of the block (see `rules/entries.rs`) |
//! | `package=bytes` | check a package of these bytes |
//! | `link=PATH` | make a link there, to a `folder` or to `nothing` |
//! | `encoding=latin1` or `utf16` | write the file so; `latin1` changes only the letters that it has |
//! | `in=old` | change the version before, on a page of `upgrade/` |
//!
//! On the pages of `upgrade/` the blocks make the new version, and the plugin that they start from
//! is the old one.
//!
//! `DIFYLINT_RULE=path/missing-file cargo test --test all rules::` runs one page.

pub mod archive;
mod corpus;
mod edit;
mod entries;
mod fixes;
mod page;
mod style;

use difylint::compare::{self, Side};
use difylint::finding::{Finding, Place, Severity, Stage, Stages};
use difylint::policy::{Policy, Selector, Settings};
use difylint::report::{self, Look, PluginReport, Run, Summary};
use difylint::rules::{self, OptionValue};
use difylint::source::Files;
use page::{Case, Page};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// Rules that no plugin can make report.
const WITHOUT_EXAMPLE: [&str; 2] = ["internal/rule-failed", "suppression/outdated-baseline"];

static PAGES: LazyLock<Vec<Page>> = LazyLock::new(page::all);

/// What every rule, pedantic ones included, says about every case.
static REPORTS: LazyLock<Vec<(&'static Page, &'static Case, PluginReport)>> = LazyLock::new(|| {
    let cases: Vec<(&Page, &Case)> = PAGES
        .iter()
        .flat_map(|page| page.cases.iter().map(move |case| (page, case)))
        .collect();
    cases
        .into_par_iter()
        .map(|(page, case)| (page, case, judge(case, case.plugin())))
        .collect()
});

/// What is said about the plugin of a case, its files being these.
fn judge(case: &Case, files: Arc<dyn Files>) -> PluginReport {
    let Some(old) = &case.old else {
        return check(files);
    };
    let every_rule = Policy {
        select: vec![Selector::All],
        ..Policy::default()
    };
    let old = Side::load(Arc::new(old.clone()), "old");
    let new = Side::load(files, "new");
    compare::report::findings(&compare::compare(&old, &new, &every_rule).unwrap())
}

/// Every rule takes part, with the options that a `difylint.toml` of the example sets.
fn check(files: Arc<dyn Files>) -> PluginReport {
    let mut policy = files.read("difylint.toml").map_or_else(
        |_| Policy::default(),
        |text| {
            let text = text.text().unwrap().to_string();
            let settings = Settings::of_text(Path::new("/difylint.toml"), text);
            settings
                .unwrap_or_else(|error| panic!("{error:?}"))
                .policy()
        },
    );
    policy.select = vec![Selector::All];
    difylint::check(files, ".", &policy)
}

fn of_page<'r>(page: &Page, report: &'r PluginReport) -> Vec<&'r Finding> {
    report
        .findings
        .iter()
        .filter(|finding| finding.rule.0 == page.id)
        .collect()
}

fn told(report: &PluginReport) -> BTreeSet<(&'static str, &str)> {
    report
        .findings
        .iter()
        .map(|it| (it.rule.0, it.message.as_str()))
        .collect()
}

fn finish(failures: Vec<String>) {
    assert!(
        failures.is_empty(),
        "{} failures\n\n{}\n",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn bad_examples_are_reported_and_good_ones_are_not() {
    let mut failures = Vec::new();
    for (page, case, report) in REPORTS.iter() {
        let reported = !of_page(page, report).is_empty();
        if case.bad && !reported {
            failures.push(format!(
                "{}: not reported; found: {:?}",
                case.label,
                told(report)
            ));
        }
        if !case.bad && reported {
            let messages = of_page(page, report).into_iter().map(|it| &it.message);
            let messages: Vec<&String> = messages.collect();
            failures.push(format!("{}: reported: {messages:?}", case.label));
        }
        let refused = report.findings.iter().find(|it| !it.stages.is_empty());
        if let Some(finding) = refused.filter(|_| !case.bad && case.old.is_none()) {
            failures.push(format!("{}: a good example has {finding:?}", case.label));
        }
    }
    finish(failures);
}

#[test]
fn every_page_has_a_bad_and_a_good_example() {
    let mut failures = Vec::new();
    for page in PAGES
        .iter()
        .filter(|page| !WITHOUT_EXAMPLE.contains(&page.id.as_str()))
    {
        for (word, bad) in [("bad", true), ("good", false)] {
            if !page.cases.iter().any(|case| case.bad == bad) {
                failures.push(format!("rules/{}.md: no {word} example", page.id));
            }
        }
    }
    finish(failures);
}

#[test]
fn reports_of_bad_examples_are_as_before() {
    let folder = page::root().join("tests/snapshots/rules");
    let mut failures = Vec::new();
    for page in PAGES
        .iter()
        .filter(|page| page.cases.iter().any(|case| case.bad))
    {
        let name = page.id.replace('/', "__");
        let text = shown(page);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(name, text));
        }));
        if outcome.is_err() {
            failures.push(format!(
                "rules/{}.md: the report has changed, see above",
                page.id
            ));
        }
    }
    if std::env::var("DIFYLINT_RULE").is_err()
        && let Ok(entries) = fs::read_dir(&folder)
    {
        let pages: BTreeSet<String> = PAGES
            .iter()
            .map(|page| page.id.replace('/', "__"))
            .collect();
        for entry in entries {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            if name
                .strip_suffix(".snap")
                .is_some_and(|name| !pages.contains(name))
            {
                failures.push(format!("tests/snapshots/rules/{name} belongs to no page"));
            }
        }
    }
    finish(failures);
}

/// The full text report of all bad cases of a page, findings of its own rule only.
fn shown(page: &Page) -> String {
    let mut out = Vec::new();
    for (_, case, report) in REPORTS.iter().filter(|(of, ..)| std::ptr::eq(*of, page)) {
        if !case.bad {
            continue;
        }
        let mut report = report.clone();
        report.findings.retain(|finding| finding.rule.0 == page.id);
        let look = Look {
            quiet: true,
            ..Look::PLAIN
        };
        let mut format = (report::find("full").unwrap().make)(&look);
        out.extend(format!("──── {} ────\n", case.name).into_bytes());
        format.begin(&mut out, &Run::new(1)).unwrap();
        format.plugin(&mut out, &report).unwrap();
        let mut summary = Summary::default();
        summary.add(&report);
        format.end(&mut out, &summary).unwrap();
        let repaired = fixes::shown(page, case);
        if !repaired.is_empty() {
            out.extend(b"\nwith every fix:\n");
            out.extend(repaired.into_bytes());
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn messages_read_well() {
    let mut failures = Vec::new();
    for (_, case, report) in REPORTS.iter() {
        style::judge(&case.label, report, &mut failures);
    }
    for (label, report) in corpus::findings() {
        style::judge(&label, &report, &mut failures);
    }
    for rule in rules::RULES {
        style::text(
            &format!("rules/{}.md", rule.id),
            "summary",
            rule.summary,
            &mut failures,
        );
    }
    failures.sort();
    failures.dedup();
    finish(failures);
}

#[test]
fn places_lie_in_their_files() {
    let mut failures = Vec::new();
    let broken = corpus::findings();
    let cases = REPORTS
        .iter()
        .map(|(_, case, report)| (&case.label, report));
    for (label, report) in cases.chain(broken.iter().map(|(label, report)| (label, report))) {
        for finding in &report.findings {
            let labels = finding.labels.iter().map(|label| &label.place);
            for place in std::iter::once(&finding.place).chain(labels) {
                if !is_inside(report, place) {
                    failures.push(format!("{label}: {} at {place:?}", finding.rule));
                }
            }
        }
    }
    finish(failures);
}

fn is_inside(report: &PluginReport, place: &Place) -> bool {
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    match report.sources.get(&place.file) {
        // a file that is not there can only be meant as a whole
        None => end == 0,
        Some(source) => source.text().get(start..end).is_some(),
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    let is_yaml = |path: &&String| path.ends_with(".yaml") || path.ends_with(".yml");
    let failures = REPORTS
        .par_iter()
        .filter(|(page, case, _)| case.bad && !case.encoded && page.id != "yaml/byte-order-mark")
        .flat_map_iter(|(_, case, report)| {
            let variant = |change: fn(&str) -> String| {
                let mut files = case.files.clone();
                for path in case.written.iter().filter(is_yaml) {
                    let Some(text) = files.get(path) else {
                        continue;
                    };
                    let text = change(std::str::from_utf8(text).unwrap());
                    files.insert(path, text.into_bytes());
                }
                judge(case, Arc::new(files))
            };
            let crlf = variant(|text| text.replace("\r\n", "\n").replace('\n', "\r\n"));
            let bom = variant(|text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
            let changed = [("CRLF", crlf), ("a byte order mark", bom)];
            // the change itself is a finding
            let own = |rule: &str| matches!(rule, "yaml/crlf" | "yaml/byte-order-mark");
            changed
                .into_iter()
                .filter_map(|(what, other)| {
                    let (before, after) = (told(report), told(&other));
                    let gone: Vec<_> = before.difference(&after).collect();
                    let new: Vec<_> = after.difference(&before).filter(|it| !own(it.0)).collect();
                    if gone.is_empty() && new.is_empty() {
                        return None;
                    }
                    Some(format!(
                        "{}: with {what}: gone {gone:?}, new {new:?}",
                        case.label
                    ))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    finish(failures);
}

#[test]
fn findings_agree_with_their_pages() {
    let mut failures = Vec::new();
    let broken = corpus::findings();
    let cases = REPORTS
        .iter()
        .map(|(_, case, report)| (&case.label, report));
    for (label, report) in cases.chain(broken.iter().map(|(label, report)| (label, report))) {
        for finding in &report.findings {
            let Some(rule) = rules::find(finding.rule.0) else {
                failures.push(format!("{label}: {} has no page", finding.rule));
                continue;
            };
            if finding.stages.intersection(rule.stages) != finding.stages {
                let stages: Vec<&str> = finding.stages.iter().map(|it| it.as_str()).collect();
                failures.push(format!("{label}: the page of {} lacks {stages:?}", rule.id));
            }
            if finding.severity > rule.severity {
                let severity = finding.severity;
                failures.push(format!(
                    "{label}: {} is {severity}, not as its page",
                    rule.id
                ));
            }
            // between two versions, an error is what the version does not announce
            if rule.id.category() == "upgrade" {
                continue;
            }
            let minded = finding.stages.intersection(Policy::default().stages);
            if (finding.severity == Severity::Error) == minded.is_empty() {
                failures.push(format!("{label}: {}: an error names a stage", rule.id));
            }
        }
    }
    for page in PAGES
        .iter()
        .filter(|page| page.cases.iter().any(|case| case.bad))
    {
        let reports = REPORTS.iter().filter(|(of, ..)| std::ptr::eq(*of, page));
        let own: Vec<&Finding> = reports
            .flat_map(|(.., report)| of_page(page, report))
            .collect();
        let rule = rules::find(&page.id).unwrap();
        if !own.iter().any(|finding| finding.severity == rule.severity) {
            let severity = rule.severity;
            failures.push(format!(
                "rules/{}.md: no example is of severity {severity}",
                page.id
            ));
        }
        let stages = own
            .iter()
            .fold(Stages::NONE, |all, finding| all.union(finding.stages));
        // a stage stops at rights of files only, which tests/failures.rs has
        let unshown = |stage: &Stage| !stages.contains(*stage) && page.id != "path/unreadable";
        for stage in rule.stages.iter().filter(unshown) {
            failures.push(format!(
                "rules/{}.md: no example names the stage {stage}",
                page.id
            ));
        }
    }
    finish(failures);
}

#[test]
fn pages_tell_their_options() {
    let mut failures = Vec::new();
    for rule in rules::RULES {
        let told = rule
            .body()
            .split("\n## Options\n")
            .nth(1)
            .unwrap_or_default();
        let told = told.split("\n## ").next().unwrap_or_default();
        let lines = told.lines().filter(|line| line.starts_with("- `"));
        if lines.count() != rule.options.len() {
            failures.push(format!(
                "rules/{}.md: `## Options` has other options",
                rule.id
            ));
        }
        for option in rule.options {
            let default = match option.default() {
                OptionValue::Number(number) => number.to_string(),
                OptionValue::Patterns(patterns) if patterns.is_empty() => "empty".to_owned(),
                OptionValue::Patterns(patterns) => patterns.join(", "),
            };
            let line = format!(
                "- `{}` (default: {default}): {}.",
                option.name, option.summary
            );
            if !told.contains(&line) {
                failures.push(format!("rules/{}.md: `## Options` lacks {line}", rule.id));
            }
        }
    }
    finish(failures);
}

#[test]
fn every_check_is_exercised() {
    if std::env::var("DIFYLINT_RULE").is_ok() {
        return;
    }
    let reports = REPORTS.iter().flat_map(|(.., report)| &report.findings);
    let mut reported: BTreeSet<&str> = reports.map(|finding| finding.rule.0).collect();
    reported.extend(corpus::reported());
    let registry = page::root().join("src/rules/registry.rs");
    let registry = fs::read_to_string(registry).unwrap();
    let checks = registry.lines().filter_map(|line| {
        line.trim()
            .strip_prefix("(RuleId(\"")?
            .split_once("\"), ")
            .map(|(id, _)| id)
    });
    let mut failures = Vec::new();
    let (mut claimed, mut without) = (BTreeSet::new(), Vec::new());
    for check in checks {
        let path = format!("src/rules/{}.rs", check.replace('-', "_"));
        let text = fs::read_to_string(page::root().join(&path)).unwrap();
        // the words between quotes that name a rule, and the check's own name
        let named = text.split('"').chain([check]).filter_map(rules::find);
        let named: BTreeSet<&str> = named.map(|rule| rule.id.0).collect();
        if named.is_empty() {
            without.push(path);
        } else if named.is_disjoint(&reported) {
            failures.push(format!("{path}: no case makes it report"));
        }
        claimed.extend(named);
    }
    // these report under ids that they get from the format
    if !without.is_empty() && reported.is_subset(&claimed) {
        failures.push(format!("no case makes any of these report: {without:?}"));
    }
    finish(failures);
}
