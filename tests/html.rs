//! The page: what it says, that a plugin cannot make it do anything, and that nothing else of a
//! run depends on it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use difylint::policy::Policy;
use difylint::report::{
    FORMATS, LOCALES, Look, MAX_PICTURE_BYTES, Picture, PluginReport, Run, Summary, find,
};
use difylint::source::{Files, Folder, Memory};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

const STYLE: &str = include_str!("../src/report/html/style.css");

fn good(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/good")
        .join(name)
}

/// A sound plugin in memory, to be spoilt.
fn sound(name: &str) -> Memory {
    fn copy(files: &Folder, folder: &str, memory: &mut Memory) {
        for entry in files.list(folder).unwrap() {
            let path = difylint::source::join(folder, &entry.name);
            if entry.kind.is_folder() {
                copy(files, &path, memory);
            } else {
                memory.insert(path.clone(), files.read(&path).unwrap());
            }
        }
    }
    let mut memory = Memory::new();
    copy(&Folder::new(good(name)), "", &mut memory);
    memory
}

fn replace(files: &mut Memory, path: &str, old: &str, new: &str) {
    let text = String::from_utf8(files.get(path).unwrap().to_vec()).unwrap();
    assert!(text.contains(old), "{path} has no {old:?}");
    files.insert(path, text.replace(old, new).into_bytes());
}

fn check(files: Memory, root: &str) -> PluginReport {
    difylint::check_with_card(Arc::new(files), root, &Policy::default())
}

fn page(reports: &[PluginReport]) -> String {
    page_as(reports, Look::PLAIN)
}

fn page_as(reports: &[PluginReport], look: Look) -> String {
    let mut format = (find("html").unwrap().make)(&look);
    let mut out = Vec::new();
    let mut summary = Summary {
        duration: Duration::from_millis(3),
        ..Summary::default()
    };
    format.begin(&mut out, &Run::new(reports.len())).unwrap();
    for report in reports {
        summary.add(report);
        format.plugin(&mut out, report).unwrap();
    }
    format.end(&mut out, &summary).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a browser would make of the page.
struct Parsed {
    /// Start tags: name, attributes in order of name.
    tags: Vec<(String, Vec<(String, String)>)>,
    /// Everything that is read, style sheet and title aside.
    text: String,
    style: String,
    /// Blocks as indented lines, marked where they are headings and the like.
    outline: String,
}

const VOID: [&str; 3] = ["meta", "input", "img"];
const BLOCKS: [&str; 24] = [
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "p",
    "li",
    "dt",
    "dd",
    "summary",
    "legend",
    "label",
    "tr",
    "figcaption",
    "pre",
    "details",
    "section",
    "article",
    "nav",
    "header",
    "footer",
    "div",
    "ul",
    "fieldset",
];
const WRAPPERS: [&str; 9] = [
    "details", "section", "article", "nav", "header", "footer", "div", "ul", "fieldset",
];

fn parse(page: &str) -> Parsed {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut parsed = Parsed {
        tags: Vec::new(),
        text: String::new(),
        style: String::new(),
        outline: String::new(),
    };
    let mut open: Vec<String> = Vec::new();
    let mut line = String::new();
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = string(&tag.name);
                if BLOCKS.contains(&name.as_str()) {
                    flush(&mut parsed.outline, &mut line, &open);
                }
                let attributes = tag.attributes.iter();
                let attributes: Vec<(String, String)> = attributes
                    .map(|(name, value)| (string(name), string(value)))
                    .collect();
                if name == "input" && attributes.iter().any(|(name, _)| name == "checked") {
                    line.push_str("(x) ");
                }
                if name == "img" {
                    line.push_str("[picture]");
                }
                parsed.tags.push((name.clone(), attributes));
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = string(&tag.name);
                if BLOCKS.contains(&name.as_str()) {
                    flush(&mut parsed.outline, &mut line, &open);
                }
                if matches!(name.as_str(), "td" | "th") {
                    line.push_str(" | ");
                }
                assert_eq!(open.pop(), Some(name), "tags do not pair");
            }
            Token::String(text) => {
                let text = string(&text);
                match open.last().map(String::as_str) {
                    Some("style") => parsed.style.push_str(&text),
                    Some("title") => {}
                    _ => {
                        parsed.text.push_str(&text);
                        line.push_str(&text);
                    }
                }
            }
            Token::Doctype(_) => {}
            Token::Comment(text) => panic!("a comment: {text:?}"),
            Token::Error(error) => panic!("not HTML: {error:?}"),
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    parsed
}

fn flush(outline: &mut String, line: &mut String, open: &[String]) {
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.is_empty() {
        let is_wrapper = |name: &&String| WRAPPERS.contains(&name.as_str());
        let depth = open.iter().filter(is_wrapper).count();
        let block = open
            .iter()
            .rev()
            .find(|name| BLOCKS.contains(&name.as_str()));
        let block = block.map_or("", String::as_str);
        writeln!(outline, "{:1$}{block}: {words}", "", depth * 2).unwrap();
    }
    line.clear();
}

/// Tags and attributes that the page may have; values that come from a plugin are in none but the
/// pictures.
fn assert_harmless(parsed: &Parsed) {
    const TAGS: &str = "html head meta title style body header main footer nav table thead tbody \
        tr th td h1 h2 h3 h4 h5 p ul li dl dt dd span b i small code pre mark ins del details \
        summary div section article figure figcaption fieldset legend label input img a";
    let tags: Vec<&str> = TAGS.split_whitespace().collect();
    for (name, attributes) in &parsed.tags {
        assert!(tags.contains(&name.as_str()), "<{name}>");
        for (attribute, value) in attributes {
            let fine = match attribute.as_str() {
                "class" | "id" | "name" | "type" | "scope" | "data-n" | "tabindex" | "lang"
                | "aria-hidden" => value
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-')),
                "aria-label" => ["tags", "facts", "Plugins", "Verdicts"].contains(&value.as_str()),
                "alt" => value.starts_with("icon on "),
                "checked" | "open" => value.is_empty(),
                "href" => {
                    value.starts_with("#p")
                        || value
                            .starts_with("https://github.com/difylint/difylint/blob/main/rules/")
                }
                "src" => {
                    let (kind, bytes) = value.split_once(";base64,").unwrap();
                    kind.starts_with("data:image/") && BASE64_STANDARD.decode(bytes).is_ok()
                }
                "charset" | "http-equiv" | "content" => name == "meta",
                _ => false,
            };
            assert!(fine, "<{name} {attribute}={value:?}>");
        }
    }
    let count = |wanted: &str| {
        parsed
            .tags
            .iter()
            .filter(|(name, _)| name == wanted)
            .count()
    };
    assert_eq!((count("style"), count("body"), count("html")), (1, 1, 1));
    assert_eq!(parsed.style, STYLE, "the style sheet is cut short");
}

#[test]
fn one_plugin() {
    let mut files = sound("tool");
    replace(
        &mut files,
        "manifest.yaml",
        "version: 0.1.0\n",
        "version: 0.1\n",
    );
    replace(
        &mut files,
        "tools/count_text.yaml",
        "type: select",
        "type: slect",
    );
    replace(
        &mut files,
        "tools/count_text.yaml",
        "    ja_JP: テキストを数える\n",
        "",
    );
    let page = page(&[check(files, "plugins/words")]);
    let parsed = parse(&page);
    assert_harmless(&parsed);
    insta::assert_snapshot!(parsed.outline);
}

#[test]
fn several_plugins() {
    let names = [
        "agent-strategy",
        "bundle",
        "datasource-website-crawl",
        "extension",
        "model",
        "tool-oauth",
        "trigger",
    ];
    let reports = names.map(|name| check(sound(name), name));
    let page = page(&reports);
    let parsed = parse(&page);
    assert_harmless(&parsed);
    insta::assert_snapshot!(parsed.outline);
}

#[test]
fn quiet_is_findings_only() {
    let quiet = Look {
        quiet: true,
        ..Look::PLAIN
    };
    let mut files = sound("tool");
    replace(
        &mut files,
        "manifest.yaml",
        "icon: icon.svg",
        "icon: icno.svg",
    );
    let parsed = parse(&page_as(&[check(files, "words")], quiet));
    assert_harmless(&parsed);
    assert!(!parsed.text.contains("accepts") && !parsed.text.contains("utilities"));
    assert!(parsed.text.contains("icno.svg"));
}

/// What would come alive in a page, leave its element, or turn the direction of a line.
const EVIL: &str = "</style></title></pre></code><script>alert(1)</script><img src=x onerror=alert(1)>\
    \\\"'><svg onload=alert(1)><!-- --> javascript:alert(1) &lt; &#x3c; ]]> \\u202Etxt \\u200Bz \\0 \
    \\n::error file=x::y\\n##[error]z";

#[test]
fn no_text_of_a_plugin_comes_alive() {
    let mut files = sound("tool");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    files.insert("_assets/icon.svg", svg.as_bytes());
    // every text and name of every document, in quotes
    let mut spoilt = 0;
    let paths: Vec<String> = files.paths().map(str::to_owned).collect();
    for path in paths.iter().filter(|path| path.ends_with(".yaml")) {
        let text = String::from_utf8(files.get(path).unwrap().to_vec()).unwrap();
        let lines = text.lines().map(|line| {
            let Some((key, value)) = line.split_once(": ") else {
                return line.to_owned();
            };
            let structural = value.ends_with(".yaml") || value.ends_with(".svg");
            if structural || (path == "manifest.yaml" && key == "type") {
                return line.to_owned();
            }
            spoilt += 1;
            format!("{key}: \"{EVIL}\"")
        });
        let text: String = lines.map(|line| line + "\n").collect();
        files.insert(path.clone(), text.into_bytes());
    }
    assert!(spoilt > 100, "{spoilt}");
    replace(
        &mut files,
        "manifest.yaml",
        "  - utilities",
        &format!("  - \"{EVIL}\""),
    );
    let report = check(files, "plugins/<script>alert(2)</script>\u{202e}");
    assert!(report.card.is_some() && !report.findings.is_empty());
    let page = page(&[report.clone(), report]);
    assert_eq!(page.matches("<script").count(), 0);
    let parsed = parse(&page);
    assert_harmless(&parsed);
    // it is shown as it is written, with names for what nobody sees
    let shown = "</style></title></pre></code><script>alert(1)</script><img src=x onerror=alert(1)>\"'>\
        <svg onload=alert(1)><!-- --> javascript:alert(1) &lt; &#x3c; ]]> U+202Etxt U+200Bz U+0000 \
        \n::error file=x::y\n##[error]z";
    assert!(parsed.text.matches(shown).count() > 50);
    let raw = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert_eq!(page.chars().find(|c| raw(*c)), None);
    // nor does a CI system obey the page when it goes through its log
    assert!(!page.contains("##[") && !page.lines().any(|it| it.trim_start().starts_with("::")));
    // the picture with its script is a picture
    let pictures = parsed.tags.iter().filter(|(name, _)| name == "img");
    let sources = pictures.flat_map(|(_, attributes)| attributes);
    let sources: Vec<_> = sources.filter(|(name, _)| name == "src").collect();
    assert_eq!(sources.len(), 2);
    let expected = format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg));
    assert_eq!(sources[0].1, expected);
}

#[test]
fn the_policy_allows_the_style_sheet_and_pictures_only() {
    let parsed = parse(&page(&[check(sound("tool"), "words")]));
    let is_policy = |(_, value): &&(String, String)| value == "Content-Security-Policy";
    let found = parsed
        .tags
        .iter()
        .find(|(_, all)| all.iter().any(|it| is_policy(&it)));
    let (_, attributes) = found.unwrap();
    let (_, policy) = attributes
        .iter()
        .find(|(name, _)| name == "content")
        .unwrap();
    // a checkout on Windows may have other line ends; browsers make one of them
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.replace("\r\n", "\n")));
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    if *policy != expected && std::env::var_os("UPDATE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/html/style.sha256");
        std::fs::write(path, hash + "\n").unwrap();
        panic!("the hash is written: run the tests again");
    }
    assert_eq!(*policy, expected, "UPDATE=1 cargo test --test all html::");
    for word in ["url(", "@import", "expression", "</"] {
        assert!(!STYLE.contains(word), "{word}");
    }
}

#[test]
fn pictures_that_are_not_shown_are_named() {
    let icon = |icon: &str, bytes: Option<Vec<u8>>| {
        let mut files = sound("tool");
        replace(
            &mut files,
            "manifest.yaml",
            "icon: icon.svg",
            &format!("icon: {icon}\nicon_dark: icon.svg"),
        );
        if let Some(bytes) = bytes {
            files.insert(format!("_assets/{icon}"), bytes);
        }
        let report = check(files, "words");
        let parsed = parse(&page(std::slice::from_ref(&report)));
        assert_harmless(&parsed);
        let pictures = parsed.tags.iter().filter(|(name, _)| name == "img").count();
        let icon = report.card.unwrap().icon.unwrap();
        (icon, pictures, parsed.outline)
    };
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(usize::try_from(MAX_PICTURE_BYTES).unwrap(), 0);
    let (found, pictures, _) = icon("a.png", Some(png.clone()));
    assert_eq!(
        (found, pictures),
        (Picture::Bytes("image/png", png.clone()), 2)
    );
    png.push(0);
    let (found, pictures, text) = icon("a.png", Some(png));
    assert_eq!(
        (found, pictures),
        (Picture::TooLarge(MAX_PICTURE_BYTES + 1), 1)
    );
    assert!(
        text.contains("icon of 257 KiB: not embedded above 256 KiB"),
        "{text}"
    );
    let (found, pictures, text) = icon("a.png", Some(b"<html><script>".to_vec()));
    assert_eq!((found, pictures), (Picture::Unknown("a.png".into()), 1));
    assert!(text.contains("a.png is no known picture"), "{text}");
    for missing in ["b.png", "../../manifest.yaml", "/etc/passwd"] {
        let (found, pictures, text) = icon(missing, None);
        assert_eq!((found, pictures), (Picture::Missing(missing.into()), 1));
        assert!(text.contains(&format!("no icon {missing}")), "{text}");
    }
}

#[test]
fn the_languages_are_those_of_the_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../schemas/common.schema.json")).unwrap();
    let text = schema["$defs"]
        .as_object()
        .unwrap()
        .values()
        .find(|it| it["properties"]["en_US"].is_object())
        .unwrap();
    let mut keys: Vec<&str> = text["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut ours = LOCALES.map(|locale| locale.key);
    keys.sort_unstable();
    ours.sort_unstable();
    assert_eq!(keys, ours);
}

#[test]
fn only_the_page_reads_cards() {
    let cards = FORMATS
        .iter()
        .filter(|it| (it.make)(&Look::PLAIN).shows_cards());
    assert_eq!(cards.map(|it| it.name).collect::<Vec<_>>(), ["html"]);
    let report = difylint::check(Arc::new(sound("tool")), "words", &Policy::default());
    assert_eq!(report.card, None);
}

/// Few lines that stand for a million of parameters, a huge text, a manifest that is no mapping.
#[test]
fn a_page_is_bounded() {
    let mut files = sound("tool");
    let one = "{name: a, label: {en_US: A}}";
    let mut list = format!("parameters:\n  - &a {one}\n");
    (0..50_000).for_each(|_| list.push_str("  - *a\n"));
    files.insert("tools/count_text.yaml", list.into_bytes());
    replace(
        &mut files,
        "tools/wrap_text.yaml",
        "Wrap Text",
        &"名".repeat(1_000_000),
    );
    let report = check(files, "words");
    assert!(report.card.as_ref().unwrap().cut);
    let began = Instant::now();
    let page = page(&[report]);
    assert!(page.len() < 3_000_000, "{}", page.len());
    assert!(page.contains("There is more than this page shows."));
    assert!(began.elapsed() < Duration::from_secs(5));

    for manifest in [
        "",
        "- a",
        "a: [",
        "type: plugin\nplugins:\n  tools: [manifest.yaml]\n",
    ] {
        let mut files = Memory::new();
        files.insert("manifest.yaml", manifest.as_bytes());
        assert_harmless(&parse(&self::page(&[check(files, "x")])));
    }
    assert_harmless(&parse(&self::page(&[])));
}

#[test]
fn the_exit_status_does_not_depend_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("manifest.yaml"), "type: plugin\nversion: 1\n").unwrap();
    let run = |path: &Path, format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_difylint"));
        command
            .arg("check")
            .arg(path)
            .args(["--output-format", format]);
        command.env_remove("GITHUB_STEP_SUMMARY");
        command.output().unwrap()
    };
    for (path, status) in [(good("tool"), 0), (broken, 1)] {
        for format in ["full", "html"] {
            assert_eq!(run(&path, format).status.code(), Some(status), "{format}");
        }
        let out = String::from_utf8(run(&path, "html").stdout).unwrap();
        assert_harmless(&parse(&out));
    }
}
