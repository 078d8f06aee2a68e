//! How many plugins that the real readers refuse for one mutation are accepted after `fix --unsafe`.
//!
//! By default a sample of the recorded cases is fixed; `DIFYLINT_CONFORMANCE=all cargo test --test all
//! fix_conformance:: -- --nocapture` fixes all of them and prints a table of the operators.
//! `DIFYLINT_CONFORMANCE=train-00042` shows one.

use crate::support::cases::{STAGES, base_verdicts, bases, overlay, shared};
use difylint::finding::Stages;
use difylint::fix::{Outcome, fix};
use difylint::policy::Policy;
use difylint::source::{Files, Memory};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

/// A step that shares no factor with the order of the operators.
const STEP: usize = 23;

/// What came of one case.
struct Row {
    operator: String,
    id: String,
    /// The stages that the mutation broke are mended.
    accepted: bool,
    applied: usize,
    /// A proof that failed: rule, title and reason.
    unproved: Vec<String>,
    /// What may never happen.
    wrong: Vec<String>,
    /// The rule and message of a finding that is left and stops a stage.
    left: Option<String>,
}

#[test]
fn fixes_mend_what_a_mutation_broke() {
    let train = shared().join("conformance/train");
    let Ok(recorded) = fs::read_to_string(train.join("cases.jsonl")) else {
        println!("skipped: {} is not there", train.display());
        return;
    };
    let choice = std::env::var("DIFYLINT_CONFORMANCE").unwrap_or_default();
    let bases = bases(&train.join("bases"));
    let accepted_bases = base_verdicts(&train);
    let wanted: Vec<Value> = recorded
        .lines()
        .filter(|line| {
            choice.is_empty() || choice == "all" || line.contains(&format!("\"{choice}\""))
        })
        .step_by(if choice.is_empty() { STEP } else { 1 })
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|case: &Value| case["mutations"].as_array().unwrap().len() == 1)
        .collect();
    let rows: Vec<Row> = wanted
        .par_iter()
        .filter_map(|case| {
            let base = case["base"].as_str().unwrap();
            let row = row(case, &bases[base], &accepted_bases[base])?;
            if choice == row.id {
                println!("{}", case["mutations"]);
            }
            Some(row)
        })
        .collect();
    print(&rows);
    let wrong: Vec<String> = rows
        .iter()
        .flat_map(|row| row.wrong.iter().map(|it| format!("{}: {it}", row.id)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!rows.is_empty());
}

/// `None` when the readers refuse nothing that they accept of the base.
fn row(case: &Value, base: &Memory, accepted: &[bool]) -> Option<Row> {
    let broken: Stages = STAGES
        .iter()
        .zip(accepted)
        .filter(|((name, _), accepted)| **accepted && case["verdicts"][*name]["ok"] == false)
        .map(|((_, stage), _)| *stage)
        .collect();
    if broken.is_empty() {
        return None;
    }
    let id = case["id"].as_str().unwrap();
    let files: Arc<dyn Files> = Arc::new(overlay(base, case));
    let policy = Policy::default();
    let before = difylint::check(files.clone(), id, &policy);
    let outcome = fix(files, id, &policy, &|_, _| true);
    let again = fix(outcome.files.clone(), id, &policy, &|_, _| true);
    let mut wrong = Vec::new();
    if !again.changed.is_empty() {
        wrong.push("a second run changes something".to_owned());
    }
    let worse = |stage| !before.rejected.contains(stage);
    if outcome.report.rejected.iter().any(worse) {
        wrong.push("a stage refuses that accepted before".to_owned());
    }
    wrong.extend(edits_outside_of_changes(&outcome));
    let left = outcome
        .report
        .findings
        .iter()
        .find(|it| !it.stages.intersection(broken).is_empty());
    Some(Row {
        operator: case["mutations"][0]["op"].as_str().unwrap().to_owned(),
        id: id.to_owned(),
        accepted: outcome.report.rejected.intersection(broken).is_empty(),
        applied: outcome.applied.len(),
        unproved: outcome
            .failed
            .iter()
            .map(|it| {
                let reason = it.failure.as_deref().unwrap_or("");
                format!("{}: {}: {reason}", it.rule, it.title)
            })
            .collect(),
        wrong,
        left: left.map(|it| format!("{}: {}", it.rule, it.message)),
    })
}

/// A changed file that no applied fix accounts for.
fn edits_outside_of_changes(outcome: &Outcome) -> Vec<String> {
    let none = outcome.applied.is_empty() && !outcome.changed.is_empty();
    none.then(|| "files change though nothing was fixed".to_owned())
        .into_iter()
        .collect()
}

fn print(rows: &[Row]) {
    let mut operators: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        operators.entry(&row.operator).or_default().push(row);
    }
    let mut sorted: Vec<_> = operators.into_iter().collect();
    let missing = |rows: &[&Row]| rows.iter().filter(|row| !row.accepted).count();
    sorted.sort_by_key(|(_, rows)| std::cmp::Reverse(missing(rows)));
    let accepted = rows.iter().filter(|row| row.accepted).count();
    println!(
        "{accepted} of {} rejected cases are accepted after fixes",
        rows.len()
    );
    println!(
        "{} fixes were applied",
        rows.iter().map(|row| row.applied).sum::<usize>()
    );
    println!("\n{:>9} {:>6}  operator", "accepted", "cases");
    for (operator, rows) in sorted {
        println!(
            "{:>9} {:>6}  {operator}",
            rows.len() - missing(&rows),
            rows.len()
        );
        let mut left: BTreeMap<&str, (usize, &Row)> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.accepted) {
            let rule = row
                .left
                .as_deref()
                .map_or("?", |it| it.split(": ").next().unwrap());
            left.entry(rule).or_insert((0, row)).0 += 1;
        }
        let mut left: Vec<_> = left.into_iter().collect();
        left.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (_, (count, row)) in left.into_iter().take(4) {
            println!(
                "{:20}{count} x {} ({})",
                "",
                row.left.as_deref().unwrap_or("?"),
                row.id
            );
        }
    }
    let mut unproved: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for row in rows {
        for line in &row.unproved {
            unproved.entry(line).or_insert((0, &row.id)).0 += 1;
        }
    }
    println!(
        "\n{} fixes were not proved",
        unproved.values().map(|it| it.0).sum::<usize>()
    );
    for (line, (count, id)) in unproved.into_iter().take(60) {
        println!("{count:>6} x {line} ({id})");
    }
}
