//! What difylint looks for: the engine, and one small file per rule.

mod meta;
mod registry;

pub use meta::{RuleMeta, Status};
pub use registry::RULES;

/// The metadata of a rule by its full name.
pub fn find(id: &str) -> Option<&'static RuleMeta> {
    RULES
        .binary_search_by(|rule| rule.id.0.cmp(id))
        .ok()
        .and_then(|at| RULES.get(at))
}
