use super::error::AppError;
use crate::format::{DocumentKind, bundle};
use crate::policy::nearest;

/// The schema of difylint's own JSON.
const DIAGNOSTICS: &str = include_str!("../../schemas/diagnostics.schema.json");

/// The schema of `difylint.toml`.
const CONFIG: &str = include_str!("../../schemas/config.schema.json");

/// The schema of what `compare` writes.
const COMPARISON: &str = include_str!("../../schemas/comparison.schema.json");

/// The names of all schemas.
fn names() -> impl Iterator<Item = &'static str> {
    DocumentKind::ALL
        .into_iter()
        .map(DocumentKind::as_str)
        .chain(["common", "comparison", "config", "diagnostics"])
}

/// The text of a schema, complete in itself, or the names of all without a kind.
///
/// # Errors
/// When there is no schema of this kind.
pub fn text(kind: Option<&str>) -> Result<String, AppError> {
    let Some(kind) = kind else {
        return Ok(names().map(|name| format!("{name}\n")).collect());
    };
    let schema = match kind {
        "config" => Some(CONFIG.to_owned()),
        "diagnostics" => Some(DIAGNOSTICS.to_owned()),
        "comparison" => Some(COMPARISON.to_owned()),
        _ => bundle(kind).map(|schema| format!("{schema:#}\n")),
    };
    match schema {
        Some(schema) => Ok(schema),
        None => Err(AppError::BadValue {
            message: format!("there is no schema of kind `{kind}`"),
            help: match nearest(kind, names()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`difylint schema` lists the kinds".to_owned(),
            },
        }),
    }
}
