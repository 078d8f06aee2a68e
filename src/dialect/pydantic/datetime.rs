use super::text_of;
use crate::yaml::python::{Int, Scalar};

/// Larger numbers are milliseconds, not seconds.
const MOST_SECONDS: f64 = 20_000_000_000.0;
/// The last second of the year 9999.
const LAST: f64 = 253_402_300_799.0;
/// The first second of the year 1.
const FIRST: f64 = -62_135_596_800.0;

pub(super) fn accepts(value: &Scalar<'_>) -> Result<(), &'static str> {
    match value {
        Scalar::Date(_) | Scalar::DateTime(_) => Ok(()),
        #[expect(clippy::cast_precision_loss, reason = "only the size matters")]
        Scalar::Int(Int::Small(value)) => is_moment(*value as f64).ok_or("datetime_parsing"),
        Scalar::Float(value) => is_moment(*value).ok_or("datetime_parsing"),
        Scalar::Int(Int::Big(_)) => Err("datetime_parsing"),
        Scalar::Str(_) | Scalar::Bytes(_) => accepts_text(text_of(value).unwrap_or("")),
        Scalar::Null | Scalar::Bool(_) => Err("datetime_type"),
    }
}

fn accepts_text(text: &str) -> Result<(), &'static str> {
    match is_datetime(text.as_bytes()) {
        // the form is right, but Python has no such year
        Some(()) if text.starts_with("0000") => Err("datetime_parsing"),
        Some(()) => Ok(()),
        None => is_number(text).ok_or("datetime_from_date_parsing"),
    }
}

fn is_moment(value: f64) -> Option<()> {
    let seconds = if value.abs() > MOST_SECONDS {
        value / 1000.0
    } else {
        value
    };
    (FIRST..LAST + 1.0).contains(&seconds).then_some(())
}

/// Digits, or a number with a point; only with a point an exponent is understood.
fn is_number(text: &str) -> Option<()> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    match digits.as_bytes().get(whole) {
        None if whole > 0 => is_moment(text.parse().ok()?),
        Some(b'.') => is_moment(text.parse().ok()?),
        _ => None,
    }
}

/// `YYYY-MM-DD`, perhaps with a time and a zone.
fn is_datetime(text: &[u8]) -> Option<()> {
    let (date, rest) = text.split_at_checked(10)?;
    let [_, _, _, _, b'-', _, _, b'-', _, _] = date else {
        return None;
    };
    let year = number(date.get(..4)?)?;
    let month = number(date.get(5..7)?)?;
    let day = number(date.get(8..10)?)?;
    if day == 0 || day > days_in_month(year, month) {
        return None;
    }
    let Some((separator, rest)) = rest.split_first() else {
        return Some(());
    };
    matches!(separator, b'T' | b't' | b' ' | b'_').then_some(())?;
    let [_, _, b':', _, _, ..] = rest else {
        return None;
    };
    let (hour, minute) = (number(rest.get(..2)?)?, number(rest.get(3..5)?)?);
    let mut rest = rest.get(5..)?;
    let mut second = 0;
    if let [b':', ..] = rest {
        second = number(rest.get(1..3)?)?;
        rest = rest.get(3..)?;
        if let [b'.' | b',', digits @ ..] = rest {
            let count = digits
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            rest = digits.get(count..).filter(|_| count > 0)?;
        }
    }
    (hour < 24 && minute < 60 && second < 60).then_some(())?;
    is_zone(rest)
}

/// Nothing, `Z`, `+08:00`, `+0800`, also with the typographic minus.
fn is_zone(text: &[u8]) -> Option<()> {
    let offset = match text {
        [] | [b'Z' | b'z'] => return Some(()),
        [b'+' | b'-', offset @ ..] => offset,
        [0xe2, 0x88, 0x92, offset @ ..] => offset,
        _ => return None,
    };
    let minutes = match offset.get(2)? {
        b':' => offset.get(3..)?,
        _ => offset.get(2..)?,
    };
    let (hours, minutes) = (number(offset.get(..2)?)?, number(minutes)?);
    (minutes < 60 && hours < 24).then_some(())
}

/// Two or four digits.
fn number(digits: &[u8]) -> Option<u32> {
    if !matches!(digits.len(), 2 | 4) {
        return None;
    }
    digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}
