use super::Scalar;
use super::number::split_sign;
use std::fmt;

/// What an integer field holds after decoding; `None` is a type error. Null leaves the field 0.
///
/// Floats are cut towards zero; hugely negative ones become the smallest integer, as the
/// processor instruction behind Go's conversion has it on amd64.
pub fn to_int(value: &Scalar<'_>) -> Option<i64> {
    match *value {
        Scalar::Null => Some(0),
        Scalar::Int(value) => Some(value),
        Scalar::Float(value) if value <= TWO_TO_63 => Some(cut(value)),
        _ => None,
    }
}

/// What an unsigned field holds after decoding; `None` is a type error. Null leaves the field 0.
///
/// A negative float wraps to a huge number.
pub fn to_uint(value: &Scalar<'_>) -> Option<u64> {
    match *value {
        Scalar::Null => Some(0),
        Scalar::Int(value) => u64::try_from(value).ok(),
        Scalar::Uint(value) => Some(value),
        Scalar::Float(value) if value < TWO_TO_63 => Some(cut(value).cast_unsigned()),
        Scalar::Float(value) if value <= 2.0 * TWO_TO_63 => {
            Some(cut(value - TWO_TO_63).cast_unsigned() ^ 1 << 63)
        }
        _ => None,
    }
}

/// What a float field holds after decoding; `None` is a type error. Null leaves the field 0.
#[expect(clippy::cast_precision_loss, reason = "as Go converts")]
pub fn to_float(value: &Scalar<'_>) -> Option<f64> {
    match *value {
        Scalar::Null => Some(0.0),
        Scalar::Int(value) => Some(value as f64),
        Scalar::Uint(value) => Some(value as f64),
        Scalar::Float(value) => Some(value),
        _ => None,
    }
}

/// What a boolean field holds after decoding; `None` is a type error. Null leaves it false.
///
/// Only here yaml.v3 knows the words of YAML 1.1, and it does not ask whether they are quoted.
/// `text` is the decoded text of the scalar.
pub fn to_bool(value: &Scalar<'_>, text: &str) -> Option<bool> {
    match value {
        Scalar::Null => Some(false),
        Scalar::Bool(value) => Some(*value),
        Scalar::Str(_) => match text {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A decimal number as the daemon holds prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Below zero.
    pub negative: bool,
    /// Zero, whatever its exponent.
    pub zero: bool,
    /// Power of ten of the last digit. Far from 0 it makes the number long: the daemon writes it
    /// out digit by digit.
    pub exponent: i32,
}

/// Why the daemon reads no decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// The exponent is missing or not a whole number.
    Exponent,
    /// The exponent does not fit 32 bits.
    Range,
    /// There are several points.
    Points,
    /// What is left is not a row of digits.
    Digits,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exponent => "the exponent is not a whole number",
            Self::Range => "the exponent does not fit 32 bits",
            Self::Points => "there is more than one point",
            Self::Digits => "it is not a decimal number",
        })
    }
}

/// Reads the text of a price, whatever type the scalar has.
///
/// # Errors
/// When it is not a decimal number; the daemon refuses the document then.
pub fn parse_decimal(text: &str) -> Result<Decimal, DecimalError> {
    let (number, mut exponent) = match text.find(['e', 'E']) {
        None => (text, 0),
        Some(at) => {
            let (number, exponent) = text.split_at(at);
            (number, parse_exponent(exponent.get(1..).unwrap_or(""))?)
        }
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') {
        return Err(DecimalError::Points);
    }
    exponent -= i64::try_from(fraction.len()).unwrap_or(i64::MAX / 2);
    // the point is taken out first, so that even `.-5` is a number
    let (negative, whole, fraction) = if whole.is_empty() {
        let (negative, fraction) = split_sign(fraction);
        (negative, "", fraction)
    } else {
        let (negative, whole) = split_sign(whole);
        (negative, whole, fraction)
    };
    let mut digits = whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Digits);
    }
    let zero = digits.all(|byte| byte == b'0');
    Ok(Decimal {
        negative: negative && !zero,
        zero,
        exponent: i32::try_from(exponent).map_err(|_| DecimalError::Range)?,
    })
}

fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Exponent);
    }
    let size = digits.parse::<i64>().map_err(|_| DecimalError::Range)?;
    let exponent = if negative { -size } else { size };
    i32::try_from(exponent)
        .map(i64::from)
        .map_err(|_| DecimalError::Range)
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// `cvttsd2si`: towards zero, and the smallest integer for whatever does not fit.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn cut(value: f64) -> i64 {
    if (-TWO_TO_63..TWO_TO_63).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}
