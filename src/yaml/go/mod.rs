//! How the daemon and its packager (Go, yaml.v3) read a scalar.

mod convert;
mod number;
mod time;

pub use convert::{Decimal, DecimalError, parse_decimal, to_bool, to_float, to_int, to_uint};
pub use time::{Time, TimeError, parse_created_at};

use super::{Kind, NodeId, Style, Tree};
use number::{parse_float, parse_float_with_underscores, parse_int, parse_int_in, parse_uint};
use std::borrow::Cow;
use std::fmt;

/// The value of a scalar before it meets the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// Empty, `~`, `null`.
    Null,
    /// `true`, `false` and their spellings; `yes` and `on` are texts.
    Bool(bool),
    /// A whole number within 64 bits.
    Int(i64),
    /// A whole number above [`i64::MAX`].
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Str(&'t str),
    /// A date or time.
    Time(Time),
    /// The bytes after `!!binary`.
    Binary(Vec<u8>),
    /// A plain `<<`.
    Merge,
}

/// A tag that its text does not fit: the daemon stops at once, whatever the field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagError {
    /// The text is not what the tag says.
    Misfit {
        /// The tag, such as `!!int`.
        tag: &'static str,
    },
    /// The text after `!!binary` is not base64.
    Base64,
    /// The node is not a scalar; asked only by mistake.
    NotScalar,
}

impl fmt::Display for TagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misfit { tag } => write!(f, "the text does not fit its tag `{tag}`"),
            Self::Base64 => f.write_str("the text after !!binary is not base64"),
            Self::NotScalar => f.write_str("it is not a scalar"),
        }
    }
}

/// The value of a scalar node, aliases followed.
///
/// # Errors
/// When its tag does not fit its text, or the node is not a scalar.
pub fn resolve(tree: &Tree, node: NodeId) -> Result<Scalar<'_>, TagError> {
    let Some(target) = tree.target(node) else {
        return Err(TagError::NotScalar);
    };
    if tree.is_plainly_text(target) {
        return Ok(Scalar::Str(tree.text(target)));
    }
    let Kind::Scalar(style) = tree.kind(target) else {
        return Err(TagError::NotScalar);
    };
    let tag = tree.tag(target).map(|tag| tag.name.as_str());
    resolve_text(tree.text(target), style == Style::Plain, tag)
}

/// True for a scalar that the daemon takes for nothing; aliases are not followed.
#[inline]
pub fn is_null(tree: &Tree, node: NodeId) -> bool {
    match tree.kind(node) {
        Kind::Scalar(_) if tree.is_plainly_text(node) => false,
        Kind::Scalar(_) if tree.tag(node).is_some() => {
            matches!(resolve(tree, node), Ok(Scalar::Null))
        }
        Kind::Scalar(Style::Plain) => {
            matches!(tree.text(node), "" | "~" | "null" | "Null" | "NULL")
        }
        _ => false,
    }
}

/// The text of a scalar node as the daemon puts it into a string: its source text, but for
/// `!!binary`, which is decoded. Bytes that are not UTF-8 are shown as U+FFFD.
pub fn string(tree: &Tree, node: NodeId) -> Cow<'_, str> {
    if tree.tag(node).is_none() {
        return Cow::Borrowed(tree.text(node));
    }
    match resolve(tree, node) {
        Ok(Scalar::Binary(bytes)) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        _ => Cow::Borrowed(tree.text(node)),
    }
}

/// The value of a scalar node as the date field of a manifest.
///
/// # Errors
/// When the daemon cannot read it as a date.
pub fn created_at(tree: &Tree, node: NodeId) -> Result<Time, TimeError> {
    let untagged = tree.kind(node) == Kind::Scalar(Style::Plain) && tree.tag(node).is_none();
    let timestamp = tree
        .tag(node)
        .is_some_and(|tag| tag.name == "tag:yaml.org,2002:timestamp");
    parse_created_at(tree.text(node), untagged || timestamp)
}

/// The value of a text that stands plain or quoted after a resolved tag.
///
/// # Errors
/// When the tag does not fit the text.
pub fn resolve_text<'t>(
    text: &'t str,
    plain: bool,
    tag: Option<&str>,
) -> Result<Scalar<'t>, TagError> {
    match tag {
        // a bare `!` changes nothing
        None | Some("!") if plain => Ok(plain_value(text)),
        None | Some("!") => Ok(Scalar::Str(text)),
        Some(tag) => tagged_value(text, tag),
    }
}

fn tagged_value<'t>(text: &'t str, tag: &str) -> Result<Scalar<'t>, TagError> {
    let misfit = |tag| Err(TagError::Misfit { tag });
    let value = || lookup(text).unwrap_or_else(|| numeric_value(text, false));
    match tag
        .strip_prefix("tag:yaml.org,2002:")
        .or_else(|| tag.strip_prefix("!!"))
    {
        Some("null") => match lookup(text) {
            Some(Scalar::Null) => Ok(Scalar::Null),
            _ => misfit("!!null"),
        },
        Some("bool") => match lookup(text) {
            Some(Scalar::Bool(value)) => Ok(Scalar::Bool(value)),
            _ => misfit("!!bool"),
        },
        Some("int") => match value() {
            value @ (Scalar::Int(_) | Scalar::Uint(_)) => Ok(value),
            _ => misfit("!!int"),
        },
        Some("float") => match value() {
            Scalar::Float(value) => Ok(Scalar::Float(value)),
            #[expect(clippy::cast_precision_loss, reason = "as Go converts")]
            Scalar::Int(value) => Ok(Scalar::Float(value as f64)),
            // above i64 yaml.v3 forgets to convert
            _ => misfit("!!float"),
        },
        Some("timestamp") => match time::parse_timestamp(text) {
            Some(time) => Ok(Scalar::Time(time)),
            None => misfit("!!timestamp"),
        },
        Some("binary") => decode_base64(text)
            .map(Scalar::Binary)
            .ok_or(TagError::Base64),
        // `!!str`, and every tag that yaml.v3 does not know
        _ => Ok(Scalar::Str(text)),
    }
}

fn plain_value(text: &str) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'<') if text == "<<" => Scalar::Merge,
        Some(b't' | b'T' | b'f' | b'F' | b'n' | b'N' | b'~') => {
            lookup(text).unwrap_or(Scalar::Str(text))
        }
        Some(b'.' | b'+' | b'-' | b'0'..=b'9') => {
            lookup(text).unwrap_or_else(|| numeric_value(text, true))
        }
        Some(_) => Scalar::Str(text),
    }
}

/// The words that yaml.v3 looks up exactly.
fn lookup(text: &str) -> Option<Scalar<'static>> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn numeric_value(text: &str, with_dates: bool) -> Scalar<'_> {
    match text.as_bytes().first() {
        Some(b'.') => parse_float_with_underscores(text).map_or(Scalar::Str(text), Scalar::Float),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            if with_dates && let Some(time) = time::parse_timestamp(text) {
                return Scalar::Time(time);
            }
            let bare: Cow<'_, str> = if text.contains('_') {
                text.replace('_', "").into()
            } else {
                text.into()
            };
            number(&bare).unwrap_or(Scalar::Str(text))
        }
        _ => Scalar::Str(text),
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    parse_int(text)
        .map(Scalar::Int)
        .or_else(|| parse_uint(text).map(Scalar::Uint))
        .or_else(|| parse_float(text).map(Scalar::Float))
        .or_else(|| signed_after_prefix(text).map(Scalar::Int))
}

/// yaml.v3 parses what follows `0b` and `0o` once more as a signed number, so `0b-1` is -1.
fn signed_after_prefix(text: &str) -> Option<i64> {
    let (radix, digits) = match text.split_at_checked(2)? {
        ("0b", digits) => (2, digits),
        ("0o", digits) => (8, digits),
        _ => return None,
    };
    parse_int_in(digits, radix)
}

/// Go's standard base64: line ends are skipped, padding is demanded.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0_u32, 0_u8, 0_u8);
    for byte in text.bytes() {
        let value = match byte {
            b'\r' | b'\n' => continue,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if count >= 2 && count + padding < 4 => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(bits.to_be_bytes().get(1..).unwrap_or_default());
            (bits, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => bytes.push(u8::try_from(bits >> 4 & 0xff).unwrap_or(0)),
        (3, 1) => {
            bytes.push(u8::try_from(bits >> 10 & 0xff).unwrap_or(0));
            bytes.push(u8::try_from(bits >> 2 & 0xff).unwrap_or(0));
        }
        _ => return None,
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
