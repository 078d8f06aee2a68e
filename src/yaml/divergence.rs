use super::go::{self, Time};
use super::python::{self, Int};
use super::{Kind, NodeId, Style, Tree};

/// A scalar that the two readers take for different values, in words for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// What the daemon sees, such as "the text `yes`".
    pub daemon: String,
    /// What the SDK sees, such as "the truth value true".
    pub sdk: String,
}

/// How the readers differ over a plain scalar without a tag; `None` when they agree, or when one
/// of them refuses it (that is a finding of its own).
///
/// Types alone are compared, before they meet a field: `3.10` is the same number for both, though
/// the daemon will keep its text where it wants one.
pub fn divergence(tree: &Tree, node: NodeId) -> Option<Divergence> {
    let plain = tree.kind(node) == Kind::Scalar(Style::Plain) && tree.tag(node).is_none();
    if !plain || tree.is_plainly_text(node) {
        return None;
    }
    divergence_of(tree.text(node))
}

fn divergence_of(text: &str) -> Option<Divergence> {
    // both readers decide by the first character; most words end here
    if !text.starts_with([
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '.', 'y', 'Y', 'n', 'N', 'o',
        'O',
    ]) {
        return None;
    }
    let daemon = go::resolve_text(text, true, None).ok()?;
    let sdk = python::resolve_text(text, true, None).ok()?;
    if same(&daemon, &sdk) {
        return None;
    }
    Some(Divergence {
        daemon: go_words(&daemon, text),
        sdk: python_words(&sdk, text),
    })
}

fn same(daemon: &go::Scalar<'_>, sdk: &python::Scalar<'_>) -> bool {
    match (daemon, sdk) {
        (go::Scalar::Null, python::Scalar::Null) | (go::Scalar::Str(_), python::Scalar::Str(_)) => {
            true
        }
        (go::Scalar::Bool(a), python::Scalar::Bool(b)) => a == b,
        (go::Scalar::Int(a), python::Scalar::Int(Int::Small(b))) => a == b,
        (go::Scalar::Uint(a), python::Scalar::Int(Int::Big(b))) => a.to_string() == **b,
        // the daemon has floats where whole numbers get too large
        (go::Scalar::Float(a), python::Scalar::Int(Int::Big(b))) => b.parse() == Ok(*a),
        (go::Scalar::Float(a), python::Scalar::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
        (go::Scalar::Time(a), python::Scalar::Date(b)) => {
            same_day(a, b) && (a.hour, a.minute, a.second, a.nanosecond) == (0, 0, 0, 0)
        }
        (go::Scalar::Time(a), python::Scalar::DateTime(b)) => {
            same_day(a, &b.date)
                && (a.hour, a.minute, a.second) == (b.hour, b.minute, b.second)
                && a.nanosecond / 1000 == b.microsecond
                && a.offset == i32::from(b.offset.unwrap_or(0)) * 60
        }
        _ => false,
    }
}

fn same_day(time: &Time, date: &python::Date) -> bool {
    (time.year, time.month, time.day) == (date.year, date.month, date.day)
}

fn go_words(value: &go::Scalar<'_>, text: &str) -> String {
    match value {
        go::Scalar::Null => "null".into(),
        go::Scalar::Bool(value) => format!("the truth value {value}"),
        go::Scalar::Int(value) => format!("the number {value}"),
        go::Scalar::Uint(value) => format!("the number {value}"),
        go::Scalar::Float(value) => format!("the number {}", number(*value)),
        go::Scalar::Time(time) => format!("the time {time}"),
        go::Scalar::Str(_) | go::Scalar::Binary(_) | go::Scalar::Merge => {
            format!("the text `{text}`")
        }
    }
}

fn python_words(value: &python::Scalar<'_>, text: &str) -> String {
    match value {
        python::Scalar::Null => "null".into(),
        python::Scalar::Bool(value) => format!("the truth value {value}"),
        python::Scalar::Int(Int::Small(value)) => format!("the number {value}"),
        python::Scalar::Int(Int::Big(digits)) => format!("the number {digits}"),
        python::Scalar::Float(value) => format!("the number {}", number(*value)),
        python::Scalar::Date(date) => format!("the date {date}"),
        python::Scalar::DateTime(time) => format!("the time {time}"),
        python::Scalar::Str(_) | python::Scalar::Bytes(_) => format!("the text `{text}`"),
    }
}

fn number(value: f64) -> String {
    let shown = python::show_float(value);
    shown.strip_suffix(".0").map(str::to_owned).unwrap_or(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_differ() {
        for (text, daemon, sdk) in [
            ("yes", "the text `yes`", "the truth value true"),
            ("Off", "the text `Off`", "the truth value false"),
            ("0o17", "the number 15", "the text `0o17`"),
            ("1e3", "the number 1000", "the text `1e3`"),
            ("12:30", "the text `12:30`", "the number 750"),
            ("08", "the number 8", "the text `08`"),
            (
                "2024-1-2",
                "the time 2024-01-02T00:00:00Z",
                "the text `2024-1-2`",
            ),
            ("-.5", "the number -0.5", "the text `-.5`"),
            (
                "2024-07-12T08:03:44",
                "the text `2024-07-12T08:03:44`",
                "the time 2024-07-12 08:03:44",
            ),
        ] {
            let divergence = divergence_of(text).unwrap();
            assert_eq!(
                (divergence.daemon.as_str(), divergence.sdk.as_str()),
                (daemon, sdk)
            );
        }
    }

    #[test]
    fn readers_agree() {
        for text in [
            "",
            "~",
            "null",
            "true",
            "nope",
            "1",
            "-1_000",
            "010",
            "3.10",
            "1.5e+3",
            ".inf",
            ".nan",
            "-0.0",
            "2024-01-02",
            "2024-01-02 03:04:05.5",
            "2024-01-02T03:04:05+08:00",
            "1.0.0",
            "18446744073709551615",
            "18446744073709551616",
            "2024-13-01",
            "=",
            "0x1F",
            "y",
            "N",
        ] {
            assert_eq!(divergence_of(text), None, "{text}");
        }
    }
}
