use super::*;

/// The document with the edit of one function applied to the node at a pointer.
fn edited(source: &str, edit: impl Fn(&Tree) -> Vec<Replacement>) -> String {
    let tree = Tree::parse(source);
    let mut text = source.to_owned();
    let mut edits = edit(&tree);
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, new) in edits {
        text.replace_range(span.range(), &new);
    }
    text
}

fn key(tree: &Tree, pointer: &str) -> NodeId {
    tree.key_of(tree.find(pointer).unwrap()).unwrap()
}

#[test]
fn scalars_keep_their_quotes() {
    let replace = |source: &str, new: &str| {
        edited(source, |tree| {
            vec![replace_scalar(tree, tree.find("/a").unwrap(), new).unwrap()]
        })
    };
    assert_eq!(replace("a: x # c\n", "y"), "a: y # c\n");
    assert_eq!(replace("a: 'x'\n", "it's"), "a: 'it''s'\n");
    assert_eq!(replace("a: \"x\"\n", "say \"y\""), "a: \"say \\\"y\\\"\"\n");
    assert_eq!(replace("a: x\n", "1.10"), "a: \"1.10\"\n");
    assert_eq!(replace("a: x\n", "yes"), "a: \"yes\"\n");
    assert_eq!(replace("a: x\n", "b: c"), "a: \"b: c\"\n");
    assert_eq!(replace("a:\nb: 1\n", "搜索"), "a: 搜索\nb: 1\n");
    assert_eq!(replace("{a: x, b: 1}\n", "p,q"), "{a: \"p,q\", b: 1}\n");
    assert_eq!(
        replace("a: one\n  two\nb: 1\n", "three"),
        "a: three\nb: 1\n"
    );
}

#[test]
fn versions_are_quoted_where_they_stand() {
    let quoted = |source: &str| {
        edited(source, |tree| {
            vec![quote(tree, tree.find("/v").unwrap()).unwrap()]
        })
    };
    assert_eq!(quoted("v: 3.10   # python\n"), "v: \"3.10\"   # python\n");
    assert_eq!(
        quoted("\u{feff}v: 3.10\r\nw: 1\r\n"),
        "\u{feff}v: \"3.10\"\r\nw: 1\r\n"
    );
}

#[test]
fn entries_leave_with_their_lines() {
    let removed = |source: &str, pointer: &str| {
        edited(source, |tree| {
            remove_entry(tree, key(tree, pointer)).unwrap()
        })
    };
    assert_eq!(removed("a: 1\nb: 2 # two\nc: 3\n", "/b"), "a: 1\nc: 3\n");
    assert_eq!(
        removed("a: 1\nb:\n  x: |\n    # text\n    more\nc: 3\n", "/b"),
        "a: 1\nc: 3\n"
    );
    assert_eq!(
        removed("- a: 1\n  b: 2\n- c: 3\n", "/0/a"),
        "- b: 2\n- c: 3\n"
    );
    assert_eq!(removed("x: {a: 1, b: 2}\n", "/x/a"), "x: {b: 2}\n");
    assert_eq!(removed("x: {a: 1, b: 2}\n", "/x/b"), "x: {a: 1}\n");
    assert_eq!(removed("a: 1\r\nb: 2", "/b"), "a: 1\r\n");
    let tree = Tree::parse("a: &x {k: v}\nb: *x\n");
    assert_eq!(
        remove_entry(&tree, key(&tree, "/a")),
        None,
        "the alias needs it"
    );
}

#[test]
fn items_leave_with_their_dash() {
    let removed = |source: &str, pointer: &str| {
        edited(source, |tree| {
            remove_item(tree, tree.find(pointer).unwrap()).unwrap()
        })
    };
    assert_eq!(removed("l:\n  - a\n  - b\n", "/l/1"), "l:\n  - a\n");
    assert_eq!(
        removed("l:\n- name: a\n  v: 1\n- name: b\n", "/l/0"),
        "l:\n- name: b\n"
    );
    assert_eq!(removed("l: [a, b, c]\n", "/l/1"), "l: [a, c]\n");
}

#[test]
fn entries_join_their_neighbours() {
    let inserted = |source: &str, pointer: &str, before: &[&str], k: &str, v: &str| {
        edited(source, |tree| {
            vec![insert_entry(tree, tree.find(pointer).unwrap(), before, k, v).unwrap()]
        })
    };
    assert_eq!(
        inserted(
            "label:\n  zh_Hans: 工具\nname: x\n",
            "/label",
            &[],
            "en_US",
            "Tool"
        ),
        "label:\n  zh_Hans: 工具\n  en_US: Tool\nname: x\n"
    );
    assert_eq!(
        inserted("a: 1\nc: 3\n", "", &["a"], "b", "2"),
        "a: 1\nb: 2\nc: 3\n"
    );
    assert_eq!(
        inserted("a: {b: 1}\n", "/a", &[], "c", "2"),
        "a: {b: 1, c: 2}\n"
    );
    assert_eq!(
        inserted("a: |\n  text\n  # more\n\n\nc: 3\n", "", &["a"], "b", "2"),
        "a: |\n  text\n  # more\nb: 2\n\n\nc: 3\n"
    );
    assert_eq!(inserted("a: 1", "", &[], "b", "2"), "a: 1\nb: 2");
    assert_eq!(inserted("a: 1\r\n", "", &[], "b", "2"), "a: 1\r\nb: 2\r\n");
    assert_eq!(
        inserted("p: {}\nq: 1\n", "/p", &[], "b", "2"),
        "p:\n  b: 2\nq: 1\n"
    );
    assert_eq!(
        inserted("a: 1 # one\nc: 3\n", "", &["a"], "b", "2"),
        "a: 1 # one\nb: 2\nc: 3\n"
    );
}

#[test]
fn items_follow_the_style_of_their_list() {
    let appended = |source: &str, item: &str| {
        edited(source, |tree| {
            vec![append_item(tree, tree.find("/l").unwrap(), item).unwrap()]
        })
    };
    assert_eq!(appended("l:\n- a\nm: 1\n", "b"), "l:\n- a\n- b\nm: 1\n");
    assert_eq!(
        appended("l:\n    -   a\nm: 1\n", "b"),
        "l:\n    -   a\n    - b\nm: 1\n"
    );
    assert_eq!(appended("l: [a]\n", "b"), "l: [a, b]\n");
    assert_eq!(appended("l: []\nm: 1\n", "b"), "l:\n  - b\nm: 1\n");
    assert_eq!(
        appended("l:\nm: 1\n", "k: v\nw: x"),
        "l:\n  - k: v\n    w: x\nm: 1\n"
    );
}
