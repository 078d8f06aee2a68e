use super::*;
use crate::yaml::python::{Date, DateTime};
use std::collections::BTreeMap;

/// The measured table: 19 types, 118 values; those that are no scalars are the caller's.
#[test]
#[expect(clippy::print_stderr, reason = "says that it is skipped")]
fn measured_coercions() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/spec/data/pydantic-coercions.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is absent");
        return;
    };
    let table: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut tested = 0;
    let mut wrong = Vec::new();
    for (name, rows) in &table {
        let Some(kind) = kind(name) else {
            continue;
        };
        let rows: Vec<[String; 3]> = serde_json::from_value(rows.clone()).unwrap();
        for [repr, verdict, result] in &rows {
            let mut buffer = String::new();
            let Some(value) = value(repr, &mut buffer) else {
                continue;
            };
            if name.ends_with("|None") && value == Scalar::Null {
                continue;
            }
            tested += 1;
            let expected = match verdict.as_str() {
                "accept" => Ok(()),
                _ => Err(result.as_str()),
            };
            let own = accepts(kind, &value);
            if own != expected {
                wrong.push(format!("{name} {repr}: {own:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tested > 1500, "{tested}");
}

fn kind(name: &str) -> Option<Kind<'static>> {
    Some(match name {
        "str" => Kind::Str,
        "int" => Kind::Int,
        "float" => Kind::Float,
        "bool" => Kind::Bool,
        "Decimal" => Kind::Decimal,
        "datetime" => Kind::DateTime,
        "Enum" => Kind::Enum(&["a", "1"]),
        "StrEnum" => Kind::StrEnum(&["a", "1"]),
        "int|float|str|None" | "int|float|str|list|None" => Kind::IntFloatStr,
        "int|float|str|bool|list|None" => Kind::IntFloatStrBool,
        "float|int|str|None" => Kind::FloatIntStr,
        "float|int|None" => Kind::FloatInt,
        "JsonValue" => Kind::Json,
        "list[str]" => Kind::Collection("list_type"),
        "dict[str,Any]" => Kind::Collection("dict_type"),
        _ => return None,
    })
}

fn value<'b>(repr: &str, buffer: &'b mut String) -> Option<Scalar<'b>> {
    if repr.starts_with(['[', '{', '(']) {
        return None;
    }
    if let Some(text) = repr.strip_prefix('\'') {
        buffer.push_str(text.strip_suffix('\'').unwrap());
        return Some(Scalar::Str(buffer));
    }
    if let Some(text) = repr.strip_prefix("b'") {
        return Some(Scalar::Bytes(text.trim_end_matches('\'').into()));
    }
    let date = Date {
        year: 2024,
        month: 1,
        day: 2,
    };
    Some(match repr {
        "None" => Scalar::Null,
        "True" => Scalar::Bool(true),
        "False" => Scalar::Bool(false),
        "nan" => Scalar::Float(f64::NAN),
        "inf" => Scalar::Float(f64::INFINITY),
        "datetime.date(2024, 1, 2)" => Scalar::Date(date),
        "datetime.datetime(2024, 1, 2, 3, 4, 5)" => Scalar::DateTime(DateTime {
            date,
            hour: 3,
            minute: 4,
            second: 5,
            microsecond: 0,
            offset: None,
        }),
        _ if repr.contains(['.', 'e']) => Scalar::Float(repr.parse().unwrap()),
        _ => Scalar::Int(match repr.parse() {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(repr.into()),
        }),
    })
}

#[test]
fn beyond_the_table() {
    for (kind, text, expected) in [
        (Kind::Float, "1_000 ", Err("float_parsing")),
        (Kind::Float, " 1e3 ", Ok(())),
        (Kind::Float, "1_e1", Ok(())),
        (Kind::DateTime, "0000-01-01", Err("datetime_parsing")),
        (Kind::DateTime, "-11676096001", Ok(())),
        (
            Kind::DateTime,
            "253402300800000",
            Err("datetime_from_date_parsing"),
        ),
        (Kind::Decimal, "sNaN12", Err("finite_number")),
        (Kind::Decimal, "1_e_5", Ok(())),
    ] {
        assert_eq!(accepts(kind, &Scalar::Str(text)), expected, "{text}");
    }
    assert_eq!(
        accepts(Kind::Bool, &Scalar::Float(9.0)),
        Err("bool_parsing")
    );
    assert_eq!(
        accepts(Kind::Str, &Scalar::Bytes(vec![0xff])),
        Err("string_unicode")
    );
}
