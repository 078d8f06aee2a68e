//! difylint: the static validator and linter for Dify plugins.

pub mod finding;
pub mod report;
pub mod rules;
pub mod source;
pub mod yaml;
