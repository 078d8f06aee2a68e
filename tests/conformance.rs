//! The verdicts of the real packager, daemon and SDK on thousands of mutated plugins.
//!
//! By default every twelfth case is checked; `DIFYLINT_CONFORMANCE=all cargo test --release --test
//! conformance -- --nocapture` checks all of them. `DIFYLINT_CONFORMANCE=train-00042` shows one.

use crate::support::cases::{STAGES, base_verdicts, base64, bases, overlay, shared};
use difylint::finding::{Severity, Stage};
use difylint::policy::Policy;
use difylint::report::PluginReport;
use difylint::source::Memory;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

/// Nearly every twelfth case: a step that shares no factor with the order of the operators.
const STEP: usize = 11;

#[derive(Default)]
struct Tally {
    cases: usize,
    wrong: Vec<String>,
    /// Operator to (wrong, all).
    operators: BTreeMap<String, (usize, usize)>,
    located: usize,
    to_locate: usize,
    unlocated: Vec<String>,
    single: usize,
    errors_of_single: usize,
}

#[test]
fn the_verdicts_are_those_of_the_real_readers() {
    let train = shared().join("conformance/train");
    let Ok(cases) = fs::read_to_string(train.join("cases.jsonl")) else {
        println!("skipped: {} is not there", train.display());
        return;
    };
    let choice = std::env::var("DIFYLINT_CONFORMANCE").unwrap_or_default();
    let cases: Vec<&str> = match choice.as_str() {
        "" => cases.lines().step_by(STEP).collect(),
        "all" => cases.lines().collect(),
        one => cases
            .lines()
            .filter(|line| line.contains(&format!("\"id\": \"{one}\"")))
            .collect(),
    };
    let bases = bases(&train.join("bases"));
    let base_verdicts = base_verdicts(&train);
    let tally = Mutex::new(Tally::default());
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(line) = cases.get(at) else { break };
                    let case: Value = serde_json::from_str(line).unwrap();
                    let files = overlay(&bases[case["base"].as_str().unwrap()], &case);
                    let id = case["id"].as_str().unwrap();
                    let report = difylint::check(Arc::new(files), id, &Policy::default());
                    if choice == id {
                        show(&case, &report);
                    }
                    judge(&case, &report, &base_verdicts, &mut tally.lock().unwrap());
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    print(&tally);
    assert!(
        tally.wrong.is_empty(),
        "{} verdicts differ",
        tally.wrong.len()
    );
    if tally.to_locate > 100 {
        let share = tally.located as f64 / tally.to_locate as f64;
        assert!(share >= 0.95, "only {share:.3} of the refusals are located");
        let errors = tally.errors_of_single as f64 / tally.single as f64;
        assert!(errors <= 3.0, "{errors:.2} errors for one mutation");
    }
}

#[test]
fn the_hand_made_trees_are_judged_as_the_daemon_does() {
    let path = shared().join("conformance/hand-made/daemon.jsonl");
    let Ok(cases) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let mut files = Memory::new();
        for (path, content) in case["files"].as_object().unwrap() {
            match content.as_str() {
                Some(text) => files.insert(path.as_str(), text.as_bytes().to_vec()),
                None => files.insert(path.as_str(), base64(content["base64"].as_str().unwrap())),
            }
        }
        let id = case["id"].as_str().unwrap();
        if id == "e9-013" {
            continue; // refers to a file outside the recorded tree
        }
        let report = difylint::check(Arc::new(files), id, &Policy::default());
        for (name, stage) in &STAGES[..2] {
            let Some(expected) = case[*name].as_str() else {
                continue;
            };
            if report.accepts(*stage) != (expected == "accept") {
                let findings = report
                    .findings
                    .iter()
                    .filter(|it| it.stages.contains(*stage));
                let findings: Vec<&str> = findings.map(|it| it.message.as_str()).collect();
                wrong.push(format!(
                    "{id} {}: {name} {expected} {} {findings:?}",
                    case["name"],
                    case[format!("{name}_message")]
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn judge(
    case: &Value,
    report: &PluginReport,
    base_verdicts: &BTreeMap<String, Vec<bool>>,
    tally: &mut Tally,
) {
    tally.cases += 1;
    let id = case["id"].as_str().unwrap();
    let mutations = case["mutations"].as_array().unwrap();
    let operators: Vec<&str> = mutations
        .iter()
        .map(|mutation| mutation["op"].as_str().unwrap())
        .collect();
    let mut wrong = false;
    for (name, stage) in STAGES {
        let verdict = &case["verdicts"][name];
        let expected = verdict["ok"].as_bool().unwrap();
        // the SDK accepts, the daemon could not launch: no verdict on `start` is recorded
        if stage == Stage::Start && expected && case["verdicts"]["launch"]["ok"] == false {
            continue;
        }
        if report.accepts(stage) != expected {
            wrong = true;
            let reason = match expected {
                true => report
                    .findings
                    .iter()
                    .find(|finding| finding.stages.contains(stage))
                    .map(|finding| format!("{}: {}", finding.rule, finding.message))
                    .unwrap_or_default(),
                false => [&verdict["err"], &verdict["error"]]
                    .iter()
                    .find_map(|text| text.as_str())
                    .unwrap_or("")
                    .chars()
                    .take(260)
                    .collect(),
            };
            let side = if expected {
                "false reject"
            } else {
                "false accept"
            };
            let detail = mutations.iter().map(|m| {
                format!(
                    "{}@{}{}={}",
                    m["op"].as_str().unwrap(),
                    m["file"].as_str().unwrap_or(""),
                    m["yaml_path"],
                    m["detail"]
                )
            });
            tally.wrong.push(format!(
                "{id} {side} at {name}: {} | {}",
                reason.replace('\n', " "),
                detail.collect::<Vec<_>>().join(" ; ")
            ));
        }
    }
    for operator in &operators {
        let entry = tally.operators.entry((*operator).to_owned()).or_default();
        entry.0 += usize::from(wrong);
        entry.1 += 1;
    }
    if let [mutation] = mutations.as_slice() {
        locate(case, mutation, report, base_verdicts, tally);
    }
}

/// Is a refusal that one mutation causes found in the lines of that mutation?
fn locate(
    case: &Value,
    mutation: &Value,
    report: &PluginReport,
    base_verdicts: &BTreeMap<String, Vec<bool>>,
    tally: &mut Tally,
) {
    let rejected: Vec<Stage> = STAGES
        .iter()
        .zip(&base_verdicts[case["base"].as_str().unwrap()])
        .filter(|((name, _), base)| **base && case["verdicts"][*name]["ok"] == false)
        .map(|((_, stage), _)| *stage)
        .collect();
    if rejected.is_empty() {
        return;
    }
    tally.single += 1;
    tally.errors_of_single += report.count(Severity::Error);
    if mutation["yaml_path"].is_null() || mutation["lines"].is_null() {
        return;
    }
    tally.to_locate += 1;
    let (from, to) = (
        mutation["lines"][0].as_u64().unwrap(),
        mutation["lines"][1].as_u64().unwrap(),
    );
    let found = report.findings.iter().any(|finding| {
        let places = std::iter::once(&finding.place).chain(finding.labels.iter().map(|l| &l.place));
        places.into_iter().any(|place| {
            let Some(source) = report.sources.get(&place.file) else {
                return false;
            };
            let line = |at| u64::from(source.lines().position(source.text(), at).line);
            place.file.as_ref() == mutation["file"].as_str().unwrap_or("")
                && line(place.span.start) <= to + 1
                && line(place.span.end) + 1 >= from
        })
    });
    if found {
        tally.located += 1;
    } else {
        let operator = mutation["op"].as_str().unwrap();
        let findings: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| {
                let line = report.sources.get(&finding.place.file).map(|source| {
                    source
                        .lines()
                        .position(source.text(), finding.place.span.start)
                        .line
                });
                format!(
                    "{}:{} {}",
                    finding.place.file,
                    line.unwrap_or(0),
                    finding.message
                )
            })
            .collect();
        tally.unlocated.push(format!(
            "{} {operator} {}{} lines {from}-{to}: {}",
            case["id"].as_str().unwrap(),
            mutation["file"].as_str().unwrap_or(""),
            mutation["yaml_path"],
            findings.join(" / ")
        ));
    }
}

fn print(tally: &Tally) {
    println!(
        "{} cases, {} wrong verdicts",
        tally.cases,
        tally.wrong.len()
    );
    for line in tally.wrong.iter().take(limit()) {
        println!("  {line}");
    }
    for (operator, (wrong, all)) in tally.operators.iter().filter(|(_, (wrong, _))| *wrong > 0) {
        println!("  {operator}: {wrong} of {all}");
    }
    println!("located: {} of {}", tally.located, tally.to_locate);
    for line in tally.unlocated.iter().take(limit()) {
        println!("  {line}");
    }
    if tally.single > 0 {
        let share = tally.errors_of_single as f64 / tally.single as f64;
        println!("errors per rejected single mutation: {share:.2}");
    }
}

fn limit() -> usize {
    std::env::var("DIFYLINT_SHOW")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20)
}

fn show(case: &Value, report: &PluginReport) {
    println!(
        "{}",
        serde_json::to_string_pretty(&case["mutations"]).unwrap()
    );
    println!(
        "{}",
        serde_json::to_string_pretty(&case["verdicts"]).unwrap()
    );
    for op in case["ops"].as_array().unwrap() {
        println!(
            "--- {}\n{}",
            op["path"],
            op["content"].as_str().unwrap_or(&op.to_string())
        );
    }
    for finding in &report.findings {
        println!(
            "{} {:?} {}: {}",
            finding.rule, finding.stages, finding.place.file, finding.message
        );
    }
}
