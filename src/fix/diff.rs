//! Changes as a unified diff, as `diff -u` and `patch` have it.

use super::Changed;
use similar::TextDiff;

/// The change of a file; `path` is how the reader reaches it.
pub fn unified(changed: &Changed, path: &str) -> String {
    let before = changed.before.as_deref().unwrap_or("");
    let old = if changed.before.is_some() {
        format!("a/{path}")
    } else {
        "/dev/null".to_owned()
    };
    TextDiff::from_lines(before, &changed.after)
        .unified_diff()
        .context_radius(3)
        .header(&old, &format!("b/{path}"))
        .to_string()
}
