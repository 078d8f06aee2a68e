//! How the SDK (Python, PyYAML 6 `safe_load`, YAML 1.1) reads a document.

mod construct;
mod entries;
mod number;
mod refusal;
mod show;
mod time;

pub use construct::refusals;
pub use entries::entries;
pub use number::{Int, MAX_DIGITS};
pub use refusal::{DateProblem, Refusal};
pub use show::{str_of, truthy};
pub use time::{Date, DateTime};

pub(crate) use number::show_float;

use super::{Kind, NodeId, Style, Tree};
use number::{construct_float, construct_int};
use time::{Moment, Written};

/// The value of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// `None`.
    Null,
    /// `True`, `False`.
    Bool(bool),
    /// An `int`.
    Int(Int),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(&'t str),
    /// A `datetime.date`.
    Date(Date),
    /// A `datetime.datetime`.
    DateTime(DateTime),
    /// `bytes`, from `!!binary`.
    Bytes(Vec<u8>),
}

const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar node, aliases followed.
///
/// # Errors
/// When PyYAML refuses the node, or it is not a scalar.
pub fn resolve(tree: &Tree, node: NodeId) -> Result<Scalar<'_>, Refusal> {
    let not_scalar = |found| Refusal::WrongKind {
        tag: "",
        expected: "a scalar",
        found,
    };
    let target = tree
        .target(node)
        .ok_or_else(|| not_scalar("an unknown alias"))?;
    match tree.kind(target) {
        Kind::Scalar(_) if tree.is_plainly_text(target) => Ok(Scalar::Str(tree.text(target))),
        Kind::Scalar(style) => {
            let tag = tree.tag(target).map(|tag| tag.name.as_str());
            resolve_text(tree.text(target), style == Style::Plain, tag)
        }
        Kind::Sequence { .. } => Err(not_scalar("a list")),
        Kind::Mapping { .. } => Err(not_scalar("a mapping")),
        Kind::Alias => Err(not_scalar("an alias")),
    }
}

/// The value of a text that stands plain or quoted after a resolved tag.
///
/// # Errors
/// When PyYAML refuses it.
pub fn resolve_text<'t>(
    text: &'t str,
    plain: bool,
    tag: Option<&str>,
) -> Result<Scalar<'t>, Refusal> {
    match tag {
        None if plain => implicit_value(text),
        None => Ok(Scalar::Str(text)),
        // a bare `!` makes PyYAML guess the type even of a quoted text
        Some("!") => implicit_value(text),
        Some(tag) => match tag.strip_prefix(CORE) {
            Some(name) => tagged_value(text, name, tag),
            None => Err(Refusal::UnknownTag(tag.to_owned())),
        },
    }
}

/// True for a key that PyYAML takes for the merge sign.
pub(super) fn is_merge_key(tree: &Tree, key: NodeId) -> bool {
    is_special_key(tree, key, "<<", "merge")
}

#[inline]
fn is_special_key(tree: &Tree, key: NodeId, word: &str, name: &str) -> bool {
    let Some(key) = tree.target(key) else {
        return false;
    };
    let Kind::Scalar(style) = tree.kind(key) else {
        return false;
    };
    if tree.is_plainly_text(key) {
        return false;
    }
    match tree.tag(key) {
        None => style == Style::Plain && tree.has_text(key, word),
        Some(tag) if tag.name == "!" => tree.has_text(key, word),
        Some(tag) => tag.name.strip_prefix(CORE) == Some(name),
    }
}

fn tagged_value<'t>(text: &'t str, name: &str, tag: &str) -> Result<Scalar<'t>, Refusal> {
    let not_scalar = |tag, expected| {
        Err(Refusal::WrongKind {
            tag,
            expected,
            found: "a scalar",
        })
    };
    match name {
        "str" => Ok(Scalar::Str(text)),
        "int" => construct_int(text).map(Scalar::Int),
        "float" => construct_float(text).map(Scalar::Float),
        "bool" => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" => Ok(Scalar::Bool(true)),
            "no" | "false" | "off" => Ok(Scalar::Bool(false)),
            _ => Err(Refusal::Misfit { tag: "!!bool" }),
        },
        "null" => Ok(Scalar::Null),
        "timestamp" => match Written::parse(text) {
            Some(written) => moment(written),
            None => Err(Refusal::Misfit { tag: "!!timestamp" }),
        },
        "binary" => match decode_base64(text) {
            Some(bytes) => Ok(Scalar::Bytes(bytes)),
            None => Err(Refusal::Misfit { tag: "!!binary" }),
        },
        "seq" => not_scalar("!!seq", "a list"),
        "omap" => not_scalar("!!omap", "a list"),
        "pairs" => not_scalar("!!pairs", "a list"),
        "map" => not_scalar("!!map", "a mapping"),
        "set" => not_scalar("!!set", "a mapping"),
        _ => Err(Refusal::UnknownTag(tag.to_owned())),
    }
}

fn implicit_value(text: &str) -> Result<Scalar<'_>, Refusal> {
    match text.as_bytes().first() {
        None => Ok(Scalar::Null),
        Some(b'=') if text == "=" => Err(Refusal::Equals),
        Some(b'<') if text == "<<" => Err(Refusal::MergeAsValue),
        Some(b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O') => {
            Ok(word(text).unwrap_or(Scalar::Str(text)))
        }
        Some(b'-' | b'+' | b'.' | b'0'..=b'9') => {
            // most numbers
            if let Some(small) = number::small_decimal(text) {
                Ok(Scalar::Int(Int::Small(small)))
            } else if is_float(text) {
                construct_float(text).map(Scalar::Float)
            } else if is_int(text) {
                construct_int(text).map(Scalar::Int)
            } else if let Some(written) = Written::parse(text).filter(|written| written.implicit) {
                moment(written)
            } else {
                Ok(Scalar::Str(text))
            }
        }
        Some(_) => Ok(Scalar::Str(text)),
    }
}

fn moment(written: Written) -> Result<Scalar<'static>, Refusal> {
    Ok(match written.check()? {
        Moment::Date(date) => Scalar::Date(date),
        Moment::DateTime(time) => Scalar::DateTime(time),
    })
}

fn word(text: &str) -> Option<Scalar<'static>> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        _ => return None,
    })
}

/// PyYAML's pattern for `!!int`.
fn is_int(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |digits: &str, allowed: fn(u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|byte| allowed(byte) || byte == b'_')
    };
    if let Some(digits) = bare.strip_prefix("0b") {
        return all(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(digits) = bare.strip_prefix("0x") {
        return all(digits, |byte| byte.is_ascii_hexdigit());
    }
    match bare.as_bytes() {
        [b'0'] => true,
        [b'0', ..] => all(bare, |byte| matches!(byte, b'0'..=b'7')),
        [b'1'..=b'9', ..] => {
            let (head, parts) = bare
                .split_once(':')
                .map_or((bare, None), |(a, b)| (a, Some(b)));
            all(head, |byte| byte.is_ascii_digit())
                && parts.is_none_or(|parts| parts.split(':').all(is_sixtieth))
        }
        _ => false,
    }
}

/// PyYAML's pattern for `!!float`.
fn is_float(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(bare, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, fraction)) = bare.split_once('.') else {
        return false;
    };
    if whole.is_empty() {
        // a sign is not allowed here
        return bare.len() == text.len()
            && fraction.starts_with(|char: char| char.is_ascii_digit())
            && is_fraction(fraction, true);
    }
    let (head, parts) = whole
        .split_once(':')
        .map_or((whole, None), |(a, b)| (a, Some(b)));
    let digits = head.starts_with(|char: char| char.is_ascii_digit())
        && head
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_');
    digits
        && match parts {
            None => is_fraction(fraction, true),
            Some(parts) => parts.split(':').all(is_sixtieth) && is_fraction(fraction, false),
        }
}

fn is_sixtieth(part: &str) -> bool {
    matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

/// Digits and underscores, then perhaps an exponent, whose sign is not optional.
fn is_fraction(text: &str, exponent_allowed: bool) -> bool {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'_')
        .count();
    match text.as_bytes().get(length..) {
        None | Some([]) => true,
        Some([b'e' | b'E', b'-' | b'+', digits @ ..]) => {
            exponent_allowed && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        Some(_) => false,
    }
}

/// Python's `base64.decodebytes`: what is not of the alphabet is skipped, padding is demanded,
/// and what follows it is ignored.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut left, mut position, mut padding) = (0_u8, 0_u8, 0_u8);
    for byte in text.bytes() {
        let value = match byte {
            b'=' => {
                padding += 1;
                if position >= 2 && position + padding >= 4 {
                    return Some(bytes);
                }
                continue;
            }
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        padding = 0;
        match position {
            0 => {}
            1 => bytes.push(left << 2 | value >> 4),
            2 => bytes.push((left & 0x0f) << 4 | value >> 2),
            _ => bytes.push((left & 0x03) << 6 | value),
        }
        left = value;
        position = (position + 1) % 4;
    }
    (position == 0).then_some(bytes)
}

#[cfg(test)]
mod tests;
