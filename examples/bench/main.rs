//! How long difylint takes, how long any checker must take, and what memory it needs.
//!
//! `benches/README.md` says how to run it and what was found. Each table is printed as soon as it
//! is measured. Everything is measured from outside, as a new process; pairs of runs alternate, so
//! that a busy machine disturbs both alike, and medians are shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops at what it did not expect, and prints what it measures"
)]

mod arguments;
mod floor;
mod host;
mod measure;
mod synthetic;
mod table;
mod tables;

use arguments::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, step, list, threads] = words.as_slice()
        && flag == floor::FLAG
    {
        floor::run(step, list.as_ref(), threads.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    let arguments = match Arguments::read(&words) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("{problem}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    tables::print(&arguments);
    ExitCode::SUCCESS
}
