//! SARIF as its readers take it.

use super::{everything, read, refusals};
use crate::report::{MANIFEST, PROVIDER, rich};
use difylint::finding::{RuleId, Severity};
use difylint::report::{Look, RuleText, Run};
use difylint::rules;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn page(id: RuleId) -> Option<RuleText> {
    rules::find(id.0).map(|rule| RuleText {
        summary: rule.summary,
        severity: rule.severity,
        stages: rule.stages,
        body: rule.body(),
    })
}

/// The official schema is not ours to copy. It is looked for where `DIFYLINT_SARIF_SCHEMA` says,
/// then beside the clone.
fn official_schema() -> Option<String> {
    let beside = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/reference/sarif-schema-2.1.0.json"
    );
    let named = std::env::var_os("DIFYLINT_SARIF_SCHEMA").map(PathBuf::from);
    let text = std::fs::read_to_string(named.unwrap_or_else(|| beside.into())).ok();
    if text.is_none() {
        println!("skipped: the official SARIF schema is not at hand");
    }
    text
}

/// Findings of real rules over the broken plugins of the corpus.
fn corpus() -> Value {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(["check", "corpus", "--output-format", "sarif"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn schemas_agree() {
    let (corpus, made) = (corpus(), read("sarif", &everything()));
    let results = corpus["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 100, "{} results", results.len());
    let ours = include_str!("sarif.schema.json");
    assert_eq!(refusals(ours, &corpus), [""; 0]);
    // the rules of the hand-made plugins do not exist and have no pages
    let missing: BTreeSet<String> = refusals(ours, &made).into_iter().collect();
    assert!(
        missing
            .iter()
            .all(|error| error.starts_with("/runs/0/tool/driver/rules/")
                && error.contains("required")),
        "{missing:#?}"
    );
    let Some(official) = official_schema() else {
        return;
    };
    for value in [corpus, made] {
        assert_eq!(refusals(&official, &value), [""; 0]);
        let mut wrong = value;
        wrong["runs"][0]["results"][0]["level"] = "fatal".into();
        assert_eq!(refusals(&official, &wrong).len(), 1);
    }
}

#[test]
fn results_name_their_rules() {
    let sarif = corpus();
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut named = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        named.insert(index);
    }
    assert_eq!(named.len(), rules.len(), "only rules that occur");
}

/// GitHub refuses a file with longer descriptions or more tags, whatever rule it is.
#[test]
fn every_rule_fits_github() {
    let mut report = crate::report::clean();
    for rule in rules::RULES {
        let place = report_place();
        report
            .findings
            .push(crate::report::finding(rule.id.0, rule.severity, place, "x"));
    }
    let mut run = Run::new(1);
    run.rule = page;
    let text = crate::report::write_run("sarif", &[report], Look::PLAIN, run);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(refusals(include_str!("sarif.schema.json"), &value), [""; 0]);
    let described = value["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert_eq!(described.len(), rules::RULES.len());
    let missing_file = described
        .iter()
        .find(|rule| rule["id"] == "path/missing-file");
    let mut missing_file = missing_file.unwrap().clone();
    missing_file["help"]["markdown"] = "...".into();
    insta::assert_snapshot!("sarif_rule", format!("{missing_file:#}"));
}

fn report_place() -> difylint::finding::Place {
    difylint::finding::Place {
        file: "manifest.yaml".into(),
        span: difylint::finding::Span::new(0, 4),
    }
}

/// Lines and columns lead to the same words as the bytes, byte order mark and Chinese or not.
#[test]
fn columns_are_code_points() {
    let value = read("sarif", &[rich()]);
    let mut checked = 0;
    for result in value["runs"][0]["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"];
        let text = match place["artifactLocation"]["uri"].as_str().unwrap() {
            "plugins/demo/manifest.yaml" => MANIFEST,
            "plugins/demo/provider/search.yaml" => PROVIDER,
            _ => continue,
        };
        let number = |key: &str| usize::try_from(place["region"][key].as_u64().unwrap()).unwrap();
        // the standard: no value depends on a byte order mark, but for the bytes
        let bare = text.trim_start_matches('\u{feff}');
        let offset = |line: usize, column: usize| {
            let lines = bare.split_inclusive('\n');
            let before: usize = lines.take(line - 1).map(|line| line.chars().count()).sum();
            before + column - 1
        };
        let from = offset(number("startLine"), number("startColumn"));
        let to = offset(number("endLine"), number("endColumn"));
        let words: String = bare.chars().skip(from).take(to - from).collect();
        let bytes = number("byteOffset")..number("byteOffset") + number("byteLength");
        assert_eq!(words, &text[bytes]);
        checked += 1;
    }
    assert!(checked >= 5);
}

#[test]
fn what_was_taken_out_is_marked() {
    let value = read("sarif", &[rich()]);
    let results = value["runs"][0]["results"].as_array().unwrap();
    let suppressions: Vec<&Value> = results
        .iter()
        .map(|result| &result["suppressions"])
        .filter(|value| !value.is_null())
        .collect();
    let one = |kind: &str| {
        json!([{
            "kind": kind,
            "status": "accepted",
            "justification": "the vendor's name is longer",
        }])
    };
    assert_eq!(suppressions, [&one("inSource"), &one("external")]);
}

#[test]
fn the_exit_status_is_the_program_s() {
    for (lowest, status) in [
        (None, 0),
        (Some(Severity::Error), 1),
        (Some(Severity::Info), 1),
    ] {
        let mut report = rich();
        report.fail_on = lowest;
        let text = crate::report::write_run("sarif", &[report], Look::PLAIN, Run::new(1));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["runs"][0]["invocations"][0]["exitCode"], status);
    }
}
