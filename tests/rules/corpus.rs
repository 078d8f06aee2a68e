//! The plugins of `corpus/`: sound ones must be clean, broken ones must be refused where they say.

use super::page::{plugins, root};
use difylint::finding::{Finding, Place, Stage};
use difylint::policy::Policy;
use difylint::report::PluginReport;
use difylint::source::Memory;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The stages whose rules are written; the others are counted and not compared.
const COMPARED: [Stage; 3] = [Stage::Package, Stage::Install, Stage::Start];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {
    base: Option<String>,
    #[expect(dead_code, reason = "for people")]
    what: String,
    #[expect(dead_code, reason = "for people")]
    seen: Option<String>,
    #[serde(default)]
    removed: Vec<String>,
    at: Option<At>,
    expect: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    file: String,
    line: u32,
}

#[test]
fn sound_plugins_are_clean() {
    let good = plugins(&root().join("corpus/good"));
    let failures: Vec<String> = good
        .into_par_iter()
        .flat_map_iter(|(name, files)| {
            let report = check(files);
            let rejected = Stage::ALL
                .into_iter()
                .filter(|stage| !report.accepts(*stage));
            let rejected: Vec<String> = rejected
                .map(|stage| format!("corpus/good/{name}: refused at {stage}"))
                .collect();
            let findings: Vec<String> = report
                .findings
                .iter()
                .map(|finding| format!("corpus/good/{name}/{}", line(&report, finding)))
                .collect();
            rejected.into_iter().chain(findings)
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn broken_plugins_are_refused_where_they_say() {
    let (mut failures, mut skipped, mut unplaced) = (Vec::new(), 0, Vec::new());
    for (name, case, report) in broken() {
        let mut refused = false;
        for (word, verdict) in &case.expect {
            let stage: Stage = word.parse().unwrap_or_else(|_| panic!("{name}: {word}"));
            if !COMPARED.contains(&stage) {
                skipped += 1;
                continue;
            }
            refused |= verdict == "reject";
            let expected = match verdict.as_str() {
                "accept" => true,
                "reject" => false,
                _ => panic!("corpus/broken/{name}: `{verdict}` is no verdict"),
            };
            if report.accepts(stage) != expected {
                let because = report
                    .findings
                    .iter()
                    .filter(|it| it.stages.contains(stage));
                let because: Vec<String> = because.map(|it| line(&report, it)).collect();
                failures.push(format!(
                    "corpus/broken/{name}: {stage} must {verdict}\n    {}",
                    because.join("\n    ")
                ));
            }
        }
        let Some(at) = &case.at else { continue };
        let here = |place: &Place| {
            let line = report.start_of(place).map_or(1, |position| position.line);
            *place.file == *at.file && line == at.line
        };
        let points = |finding: &Finding| {
            here(&finding.place) || finding.labels.iter().any(|label| here(&label.place))
        };
        if !report.findings.iter().any(points) {
            let all: Vec<String> = report.findings.iter().map(|it| line(&report, it)).collect();
            let text = format!(
                "corpus/broken/{name}: no finding at {}:{}\n    {}",
                at.file,
                at.line,
                all.join("\n    ")
            );
            // advice may wait for its rule, a refusal may not
            if refused {
                failures.push(text)
            } else {
                unplaced.push(name)
            }
        }
    }
    println!("verdicts not compared yet: {skipped}");
    println!(
        "places without a finding yet: {}: {}",
        unplaced.len(),
        unplaced.join(", ")
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Every broken plugin with what its `case.toml` says and what difylint says.
fn broken() -> Vec<(String, Broken, PluginReport)> {
    let good = plugins(&root().join("corpus/good"));
    plugins(&root().join("corpus/broken"))
        .into_par_iter()
        .map(|(name, over)| {
            let about = std::str::from_utf8(over.get("case.toml").unwrap()).unwrap();
            let case: Broken =
                toml::from_str(about).unwrap_or_else(|why| panic!("{name}/case.toml: {why}"));
            let mut files = case
                .base
                .as_ref()
                .map_or_else(Memory::new, |base| good[base].clone());
            for path in &case.removed {
                assert!(
                    files.remove(path).is_some(),
                    "{name}: {path} is not in the base"
                );
            }
            for path in over.paths().filter(|path| *path != "case.toml") {
                files.insert(path, over.get(path).unwrap());
            }
            let report = check(files);
            (name, case, report)
        })
        .collect()
}

/// What is found in the broken plugins.
pub fn findings() -> Vec<(String, PluginReport)> {
    broken()
        .into_iter()
        .map(|(name, _, report)| (format!("corpus/broken/{name}"), report))
        .collect()
}

/// The rules that report somewhere in the broken plugins.
pub fn reported() -> BTreeSet<&'static str> {
    let reports = findings();
    reports
        .iter()
        .flat_map(|(_, report)| report.findings.iter().map(|it| it.rule.0))
        .collect()
}

fn check(files: Memory) -> PluginReport {
    let policy = Policy {
        ..Policy::default()
    };
    difylint::check(Arc::new(files), ".", &policy)
}

fn line(report: &PluginReport, finding: &Finding) -> String {
    let position = report
        .start_of(&finding.place)
        .map_or(0, |position| position.line);
    format!(
        "{}:{position}: {}: {}",
        finding.place.file, finding.rule, finding.message
    )
}
