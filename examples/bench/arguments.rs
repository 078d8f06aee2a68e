//! What to measure.

use crate::tables::TABLES;
use std::path::{Path, PathBuf};

/// How to call the benchmark.
pub const USAGE: &str = "\
usage: bench [TABLE]... [--program PATH] [--rounds N] [--peers PYTHON]
       bench builds PATH PATH...

tables: start one corpus cold largest growth lsp peers (all but `peers` unless some are named)
--program  the difylint to measure (default: the one beside this benchmark)
--rounds   runs of each kind in a table (default: as many as each table wants)
--peers    the Python that has yamllint, check-jsonschema and dify_plugin; adds the table `peers`
builds     compares several builds of difylint with each other";

/// The command line, understood.
pub struct Arguments {
    /// Names of tables, in the order of [`TABLES`]; unused when builds are compared.
    pub tables: Vec<&'static str>,
    /// The program to measure.
    pub program: PathBuf,
    /// Runs of each kind, if not what the table wants.
    pub rounds: Option<usize>,
    /// The Python that has the peers.
    pub python: Option<String>,
    /// Builds to compare; empty unless that was asked for.
    pub builds: Vec<PathBuf>,
}

impl Arguments {
    /// Reads the command line; an error is a line for the user.
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut arguments = Self {
            tables: Vec::new(),
            program: beside("../difylint"),
            rounds: None,
            python: None,
            builds: Vec::new(),
        };
        let mut named = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("`{word}` wants a value"));
            match word.as_str() {
                "--program" => arguments.program = value()?.into(),
                "--peers" => arguments.python = Some(value()?.clone()),
                "--rounds" => {
                    let count = value()?.parse().ok().filter(|count| *count > 0);
                    arguments.rounds = Some(count.ok_or("`--rounds` wants a positive number")?);
                }
                "builds" => arguments.builds.extend(words.by_ref().map(PathBuf::from)),
                word => named.push(word),
            }
        }
        if let Some(unknown) = named.iter().find(|name| !TABLES.contains(name)) {
            return Err(format!("there is no table `{unknown}`"));
        }
        let wanted = |table: &&str| match *table {
            "peers" => arguments.python.is_some() && (named.is_empty() || named.contains(table)),
            _ => named.is_empty() || named.contains(table),
        };
        arguments.tables = TABLES.into_iter().filter(wanted).collect();
        let programs = match arguments.builds.as_slice() {
            [] => std::slice::from_ref(&arguments.program),
            builds => builds,
        };
        match programs.iter().find(|program| !program.is_file()) {
            Some(missing) => Err(format!(
                "`{}` is not there: build it first",
                missing.display()
            )),
            None => Ok(arguments),
        }
    }
}

/// A file beside this program.
pub fn beside(name: impl AsRef<Path>) -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .with_file_name(name.as_ref())
}
