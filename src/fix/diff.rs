//! Changes as a unified diff, as `diff -u`, `patch` and `git apply` have it.

use super::Changed;
use similar::TextDiff;

/// The change of a file; `path` is what stands in its header, after `a/` and `b/`.
pub fn unified(changed: &Changed, path: &str) -> String {
    let before = changed.before.as_deref().unwrap_or("");
    // a lone `\r` ends no line of a diff
    let lines =
        |text: &str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (old, new) = (lines(before), lines(&changed.after));
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    // a blank in a name ends it, unless a tab follows
    let end = if path.contains(' ') { "\t" } else { "" };
    let from = match changed.before {
        Some(_) => format!("a/{path}{end}"),
        None => "/dev/null".to_owned(),
    };
    TextDiff::configure()
        .newline_terminated(true)
        .diff_slices(&old, &new)
        .unified_diff()
        .context_radius(3)
        .header(&from, &format!("b/{path}{end}"))
        .to_string()
}
