//! Our findings beside those of an independent implementation of the measured rule candidates.
//!
//! `tests/reference/map.json` says which rule answers each candidate. Candidates that share a rule
//! are compared together. A difference must be explained there: `missing_ok` and `extra_ok` hold a
//! count and a reason with an example. `cargo test --test all reference:: -- --nocapture` prints all.

use difylint::policy::{Policy, Selector};
use difylint::source::{Folder, LineIndex};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

type Hit = (String, i64);

/// Places may differ by this many lines.
const NEAR: i64 = 2;

/// What our rules report: the main places, and these with all labels.
#[derive(Default)]
struct Ours {
    main: BTreeMap<String, BTreeSet<Hit>>,
    all: BTreeMap<String, BTreeSet<Hit>>,
}

#[test]
fn differences_from_the_reference_are_explained() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let Ok(text) = std::fs::read_to_string(shared.join("reference/rule-hits.json")) else {
        println!("skipped: the reference is not there");
        return;
    };
    let reference: Value = serde_json::from_str(&text).unwrap();
    let map: Value = serde_json::from_str(include_str!("reference/map.json")).unwrap();
    let ours = Mutex::new(Ours::default());
    let roots = plugins(&shared.join("corpus/official"));
    let next = Mutex::new(roots.iter());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(root) = { next.lock().unwrap().next() } {
                    check(&shared.join("corpus/official"), root, &ours);
                }
            });
        }
    });
    let ours = ours.into_inner().unwrap();
    let mut wrong = Vec::new();
    for name in reference.as_object().unwrap().keys() {
        assert!(map[name].is_object(), "{name} is not in map.json");
    }
    for (name, entry) in map.as_object().unwrap() {
        for rule in rules(entry) {
            assert!(
                difylint::rules::find(&rule).is_some(),
                "{name}: there is no rule {rule}"
            );
        }
        compare(name, entry, &map, &reference, &ours, &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "not explained in tests/reference/map.json:\n{}",
        wrong.join("\n")
    );
}

fn rules(entry: &Value) -> Vec<String> {
    match &entry["rule"] {
        Value::String(rule) => vec![rule.clone()],
        Value::Array(rules) => rules
            .iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

fn compare(
    name: &str,
    entry: &Value,
    map: &Value,
    reference: &Value,
    ours: &Ours,
    wrong: &mut Vec<String>,
) {
    let rules = rules(entry);
    if rules.is_empty() || reference[name].is_null() {
        return;
    }
    let anywhere = entry["anywhere"] == true;
    let place = |(file, line): Hit| match anywhere {
        true => (plugin_of(&file), 1),
        false => (file, line.max(1)),
    };
    let hits = |name: &str| -> BTreeSet<Hit> {
        let hits = reference[name]["hits"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let hit = |hit: &Value| {
            (
                hit["file"].as_str().unwrap().to_owned(),
                hit["line"].as_i64().unwrap(),
            )
        };
        hits.iter().map(hit).map(place).collect()
    };
    let of = |found: &BTreeMap<String, BTreeSet<Hit>>| -> BTreeSet<Hit> {
        rules
            .iter()
            .filter_map(|rule| found.get(rule))
            .flatten()
            .cloned()
            .map(place)
            .collect()
    };
    let wanted = hits(name);
    // what another candidate of the same rule wants is not superfluous here
    let mut known = BTreeSet::new();
    for (other, entry) in map.as_object().unwrap() {
        if self::rules(entry).iter().any(|rule| rules.contains(rule)) {
            known.extend(hits(other));
        }
    }
    let all = of(&ours.all);
    let missing: Vec<&Hit> = wanted.iter().filter(|hit| !near(hit, &all)).collect();
    let main = of(&ours.main);
    let extra: Vec<&Hit> = main.iter().filter(|hit| !near(hit, &known)).collect();
    let part = |good: usize, of: usize| 100.0 * good as f64 / of.max(1) as f64;
    println!(
        "{name}: recall {:.1} % of {}, precision {:.1} % of {} ({})",
        part(wanted.len() - missing.len(), wanted.len()),
        wanted.len(),
        part(main.len() - extra.len(), main.len()),
        main.len(),
        rules.join(", ")
    );
    for (what, found) in [("missing", missing), ("extra", extra)] {
        let allowed = &entry[format!("{what}_ok")];
        let count = allowed["count"].as_u64().unwrap_or(0);
        if count != found.len() as u64
            || (count > 0 && allowed["why"].as_str().is_none_or(str::is_empty))
        {
            let sample: Vec<String> = found
                .iter()
                .take(4)
                .map(|(file, line)| format!("{file}:{line}"))
                .collect();
            wrong.push(format!(
                "{name}: {} {what}, {count} explained: {}",
                found.len(),
                sample.join(" ")
            ));
        }
    }
}

fn near((file, line): &Hit, found: &BTreeSet<Hit>) -> bool {
    found
        .range((file.clone(), line - NEAR)..=(file.clone(), line + NEAR))
        .next()
        .is_some()
}

/// `tools/jira` of `tools/jira/manifest.yaml`.
fn plugin_of(file: &str) -> String {
    file.split('/').take(2).collect::<Vec<_>>().join("/")
}

fn check(corpus: &Path, root: &Path, ours: &Mutex<Ours>) {
    let name = root
        .strip_prefix(corpus)
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let policy = Policy {
        select: vec![Selector::All],
        ..Policy::default()
    };
    let report = difylint::check(Arc::new(Folder::new(root)), &name, &policy);
    let mut lines: BTreeMap<Arc<str>, LineIndex> = BTreeMap::new();
    let mut line_of = |place: &difylint::finding::Place| {
        let index = lines.entry(place.file.clone()).or_insert_with(|| {
            LineIndex::new(
                report
                    .sources
                    .get(&place.file)
                    .map_or("", |file| file.text()),
            )
        });
        (
            format!("{name}/{}", place.file),
            index.line_of(place.span.start) as i64 + 1,
        )
    };
    for finding in &report.findings {
        let rule = finding.rule.0.to_owned();
        let main = line_of(&finding.place);
        let labels: Vec<Hit> = finding
            .labels
            .iter()
            .map(|label| line_of(&label.place))
            .collect();
        let mut ours = ours.lock().unwrap();
        let all = ours.all.entry(rule.clone()).or_default();
        all.insert(main.clone());
        all.extend(labels);
        ours.main.entry(rule).or_default().insert(main);
    }
}

fn plugins(corpus: &Path) -> Vec<PathBuf> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect()
    };
    let all = folders(corpus)
        .iter()
        .flat_map(|kind| folders(kind))
        .collect::<Vec<_>>();
    all.into_iter()
        .filter(|path| path.join("manifest.yaml").is_file())
        .collect()
}
