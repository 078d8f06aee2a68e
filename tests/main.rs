//! All tests but those of the fuzz targets, in one program: each program of its own would link
//! difylint and the crates below it once more, which took most of the time and of the disk.
//!
//! `cargo test --test all rules::` runs the tests of one file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

mod architecture;
mod bad_input;
mod baseline;
mod bench;
mod cli;
mod compare;
mod compat;
mod config;
mod conformance;
mod corpus_official;
mod editors;
mod emacs;
mod failures;
mod fix;
mod fix_cli;
mod fix_conformance;
mod generated;
mod hooks;
mod html;
mod limits;
mod lsp;
mod neovim;
mod packages;
mod property;
mod python_conformance;
mod python_sources;
mod readme;
mod reference;
mod report;
mod rules;
mod schemas;
mod supply;
mod support;
mod suppressions;
mod vim;
mod yaml_edit;
