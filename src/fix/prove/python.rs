//! Python sources: a fix writes or takes away comments there, and nothing else.

use crate::python::code_tokens;

pub(super) fn only_comments(before: &str, after: &str) -> Result<(), String> {
    match (code_tokens(before), code_tokens(after)) {
        (Some(old), Some(new)) if old == new => Ok(()),
        (Some(_), Some(_)) => Err("more than a comment would change".to_owned()),
        _ => Err("the Python source cannot be read".to_owned()),
    }
}
