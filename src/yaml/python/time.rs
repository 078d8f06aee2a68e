use super::Refusal;
use super::refusal::DateProblem;
use crate::yaml::calendar::{days_in_month, days_since_epoch};
use std::fmt;

/// A `datetime.date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// A `datetime.datetime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Below a second.
    pub microsecond: u32,
    /// East of Greenwich, in minutes; `None` for a time without zone.
    pub offset: Option<i16>,
}

impl DateTime {
    /// Microseconds since 1970-01-01T00:00:00, of Greenwich if there is a zone.
    pub fn microseconds(&self) -> i64 {
        let Date { year, month, day } = self.date;
        let days = days_since_epoch(year.into(), month.into(), day.into());
        let minutes =
            i64::from(self.hour) * 60 + i64::from(self.minute) - self.offset.map_or(0, i64::from);
        ((days * 1440 + minutes) * 60 + i64::from(self.second)) * 1_000_000
            + i64::from(self.microsecond)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:02}:{:02}:{:02}",
            self.date, self.hour, self.minute, self.second
        )?;
        if self.microsecond > 0 {
            write!(f, ".{:06}", self.microsecond)?;
        }
        let Some(offset) = self.offset else {
            return Ok(());
        };
        let sign = if offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
    }
}

/// The parts of a text of the form of a timestamp, not yet checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    year: u16,
    month: u8,
    day: u8,
    clock: Option<Clock>,
    /// The form that PyYAML recognises without a tag.
    pub(super) implicit: bool,
}

#[derive(Clone, Copy, Debug)]
struct Clock {
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
    offset: Option<i16>,
}

/// A date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Date(Date),
    DateTime(DateTime),
}

impl Written {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text.as_bytes());
        let mut year = 0;
        for _ in 0..4 {
            year = year * 10 + u16::from(rest.digit()?);
        }
        rest.byte(b'-')?;
        let month = rest.one_or_two()?;
        rest.byte(b'-')?;
        let day = rest.one_or_two()?;
        let implicit = text.len() == 10;
        if rest.0.is_empty() {
            return Some(Self {
                year,
                month,
                day,
                clock: None,
                implicit,
            });
        }
        if rest.byte(b'T').is_none() && rest.byte(b't').is_none() && rest.blanks() == 0 {
            return None;
        }
        let hour = rest.one_or_two()?;
        rest.byte(b':')?;
        let minute = rest.two()?;
        rest.byte(b':')?;
        let second = rest.two()?;
        let mut microsecond = 0;
        if rest.byte(b'.').is_some() {
            let mut unit = 100_000;
            while let Some(digit) = rest.digit() {
                microsecond += u32::from(digit) * unit;
                unit /= 10;
            }
        }
        let offset = if rest.0.is_empty() {
            None
        } else {
            Some(rest.zone()?)
        };
        let clock = Clock {
            hour,
            minute,
            second,
            microsecond,
            offset,
        };
        rest.0.is_empty().then_some(Self {
            year,
            month,
            day,
            clock: Some(clock),
            implicit: true,
        })
    }

    pub(super) fn check(self) -> Result<Moment, Refusal> {
        let refuse = |problem| Err(Refusal::Date(problem));
        let Self {
            year, month, day, ..
        } = self;
        if year == 0 {
            return refuse(DateProblem::Year);
        }
        if !(1..=12).contains(&month) {
            return refuse(DateProblem::Month);
        }
        if day == 0 || u32::from(day) > days_in_month(year.into(), month.into()) {
            return refuse(DateProblem::Day);
        }
        let date = Date { year, month, day };
        let Some(Clock {
            hour,
            minute,
            second,
            microsecond,
            offset,
        }) = self.clock
        else {
            return Ok(Moment::Date(date));
        };
        if hour > 23 {
            return refuse(DateProblem::Hour);
        }
        if minute > 59 {
            return refuse(DateProblem::Minute);
        }
        if second > 59 {
            return refuse(DateProblem::Second);
        }
        if offset.is_some_and(|offset| offset.abs() >= 1440) {
            return refuse(DateProblem::Offset);
        }
        Ok(Moment::DateTime(DateTime {
            date,
            hour,
            minute,
            second,
            microsecond,
            offset,
        }))
    }
}

struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn byte(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == byte).then(|| self.0 = rest)
    }

    fn digit(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        first.is_ascii_digit().then(|| {
            self.0 = rest;
            first - b'0'
        })
    }

    fn two(&mut self) -> Option<u8> {
        Some(self.digit()? * 10 + self.digit()?)
    }

    fn one_or_two(&mut self) -> Option<u8> {
        let first = self.digit()?;
        Some(self.digit().map_or(first, |second| first * 10 + second))
    }

    fn blanks(&mut self) -> usize {
        let count = self
            .0
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        self.0 = self.0.get(count..).unwrap_or_default();
        count
    }

    /// `Z` or `+h`, `+hh`, `+hh:mm`, blanks before it skipped.
    fn zone(&mut self) -> Option<i16> {
        self.blanks();
        if self.byte(b'Z').is_some() {
            return Some(0);
        }
        let sign = if self.byte(b'-').is_some() {
            -1
        } else {
            self.byte(b'+').map(|()| 1)?
        };
        let hours = i16::from(self.one_or_two()?);
        let minutes = match self.byte(b':') {
            Some(()) => i16::from(self.two()?),
            None => 0,
        };
        Some(sign * (hours * 60 + minutes))
    }
}
