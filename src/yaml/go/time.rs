use crate::yaml::calendar::{days_in_month, days_since_epoch};
use std::fmt;

/// A moment as Go holds it, with the wall clock that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Below a second.
    pub nanosecond: u32,
    /// East of Greenwich, in seconds; up to 25 hours either way can be written.
    pub offset: i32,
}

impl Time {
    /// True for 0001-01-01T00:00:00Z, which Go takes for "not set".
    pub fn is_zero(&self) -> bool {
        const ZERO: i64 = days_since_epoch(1, 1, 1) * 86_400;
        self.nanosecond == 0 && self.unix_seconds() == ZERO
    }

    /// True if Go's JSON encoder refuses the time: offsets of a day or more.
    pub const fn is_unwritable(&self) -> bool {
        self.offset.abs() >= 86_400
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(&self) -> i64 {
        let days = days_since_epoch(self.year.into(), self.month.into(), self.day.into());
        let clock =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        days * 86_400 + clock - i64::from(self.offset)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanosecond > 0 {
            write!(
                f,
                ".{}",
                format!("{:09}", self.nanosecond).trim_end_matches('0')
            )?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// Why a text is no time; what the daemon could not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// It has none of the accepted forms.
    Form,
    /// It has the form, but there is no such day or hour.
    Range,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "it is not a time of the form 2024-07-12T08:03:44Z",
            Self::Range => "there is no such day or time of day",
        })
    }
}

/// Reads `created_at`: the YAML reader's own dates for a plain scalar or one with the tag
/// `!!timestamp` (`plain`), then Go's RFC 3339 parser.
///
/// # Errors
/// When neither can read it; the daemon refuses the manifest then.
pub fn parse_created_at(text: &str, plain: bool) -> Result<Time, TimeError> {
    match plain.then(|| parse_timestamp(text)).flatten() {
        Some(time) => Ok(time),
        None => parse_rfc3339(text),
    }
}

/// The dates that yaml.v3 sees in a plain scalar.
pub(super) fn parse_timestamp(text: &str) -> Option<Time> {
    let year_length = text.bytes().take_while(u8::is_ascii_digit).count();
    if year_length != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    parse_layout(text, Layout::Yaml).ok()
}

/// A text as Go's `time.Time.UnmarshalText` reads it. Go means to be strict here, but tolerates
/// an hour of one digit and a comma before the fraction.
fn parse_rfc3339(text: &str) -> Result<Time, TimeError> {
    parse_layout(text, Layout::Rfc3339)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One or two digits everywhere, `T`, `t` with a zone, blanks without, or the date alone.
    Yaml,
    /// Two digits except for the hour, `T` and a zone.
    Rfc3339,
}

fn parse_layout(text: &str, layout: Layout) -> Result<Time, TimeError> {
    let two = layout == Layout::Rfc3339;
    let mut rest = Rest(text.as_bytes());
    let year = rest.year()?;
    rest.byte(b'-')?;
    let month = rest.number(two)?;
    let month_is_real = (1..=12).contains(&month);
    rest.byte(b'-')?;
    let day = rest.number(two)?;
    let mut time = Time {
        year,
        month,
        day,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        offset: 0,
    };
    let mut clock_is_real = true;
    let date_only = layout == Layout::Yaml && rest.0.is_empty();
    if !date_only {
        let with_zone = match rest.0.first() {
            Some(b'T') => true,
            Some(b't') => layout == Layout::Yaml,
            _ => false,
        };
        if with_zone {
            rest.skip(1);
        } else if layout == Layout::Yaml && rest.0.first() == Some(&b' ') {
            let blanks = rest.0.iter().take_while(|byte| **byte == b' ').count();
            rest.skip(blanks);
        } else {
            return Err(TimeError::Form);
        }
        time.hour = rest.number(false)?;
        rest.byte(b':')?;
        time.minute = rest.number(two)?;
        rest.byte(b':')?;
        time.second = rest.number(two)?;
        time.nanosecond = rest.fraction();
        clock_is_real = time.hour < 24 && time.minute < 60 && time.second < 60;
        if with_zone {
            time.offset = rest.zone()?;
        }
    }
    if !rest.0.is_empty() {
        return Err(TimeError::Form);
    }
    let day_is_real = day >= 1 && u32::from(day) <= days_in_month(year.into(), month.into());
    if month_is_real && day_is_real && clock_is_real {
        Ok(time)
    } else {
        Err(TimeError::Range)
    }
}

struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn digit(&self, index: usize) -> Option<u8> {
        let byte = self.0.get(index)?;
        byte.is_ascii_digit().then(|| byte - b'0')
    }

    fn byte(&mut self, byte: u8) -> Result<(), TimeError> {
        if self.0.first() != Some(&byte) {
            return Err(TimeError::Form);
        }
        self.skip(1);
        Ok(())
    }

    fn year(&mut self) -> Result<u16, TimeError> {
        let mut year = 0;
        for index in 0..4 {
            year = year * 10 + u16::from(self.digit(index).ok_or(TimeError::Form)?);
        }
        self.skip(4);
        Ok(year)
    }

    /// One or two digits, or exactly two.
    fn number(&mut self, two: bool) -> Result<u8, TimeError> {
        let first = self.digit(0).ok_or(TimeError::Form)?;
        match self.digit(1) {
            Some(second) => {
                self.skip(2);
                Ok(first * 10 + second)
            }
            None if two => Err(TimeError::Form),
            None => {
                self.skip(1);
                Ok(first)
            }
        }
    }

    /// Digits after a point or a comma, as nanoseconds; what is finer is cut.
    fn fraction(&mut self) -> u32 {
        if !matches!(self.0.first(), Some(b'.' | b',')) || self.digit(1).is_none() {
            return 0;
        }
        self.skip(1);
        let (mut nanoseconds, mut unit) = (0, 100_000_000);
        while let Some(digit) = self.digit(0) {
            nanoseconds += u32::from(digit) * unit;
            unit /= 10;
            self.skip(1);
        }
        nanoseconds
    }

    /// `Z` or `+hh:mm`. Go lets 24 hours and 60 minutes pass.
    fn zone(&mut self) -> Result<i32, TimeError> {
        let sign = match self.0.first() {
            Some(b'Z') => {
                self.skip(1);
                return Ok(0);
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(TimeError::Form),
        };
        self.skip(1);
        let hours = self.number(true)?;
        self.byte(b':')?;
        let minutes = self.number(true)?;
        if hours > 24 || minutes > 60 {
            return Err(TimeError::Range);
        }
        Ok(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_at() {
        for text in [
            "2024-07-12",
            "2024-7-2",
            "0000-01-01",
            "2024-07-12T08:03:44Z",
            "2024-07-12T08:03:44.658609186+08:00",
            "2024-07-12T08:03:44,5Z",
            "2024-07-12t08:03:44Z",
            "2024-07-12 08:03:44",
            "2024-07-12   08:03:44",
            "2024-07-12 8:3:4.5",
            "2024-7-2T8:3:4Z",
            "2024-07-12T08:03:44+24:00",
            "2024-02-29",
        ] {
            assert!(parse_created_at(text, true).is_ok(), "{text}");
        }
        for text in [
            "20240712",
            "2024/07/12",
            "12-07-2024",
            "July 12, 2024",
            "2024-07-12T08:03:44",
            "2024-07-12T08:03Z",
            "2024-07-12T08:03:44z",
            "2024-07-12T08:03:44.Z",
            "2024-07-12T08:03:44+0800",
            "2024-07-12T08:03:44+08",
            "2024-07-12 08:03:44+08:00",
            "2024-07-12 08:03:44 UTC",
            "2024-07-12 08:03:44Z",
            "2024-13-01",
            "2024-02-30",
            "2023-02-29",
            "2024-00-01",
            "2024-01-00",
            "2024-07-12T24:00:00Z",
            "2024-07-12T08:60:00Z",
            "2024-07-12T08:03:60Z",
            "2024-07-12T08:03:44+25:00",
            "1720771424",
            "yes",
            "",
            "2024-07-12T",
            "2024-07-12T08:03:44Z ",
            " 2024-07-12",
        ] {
            assert!(parse_created_at(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn quoted_created_at() {
        assert!(parse_created_at("2024-07-12T08:03:44Z", false).is_ok());
        assert!(parse_created_at("2024-07-12T8:03:44,25Z", false).is_ok());
        for text in [
            "2024-07-12",
            "2024-07-12 08:03:44",
            "2024-07-12t08:03:44Z",
            "2024-7-12T08:03:44Z",
        ] {
            assert_eq!(
                parse_created_at(text, false),
                Err(TimeError::Form),
                "{text}"
            );
        }
        assert_eq!(
            parse_created_at("2024-02-30T08:03:44Z", false),
            Err(TimeError::Range)
        );
    }

    #[test]
    fn zero_and_zones() {
        let read = |text| parse_created_at(text, true).unwrap();
        assert!(read("0001-01-01").is_zero());
        assert!(read("0001-01-01T00:00:00Z").is_zero());
        assert!(read("0001-01-01T08:00:00+08:00").is_zero());
        assert!(!read("0001-01-01T00:00:00+08:00").is_zero());
        assert!(!read("0001-01-01T00:00:00.5Z").is_zero());
        assert!(read("2024-07-12T08:03:44+24:00").is_unwritable());
        assert!(read("2024-07-12T08:03:44-23:60").is_unwritable());
        assert!(!read("2024-07-12T08:03:44+23:59").is_unwritable());
        assert_eq!(
            read("2024-07-12T08:03:44.0659+08:00").to_string(),
            "2024-07-12T08:03:44.0659+08:00"
        );
        assert_eq!(
            read("1970-01-02T00:00:01+01:00").unix_seconds(),
            86_401 - 3600
        );
    }
}
