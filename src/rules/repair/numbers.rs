//! Numbers that are written as texts.

/// The whole number that a text means: digits with separators, a number of bytes with its unit, a
/// number without a fraction.
pub fn whole(text: &str) -> Option<i64> {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, '_' | ',' | ' '))
        .collect();
    if let Ok(number) = plain.parse() {
        return Some(number);
    }
    let lower = plain.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok();
    }
    let end = lower.find(|c: char| c.is_ascii_alphabetic() && c != 'e');
    let (digits, unit) = lower.split_at(end.unwrap_or(lower.len()));
    let factor: i64 = match unit
        .strip_suffix("ib")
        .or(unit.strip_suffix(['b', 'i']))
        .unwrap_or(unit)
    {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    let number: f64 = digits.parse().ok()?;
    let number = number * factor as f64;
    // beyond 2^53 a float is no longer every whole number
    (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
}

/// The number that a text means, as YAML and both readers write it.
pub fn decimal(text: &str) -> Option<String> {
    let plain = text.trim().trim_start_matches(['$', '€', '¥', '+']).trim();
    let plain = plain
        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '$' | '€' | '¥'));
    let plain = match plain.contains('.') {
        true => plain.replace([',', '_'], ""),
        false => plain.replace('_', "").replace(',', "."),
    };
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let sound = all_digits(whole) && all_digits(fraction);
    sound.then(|| plain.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        for (text, number) in [
            ("268435456", 268_435_456),
            ("1_048_576", 1_048_576),
            ("1,024", 1024),
            ("256M", 268_435_456),
            ("256Mi", 268_435_456),
            ("1 GiB", 1 << 30),
            ("1.5k", 1536),
            ("1e3", 1000),
            ("4.0", 4),
            ("0x10", 16),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "many", "1.5", "1e300", "NaN", "inf", "3 apples"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn decimals() {
        for (text, number) in [
            ("0.01", "0.01"),
            ("$0.5", "0.5"),
            ("0,5 USD", "0.5"),
            ("1,000.5", "1000.5"),
            ("-1", "-1"),
        ] {
            assert_eq!(decimal(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "free", "1.2.3", "."] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
