use super::*;

fn plain(text: &str) -> Result<Scalar<'_>, Refusal> {
    resolve_text(text, true, None)
}

fn tagged<'t>(text: &'t str, tag: &str) -> Result<Scalar<'t>, Refusal> {
    resolve_text(text, false, Some(&format!("{CORE}{tag}")))
}

fn int(value: i64) -> Result<Scalar<'static>, Refusal> {
    Ok(Scalar::Int(Int::Small(value)))
}

/// The measured table: scalars as PyYAML 6.0.3 reads them after `a: `.
#[test]
#[expect(clippy::print_stderr, reason = "says that it is skipped")]
fn measured_scalars() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/spec/data/python-scalars.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is absent");
        return;
    };
    let rows: Vec<[String; 3]> = serde_json::from_str(&text).unwrap();
    let mut tested = 0;
    for [written, kind, shown] in &rows {
        let is_syntax = ["ScannerError", "ParserError", "ComposerError"]
            .iter()
            .any(|error| shown.starts_with(error));
        let tag = written
            .strip_prefix("!!")
            .and_then(|rest| rest.split_once(' '));
        let (text, plain, tag) = match tag {
            Some((tag, content)) => match content.strip_prefix('\'') {
                Some(content) => (
                    content.trim_end_matches('\''),
                    false,
                    Some(format!("{CORE}{tag}")),
                ),
                None => (content, true, Some(format!("{CORE}{tag}"))),
            },
            None => (written.as_str(), true, None),
        };
        // grammar, not scalars: comments, quotes, anchors, tags of one `!`, collections
        let is_grammar = is_syntax
            || matches!(kind.as_str(), "list" | "dict" | "set")
            || text.starts_with(['#', '\'', '"', '&', '!', '>', '{'])
            || text.contains(" #");
        if is_grammar {
            continue;
        }
        tested += 1;
        match resolve_text(text, plain, tag.as_deref()) {
            Err(_) => assert_eq!(kind, "ERROR", "{written}"),
            Ok(value) => {
                let (own_kind, own_shown) = repr(&value);
                assert_eq!(
                    (kind.as_str(), shown.as_str()),
                    (own_kind, own_shown.as_str()),
                    "{written}"
                );
            }
        }
    }
    assert!(tested > 140, "{tested}");
}

fn repr(value: &Scalar<'_>) -> (&'static str, String) {
    let shown = str_of(value).into_owned();
    match value {
        Scalar::Null => ("NoneType", shown),
        Scalar::Bool(_) => ("bool", shown),
        Scalar::Int(_) => ("int", shown),
        Scalar::Float(_) => ("float", shown),
        Scalar::Bytes(_) => ("bytes", shown),
        Scalar::Str(text) => {
            let mut shown = String::from("'");
            for char in text.chars() {
                match char {
                    '\\' => shown.push_str("\\\\"),
                    '\u{a0}' => shown.push_str("\\xa0"),
                    '\u{3000}' | '\u{200b}' | '\u{feff}' => {
                        shown.push_str(&format!("\\u{:04x}", u32::from(char)));
                    }
                    _ => shown.push(char),
                }
            }
            ("str", shown + "'")
        }
        Scalar::Date(date) => (
            "date",
            format!("datetime.date({}, {}, {})", date.year, date.month, date.day),
        ),
        Scalar::DateTime(time) => {
            let Date { year, month, day } = time.date;
            let mut shown = format!(
                "datetime.datetime({year}, {month}, {day}, {}, {}, {}",
                time.hour, time.minute, time.second
            );
            if time.microsecond > 0 {
                shown += &format!(", {}", time.microsecond);
            }
            match time.offset {
                None => {}
                Some(0) => shown += ", tzinfo=datetime.timezone.utc",
                Some(offset) => {
                    shown += &format!(
                        ", tzinfo=datetime.timezone(datetime.timedelta(seconds={}))",
                        i32::from(offset) * 60
                    );
                }
            }
            ("datetime", shown + ")")
        }
    }
}

#[test]
fn odd_numbers() {
    assert_eq!(plain("0_"), int(0));
    assert_eq!(plain("-0_17"), int(-15));
    assert_eq!(plain("-190:20:30"), int(-685_230));
    assert_eq!(plain("-9223372036854775808"), int(i64::MIN));
    assert_eq!(
        plain("0xFFFFFFFFFFFFFFFFFFFF"),
        Ok(Scalar::Int(Int::Big("1208925819614629174706175".into())))
    );
    assert_eq!(
        plain("-100000000000000000000"),
        Ok(Scalar::Int(Int::Big("-100000000000000000000".into())))
    );
    for text in ["0b_", "0x_", "-0x__"] {
        assert_eq!(plain(text), Err(Refusal::Misfit { tag: "!!int" }), "{text}");
    }
    assert_eq!(plain(&"1".repeat(4301)), Err(Refusal::HugeNumber));
    assert!(plain(&"1".repeat(4300)).is_ok());
    assert!(matches!(
        plain(&format!("0x{}", "f".repeat(100_000))),
        Ok(Scalar::Int(Int::Big(_)))
    ));
    assert!(plain(&format!("1{}", ":0".repeat(100_000))).is_ok());
    assert_eq!(plain("1:2.5e+3"), Ok(Scalar::Str("1:2.5e+3")));
}

#[test]
fn tags() {
    assert_eq!(tagged("0o7", "int"), int(7));
    assert_eq!(tagged("00o7", "int"), Err(Refusal::Misfit { tag: "!!int" }));
    assert_eq!(tagged(" 12 ", "int"), int(12));
    assert_eq!(tagged("x", "int"), Err(Refusal::Misfit { tag: "!!int" }));
    assert_eq!(tagged("", "int"), Err(Refusal::Misfit { tag: "!!int" }));
    assert_eq!(tagged("1e3", "float"), Ok(Scalar::Float(1000.0)));
    assert_eq!(tagged("--1", "float"), Ok(Scalar::Float(1.0)));
    assert_eq!(
        tagged("-.INF", "float"),
        Ok(Scalar::Float(f64::NEG_INFINITY))
    );
    assert_eq!(
        tagged("Infinity", "float"),
        Ok(Scalar::Float(f64::INFINITY))
    );
    assert_eq!(tagged("", "float"), Err(Refusal::Misfit { tag: "!!float" }));
    assert_eq!(tagged("yEs", "bool"), Ok(Scalar::Bool(true)));
    assert_eq!(tagged("y", "bool"), Err(Refusal::Misfit { tag: "!!bool" }));
    assert_eq!(tagged("anything", "null"), Ok(Scalar::Null));
    assert_eq!(tagged("", "str"), Ok(Scalar::Str("")));
    assert!(matches!(
        tagged("2024-1-2", "timestamp"),
        Ok(Scalar::Date(_))
    ));
    assert_eq!(
        tagged("x", "timestamp"),
        Err(Refusal::Misfit { tag: "!!timestamp" })
    );
    assert!(matches!(
        tagged("x", "seq"),
        Err(Refusal::WrongKind { tag: "!!seq", .. })
    ));
    assert!(matches!(
        tagged("x", "python/name:x"),
        Err(Refusal::UnknownTag(_))
    ));
    assert!(matches!(
        resolve_text("x", true, Some("!foo")),
        Err(Refusal::UnknownTag(_))
    ));
    assert_eq!(resolve_text("1", true, Some("!")), int(1));
    assert_eq!(resolve_text("1", false, Some("!")), int(1));
    assert_eq!(
        plain("2024-01-02T03:04:05-23:60"),
        Err(Refusal::Date(DateProblem::Offset))
    );
    let message = Refusal::UnknownTag(format!("{CORE}python/x")).message();
    assert_eq!(message, "unknown tag `!!python/x`");
}

#[test]
fn base64() {
    for (text, bytes) in [
        ("", Some("")),
        ("aGk=", Some("hi")),
        ("a G\nk=", Some("hi")),
        ("aGk=aGk=", Some("hi")),
        ("aA==", Some("h")),
        ("aA", None),
        ("aGk", None),
        ("a", None),
        ("====", Some("")),
        ("!", Some("")),
        ("ä", None),
    ] {
        assert_eq!(
            decode_base64(text).as_deref(),
            bytes.map(str::as_bytes),
            "{text}"
        );
    }
}

#[test]
fn shows_like_python() {
    for (value, shown) in [
        (1e16, "1e+16"),
        (1e15, "1000000000000000.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e300, "1.5e+300"),
        (-0.0, "-0.0"),
        (123_456.789, "123456.789"),
        (f64::NAN, "nan"),
    ] {
        assert_eq!(show_float(value), shown);
    }
    assert_eq!(
        str_of(&Scalar::Bytes(b"a'\"\n\xff".to_vec())),
        "b'a\\'\"\\n\\xff'"
    );
    assert_eq!(str_of(&Scalar::Bytes(b"a'".to_vec())), "b\"a'\"");
}

fn messages(source: &str) -> Vec<String> {
    let tree = Tree::parse(source);
    refusals(&tree)
        .iter()
        .map(|(_, refusal)| refusal.message())
        .collect()
}

#[test]
fn refuses_values_anywhere() {
    let source = "- a\n- 2024-02-30\n- =\n- <<\n- 0b_\n- 1.5\n- \"2024-02-30\"\n- !foo x\n- !foo []\n\
                  - !!map []\n- !!str {}\n- ! []\n";
    assert_eq!(
        messages(source),
        [
            "impossible date: the month does not have that day",
            "a bare `=` is a special word of YAML 1.1, not a text",
            "a bare `<<` is the merge sign of YAML, not a text",
            "the text does not fit its tag `!!int`",
            "unknown tag `!foo`",
            "unknown tag `!foo`",
            "the tag `!!map` goes with a mapping, not with a list",
            "the tag `!!str` goes with a scalar, not with a mapping",
        ]
    );
}

#[test]
fn refuses_keys_and_merges() {
    let source = "1: &t {{x: }: }\n*t : 2\n=: x\n<<: 2\n<<: [y, {}]\n";
    assert_eq!(
        messages(source),
        [
            "a mapping cannot be a key",
            "a mapping cannot be a key",
            "`<<` takes a mapping or a list of them, not a scalar",
            "`<<` takes a mapping or a list of them, not a scalar",
        ]
    );
}

#[test]
fn omap_needs_single_pairs() {
    assert_eq!(messages("!!omap [{a: 1}, {a: 1, b: 2}, c]").len(), 2);
    assert_eq!(messages("!!pairs [{a: 1}, {a: 1, b: 2}, c]").len(), 2);
    assert_eq!(messages("!!set [{a: 1}, {a: 1, b: 2}, c]").len(), 1);
}

/// The effective entries of the mapping at a pointer.
fn shown(source: &str, pointer: &str) -> String {
    let tree = Tree::parse(source);
    entries(&tree, tree.find(pointer).unwrap())
        .map(|(key, value)| format!("{}={} ", tree.text(key), tree.text(value)))
        .collect()
}

#[test]
fn recursive_aliases_end() {
    let source = "&r {a: *r, <<: *r}";
    let tree = Tree::parse(source);
    assert_eq!(messages(source), [""; 0]);
    assert_eq!(shown(source, ""), "a=r ");
    assert!(truthy(&tree, tree.root().unwrap()));
}

#[test]
fn duplicates_last_wins() {
    let source = "{a: 1, b: 2, a: 3, 1: x, true: y, 1.0: z, ~: n, null: m}";
    assert_eq!(shown(source, ""), "a=3 b=2 1.0=z null=m ");
    let many: String = (0..40).fold(String::new(), |text, index| {
        text + &format!("{}: {}\n", ["k", "l"][index % 2], ["v", "w"][index / 20])
    });
    assert_eq!(shown(&many, ""), "k=w l=w ");
}

#[test]
fn merges() {
    let source = "f: &f {a: 1, b: 1}\ns: &s {b: 2, c: 2}\nm: {c: 3, <<: [*f, *s]}\n";
    // a list's later mappings come first in the dict, the own keys last unless merged before
    assert_eq!(shown(source, "/m"), "b=1 c=3 a=1 ");
}

#[test]
fn merge_bombs_end() {
    let source = (1..=64).fold("l0: &l0 {a: 1}\n".to_owned(), |text, level| {
        let below = vec![format!("*l{}", level - 1); 8].join(", ");
        text + &format!("l{level}: &l{level} {{<<: [{below}]}}\n")
    });
    assert_eq!(shown(&source, "/l64"), "a=1 ");
}

#[test]
fn truth() {
    for (text, truth) in [
        ("~", false),
        ("no", false),
        ("0", false),
        ("0.0", false),
        ("0x0", false),
        ("''", false),
        ("[]", false),
        ("a", true),
        ("1", true),
        (".nan", true),
        ("2024-01-02", true),
        ("[[]]", true),
    ] {
        let tree = Tree::parse(text);
        assert_eq!(truthy(&tree, tree.root().unwrap()), truth, "{text}");
    }
}
