use super::*;

/// What is written at the `|`, where it stands (as a JSON Pointer), and what would be replaced.
fn told(marked: &str) -> String {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let Some(cursor) = at(&text, u32::try_from(offset).unwrap()) else {
        return "nowhere".to_owned();
    };
    let pointer = cursor.tree.pointer(cursor.node);
    let pointer = pointer.replace(PLACEHOLDER, "_");
    let blank = if cursor.blank { " blank" } else { "" };
    let replaced = text.get(cursor.span.range()).unwrap();
    format!("{:?} {pointer} `{replaced}`{blank}", cursor.writing)
}

#[test]
fn words_without_a_colon() {
    assert_eq!(told("lab|"), "Word /_ `lab`");
    assert_eq!(told("l|ab"), "Word /_ `lab`");
    assert_eq!(told("|"), "Word /_ ``");
    assert_eq!(told("a: 1\nlab|"), "Word /_ `lab`");
    assert_eq!(told("a: 1\nlab|\nb: 2\n"), "Word /_ `lab`");
    assert_eq!(told("a:\n  lab|\nb: 2\n"), "Word /a/_ `lab`");
    assert_eq!(told("a:\n  x: 1\n  lab|\n  y: 2\n"), "Word /a/_ `lab`");
    assert_eq!(told("a:\n  - x: 1\n    lab|\n"), "Word /a/0/_ `lab`");
    assert_eq!(told("a:\n  - lab|\n"), "Word /a/0/_ `lab`");
    assert_eq!(told("a:\n- x: 1\n- lab|\n"), "Word /a/1/_ `lab`");
}

#[test]
fn empty_lines_stand_where_the_cursor_stands() {
    assert_eq!(told("a:\n  b:\n    x: 1\n|"), "Word /_ ``");
    assert_eq!(told("a:\n  b:\n    x: 1\n  |"), "Word /a/_ ``");
    assert_eq!(told("a:\n  b:\n    x: 1\n    |"), "Word /a/b/_ ``");
    assert_eq!(told("a:\n  |\nb: 1\n"), "Word /a/_ ``");
    assert_eq!(told("a:\n  - x: 1\n    |\n"), "Word /a/0/_ ``");
    assert_eq!(told("a:\n  - x: 1\n  |\n"), "Item /a/1/_ ``");
    assert_eq!(told("a:\n  - |\n"), "Word /a/0/_ ``");
    assert_eq!(told("a:\n  -|\n"), "nowhere");
    assert_eq!(told("a: 1\n\n|\n\nb: 2\n"), "Word /_ ``");
}

#[test]
fn keys_and_values() {
    assert_eq!(told("la|bel: x"), "Key /_ `label`");
    assert_eq!(told("- la|bel: x"), "Key /0/_ `label`");
    assert_eq!(told("type: |"), "Value /type ``");
    assert_eq!(told("type:|"), "Value /type `` blank");
    assert_eq!(told("type: str|ing"), "Value /type `string`");
    assert_eq!(told("type: string|  # c"), "Value /type `string`");
    assert_eq!(told("type: \"str|\""), "Value /type `\"str\"`");
    assert_eq!(told("a:\n  - type: x|\n    b: 1"), "Value /a/0/type `x`");
    assert_eq!(told("url: http://x|"), "Value /url `http://x`");
    assert_eq!(told("\"a: b\": |"), "Value /a: b ``");
    assert_eq!(told("a: it's|  # c"), "Value /a `it's`");
}

#[test]
fn flow_collections() {
    assert_eq!(told("tags: [|]"), "Value /tags/0 ``");
    assert_eq!(told("tags: [a, b|]"), "Value /tags/1 `b`");
    assert_eq!(told("tags: [a, |"), "Value /tags/1 ``");
    assert_eq!(told("label: {en_US: x, |}"), "Value /label/_ ``");
    assert_eq!(told("label: {en|: x}"), "Key /label/_ `en`");
    assert_eq!(told("p: {type: st|}"), "Value /p/type `st`");
}

#[test]
fn where_nothing_is_to_be_completed() {
    assert_eq!(told("a: 1 # la|"), "nowhere");
    assert_eq!(told("# la|"), "nowhere");
    assert_eq!(told("a: it's |# c"), "nowhere");
    let text = "a: |\n  some\n  la";
    assert!(at(text, u32::try_from(text.len()).unwrap()).is_none());
    assert_eq!(told("a: >\n  some la|\n"), "nowhere");
    assert_eq!(told("a: *x|"), "nowhere");
}

#[test]
fn other_line_ends_and_scripts() {
    assert_eq!(told("a: 1\r\nlab|\r\nb: 2\r\n"), "Word /_ `lab`");
    assert_eq!(told("名称: 🚀\r\n标签|\r\n"), "Word /_ `标签`");
    assert_eq!(told("\u{feff}lab|"), "Word /_ `lab`");
    let text = "  名称: 🚀x";
    let cursor = at(text, u32::try_from(text.len()).unwrap()).unwrap();
    assert_eq!(cursor.offset, 4);
}

#[test]
fn no_text_and_no_place_is_too_odd() {
    for text in [
        "",
        "- - - ",
        "{[",
        "\"",
        "a: [",
        "\t\tx",
        "? a\n: b",
        "---\n...\n",
        "\r\r",
        "&a *b : #",
    ] {
        for at_byte in 0..=text.len() {
            let _ = at(text, u32::try_from(at_byte).unwrap());
        }
    }
    assert!(at("a", 99).is_none());
    assert!(at("名", 1).is_none(), "inside a character");
}
