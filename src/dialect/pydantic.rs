//! What pydantic 2 makes of a value where the SDK declares a type (lax mode).

mod datetime;

use crate::yaml::python::{Int, MAX_DIGITS, Scalar};

/// A type that the SDK declares for a scalar. Whether null is allowed besides is the field's
/// affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'k> {
    /// `str`.
    Str,
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `decimal.Decimal`.
    Decimal,
    /// `bool`.
    Bool,
    /// `datetime.datetime`.
    DateTime,
    /// An `Enum` of these texts.
    Enum(&'k [&'k str]),
    /// A `StrEnum` of these texts.
    StrEnum(&'k [&'k str]),
    /// `int | float | str`.
    IntFloatStr,
    /// `float | int | str`.
    FloatIntStr,
    /// `float | int`.
    FloatInt,
    /// `int | float | str | bool`.
    IntFloatStrBool,
    /// A value that JSON can write.
    Json,
    /// A list, a mapping or a model, with the word pydantic has for a scalar in its place, such as
    /// `list_type`.
    Collection(&'static str),
    /// Anything.
    Any,
}

/// Whether pydantic takes a scalar for a type.
///
/// # Errors
/// pydantic's own word for the refusal, such as `string_type`; of a union that of its first
/// member.
pub fn accepts(kind: Kind<'_>, value: &Scalar<'_>) -> Result<(), &'static str> {
    match kind {
        Kind::Any => Ok(()),
        Kind::Str => string(value),
        Kind::Int => int(value),
        Kind::Float => float(value),
        Kind::Decimal => decimal(value),
        Kind::Bool => bool(value),
        Kind::DateTime => datetime::accepts(value),
        Kind::Enum(words) => match value {
            Scalar::Str(text) if words.contains(text) => Ok(()),
            _ => Err("enum"),
        },
        Kind::StrEnum(words) => match text_of(value) {
            Some(text) if words.contains(&text) => Ok(()),
            _ => Err("enum"),
        },
        Kind::IntFloatStr | Kind::IntFloatStrBool => int_float_str(value).ok_or("int_type"),
        Kind::FloatIntStr => int_float_str(value).ok_or("float_type"),
        Kind::FloatInt => float(value),
        Kind::Json => match value {
            Scalar::Date(_) | Scalar::DateTime(_) | Scalar::Bytes(_) => Err("invalid-json-value"),
            _ => Ok(()),
        },
        Kind::Collection(error) => Err(error),
    }
}

/// The text of a string, or of bytes that are one.
fn text_of<'v>(value: &'v Scalar<'_>) -> Option<&'v str> {
    match value {
        Scalar::Str(text) => Some(text),
        Scalar::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn string(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Str(_) => Ok(()),
        Scalar::Bytes(bytes) => std::str::from_utf8(bytes)
            .map(drop)
            .map_err(|_| "string_unicode"),
        _ => Err("string_type"),
    }
}

fn int(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Bool(_) | Scalar::Int(_) => Ok(()),
        Scalar::Float(value) if !value.is_finite() => Err("finite_number"),
        Scalar::Float(value) if value.fract() != 0.0 => Err("int_from_float"),
        // pydantic turns a float into a 64-bit number first
        Scalar::Float(value) if value.abs() < TWO_TO_63 => Ok(()),
        Scalar::Float(_) => Err("int_parsing_size"),
        Scalar::Bytes(_) | Scalar::Str(_) => int_text(text_of(value).unwrap_or("")),
        _ => Err("int_type"),
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

fn int_text(text: &str) -> Result<(), &'static str> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = match digits.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        Some(_) => return Err("int_parsing"),
        None => digits,
    };
    if !is_grouped(whole) {
        return Err("int_parsing");
    }
    if text.len() > MAX_DIGITS {
        Err("int_parsing_size")
    } else {
        Ok(())
    }
}

/// Digits with single underscores between them.
fn is_grouped(text: &str) -> bool {
    text.split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()))
}

fn float(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Bool(_) | Scalar::Int(Int::Small(_)) | Scalar::Float(_) => Ok(()),
        // Python cannot turn every whole number into a float
        Scalar::Int(Int::Big(digits)) => match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(()),
            _ => Err("float_type"),
        },
        Scalar::Str(_) | Scalar::Bytes(_) => {
            let is_number = text_of(value).is_some_and(is_float_text);
            if is_number {
                Ok(())
            } else {
                Err("float_parsing")
            }
        }
        _ => Err("float_type"),
    }
}

fn is_float_text(text: &str) -> bool {
    let parses = |text: &str| text.parse::<f64>().is_ok();
    // blanks and underscores do not go together
    let is_grouped = !text.contains("__") && !text.starts_with('_') && !text.ends_with('_');
    parses(text.trim()) || (is_grouped && parses(&text.replace('_', "")))
}

fn decimal(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Int(_) => Ok(()),
        Scalar::Float(value) if value.is_finite() => Ok(()),
        Scalar::Float(_) => Err("finite_number"),
        Scalar::Str(text) => decimal_text(text),
        _ => Err("decimal_type"),
    }
}

/// Python's `Decimal(text)`: blanks around it, underscores anywhere, digits of any script.
fn decimal_text(text: &str) -> Result<(), &'static str> {
    let bare: String = text
        .trim()
        .chars()
        .filter(|char| *char != '_')
        .map(|char| {
            if is_decimal_digit(char) {
                '0'
            } else {
                char.to_ascii_lowercase()
            }
        })
        .collect();
    let number = bare.strip_prefix(['-', '+']).unwrap_or(&bare);
    let not_a_number = number
        .strip_prefix('s')
        .unwrap_or(number)
        .strip_prefix("nan");
    let is_special = matches!(number, "inf" | "infinity")
        || not_a_number.is_some_and(|digits| digits.bytes().all(|byte| byte == b'0'));
    if is_special {
        return Err("finite_number");
    }
    let (mantissa, exponent) = number
        .split_once('e')
        .map_or((number, None), |(a, b)| (a, Some(b)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte == b'0');
    let exponent_is_sound = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && are_digits(digits)
    });
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    if has_digits && are_digits(whole) && are_digits(fraction) && exponent_is_sound {
        Ok(())
    } else {
        Err("decimal_parsing")
    }
}

/// Digits of ASCII and of the scripts that a Dify plugin may meet: Arabic, Persian, Devanagari,
/// Bengali, Thai, full width.
fn is_decimal_digit(char: char) -> bool {
    const ZEROS: [char; 7] = [
        '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}',
    ];
    ZEROS
        .iter()
        .any(|zero| (u32::from(*zero)..u32::from(*zero) + 10).contains(&u32::from(char)))
}

fn bool(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Bool(_) | Scalar::Int(Int::Small(0 | 1)) => Ok(()),
        Scalar::Int(Int::Small(_)) => Err("bool_parsing"),
        Scalar::Float(value) if *value == 0.0 || *value == 1.0 => Ok(()),
        Scalar::Float(value) if value.fract() == 0.0 && value.abs() < TWO_TO_63 => {
            Err("bool_parsing")
        }
        Scalar::Str(_) | Scalar::Bytes(_) => {
            const WORDS: [&str; 12] = [
                "0", "1", "f", "t", "n", "y", "no", "yes", "off", "on", "false", "true",
            ];
            let text = text_of(value).unwrap_or("");
            if WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
                Ok(())
            } else {
                Err("bool_parsing")
            }
        }
        _ => Err("bool_type"),
    }
}

fn int_float_str(value: &Scalar<'_>) -> Option<()> {
    match value {
        Scalar::Null | Scalar::Date(_) | Scalar::DateTime(_) => None,
        Scalar::Bytes(bytes) => std::str::from_utf8(bytes).is_ok().then_some(()),
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests;
