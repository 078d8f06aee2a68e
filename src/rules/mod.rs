//! What difylint looks for: the engine, and one small file per rule.
//!
//! A rule has a page, `rules/<category>/<name>.md`, which is also its metadata, and a check,
//! `src/rules/<category>/<name>.rs`, unless another check reports it (all of `shape/` comes from
//! walking the schemas). The registry is generated from both.

mod code;
mod context;
mod documents;
mod engine;
mod fields;
mod icons;
pub(crate) mod images;
mod json_schema;
mod locales;
mod meta;
mod misplaced;
pub(crate) mod models;
mod nodes;
mod once;
mod options;
mod package_files;
mod readers;
mod recall;
mod registry;
mod repair;
mod shared;
mod sources;
mod tally;

pub use context::{Context, Draft};
pub use engine::{On, run, run_again};
pub use meta::{RuleMeta, Status};
pub use options::{OptionKind, OptionMeta, OptionValue, Options, Target};
pub use recall::Recall;
pub use registry::RULES;
pub use sources::all as named_sources;

/// The metadata of a rule by its full name.
pub fn find(id: &str) -> Option<&'static RuleMeta> {
    RULES
        .binary_search_by(|rule| rule.id.0.cmp(id))
        .ok()
        .and_then(|at| RULES.get(at))
}
