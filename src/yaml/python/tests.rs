use super::*;
use crate::finding::Span;
use crate::yaml::Tag;
use crate::yaml::tree::Node;

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

/// Builds small trees by hand; the text of a tree is its scalars one after the other.
#[derive(Default)]
struct Builder {
    tree: Tree,
    source: String,
}

impl Builder {
    fn push(&mut self, kind: Kind, text: &str, children: Vec<NodeId>) -> NodeId {
        let node = NodeId(u32::try_from(self.tree.nodes.len()).unwrap());
        let start = u32::try_from(self.source.len()).unwrap();
        self.source += text;
        let end = u32::try_from(self.source.len()).unwrap();
        let first = u32::try_from(self.tree.children.len()).unwrap();
        for child in &children {
            if kind != Kind::Alias {
                self.tree.nodes[child.0 as usize].parent = Some(node);
            }
        }
        self.tree.children.extend(children);
        let last = u32::try_from(self.tree.children.len()).unwrap();
        self.tree.nodes.push(Node {
            kind,
            span: Span::new(start, end),
            parent: None,
            children: (first, last),
            text: None,
        });
        self.tree.source = self.source.as_str().into();
        self.tree.root = Some(node);
        node
    }

    fn word(&mut self, text: &str) -> NodeId {
        self.push(Kind::Scalar(Style::Plain), text, Vec::new())
    }

    fn list(&mut self, items: Vec<NodeId>) -> NodeId {
        self.push(Kind::Sequence { flow: true }, "", items)
    }

    fn map(&mut self, pairs: Vec<NodeId>) -> NodeId {
        self.push(Kind::Mapping { flow: true }, "", pairs)
    }

    fn alias(&mut self, target: NodeId) -> NodeId {
        self.push(Kind::Alias, "", vec![target])
    }

    fn tag(&mut self, node: NodeId, name: &str) -> NodeId {
        let name = name.replace("!!", CORE);
        self.tree.tags.insert(
            node,
            Tag {
                span: Span::at(0),
                name,
            },
        );
        node
    }

    fn words<const N: usize>(&mut self, words: [&str; N]) -> Vec<NodeId> {
        words.iter().map(|word| self.word(word)).collect()
    }

    fn refusals(&self) -> Vec<String> {
        refusals(&self.tree)
            .iter()
            .map(|(_, refusal)| refusal.message())
            .collect()
    }
}

#[test]
fn refuses_values_anywhere() {
    let mut build = Builder::default();
    let mut items = build.words(["a", "2024-02-30", "=", "<<", "0b_", "1.5"]);
    let quoted = build.push(Kind::Scalar(Style::Double), "2024-02-30", Vec::new());
    items.push(quoted);
    let custom = build.word("x");
    items.push(build.tag(custom, "!foo"));
    let empty = build.list(Vec::new());
    items.push(build.tag(empty, "!foo"));
    let list = build.list(Vec::new());
    items.push(build.tag(list, "!!map"));
    let map = build.map(Vec::new());
    items.push(build.tag(map, "!!str"));
    let fine = build.list(Vec::new());
    items.push(build.tag(fine, "!"));
    build.list(items);
    assert_eq!(
        build.refusals(),
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
    let mut build = Builder::default();
    let inner = build.words(["x", ""]);
    let inner = build.map(inner);
    let value = build.word("");
    let template = build.map(vec![inner, value]);
    let alias = build.alias(template);
    let equals = build.word("=");
    let words = build.words(["1", "2", "<<", "x", "<<"]);
    let bad = build.word("y");
    let tagged = build.map(Vec::new());
    let tagged = build.tag(tagged, "!foo");
    let merged = build.list(vec![bad, tagged]);
    build.map(vec![
        words[0], template, alias, words[1], equals, words[3], words[2], words[1], words[4], merged,
    ]);
    assert_eq!(
        build.refusals(),
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
    let mut build = Builder::default();
    let words = build.words(["a", "1", "b", "2", "c"]);
    let one = build.map(vec![words[0], words[1]]);
    let two = build.map(vec![words[0], words[1], words[2], words[3]]);
    let list = build.list(vec![one, two, words[4]]);
    build.tag(list, "!!omap");
    build.tree.root = Some(list);
    assert_eq!(build.refusals().len(), 2);
    build.tag(list, "!!pairs");
    assert_eq!(build.refusals().len(), 2);
    build.tag(list, "!!set");
    assert_eq!(build.refusals().len(), 1);
}

#[test]
fn recursive_aliases_end() {
    let mut build = Builder::default();
    let key = build.word("a");
    let merge = build.word("<<");
    let root = build.map(vec![key, key, merge, key]);
    let alias = build.alias(root);
    build.tree.children[1] = alias;
    build.tree.children[3] = alias;
    build.tree.root = Some(root);
    assert_eq!(build.refusals(), [""; 0]);
    assert_eq!(entries(&build.tree, root), [(key, alias)]);
    assert!(truthy(&build.tree, root));
}

fn shown(build: &Builder, mapping: NodeId) -> String {
    let show = |node| build.tree.text(node).to_owned();
    entries(&build.tree, mapping)
        .into_iter()
        .map(|(key, value)| format!("{}={} ", show(key), show(value)))
        .collect()
}

#[test]
fn duplicates_last_wins() {
    let mut build = Builder::default();
    let pairs = build.words([
        "a", "1", "b", "2", "a", "3", "1", "x", "true", "y", "1.0", "z", "~", "n", "null", "m",
    ]);
    let map = build.map(pairs);
    assert_eq!(shown(&build, map), "a=3 b=2 1.0=z null=m ");
    let mut pairs: Vec<NodeId> = Vec::new();
    for index in 0..40 {
        pairs.extend(build.words([["k", "l"][index % 2], ["v", "w"][index / 20]]));
    }
    let map = build.map(pairs);
    assert_eq!(shown(&build, map), "k=w l=w ");
}

#[test]
fn merges() {
    let mut build = Builder::default();
    let first = build.words(["a", "1", "b", "1"]);
    let first = build.map(first);
    let second = build.words(["b", "2", "c", "2"]);
    let second = build.map(second);
    let aliases = [first, second].map(|node| build.alias(node));
    let list = build.list(aliases.to_vec());
    let own = build.words(["<<", "c", "3"]);
    let map = build.map(vec![own[1], own[2], own[0], list]);
    // a list's later mappings come first in the dict, the own keys last unless merged before
    assert_eq!(shown(&build, map), "b=1 c=3 a=1 ");
}

#[test]
fn merge_bombs_end() {
    let mut build = Builder::default();
    let pair = build.words(["a", "1"]);
    let mut level = build.map(pair);
    for _ in 0..64 {
        let items: Vec<_> = (0..8).map(|_| build.alias(level)).collect();
        let list = build.list(items);
        let merge = build.word("<<");
        level = build.map(vec![merge, list]);
    }
    assert_eq!(shown(&build, level), "a=1 ");
}

#[test]
fn truth() {
    let mut build = Builder::default();
    for (text, truth) in [
        ("", false),
        ("~", false),
        ("no", false),
        ("0", false),
        ("0.0", false),
        ("0x0", false),
        ("a", true),
        ("1", true),
        (".nan", true),
        ("2024-01-02", true),
    ] {
        let node = build.word(text);
        assert_eq!(truthy(&build.tree, node), truth, "{text}");
    }
    let empty = build.push(Kind::Scalar(Style::Single), "", Vec::new());
    assert!(!truthy(&build.tree, empty));
    let list = build.list(Vec::new());
    assert!(!truthy(&build.tree, list));
    let list = build.list(vec![list]);
    assert!(truthy(&build.tree, list));
}
