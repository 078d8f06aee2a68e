//! The fuzz targets on a stable toolchain: seeds from the corpus, mutated at random.
//!
//! `DIFYLINT_FUZZ_SECONDS` is the time for each target (2 unless told), `DIFYLINT_FUZZ_SEED` the
//! beginning of the random numbers, `DIFYLINT_FUZZ_INPUT` a file to feed instead. An input that
//! fails is made small and kept in `target/fuzz/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[allow(missing_docs, reason = "part of a test here")]
#[path = "../fuzz/src/lib.rs"]
mod targets;
#[path = "fuzz/watch.rs"]
mod watch;

use mutate::Mutator;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};
use watch::Watch;

/// Larger inputs find nothing that smaller ones do not, and take longer.
const MAX_INPUT: usize = 32 * 1024;

/// What one input may take, not optimised and on a busy machine; a hang takes for ever.
const PATIENCE: Duration = Duration::from_secs(60);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn kept(target: &Target) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    folder.join(target.name)
}

fn fails(target: &Target, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (target.one)(input))).is_err()
}

/// Leaves out what is not needed to fail, as long as there is time.
fn smaller(target: &Target, mut input: Vec<u8>) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(20);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut piece = input.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at < input.len() && Instant::now() < until {
            let mut less = input.clone();
            less.drain(at..(at + piece).min(input.len()));
            if fails(target, &less) {
                input = less;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    std::panic::set_hook(hook);
    input
}

fn fuzz(name: &str) {
    let target = TARGETS.iter().find(|it| it.name == name).unwrap();
    let watch = Watch::new(PATIENCE, kept(target));
    if let Some(file) = std::env::var_os("DIFYLINT_FUZZ_INPUT") {
        (target.one)(&fs::read(file).unwrap());
        return;
    }
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    let time = Duration::from_secs(number("DIFYLINT_FUZZ_SECONDS").unwrap_or(2));
    let mut mutator = Mutator::new(number("DIFYLINT_FUZZ_SEED").unwrap_or(1));
    let began = Instant::now();
    let mut runs: usize = 0;
    let mut slowest = Duration::ZERO;
    // of many seeds not all have their turn as they are: they are what other tests run
    while runs == 0 || began.elapsed() < time {
        let seed = &seeds[mutator.below(seeds.len())];
        let other = &seeds[mutator.below(seeds.len())];
        let mut input = if runs == 0 {
            seed.clone()
        } else {
            mutator.mutate(seed, other)
        };
        input.truncate(MAX_INPUT);
        watch.begin(&input);
        let started = Instant::now();
        if fails(target, &input) {
            watch.end();
            let input = smaller(target, input);
            let file = kept(target);
            fs::write(&file, &input).unwrap();
            panic!(
                "{name} fails after {runs} runs with {}:\n{}",
                file.display(),
                String::from_utf8_lossy(&input)
            );
        }
        slowest = slowest.max(started.elapsed());
        runs += 1;
    }
    watch.end();
    println!("{name}: {runs} runs, the slowest took {slowest:?}");
}

/// Gives cargo-fuzz the same seeds and words; `fuzz/run` asks for it.
#[test]
#[ignore = "writes into fuzz/"]
fn beginnings() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for target in &TARGETS {
        let seeds = folder.join("corpus").join(target.name);
        fs::create_dir_all(&seeds).unwrap();
        for (at, seed) in (target.seeds)().iter().enumerate() {
            fs::write(seeds.join(format!("seed-{at}")), seed).unwrap();
        }
    }
    let entry = |word: &&str| {
        let bytes: String = word.bytes().map(|it| format!("\\x{it:02x}")).collect();
        format!("\"{bytes}\"\n")
    };
    let words: String = mutate::WORDS.iter().map(entry).collect();
    fs::write(folder.join("words.dict"), words).unwrap();
}

/// Inputs that failed once, made small.
const FOUND: [(&str, &str); 7] = [
    // the parser of PEP 508 panicked
    ("requirements", "y_["),
    ("requirements", "y[a-]"),
    // joined lines had a range that ended inside a character
    ("requirements", "\\\n\u{fffd}"),
    ("requirements", "y[a- k"),
    ("requirements", "s==2.*;python_version<''\u{fffd}"),
    ("plugin", "tool/requirements.txt\ny_ >= 1"),
    // the entry was taken out where it was put in
    (
        "fixes",
        "tool/manifest.yaml\nmeta:\n  n: \n  runner:\n    e: \n    minimum_dify_version",
    ),
];

#[test]
fn what_failed_once() {
    for (name, input) in FOUND {
        let target = TARGETS.iter().find(|it| it.name == name).unwrap();
        (target.one)(input.as_bytes());
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { fuzz(stringify!($name)); })*

        #[test]
        fn every_target_is_run_and_has_its_file() {
            let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz");
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            for name in names {
                let text = fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
                assert!(text.contains(&format!("feed({name:?}, data)")), "{text}");
                assert!(manifest.contains(&format!("name = {name:?}")), "{name}");
            }
        }
    };
}

targets! {
    yaml_tree
    yaml_readings
    shapes
    package
    plugin
    fixes
    compare
    ignore_patterns
    go_globs
    python_globs
    suppressions
    python_sources
    requirements
    settings
    messages
}
