//! Every edit on every node of real and odd documents: the edited text must say exactly what was
//! asked for, and nothing else may change. What the edit should come to is worked out on plain
//! values, which know nothing of bytes.

use difylint::yaml::edit::{self, Replacement};
use difylint::yaml::{Kind, NodeId, Style, Tree};
use proptest::prelude::*;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A document without its layout.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    /// Written without quotes, the tag, the text.
    Scalar(bool, String, String),
    Alias(String),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
}

fn value(tree: &Tree, node: NodeId) -> Value {
    match tree.kind(node) {
        Kind::Scalar(style) => Value::Scalar(
            style == Style::Plain,
            tree.tag(node).map_or(String::new(), |tag| tag.name.clone()),
            tree.text(node).to_owned(),
        ),
        Kind::Alias => Value::Alias(tree.text(node).to_owned()),
        Kind::Sequence { .. } => {
            Value::List(tree.items(node).iter().map(|it| value(tree, *it)).collect())
        }
        Kind::Mapping { .. } => Value::Map(
            tree.pairs(node)
                .map(|(key, it)| (value(tree, key), value(tree, it)))
                .collect(),
        ),
    }
}

/// Positions among children that lead from the root to a node; of a pair the value counts.
fn path(tree: &Tree, node: NodeId) -> Vec<usize> {
    let mut path = Vec::new();
    let mut at = node;
    while let Some(parent) = tree.parent(at) {
        let place = match tree.kind(parent) {
            Kind::Sequence { .. } => tree.items(parent).iter().position(|it| *it == at),
            _ => tree.pairs(parent).position(|(k, v)| k == at || v == at),
        };
        path.push(place.unwrap());
        at = parent;
    }
    path.reverse();
    path
}

fn at<'v>(value: &'v mut Value, path: &[usize]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::List(items) => &mut items[*step],
        Value::Map(pairs) => &mut pairs[*step].1,
        _ => panic!("no collection"),
    })
}

fn apply(text: &str, mut edits: Vec<Replacement>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(*span));
    let mut text = text.to_owned();
    let mut limit = text.len();
    for (span, new) in edits {
        assert!(span.range().end <= limit, "edits overlap");
        limit = span.range().start;
        text.replace_range(span.range(), &new);
    }
    text
}

fn text(text: &str) -> Value {
    Value::Scalar(true, String::new(), text.to_owned())
}

/// The same but for the quotes of scalars.
fn same_texts(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Scalar(_, tag, text), Value::Scalar(_, other_tag, other)) => {
            tag == other_tag && text == other
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_texts(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| same_texts(&a.0, &b.0) && same_texts(&a.1, &b.1))
        }
        (a, b) => a == b,
    }
}

fn is_key(tree: &Tree, node: NodeId) -> bool {
    let mapping = tree.parent(node).filter(|it| tree.is_mapping(*it));
    mapping.is_some() && tree.key_of(node).is_none()
}

/// Counts by kind of edit: made, refused.
type Counts = BTreeMap<&'static str, (usize, usize)>;

struct Trial<'t> {
    tree: &'t Tree,
    root: Value,
    comments: Vec<String>,
    counts: Counts,
    wrong: Vec<String>,
}

fn comments(tree: &Tree) -> Vec<String> {
    let texts = tree.comments().iter();
    texts
        .map(|it| tree.source()[it.range()].trim_end().to_owned())
        .collect()
}

impl<'t> Trial<'t> {
    fn new(tree: &'t Tree) -> Option<Self> {
        let sound = tree.errors().is_empty();
        Some(Self {
            tree,
            root: value(tree, tree.root().filter(|_| sound)?),
            comments: comments(tree),
            counts: Counts::new(),
            wrong: Vec::new(),
        })
    }

    /// Makes an edit and compares with what `expected` makes of the values.
    fn check(
        &mut self,
        what: &'static str,
        node: NodeId,
        edits: Option<Vec<Replacement>>,
        keeps_comments: bool,
        expected: impl FnOnce(&mut Value),
    ) {
        let count = self.counts.entry(what).or_default();
        let Some(edits) = edits else {
            count.1 += 1;
            return;
        };
        count.0 += 1;
        let after = apply(self.tree.source(), edits);
        let mut wanted = self.root.clone();
        expected(&mut wanted);
        let tree = Tree::parse(&after);
        let found = tree.root().map(|root| value(&tree, root));
        let place = self.tree.pointer(node);
        let mut say = |words: &str| self.wrong.push(format!("{what} {place}: {words}\n{after}"));
        if !tree.errors().is_empty() {
            say("no YAML any more");
        } else if !found.is_some_and(|found| same_texts(&found, &wanted)) {
            say("other values");
        }
        let mut left = comments(&tree);
        if keeps_comments && left != self.comments {
            say("comments differ");
        }
        // a removal takes comments along and writes none
        left.retain(|it| !self.comments.contains(it));
        if !left.is_empty() {
            say("a comment appeared");
        }
        let crlf = self.tree.source().contains("\r\n");
        if crlf && after.matches('\n').count() > after.matches("\r\n").count() {
            self.wrong.push(format!("{what} {place}: line ends differ"));
        }
    }

    fn all(&mut self) {
        let tree = self.tree;
        // values have no names for what lies inside a complex key
        let in_key = |node: NodeId| {
            std::iter::successors(tree.parent(node), |it| tree.parent(*it))
                .any(|it| is_key(tree, it))
        };
        for node in tree.nodes().filter(|it| !in_key(*it)) {
            self.node(node);
        }
    }

    fn node(&mut self, node: NodeId) {
        let tree = self.tree;
        let path = path(tree, node);
        if is_key(tree, node) {
            return self.key(node, &path);
        }
        if tree.is_scalar(node) && tree.parent(node).is_some() {
            for new in ["x", "1.10", "it's: \"y\" # no", "名 — 称", "-", "a, b]"] {
                let edits = edit::replace_scalar(tree, node, new).map(|it| vec![it]);
                self.check("replace", node, edits, true, |root| {
                    *at(root, &path) = text(new);
                });
            }
            let before = tree.text(node).to_owned();
            let edits = edit::quote(tree, node).map(|it| vec![it]);
            self.check("quote", node, edits, true, |root| {
                *at(root, &path) = text(&before)
            });
            let edits = edit::write_plain(tree, node, "true").map(|it| vec![it]);
            self.check("write plain", node, edits, true, |root| {
                *at(root, &path) = text("true")
            });
        }
        if tree.parent(node).is_some_and(|it| tree.is_sequence(it)) {
            let (last, above) = path.split_last().unwrap();
            let edits = edit::remove_item(tree, node);
            self.check("remove item", node, edits, false, |root| {
                let Value::List(items) = at(root, above) else {
                    panic!()
                };
                items.remove(*last);
            });
            let edits = edit::insert_item(tree, node, "new").map(|it| vec![it]);
            self.check("insert item", node, edits, true, |root| {
                let Value::List(items) = at(root, above) else {
                    panic!()
                };
                items.insert(*last, text("new"));
            });
        }
        if tree.is_sequence(node) {
            self.list(node, &path);
        }
        if tree.is_mapping(node) {
            self.mapping(node, &path);
        }
    }

    fn key(&mut self, key: NodeId, path: &[usize]) {
        let tree = self.tree;
        let (last, above) = path.split_last().unwrap();
        let edits = edit::remove_entry(tree, key);
        self.check("remove entry", key, edits, false, |root| {
            let Value::Map(pairs) = at(root, above) else {
                panic!()
            };
            pairs.remove(*last);
        });
        for name in ["renamed", "no", "它 的"] {
            let edits = edit::rename_key(tree, key, name).map(|it| vec![it]);
            self.check("rename", key, edits, true, |root| {
                let Value::Map(pairs) = at(root, above) else {
                    panic!()
                };
                pairs[*last].0 = text(name);
            });
        }
        let from = tree.parent(key).unwrap();
        let others = tree
            .nodes()
            .filter(|it| tree.is_mapping(*it) && *it != from);
        // the first, the last and some in between stand for all
        for to in others
            .step_by(7)
            .take(6)
            .chain(tree.parent(from).filter(|it| tree.is_mapping(*it)))
        {
            let target = self::path(tree, to);
            let edits = edit::move_entry(tree, key, to, &[]);
            let inside = target.starts_with(path);
            assert!(!(inside && edits.is_some()), "moved into itself");
            self.check("move entry", key, edits, false, |root| {
                let mut moved = None;
                if let Value::Map(pairs) = at(root, above) {
                    moved = Some(pairs.remove(*last));
                }
                // what stood behind the entry in its mapping has moved up
                let mut target = target.clone();
                if target.starts_with(above) && target.get(above.len()).is_some_and(|it| it > last)
                {
                    target[above.len()] -= 1;
                }
                let to = at(root, &target);
                let moved = moved.unwrap();
                match to {
                    Value::Map(pairs) => pairs.push(moved),
                    to => *to = Value::Map(vec![moved]),
                }
            });
        }
    }

    fn list(&mut self, list: NodeId, path: &[usize]) {
        let pair = || Value::Map(vec![(text("k"), text("v")), (text("w"), text("x"))]);
        for (item, new) in [("new", text("new")), ("k: v\nw: x", pair())] {
            let edits = edit::append_item(self.tree, list, item).map(|it| vec![it]);
            self.check("append item", list, edits, true, |root| {
                let Value::List(items) = at(root, path) else {
                    panic!()
                };
                items.push(new);
            });
        }
    }

    fn mapping(&mut self, mapping: NodeId, path: &[usize]) {
        let tree = self.tree;
        let nested = || {
            Value::Map(vec![
                (text("en_US"), text("T")),
                (text("ja_JP"), text("ツ")),
            ])
        };
        let list = || Value::List(vec![text("a"), text("b")]);
        let cases = [
            ("T", text("T")),
            ("en_US: T\nja_JP: ツ", nested()),
            ("- a\n- b", list()),
        ];
        let first = tree.pairs(mapping).next().map(|(key, _)| tree.text(key));
        for (written, new) in cases {
            for before in [None, first] {
                let keys: Vec<&str> = before.into_iter().collect();
                let edits = edit::insert_entry(tree, mapping, &keys, "new key", written);
                let new = new.clone();
                // the last of equal keys is the neighbour
                let place = before.and_then(|name| {
                    tree.pairs(mapping)
                        .collect::<Vec<_>>()
                        .iter()
                        .rposition(|(key, _)| tree.is_scalar(*key) && tree.text(*key) == name)
                });
                self.check(
                    "insert entry",
                    mapping,
                    edits.map(|it| vec![it]),
                    true,
                    |root| {
                        let Value::Map(pairs) = at(root, path) else {
                            panic!()
                        };
                        let place = place.map_or(pairs.len(), |it| it + 1);
                        pairs.insert(place, (text("new key"), new));
                    },
                );
            }
        }
    }
}

fn trial(source: &str) -> (Counts, Vec<String>) {
    let tree = Tree::parse(source);
    let Some(mut trial) = Trial::new(&tree) else {
        return Default::default();
    };
    trial.all();
    (trial.counts, trial.wrong)
}

#[test]
fn every_edit_of_odd_documents_says_what_was_asked() {
    let mut total = Counts::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/yaml_edit");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    let mut all = Vec::new();
    for path in &paths {
        let source = fs::read_to_string(path).unwrap();
        // every odd document once more with CRLF, without its last line break, and with a mark
        let variants = [
            source.clone(),
            source.replace('\n', "\r\n"),
            source.trim_end().to_owned(),
            format!("\u{feff}{source}"),
        ];
        for variant in variants {
            let (counts, wrong) = trial(&variant);
            add(&mut total, counts);
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            all.extend(wrong.into_iter().map(|it| format!("{name}: {it}")));
        }
    }
    show(&total);
    assert!(
        all.is_empty(),
        "{} wrong:\n{}",
        all.len(),
        all.iter()
            .take(8)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n----\n")
    );
    assert!(total.values().all(|it| it.0 > 0), "an edit was never made");
}

#[test]
fn every_edit_of_real_documents_says_what_was_asked() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/official");
    if !corpus.is_dir() {
        println!("skipped: {} is not there", corpus.display());
        return;
    }
    let mut paths = Vec::new();
    collect(&corpus, &mut paths);
    paths.sort();
    // edits of a document are quadratic in its size: small ones all, of large ones a few
    let step = if std::env::var("DIFYLINT_EDITS").is_ok_and(|it| it == "all") {
        1
    } else {
        89
    };
    let results: Vec<(Counts, Vec<String>)> = paths
        .par_iter()
        .step_by(step)
        .filter_map(|path| {
            let source = fs::read_to_string(path)
                .ok()
                .filter(|it| it.len() < 8_000)?;
            let (counts, wrong) = trial(&source);
            Some((
                counts,
                wrong
                    .into_iter()
                    .map(|it| format!("{}: {it}", path.display()))
                    .collect(),
            ))
        })
        .collect();
    let documents = results.len();
    let mut total = Counts::new();
    let mut all = Vec::new();
    for (counts, wrong) in results {
        add(&mut total, counts);
        all.extend(wrong);
    }
    println!("{documents} documents");
    show(&total);
    assert!(
        all.is_empty(),
        "{} wrong:\n{}",
        all.len(),
        all.iter()
            .take(5)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n----\n")
    );
    for (what, (made, refused)) in total {
        assert!(
            made > refused / 2 || what == "quote",
            "{what}: {made} made, {refused} refused"
        );
    }
}

fn add(total: &mut Counts, counts: Counts) {
    for (what, (made, refused)) in counts {
        let entry = total.entry(what).or_default();
        entry.0 += made;
        entry.1 += refused;
    }
}

fn show(total: &Counts) {
    println!("{:14} {:>9} {:>9}", "edit", "made", "refused");
    for (what, (made, refused)) in total {
        println!("{what:14} {made:>9} {refused:>9}");
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "yml")
        {
            found.push(path);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any text, in any place, is read back as that text by both readers.
    #[test]
    fn any_text_comes_back(new in "\\PC{0,12}|[ -~]{0,12}|[\\x00-\\x20:#'\"\\\\\\-,\\[\\]{}]{0,8}") {
        for source in ["a: x\nb: 1\n", "a: 'x'\n", "a: \"x\" # c\n", "{a: x, b: [y]}\n", "a: |\n  x\nb: 1\n", "a:\nb: 1\n"] {
            let tree = Tree::parse(source);
            let node = tree.find("/a").unwrap();
            let Some(edit) = edit::replace_scalar(&tree, node, &new) else { continue };
            let after = apply(source, vec![edit]);
            let tree = Tree::parse(&after);
            prop_assert!(tree.errors().is_empty(), "{after:?}");
            let node = tree.find("/a").unwrap();
            let go = difylint::yaml::go::resolve(&tree, node);
            let python = difylint::yaml::python::resolve(&tree, node);
            prop_assert_eq!(go.unwrap(), difylint::yaml::go::Scalar::Str(new.as_str()));
            prop_assert_eq!(python.unwrap(), difylint::yaml::python::Scalar::Str(new.as_str()));
        }
    }

    /// No text, however broken, makes an edit panic or reach outside of it.
    #[test]
    fn broken_texts_do_no_harm(source in "([a-c]: |- |\\[|\\]|\\{|\\}|&x |\\*x|\n  |\n|\t|# c\n|\\? |'|\"|\\|\n|,|é|---\n|x){0,14}") {
        let tree = Tree::parse(&source);
        for node in tree.nodes() {
            let mut all: Vec<Replacement> = Vec::new();
            all.extend(edit::replace_scalar(&tree, node, "new: 1"));
            all.extend(edit::quote(&tree, node));
            all.extend(edit::fill_empty(&tree, node, "k: v\n"));
            all.extend(edit::append_item(&tree, node, "x"));
            all.extend(edit::insert_entry(&tree, node, &["a"], "new", "x"));
            all.extend(edit::insert_item(&tree, node, "x"));
            all.extend(edit::remove_item(&tree, node).into_iter().flatten());
            if is_key(&tree, node) {
                all.extend(edit::rename_key(&tree, node, "new"));
                all.extend(edit::remove_entry(&tree, node).into_iter().flatten());
                for to in tree.nodes() {
                    all.extend(edit::move_entry(&tree, node, to, &[]).into_iter().flatten());
                }
            }
            for (span, _) in all {
                prop_assert!(span.start <= span.end && source.get(span.range()).is_some());
            }
        }
    }
}
