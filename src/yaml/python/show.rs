use super::{Int, Scalar, entries, resolve, show_float};
use crate::yaml::{Kind, NodeId, Tree};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What `str(value)` gives for a scalar.
pub fn str_of<'t>(value: &Scalar<'t>) -> Cow<'t, str> {
    match value {
        Scalar::Null => "None".into(),
        Scalar::Bool(true) => "True".into(),
        Scalar::Bool(false) => "False".into(),
        Scalar::Int(Int::Small(value)) => value.to_string().into(),
        Scalar::Int(Int::Big(digits)) => digits.to_string().into(),
        Scalar::Float(value) => show_float(*value).into(),
        Scalar::Str(text) => Cow::Borrowed(text),
        Scalar::Date(date) => date.to_string().into(),
        Scalar::DateTime(time) => time.to_string().into(),
        Scalar::Bytes(bytes) => show_bytes(bytes).into(),
    }
}

/// Whether Python takes the value of a node for true: not null, `false`, 0, `""`, `[]` or `{}`.
/// True for a node that PyYAML refuses.
pub fn truthy(tree: &Tree, node: NodeId) -> bool {
    let Some(target) = tree.target(node) else {
        return true;
    };
    match tree.kind(target) {
        Kind::Sequence { .. } => !tree.items(target).is_empty(),
        Kind::Mapping { .. } => entries(tree, target).len() > 0,
        Kind::Alias => true,
        Kind::Scalar(_) => match resolve(tree, target) {
            Ok(Scalar::Null) => false,
            Ok(Scalar::Bool(value)) => value,
            Ok(Scalar::Int(value)) => !value.is_zero(),
            Ok(Scalar::Float(value)) => value != 0.0,
            Ok(Scalar::Str(text)) => !text.is_empty(),
            Ok(Scalar::Bytes(bytes)) => !bytes.is_empty(),
            Ok(Scalar::Date(_) | Scalar::DateTime(_)) | Err(_) => true,
        },
    }
}

fn show_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' if char::from(*byte) == quote => {
                text.push('\\');
                text.push(quote);
            }
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => {
                // writing to a String cannot fail
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push(quote);
    text
}
