//! How long difylint takes, and how long it must take at least.
//!
//! `cargo build --profile quick && cargo run --profile quick --example bench` measures the program
//! against floors on the same files: reading them, making YAML trees of them, parsing the Python.
//! Pairs of runs alternate, so that a busy machine disturbs both alike; medians are shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

use difylint::python::Module;
use difylint::source::SourceFile;
use difylint::yaml::Tree;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = std::env::current_exe()
        .unwrap()
        .with_file_name("../difylint");
    assert!(
        program.exists(),
        "build the program first: cargo build --profile quick"
    );
    println!("| what | files | difylint | read | + YAML trees | + Python | times the floor |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let start = median((0..50).map(|_| run(&program, &["--version"])).collect());
    println!(
        "| start-up, `--version`, 50 runs | | {} | | | | |",
        ms(start)
    );
    let one = repository.join("corpus/good/tool");
    row(&program, "one plugin, `corpus/good/tool`", &one, "1", 25);
    let official = repository.join("../shared/corpus/official");
    if official.exists() {
        row(
            &program,
            "262 official plugins, 1 thread",
            &official,
            "1",
            9,
        );
        row(
            &program,
            "262 official plugins, 2 threads",
            &official,
            "2",
            9,
        );
    } else {
        println!("\nskipped: {} is not there", official.display());
    }
}

/// The program and its floors, each so often, in turn. The floors run in one thread and start no
/// process.
fn row(program: &Path, what: &str, folder: &Path, threads: &str, rounds: usize) {
    let (mut files, mut times) = (0, [const { Vec::new() }; 4]);
    for _ in 0..rounds {
        let path = folder.to_str().unwrap();
        times[0].push(run(
            program,
            &["check", path, "-q", "-o", "json", "-j", threads],
        ));
        let began = Instant::now();
        let sources = read(folder);
        let reading = began.elapsed();
        files = sources.len();
        let trees = Instant::now();
        let mut nodes = 0;
        for source in sources.iter().filter(|source| is_yaml(source.path())) {
            nodes += Tree::parse(source.text()).nodes().count();
        }
        let trees = trees.elapsed();
        let python = Instant::now();
        for source in sources
            .iter()
            .filter(|source| source.path().ends_with(".py"))
        {
            std::hint::black_box(Module::new(source));
        }
        let python = python.elapsed();
        assert!(nodes > 0);
        times[1].push(reading);
        times[2].push(reading + trees);
        times[3].push(reading + trees + python);
    }
    let [program, reading, trees, python] = times.map(median);
    println!(
        "| {what} | {files} | {} | {} | {} | {} | {:.2} |",
        ms(program),
        ms(reading),
        ms(trees),
        ms(python),
        program.as_secs_f64() / python.as_secs_f64()
    );
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

fn run(program: &Path, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let time = began.elapsed();
    assert!(status.unwrap().code().unwrap() <= 1);
    time
}

/// Every YAML and Python file below a folder.
fn read(folder: &Path) -> Vec<SourceFile> {
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                let name = path.to_str().unwrap();
                if is_yaml(name) || name.ends_with(".py") {
                    sources.push(SourceFile::new(name, fs::read(&path).unwrap()));
                }
            }
        }
    }
    sources
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
