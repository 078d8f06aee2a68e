//! Numbers as Go's `strconv` reads them.

/// `ParseInt` with base 0: a sign, `0x`, `0b`, `0o` or a leading zero.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    let (radix, digits) = radix(digits);
    signed(negative, unsigned(digits, radix)?)
}

/// `ParseUint` with base 0: no sign at all.
pub(super) fn parse_uint(text: &str) -> Option<u64> {
    let (radix, digits) = radix(text);
    unsigned(digits, radix)
}

/// `ParseInt` with a given base.
pub(super) fn parse_int_in(text: &str, radix: u32) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    signed(negative, unsigned(digits, radix)?)
}

/// `ParseFloat` of a text that begins with a point: underscores may stand between digits.
pub(super) fn parse_float_with_underscores(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        if *byte == b'_' {
            // a run of them is not "between digits"
            if !is_digit(index.checked_sub(1)) || !is_digit(index.checked_add(1)) {
                return None;
            }
        }
    }
    if text.contains('_') {
        parse_float(&text.replace('_', ""))
    } else {
        parse_float(text)
    }
}

/// A number of the form `[-+]? (.d+ | d+ .? d*) (e [-+]? d+)?`; `None` beyond the range of `f64`.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let (_, digits) = split_sign(text);
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = digits.get(whole..)?;
    let mut count = whole;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        count += length;
        rest = fraction.get(length..)?;
    }
    if count == 0 {
        return None;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let (_, exponent) = split_sign(exponent);
        if exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A leading `-` or `+` and the rest.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or("")),
        Some(b'+') => (false, text.get(1..).unwrap_or("")),
        _ => (false, text),
    }
}

fn radix(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (2, digits.get(2..).unwrap_or("")),
        [b'0', b'o' | b'O', _, ..] => (8, digits.get(2..).unwrap_or("")),
        [b'0', b'x' | b'X', _, ..] => (16, digits.get(2..).unwrap_or("")),
        [b'0', _, ..] => (8, digits.get(1..).unwrap_or("")),
        _ => (10, digits),
    }
}

fn unsigned(digits: &str, radix: u32) -> Option<u64> {
    // `from_str_radix` would take a sign
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

fn signed(negative: bool, value: u64) -> Option<i64> {
    if negative {
        0_i64.checked_sub_unsigned(value)
    } else {
        i64::try_from(value).ok()
    }
}
