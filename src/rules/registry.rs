// Generated from the pages in `rules/`; do not edit.

use super::RuleMeta;

/// All rules, sorted by name.
pub static RULES: &[RuleMeta] = &[];
