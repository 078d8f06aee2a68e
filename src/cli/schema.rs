use super::error::AppError;
use crate::format::{DocumentKind, bundle};
use crate::policy::nearest;
use crate::texts;

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
    let shown = || texts::text(&format!("schemas/{kind}.schema.json")).map(str::to_owned);
    let schema = bundle(kind).map(|schema| format!("{schema:#}\n"));
    match schema.or_else(shown) {
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
