//! Lines for the file that keeps things out of the package.

use super::Unsafe;
use crate::finding::{Edit, Fix, Span};
use crate::plugin::Plugin;
use std::sync::Arc;

/// A further line in the ignore file that counts; in a new `.difyignore` if there is none.
pub fn add(plugin: &Plugin, pattern: &str) -> Option<Fix> {
    let file = plugin.packed.ignore_file.unwrap_or(".difyignore");
    let text = match plugin.packed.ignore_file {
        Some(file) => plugin.files.read(file).ok()?.text()?.clone(),
        None => Arc::default(),
    };
    // blanks at the end and a leading `#` or `!` mean something else in a pattern
    if pattern.trim() != pattern || pattern.starts_with(['#', '!']) || pattern.contains('\n') {
        return None;
    }
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        line_break
    };
    let end = u32::try_from(text.len()).ok()?;
    Some(Fix {
        title: format!("add `{pattern}` to {file}"),
        applicability: Unsafe,
        edits: vec![Edit {
            file: file.into(),
            span: Span::at(end),
            text: format!("{before}{pattern}{line_break}"),
        }],
    })
}
