//! Packages and bundles: a package is judged as the folder that it is made of, wherever it lies,
//! and no archive, however hostile, makes difylint fail.

use crate::rules::archive::{Item, items, zip};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use difylint::finding::{Finding, Severity, Stage};
use difylint::plugin::{Packed, discover};
use difylint::policy::{Policy, Selector};
use difylint::source::{Files, Folder, Memory, Package};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What `dify plugin package` would take of a folder.
fn packed(folder: &Path) -> Memory {
    let files = Folder::new(folder);
    let walk = Packed::new(&files);
    let mut memory = Memory::new();
    for path in &walk.walk(&files).files {
        memory.insert(path.clone(), files.read(path).unwrap());
    }
    memory
}

fn good(name: &str) -> Memory {
    packed(&root().join("corpus/good").join(name))
}

fn findings(files: impl Files + 'static) -> Vec<Finding> {
    let policy = Policy {
        select: vec![Selector::All],
        ..Policy::default()
    };
    difylint::check(Arc::new(files), "x.difypkg", &policy).findings
}

/// Rules, stages and messages, a line each; what every unsigned package has is left out.
fn told(findings: &[Finding]) -> String {
    let lines = findings
        .iter()
        .filter(|it| it.rule.0 != "package/unsigned")
        .map(|it| {
            let stages: Vec<&str> = it.stages.iter().map(Stage::as_str).collect();
            let place = &it.place.file;
            format!(
                "{} {} [{}] {}: {}\n",
                it.severity,
                it.rule,
                stages.join(" "),
                place,
                it.message
            )
        });
    lines.collect()
}

fn judged(bytes: Vec<u8>) -> String {
    let found = findings(Package::from_bytes(bytes));
    let internal = found.iter().find(|it| it.rule.category() == "internal");
    assert!(internal.is_none(), "{internal:?}");
    told(&found)
}

#[test]
fn a_package_is_judged_as_its_folder() {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("corpus/good"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let official = root().join("../shared/corpus/official");
    if official.exists() {
        let all = discover(std::slice::from_ref(&official)).unwrap();
        folders.extend(all.iter().step_by(9).map(|it| PathBuf::from(&it.display)));
    } else {
        println!("skipped: {} is not there", official.display());
    }
    let mut compared = 0;
    for folder in &folders {
        let all = packed(folder);
        let package = Package::from_bytes(zip(&items(&all), b""));
        let from_package = findings(package);
        let from_folder = findings(Folder::new(folder));
        assert_eq!(
            alike(&from_package),
            alike(&from_folder),
            "{}",
            folder.display()
        );
        compared += from_folder.len();
    }
    println!("{} plugins, {compared} findings", folders.len());
}

/// What findings say of the plugin, whether it is a folder or a package.
fn alike(findings: &[Finding]) -> BTreeSet<(&'static str, String, u32, Vec<&'static str>)> {
    // lines of the ignore file have done their work, and requirements need not be packed
    const OF_FOLDERS: [&str; 3] = [
        "package/dead-pattern",
        "package/negated-pattern",
        "package/unsigned",
    ];
    findings
        .iter()
        .filter(|it| !OF_FOLDERS.contains(&it.rule.0))
        .map(|it| {
            let stages = it.stages.iter().map(Stage::as_str).collect();
            // what is said of the package as a whole stands at the ignore file of a folder
            let (file, start) = match it.rule.0 {
                "package/junk" | "package/development-file" | "package/archive" => ("", 0),
                _ => (&*it.place.file, it.place.span.start),
            };
            (it.rule.0, file.to_owned(), start, stages)
        })
        .collect()
}

#[test]
fn an_archiver_of_others_makes_packages_too() {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = zip::ZipWriter::new(&mut bytes);
    let all = good("tool");
    for (at, path) in all.paths().enumerate() {
        let methods = [
            zip::CompressionMethod::Stored,
            zip::CompressionMethod::Deflated,
        ];
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(methods[at % 2])
            .large_file(at % 3 == 0);
        writer.start_file(path, options).unwrap();
        writer.write_all(all.get(path).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    assert_eq!(judged(bytes.into_inner()), "");
}

#[test]
fn the_packager_writes_descriptors() {
    let mut all = items(&good("tool"));
    for item in &mut all {
        item.flags = 8;
    }
    let sound = zip(&all, b"");
    assert_eq!(judged(sound.clone()), "");
    let at = memchr::memmem::find(&sound, b"PK\x07\x08").unwrap();
    let mut wrong = sound;
    wrong[at + 4] ^= 1;
    let text = judged(wrong);
    assert!(
        text.starts_with("error package/damaged-entry [install]"),
        "{text}"
    );
}

#[test]
fn more_entries_than_the_plain_end_can_count() {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = zip::ZipWriter::new(&mut bytes);
    let options = zip::write::SimpleFileOptions::default();
    let all = good("tool");
    for path in all.paths() {
        writer.start_file(path, options).unwrap();
        writer.write_all(all.get(path).unwrap()).unwrap();
    }
    for at in 0..70_000 {
        writer
            .start_file(format!("data/{at}.txt"), options)
            .unwrap();
    }
    writer.finish().unwrap();
    let text = judged(bytes.into_inner());
    let count = all.paths().count() + 70_000;
    let first = format!(
        "warning package/too-many-files [marketplace] : the package holds {count} files, more than 5000"
    );
    assert_eq!(text.lines().collect::<Vec<_>>(), [first]);
}

#[test]
fn bytes_around_an_archive_are_tolerated() {
    let sound = zip(&items(&good("tool")), b"");
    let mut before = b"#!/bin/sh\nexit 1\n".to_vec();
    before.extend(&sound);
    assert_eq!(judged(before), "");
    assert_eq!(judged(zip(&items(&good("tool")), &[b'x'; 60_000])), "");
}

#[test]
fn what_is_no_archive() {
    let sound = zip(&items(&good("tool")), b"");
    let mut shifted = sound.clone();
    let end = shifted.len() - 6;
    shifted[end..end + 4].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    let mut miscounted = sound.clone();
    let count = miscounted.len() - 12;
    miscounted[count] ^= 1;
    let cases: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("a text", b"hello".to_vec()),
        ("a web page", b"\n<!DOCTYPE html><html>".to_vec()),
        ("gzip", b"\x1f\x8b\x08\0".to_vec()),
        ("half", sound[..sound.len() / 2].to_vec()),
        ("without its last byte", sound[..sound.len() - 1].to_vec()),
        ("only the end", sound[sound.len() - 22..].to_vec()),
        ("a table elsewhere", shifted),
        ("another count", miscounted),
    ];
    let text: String = cases
        .into_iter()
        .map(|(name, bytes)| format!("──── {name}\n{}", judged(bytes)))
        .collect();
    insta::assert_snapshot!(text);
}

#[test]
fn an_archive_with_nothing_in_it() {
    insta::assert_snapshot!(judged(zip(&[], b"")));
}

#[test]
fn the_folder_instead_of_what_is_in_it() {
    let all = good("tool");
    let mut wrapped = Memory::new();
    for path in all.paths() {
        wrapped.insert(format!("demo-main/{path}"), all.get(path).unwrap().to_vec());
    }
    let found = findings(Package::from_bytes(zip(&items(&wrapped), b"")));
    let first = found
        .iter()
        .find(|it| it.rule.0 == "manifest/unreadable")
        .unwrap();
    insta::assert_snapshot!(format!(
        "{}\n{}",
        first.message,
        first.help.as_ref().unwrap()
    ));
}

#[test]
fn the_first_of_two_entries_is_read() {
    let mut all = items(&good("tool"));
    all.push(Item::new(b"manifest.yaml", b"nonsense: ["));
    assert_eq!(
        judged(zip(&all, b"")),
        "warning package/duplicate-entry [] manifest.yaml: there is a second entry `manifest.yaml`\n"
    );
    let all: Vec<Item> = all.into_iter().rev().collect();
    assert!(judged(zip(&all, b"")).contains("error"));
}

#[test]
fn an_asset_must_be_named_exactly() {
    let mut all = items(&good("tool"));
    for item in &mut all {
        if item.name.starts_with(b"_assets/icon") {
            item.name.splice(0..0, *b"./");
        }
    }
    let text = judged(zip(&all, b""));
    assert!(
        text.contains("asset/missing-icon [package install]"),
        "{text}"
    );
}

/// Proves that an archive is judged soon and says something of the rule.
fn soon(name: &str, bytes: Vec<u8>, rule: &str) {
    let began = Instant::now();
    let length = bytes.len();
    let text = judged(bytes);
    println!(
        "{name}: {length} bytes, {:?}, {} findings",
        began.elapsed(),
        text.lines().count()
    );
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{name}: {:?}",
        began.elapsed()
    );
    assert!(text.contains(rule), "{name}:\n{text}");
    assert!(
        text.lines().count() < 200,
        "{name}: a finding for each entry"
    );
}

#[test]
fn hostile_archives_end_soon() {
    let sound = || items(&good("tool"));
    let with = |more: Vec<Item>| zip(&sound().into_iter().chain(more).collect::<Vec<_>>(), b"");
    let zeros = vec![0; 49 * 1024 * 1024];
    soon(
        "a bomb",
        with(vec![Item::new(b"a", &zeros), Item::new(b"b", &zeros)]),
        "package/too-large",
    );
    let mut liar = Item::new(b"a.yaml", &zeros);
    liar.size = Some(10);
    soon(
        "a bomb that lies",
        with(vec![liar]),
        "package/damaged-entry",
    );
    let mut liar = Item::new(b"a.yaml", b"x");
    liar.size = Some(u32::MAX - 1);
    soon("a size of 4 GiB", with(vec![liar]), "package/too-large");
    let many = |name: &dyn Fn(usize) -> String| -> Vec<Item> {
        (0..60_000)
            .map(|at| Item {
                method: 0,
                ..Item::new(name(at).as_bytes(), b"x = 1\n")
            })
            .collect()
    };
    soon(
        "60,000 files",
        with(many(&|at| format!("data/{at}.txt"))),
        "package/too-many-files",
    );
    soon(
        "60,000 times the same",
        with(many(&|_| "a.py".to_owned())),
        "package/duplicate-entry",
    );
    soon(
        "60,000 that lead out",
        with(many(&|at| format!("../{at}"))),
        "package/bad-entry-name",
    );
    soon(
        "60,000 in case",
        with(many(&|at| format!("{at}/"))),
        "package/folder-entry",
    );
    let deep = "d/".repeat(30_000);
    soon(
        "deep",
        with(vec![Item::new(format!("{deep}x").as_bytes(), b"")]),
        "package/bad-entry-name",
    );
    let deep = "d/".repeat(80);
    let names: Vec<Item> = (0..1000)
        .map(|at| Item::new(format!("{deep}{at}.yaml").as_bytes(), b"a: 1\n"))
        .collect();
    soon("too deep to look", with(names), "package/bad-entry-name");
    soon(
        "one name for two things",
        with(vec![Item::new(b"a", b""), Item::new(b"a/b", b"")]),
        "package/duplicate-entry",
    );
}

#[test]
fn entries_that_share_their_bytes() {
    // the table names one body 2,000 times: 2,000 MiB from 1 kB
    let body = Item::new(b"a.bin", &vec![0; 1024 * 1024]);
    let bytes = zip(&[body], b"");
    let start =
        u32::from_le_bytes(bytes[bytes.len() - 6..bytes.len() - 2].try_into().unwrap()) as usize;
    let (bodies, rest) = bytes.split_at(start);
    let entry = &rest[..rest.len() - 22];
    let mut all = bodies.to_vec();
    for at in 0..2000 {
        let mut entry = entry.to_vec();
        entry[46..51].copy_from_slice(format!("{at:05}").as_bytes());
        all.extend(entry);
    }
    let mut end = rest[rest.len() - 22..].to_vec();
    end[8..10].copy_from_slice(&2000_u16.to_le_bytes());
    end[10..12].copy_from_slice(&2000_u16.to_le_bytes());
    end[12..16].copy_from_slice(&((2000 * entry.len()) as u32).to_le_bytes());
    all.extend(end);
    soon("one body 2,000 times", all, "package/too-large");
}

#[test]
fn any_byte_may_be_wrong() {
    let sound = zip(&items(&good("extension")), b"comment");
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = || {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize
    };
    let table = sound.len() / 2;
    for round in 0..300 {
        let mut bytes = sound.clone();
        for _ in 0..=next() % 4 {
            // the table and the end decide most
            let at = if round % 2 == 0 {
                table + next() % (bytes.len() - table)
            } else {
                next() % bytes.len()
            };
            bytes[at] = next() as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(next() % bytes.len());
        }
        judged(bytes);
    }
}

#[test]
fn uploads_are_judged_as_the_daemon_does() {
    let path = root().join("../shared/conformance/hand-made/daemon.jsonl");
    let Ok(cases) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(verdict) = case["upload"].as_str() else {
            continue; // what cannot be packed was not uploaded
        };
        let mut folder = Memory::new();
        for (path, content) in case["files"].as_object().unwrap() {
            let bytes = match content.as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => STANDARD
                    .decode(content["base64"].as_str().unwrap())
                    .unwrap(),
            };
            folder.insert(path.as_str(), bytes);
        }
        let walk = Packed::new(&folder);
        let taken = walk.walk(&folder).files.iter().map(|path| {
            // the packager writes slashes, even if two names become one
            let name = path.replace('\\', "/");
            Item::new(name.as_bytes(), folder.get(path).unwrap())
        });
        let package = Package::from_bytes(zip(&taken.collect::<Vec<_>>(), b""));
        let report = difylint::check(Arc::new(package), "x.difypkg", &Policy::default());
        compared += 1;
        if report.accepts(Stage::Install) != (verdict == "accept") {
            wrong.push(format!(
                "{} {}: {}",
                case["id"],
                case["name"],
                told(&report.findings)
            ));
        }
    }
    println!("{compared} uploads");
    assert!(compared > 400 && wrong.is_empty(), "{compared}: {wrong:#?}");
}

/// A folder with packages of every kind, and the program run in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_difylint"))
            .args(arguments)
            .env("NO_COLOR", "1")
            .env_remove("COLUMNS")
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(text).unwrap(),
        )
    }

    fn roots(&self, paths: &[&str]) -> Vec<String> {
        let (_, text) = self.run(&[&["check", "-o", "json"], paths].concat());
        // behind it stands what is said on standard error
        let mut values = serde_json::Deserializer::from_str(&text).into_iter();
        let value: serde_json::Value = values.next().unwrap().unwrap();
        let plugins = value["plugins"].as_array().unwrap();
        plugins
            .iter()
            .map(|it| it["root"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn broken_tool() -> Vec<u8> {
    let mut all = good("tool");
    all.remove("_assets/icon.svg").unwrap();
    zip(&items(&all), b"")
}

fn bundle(packages: &[(&str, Vec<u8>)]) -> Memory {
    let mut all = good("bundle");
    let manifest = String::from_utf8(all.get("manifest.yaml").unwrap().to_vec()).unwrap();
    let entries: String = packages
        .iter()
        .map(|(name, _)| format!("  - type: package\n    value:\n      path: {name}\n"))
        .collect();
    let manifest = manifest.replace("dependencies:\n", &format!("dependencies:\n{entries}"));
    all.insert("manifest.yaml", manifest.into_bytes());
    for (name, bytes) in packages {
        all.insert(format!("_assets/{name}"), bytes.clone());
    }
    all
}

#[test]
fn packages_are_found() {
    let place = Place::new();
    let tool = zip(&items(&good("tool")), b"");
    place.write("dist/a.difypkg", &tool);
    place.write("dist/b.difypkg", &tool);
    place.write("dist/.hidden/c.difypkg", &tool);
    let all = good("model");
    for path in all.paths() {
        place.write(&format!("plugin/{path}"), all.get(path).unwrap());
    }
    place.write("plugin/old.difypkg", &tool);
    assert_eq!(
        place.roots(&[]),
        ["dist/a.difypkg", "dist/b.difypkg", "plugin"]
    );
    let twice = ["dist/b.difypkg", "./dist/b.difypkg", "dist"];
    assert_eq!(place.roots(&twice), ["dist/b.difypkg", "dist/a.difypkg"]);
    assert_eq!(place.roots(&["plugin/old.difypkg"]), ["plugin/old.difypkg"]);
    assert_eq!(
        place.roots(&["dist/a.difypkg/manifest.yaml"]),
        ["dist/a.difypkg"]
    );
    let (status, text) = place.run(&["check", "dist/a.difypkg/nothing.yaml"]);
    assert!(status == 2 && text.contains("does not exist"), "{text}");
}

#[test]
fn findings_stand_inside() {
    let place = Place::new();
    let mut all = good("tool");
    all.insert(
        "manifest.yaml",
        [all.get("manifest.yaml").unwrap(), b"\nauthor: x\n"].concat(),
    );
    place.write("demo.difypkg", &zip(&items(&all), b""));
    place.write("broken.difypkg", b"not a zip");
    insta::assert_snapshot!(place.run(&["check", "--quiet"]).1);
    let (status, text) = place.run(&["check", "-o", "json", "demo.difypkg"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(status, 1);
    assert_eq!(value["plugins"][0]["root"], "demo.difypkg");
    assert_eq!(
        value["diagnostics"][0]["file"],
        "demo.difypkg/manifest.yaml"
    );
    assert_eq!(value["diagnostics"][0]["plugin"], "demo.difypkg");
}

#[test]
fn a_bundle_and_what_it_carries() {
    let place = Place::new();
    let sound = zip(&items(&good("model")), b"");
    let inner = bundle(&[("deep", broken_tool())]);
    let all = bundle(&[
        ("sound", sound),
        ("broken", broken_tool()),
        ("inner", zip(&items(&inner), b"")),
        ("text", b"hello".to_vec()),
    ]);
    place.write("set.difybndl", &zip(&items(&all), b""));
    for path in all.paths() {
        place.write(&format!("set/{path}"), all.get(path).unwrap());
    }
    insta::assert_snapshot!(place.run(&["check", "-qo", "concise", "set.difybndl"]).1);
    let inside = [
        "",
        "/_assets/broken",
        "/_assets/inner",
        "/_assets/inner/_assets/deep",
        "/_assets/sound",
        "/_assets/text",
    ];
    for root in ["set", "set.difybndl"] {
        let expected: Vec<String> = inside.iter().map(|it| format!("{root}{it}")).collect();
        assert_eq!(place.roots(&[root]), expected);
    }
}

#[test]
fn a_bundle_with_very_many_packages() {
    let place = Place::new();
    let tool = zip(&items(&good("tool")), b"");
    let names: Vec<String> = (0..200).map(|at| format!("p{at:03}")).collect();
    let packages: Vec<_> = names.iter().map(|it| (it.as_str(), tool.clone())).collect();
    place.write("set.difybndl", &zip(&items(&bundle(&packages)), b""));
    assert_eq!(place.roots(&["set.difybndl"]).len(), 1 + 64);
    let (status, text) = place.run(&["check", "-qo", "concise", "set.difybndl"]);
    // nobody knows what is in the others
    assert_eq!(status, 2, "{text}");
    assert_eq!(text.matches("bundle/unchecked-package").count(), 200 - 64);
    // a path that leads out of the folder is not followed
    let all = bundle(&[("../../outside", tool.clone())]);
    place.write("set/manifest.yaml", all.get("manifest.yaml").unwrap());
    place.write("set/_assets/icon.svg", all.get("_assets/icon.svg").unwrap());
    place.write("outside", &tool);
    assert_eq!(place.roots(&["set"]), ["set"]);
    assert!(
        place
            .run(&["check", "set"])
            .1
            .contains("bundle/missing-package")
    );
}

#[test]
fn nothing_is_written_into_packages() {
    let place = Place::new();
    let mut all = good("tool");
    let manifest = String::from_utf8(all.get("manifest.yaml").unwrap().to_vec()).unwrap();
    all.insert("manifest.yaml", manifest.replace('\n', "\r\n").into_bytes());
    let bytes = zip(&items(&all), b"");
    place.write("demo.difypkg", &bytes);
    let (status, text) = place.run(&["fix", "--unsafe", "demo.difypkg"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(text);
    assert_eq!(
        fs::read(place.0.path().join("demo.difypkg")).unwrap(),
        bytes
    );
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn folders_that_do_not_pack() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let all = good("tool");
    for path in all.paths() {
        place.write(&format!("demo/{path}"), all.get(path).unwrap());
    }
    let demo = place.0.path().join("demo");
    symlink("tools", demo.join("more")).unwrap();
    symlink("nowhere", demo.join("gone.txt")).unwrap();
    symlink("README.md", demo.join("fine.md")).unwrap();
    place.write("demo/a\\b.txt", b"x");
    place.write("demo/Readme.md", b"x");
    symlink("demo", place.0.path().join("link")).unwrap();
    insta::assert_snapshot!(told(&findings(Folder::new(place.0.path().join("link")))));
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_archives_take_little_memory() {
    let place = Place::new();
    let zeros = vec![0; 49 * 1024 * 1024];
    let mut all = items(&good("tool"));
    all.extend(["a.yaml", "b.txt", "c.py"].map(|name| Item::new(name.as_bytes(), &zeros)));
    place.write("bomb.difypkg", &zip(&all, b""));
    let large = zip(
        &[Item {
            method: 0,
            ..Item::new(b"x", &zeros)
        }],
        b"",
    );
    let names = ["a", "b", "c", "d"];
    let inner = names.map(|name| (name, large.clone()));
    place.write("set.difybndl", &zip(&items(&bundle(&inner)), b""));
    let limited = Command::new("sh")
        .args([
            "-c",
            "ulimit -v 700000; exec \"$0\" check -j 1 -o concise bomb.difypkg set.difybndl",
        ])
        .arg(env!("CARGO_BIN_EXE_difylint"))
        .current_dir(place.0.path())
        .output()
        .unwrap();
    let text = String::from_utf8([limited.stdout, limited.stderr].concat()).unwrap();
    assert_eq!(limited.status.code(), Some(1), "{text}");
    assert!(
        text.contains("package/too-large") && text.contains("bundle/unchecked-package"),
        "{text}"
    );
}

#[test]
fn errors_have_stages() {
    let all = findings(Package::from_bytes(broken_tool()));
    for finding in all.iter().filter(|it| it.severity == Severity::Error) {
        assert!(!finding.stages.is_empty(), "{finding:?}");
    }
}
