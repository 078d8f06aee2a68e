use super::*;

fn plain(text: &str) -> Scalar<'_> {
    resolve_text(text, true, None).unwrap()
}

fn tagged<'t>(text: &'t str, tag: &str) -> Result<Scalar<'t>, TagError> {
    resolve_text(text, false, Some(&format!("tag:yaml.org,2002:{tag}")))
}

#[test]
fn plain_words() {
    for text in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(plain(text), Scalar::Null, "{text}");
    }
    for text in ["true", "True", "TRUE"] {
        assert_eq!(plain(text), Scalar::Bool(true));
    }
    assert_eq!(plain("False"), Scalar::Bool(false));
    assert_eq!(plain("<<"), Scalar::Merge);
    for text in [
        "yes",
        "On",
        "n",
        "tRUE",
        "nULL",
        "<",
        "_1",
        "1:30",
        "1,000",
        "1.2.3",
        "0x1p-2",
        "+-1",
        "12kg",
        ".",
        ".x",
        "._5",
        ".5_",
        ".5__0",
        "+",
        "-",
        "1e400",
        "0x",
        "2024-13-01",
        "--1",
        "1e",
        "½",
        "=",
        "-.nan",
        "2024-07-12T08:03:44",
        "0b2",
        "-0b-1",
        "+0b-1",
        "inf",
    ] {
        assert_eq!(plain(text), Scalar::Str(text), "{text}");
    }
}

#[test]
fn plain_numbers() {
    for (text, value) in [
        ("0", 0),
        ("00", 0),
        ("+1", 1),
        ("-1_0", -10),
        ("1_", 1),
        ("007", 7),
        ("0777", 511),
        ("010", 8),
        ("0x1F", 31),
        ("0X1f", 31),
        ("0o17", 15),
        ("0B101", 5),
        ("-0b101", -5),
        ("0b-101", -5),
        ("0o+7", 7),
        ("-9223372036854775808", i64::MIN),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(plain(text), Scalar::Int(value), "{text}");
    }
    assert_eq!(plain("18446744073709551615"), Scalar::Uint(u64::MAX));
    for (text, value) in [
        ("08", 8.0),
        ("09.5", 9.5),
        ("1.", 1.0),
        ("1e6", 1e6),
        ("12e03", 12e3),
        (".5", 0.5),
        ("-.5", -0.5),
        (".5e3", 500.0),
        (".5_0", 0.5),
        ("1_0.5", 10.5),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ("+18446744073709551615", 18_446_744_073_709_551_615.0),
        (".inf", f64::INFINITY),
        ("-.INF", f64::NEG_INFINITY),
    ] {
        assert_eq!(plain(text), Scalar::Float(value), "{text}");
    }
    assert!(matches!(plain(".NaN"), Scalar::Float(value) if value.is_nan()));
    for text in [
        "2024-01-02",
        "2024-1-2",
        "0000-01-01",
        "2024-07-12T08:03:44,5Z",
    ] {
        assert!(matches!(plain(text), Scalar::Time(_)), "{text}");
    }
}

#[test]
fn quotes_and_tags() {
    assert_eq!(resolve_text("12", false, None), Ok(Scalar::Str("12")));
    assert_eq!(resolve_text("12", false, Some("!")), Ok(Scalar::Str("12")));
    assert_eq!(resolve_text("12", true, Some("!")), Ok(Scalar::Int(12)));
    assert_eq!(
        resolve_text("12", true, Some("!foo")),
        Ok(Scalar::Str("12"))
    );
    assert_eq!(resolve_text("", true, Some("!foo")), Ok(Scalar::Str("")));
    assert_eq!(tagged("12", "str"), Ok(Scalar::Str("12")));
    assert_eq!(tagged("12", "int"), Ok(Scalar::Int(12)));
    assert_eq!(tagged("true", "bool"), Ok(Scalar::Bool(true)));
    assert_eq!(tagged("1", "float"), Ok(Scalar::Float(1.0)));
    assert_eq!(tagged("", "null"), Ok(Scalar::Null));
    assert_eq!(tagged("12", "omap"), Ok(Scalar::Str("12")));
    assert!(matches!(
        tagged("2024-01-02", "timestamp"),
        Ok(Scalar::Time(_))
    ));
    for (text, tag) in [
        ("demo", "int"),
        ("1.0", "int"),
        ("", "int"),
        ("2024-01-02", "int"),
        ("yes", "bool"),
        ("", "bool"),
        ("x", "null"),
        ("x", "float"),
        ("18446744073709551615", "float"),
        ("2024", "timestamp"),
        ("", "timestamp"),
    ] {
        assert!(
            matches!(tagged(text, tag), Err(TagError::Misfit { .. })),
            "!!{tag} {text}"
        );
    }
}

#[test]
fn binary() {
    let decode = |text| match tagged(text, "binary") {
        Ok(Scalar::Binary(bytes)) => Some(bytes),
        _ => None,
    };
    for (text, bytes) in [
        ("", ""),
        ("aGk=", "hi"),
        ("aA==", "h"),
        ("aGkh", "hi!"),
        ("aG\nkh\n", "hi!"),
        ("aA=\n=", "h"),
    ] {
        assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
    }
    for text in [
        "a", "aG", "aGk", "aGk =", "a===", "=", "aGk==", "aGk=a", "aA=", "äö==",
    ] {
        assert_eq!(decode(text), None, "{text}");
    }
}

#[test]
fn conversions() {
    let int = |text| to_int(&plain(text));
    assert_eq!(int("2.9"), Some(2));
    assert_eq!(int("-2.9"), Some(-2));
    assert_eq!(int("1e6"), Some(1_000_000));
    assert_eq!(int("-.inf"), Some(i64::MIN));
    assert_eq!(int("-1e300"), Some(i64::MIN));
    assert_eq!(int("9223372036854775808.0"), Some(i64::MIN));
    assert_eq!(int("~"), Some(0));
    for text in [
        "9223372036854775808",
        ".nan",
        ".inf",
        "1e19",
        "256M",
        "true",
        "2024-01-02",
    ] {
        assert_eq!(int(text), None, "{text}");
    }
    let uint = |text| to_uint(&plain(text));
    assert_eq!(uint("18446744073709551615"), Some(u64::MAX));
    assert_eq!(uint("2048.9"), Some(2048));
    assert_eq!(uint("-5"), None);
    assert_eq!(uint("-5.5"), Some(u64::MAX - 4));
    assert_eq!(uint("1e19"), Some(10_000_000_000_000_000_000));
    assert_eq!(uint("1e20"), None);
    assert_eq!(uint(".nan"), None);
    assert_eq!(to_float(&plain("3")), Some(3.0));
    assert_eq!(to_float(&plain("x")), None);

    let bool = |text, quoted: bool| to_bool(&resolve_text(text, !quoted, None).unwrap(), text);
    for quoted in [false, true] {
        assert_eq!(bool("yes", quoted), Some(true));
        assert_eq!(bool("N", quoted), Some(false));
        assert_eq!(bool("yEs", quoted), None);
    }
    assert_eq!(bool("true", false), Some(true));
    assert_eq!(bool("true", true), None);
    assert_eq!(bool("", true), None);
    assert_eq!(bool("", false), Some(false));
    assert_eq!(bool("1", false), None);
}

#[test]
fn decimals() {
    for text in [
        "0.1",
        ".5",
        "5.",
        "1e-6",
        "-3",
        "+.5",
        "0777",
        ".-5",
        "1E+2",
        "1e2147483647",
    ] {
        assert!(parse_decimal(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "free",
        "true",
        "0x10",
        "1_0",
        "0,1",
        ".inf",
        ".nan",
        "$1",
        " 1",
        "\"0.1\"",
        ".",
        "-",
        "1.2.3",
        "1e",
        "1e1.5",
        "1e2147483648",
        "1e99999999999999999999",
        "0.1元",
        "--1",
        "1-",
        "e5",
        "0.1e-2147483648",
        "-.-5",
    ] {
        assert!(parse_decimal(text).is_err(), "{text}");
    }
    assert_eq!(
        parse_decimal("-0.25e3"),
        Ok(Decimal {
            negative: true,
            zero: false,
            exponent: 1
        })
    );
    assert!(parse_decimal("-0.0").unwrap().zero);
}
