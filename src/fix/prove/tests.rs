use super::*;

fn edit(at: std::ops::Range<u32>, text: &str) -> Edit {
    Edit {
        file: "x".into(),
        span: Span::new(at.start, at.end),
        text: text.to_owned(),
    }
}

/// The edit that puts a text in place of another one.
fn replaced(source: &str, old: &str, text: &str) -> Edit {
    let start = u32::try_from(source.find(old).unwrap()).unwrap();
    edit(start..start + u32::try_from(old.len()).unwrap(), text)
}

fn proof(path: &str, before: &str, edits: &[Edit]) -> Result<(), String> {
    let after = crate::fix::apply::apply(before, edits).unwrap();
    only_declared(&[Change {
        path,
        before: Some(before),
        after: &after,
        edits,
    }])
}

fn yaml(before: &str, at: std::ops::Range<u32>, text: &str) -> Result<(), String> {
    proof("x.yaml", before, &[edit(at, text)])
}

#[test]
fn an_edit_of_yaml_may_change_only_what_it_covers() {
    let source = "a: 1 # one\nb: [x, y]\n";
    assert_eq!(yaml(source, 3..4, "\"1\""), Ok(()));
    assert_eq!(yaml(source, 10..10, "\nc: 2"), Ok(()));
    assert_eq!(yaml(source, 11..20, ""), Ok(()));
    assert_eq!(yaml(source, 0..1, "名"), Ok(()));
    assert!(yaml(source, 4..5, "").is_err(), "the comment became text");
    assert!(yaml(source, 10..10, "\nc: {").is_err(), "no YAML any more");
    assert!(
        yaml(source, 4..4, "\n   2").is_err(),
        "the value grew beyond the edit"
    );
    assert!(yaml(source, 10..11, "\n ").is_err(), "`b` moved below `a`");
}

#[test]
fn an_edit_of_yaml_covers_one_entry() {
    let source = "a: 1\nb:\n  c: 2\n  d: 3\ne: [4, 5]\n";
    let several = Err("one edit covers several entries".to_owned());
    assert_eq!(yaml(source, 0..7, "b:"), several, "`a` would go with it");
    assert_eq!(yaml(source, 0..32, "a: 1\n"), several, "the whole document");
    let inside = replaced(source, "c: 2\n  d: 3", "z: 9");
    assert_eq!(
        proof("x.yaml", source, &[inside]),
        Ok(()),
        "the whole of `b`"
    );
    assert_eq!(yaml(source, 5..22, ""), Ok(()), "the entry `b`");
    assert_eq!(
        yaml(source, 25..31, "[4]"),
        Ok(()),
        "both items are the whole list"
    );
    let source = "e: [4, 5, 6]\n";
    assert_eq!(yaml(source, 4..8, "4"), several, "two of three items");
    assert_eq!(yaml(source, 4..7, ""), Ok(()));
}

#[test]
fn comments_in_the_place_of_an_edit_stay_unless_the_entry_goes() {
    let source = "a:\n  # why\n  b: 1\nc: 2\n";
    let lost = Err("a comment in the place of the fix would be lost".to_owned());
    assert_eq!(yaml(source, 2..17, "\n  b: 3"), lost);
    assert_eq!(yaml(source, 2..17, "\n  # why\n  b: 3"), Ok(()));
    assert_eq!(yaml(source, 0..18, ""), Ok(()), "entry and comment go");
    assert_eq!(yaml(source, 5..10, ""), Ok(()), "the comment alone");
}

#[test]
fn what_an_alias_repeats_is_not_edited() {
    let source = "a: &x {k: v}\nb: *x\nc: 1\n";
    let outside = Err("a value outside the fix would change".to_owned());
    assert_eq!(yaml(source, 10..11, "w"), outside);
    assert_eq!(yaml(source, 22..23, "2"), Ok(()));
    let hangs = Err("the file could no longer be parsed".to_owned());
    assert_eq!(yaml(source, 0..13, ""), hangs, "the alias leads nowhere");
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let ends = Err("lines would end in two ways".to_owned());
    assert_eq!(yaml("a: 1\r\nb: 2\r\n", 4..4, "\nc: 3"), ends);
    assert_eq!(yaml("a: 1\r\nb: 2\r\n", 4..4, "\r\nc: 3"), Ok(()));
    let mark = Err("the byte order mark would change".to_owned());
    assert_eq!(yaml("\u{feff}a: 1\n", 0..4, "a"), mark);
}

#[test]
fn only_known_kinds_of_files_inside_the_plugin_change() {
    for path in [
        "../x.yaml",
        "/x.yaml",
        "a//x.yaml",
        "a\\x.yaml",
        "c:/x.yaml",
        "",
    ] {
        let refused = proof(path, "a: 1\n", &[edit(3..4, "2")]);
        assert_eq!(
            refused,
            Err(format!("`{path}` is no path inside the plugin"))
        );
    }
    for path in ["notes.txt", "_assets/icon.svg", "LICENSE", "x.difypkg"] {
        let refused = proof(path, "a", &[edit(0..1, "b")]);
        assert_eq!(
            refused,
            Err(format!("nothing proves a change of a file like `{path}`"))
        );
    }
}

#[test]
fn a_new_file_is_one_insertion() {
    let create = |path: &str, edits: &[Edit]| {
        let after: String = edits.iter().map(|it| it.text.as_str()).collect();
        only_declared(&[Change {
            path,
            before: None,
            after: &after,
            edits,
        }])
    };
    assert_eq!(create("a/new.md", &[edit(0..0, "# New\n")]), Ok(()));
    assert_eq!(create("new.yaml", &[edit(0..0, "a: 1\n")]), Ok(()));
    let no_yaml = create("new.yaml", &[edit(0..0, "a: [\n")]);
    assert_eq!(
        no_yaml,
        Err("the file could no longer be parsed".to_owned())
    );
    let missing = Err("`new.md` does not exist".to_owned());
    assert_eq!(create("new.md", &[edit(3..3, "x")]), missing);
    assert_eq!(create("new.md", &[]), missing);
}

#[test]
fn a_requirement_keeps_its_name_and_what_follows_the_version() {
    let source = "dify_plugin>=0.1 ; python_version > '3' # why\nhttpx\n";
    let change = |old, text| proof("requirements.txt", source, &[replaced(source, old, text)]);
    assert_eq!(change(">=0.1", ">=0.5.0"), Ok(()));
    let more = Err("more than the version would change".to_owned());
    assert_eq!(change("dify_", "d"), more, "another package");
    assert_eq!(change("python_version > '3'", ""), more, "the marker");
    let outside = Err("a line outside the fix would change".to_owned());
    assert_eq!(change(" # why", ""), outside, "the comment");
    let several = Err("one edit covers several lines".to_owned());
    let rest = "0.1 ; python_version > '3' # why\n";
    assert_eq!(change(rest, "0.5\n"), several);
    let add = |text| proof("requirements.txt", source, &[edit(46..46, text)]);
    assert_eq!(add("requests\n"), Ok(()));
    let glued = Err("a line outside the fix would change".to_owned());
    assert_eq!(add("requests"), glued);
}

#[test]
fn toml_keeps_its_other_values() {
    let source = "[project]\nname = \"x\"\ndependencies = [\"a>=1\", \"b\"] # two\n";
    let change = |at, text| proof("pyproject.toml", source, &[edit(at, text)]);
    assert_eq!(change(37..43, "\"a>=2\""), Ok(()));
    assert_eq!(change(48..48, ", \"c\""), Ok(()));
    let outside = Err("a value outside the fix would change".to_owned());
    assert_eq!(
        change(9..9, "s"),
        Err("the file could no longer be parsed".to_owned())
    );
    assert_eq!(change(1..8, "package"), outside, "other keys");
    assert_eq!(
        change(48..49, ""),
        Err("the file could no longer be parsed".to_owned())
    );
    assert_eq!(
        change(17..43, "\"y\"\ndependencies = [\"a>=1\""),
        Err("one edit covers several lines".to_owned())
    );
}

#[test]
fn markdown_moves_and_is_never_lost() {
    let readme = "# Plugin\n\n用法\n说明\n";
    let new = "用法\n说明\n";
    let cut = [edit(10..24, "")];
    let after = "# Plugin\n\n";
    let put = |text: &'static str| [edit(0..0, text)];
    let moved = |text: &'static str| {
        let put = put(text);
        only_declared(&[
            Change {
                path: "README.md",
                before: Some(readme),
                after,
                edits: &cut,
            },
            Change {
                path: "readme/README_zh_Hans.md",
                before: None,
                after: text,
                edits: &put,
            },
        ])
    };
    assert_eq!(moved(new), Ok(()));
    assert_eq!(
        moved("用法\n"),
        Err("the line `说明` would be lost".to_owned())
    );
    assert_eq!(
        proof("README.md", readme, &cut),
        Err("the line `用法` would be lost".to_owned())
    );
    assert_eq!(proof("README.md", readme, &[edit(2..8, "Tool")]), Ok(()));
}

#[test]
fn lines_of_an_ignore_file_are_added_whole() {
    let source = "*.pyc\n.env";
    let change = |at, text| proof(".difyignore", source, &[edit(at, text)]);
    assert_eq!(change(10..10, "\n.venv/\n"), Ok(()));
    assert_eq!(change(0..6, ""), Ok(()));
    let outside = Err("a line outside the fix would change".to_owned());
    assert_eq!(change(0..0, "!"), outside);
    assert_eq!(change(10..10, ".venv/\n"), outside);
}
