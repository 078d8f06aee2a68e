//! The entries of a package as the rule pages describe them.
//!
//! Each line is an entry besides the files: a name, in which `%5c` is the byte 5c, and words.
//!
//! | word | meaning |
//! |---|---|
//! | `method=N` | the number of the compression; the content stays as it is, but for 8 |
//! | `crc=N`, `size=N` | what the table says in place of the truth |
//! | `encrypted` | a password is said to be needed |
//! | `link` | a symbolic link |
//! | `plugin=NAME` | the content is the package of this plugin of `corpus/good` |
//! | `without=PATH` | a file that this package lacks |
//!
//! A line that begins with `! ` is the comment of the archive.

use super::archive::{Item, items, zip};
use difylint::source::Memory;

/// The archive of the files and of the entries that the lines describe.
pub fn described(files: &Memory, lines: &str, plugin: &dyn Fn(&str) -> Memory) -> Vec<u8> {
    let mut all = items(files);
    let mut comment = "";
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix("! ") {
            Some(text) => comment = text,
            None => all.push(item(line, plugin)),
        }
    }
    zip(&all, comment.as_bytes())
}

fn item(line: &str, plugin: &dyn Fn(&str) -> Memory) -> Item {
    let mut words = line.split_whitespace();
    let mut item = Item::new(&name(words.next().unwrap()), b"something to read\n");
    if item.name.ends_with(b"/") {
        item.content.clear();
        item.method = 0;
    }
    let mut inner: Option<Memory> = None;
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "method" => item.method = value.parse().unwrap(),
            "crc" => item.crc = Some(value.parse().unwrap()),
            "size" => item.size = Some(value.parse().unwrap()),
            "encrypted" => item.flags |= 1,
            "link" => item.mode = 0o120_777,
            "plugin" => inner = Some(plugin(value)),
            "without" => assert!(inner.as_mut().unwrap().remove(value).is_some(), "{value}"),
            other => panic!("unknown word `{other}`"),
        }
    }
    if let Some(inner) = inner {
        item.content = zip(&items(&inner), b"");
    }
    item
}

fn name(written: &str) -> Vec<u8> {
    let mut parts = written.split('%');
    let mut name = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        name.push(u8::from_str_radix(&part[..2], 16).unwrap());
        name.extend(&part.as_bytes()[2..]);
    }
    name
}
