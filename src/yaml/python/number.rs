//! Numbers as Python reads and shows them.

use super::Refusal;
use std::fmt::Write as _;

/// A whole number of any size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Int {
    /// Within 64 bits.
    Small(i64),
    /// Outside, as decimal digits with `-` before a negative one. Beyond [`MAX_DIGITS`] digits the
    /// text as it is written: Python itself cannot show such a number.
    Big(Box<str>),
}

/// The most decimal digits that Python turns into a number, or a number into.
pub const MAX_DIGITS: usize = 4300;

impl Int {
    /// True for 0.
    pub const fn is_zero(&self) -> bool {
        matches!(self, Self::Small(0))
    }
}

/// A text as PyYAML's `!!int` constructor reads it. Underscores are dropped; a leading `0b`, `0x`
/// or `0` sets the base; colons make it sexagesimal.
pub(super) fn construct_int(text: &str) -> Result<Int, Refusal> {
    const MISFIT: Refusal = Refusal::Misfit { tag: "!!int" };
    if let Some(small) = small_decimal(text) {
        return Ok(Int::Small(small));
    }
    let bare = text.replace('_', "");
    let (negative, digits) = match bare.as_bytes().first() {
        Some(b'-') => (true, bare.get(1..).unwrap_or("")),
        Some(b'+') => (false, bare.get(1..).unwrap_or("")),
        Some(_) => (false, bare.as_str()),
        None => return Err(MISFIT),
    };
    let number = if let Some(digits) = digits.strip_prefix("0b") {
        python_int(digits, 2)?
    } else if let Some(digits) = digits.strip_prefix("0x") {
        python_int(digits, 16)?
    } else if digits.starts_with('0') {
        if digits == "0" {
            return Ok(Int::Small(0));
        } else {
            python_int(digits, 8)?
        }
    } else if digits.contains(':') {
        let mut number = Number::default();
        for part in digits.split(':') {
            let part = python_int(part, 10)?;
            number.multiply_add(60, 0);
            number.add(&part);
        }
        number
    } else {
        python_int(digits, 10)?
    };
    Ok(number.into_int(negative, text))
}

/// A text as PyYAML's `!!float` constructor reads it.
pub(super) fn construct_float(text: &str) -> Result<f64, Refusal> {
    const MISFIT: Refusal = Refusal::Misfit { tag: "!!float" };
    // a sign is taken off before Python reads the rest, which may have one of its own
    if text.bytes().all(|it| it.is_ascii_digit() || it == b'.') {
        return python_float(text).ok_or(MISFIT);
    }
    let bare = text.replace('_', "").to_lowercase();
    let (sign, digits) = match bare.as_bytes().first() {
        Some(b'-') => (-1.0, bare.get(1..).unwrap_or("")),
        Some(b'+') => (1.0, bare.get(1..).unwrap_or("")),
        Some(_) => (1.0, bare.as_str()),
        None => return Err(MISFIT),
    };
    match digits {
        ".inf" => Ok(sign * f64::INFINITY),
        ".nan" => Ok(f64::NAN),
        _ if digits.contains(':') => {
            let (mut value, mut base) = (0.0, 1.0);
            for part in digits.rsplit(':') {
                value += python_float(part).ok_or(MISFIT)? * base;
                base *= 60.0;
            }
            Ok(sign * value)
        }
        _ => Ok(sign * python_float(digits).ok_or(MISFIT)?),
    }
}

/// What `repr` shows for a float.
pub(crate) fn show_float(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    let shortest = format!("{value:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = value.to_string();
        if plain.contains('.') {
            plain
        } else {
            plain + ".0"
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }
}

/// Python's `float()` of a text in lower case.
fn python_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(is_python_space);
    // Rust reads the same forms: inf, infinity, nan, digits with a point and an exponent
    text.parse().ok()
}

pub(super) fn is_python_space(char: char) -> bool {
    char.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&char)
}

/// The plain case: at most 18 digits and no leading zero.
pub(super) fn small_decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = (1..=18).contains(&digits.len())
        && (!digits.starts_with('0') || digits == "0")
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Python's `int(text, base)`.
fn python_int(text: &str, radix: u32) -> Result<Number, Refusal> {
    const MISFIT: Refusal = Refusal::Misfit { tag: "!!int" };
    let text = text.trim_matches(is_python_space);
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or("")),
        Some(b'+') => (false, text.get(1..).unwrap_or("")),
        _ => (false, text),
    };
    let prefixes = match radix {
        2 => ["0b", "0B"],
        8 => ["0o", "0O"],
        16 => ["0x", "0X"],
        _ => ["", ""],
    };
    let digits = prefixes
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix))
        .unwrap_or(digits);
    if digits.is_empty() || !digits.chars().all(|char| char.is_digit(radix)) {
        return Err(MISFIT);
    }
    if radix == 10 && digits.len() > MAX_DIGITS {
        return Err(Refusal::HugeNumber);
    }
    let mut number = Number {
        negative,
        ..Number::default()
    };
    for digit in digits.chars().filter_map(|char| char.to_digit(radix)) {
        number.multiply_add(radix, digit);
    }
    Ok(number)
}

/// A growing number in groups of nine decimal digits, the lowest first.
#[derive(Debug, Default)]
struct Number {
    negative: bool,
    groups: Vec<u32>,
    /// It has more digits than anyone will ask for.
    overlong: bool,
}

impl Number {
    const GROUP: u64 = 1_000_000_000;

    fn multiply_add(&mut self, factor: u32, summand: u32) {
        if self.overlong {
            return;
        }
        let mut carry = u64::from(summand);
        for group in &mut self.groups {
            let value = u64::from(*group) * u64::from(factor) + carry;
            *group = u32::try_from(value % Self::GROUP).unwrap_or(0);
            carry = value / Self::GROUP;
        }
        if carry > 0 {
            self.groups.push(u32::try_from(carry).unwrap_or(0));
        }
        self.overlong = self.groups.len() * 9 > MAX_DIGITS + 9;
    }

    /// Adds a part of a sexagesimal number; parts with a sign of their own come only with an
    /// explicit tag and are taken without it.
    fn add(&mut self, other: &Self) {
        self.overlong |= other.overlong;
        let mut carry = 0;
        for index in 0..self.groups.len().max(other.groups.len()) {
            let part = u64::from(other.groups.get(index).copied().unwrap_or(0));
            let own = u64::from(self.groups.get(index).copied().unwrap_or(0));
            let value = own + part + carry;
            carry = value / Self::GROUP;
            let rest = u32::try_from(value % Self::GROUP).unwrap_or(0);
            match self.groups.get_mut(index) {
                Some(group) => *group = rest,
                None => self.groups.push(rest),
            }
        }
        if carry > 0 {
            self.groups.push(1);
        }
    }

    fn into_int(self, negative: bool, text: &str) -> Int {
        if self.overlong {
            return Int::Big(text.into());
        }
        let mut decimal = String::new();
        if negative != self.negative {
            decimal.push('-');
        }
        let mut groups = self.groups.iter().rev().skip_while(|group| **group == 0);
        let Some(first) = groups.next() else {
            return Int::Small(0);
        };
        // writing to a String cannot fail
        let _ = write!(decimal, "{first}");
        for group in groups {
            let _ = write!(decimal, "{group:09}");
        }
        match decimal.parse() {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(decimal.into()),
        }
    }
}
