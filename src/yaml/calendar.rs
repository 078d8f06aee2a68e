//! The Gregorian calendar, reckoned backwards too, as Go and Python both have it.

/// Days of a month, 1 to 12; 0 for any other number.
pub(super) const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days from 1970-01-01 to a date.
pub(super) const fn days_since_epoch(year: i32, month: u32, day: u32) -> i64 {
    // years begin in March here, so that the leap day is the last one
    let year = if month <= 2 { year - 1 } else { year } as i64;
    let month = (month as i64 + 9) % 12;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days() {
        assert_eq!(days_since_epoch(1970, 1, 1), 0);
        assert_eq!(days_since_epoch(1969, 12, 31), -1);
        assert_eq!(days_since_epoch(2024, 2, 29), 19_782);
        assert_eq!(days_since_epoch(1, 1, 1), -719_162);
        assert_eq!(days_since_epoch(0, 1, 1), -719_528);
        let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (index, days) in (1..).zip(months) {
            assert_eq!(days_in_month(2023, index), days);
        }
        assert_eq!(days_in_month(1900, 2), 28);
        assert_eq!(days_in_month(2000, 2), 29);
        assert_eq!(days_in_month(2000, 13), 0);
    }
}
