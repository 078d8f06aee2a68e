//! The `difylint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    difylint::cli::run(std::env::args_os())
}
