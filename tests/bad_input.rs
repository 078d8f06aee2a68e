//! Bad input is ordinary input: every plugin here ends in a finding or a clear error, soon and
//! within bounded memory.
#![cfg(target_os = "linux")]

use crate::support::folders::copy;
use difylint::policy::Policy;
use difylint::source::{Content, Entry, EntryKind, Files, ReadError};
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A second, for an optimised build on an idle machine; tests run neither.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 3 });
const MOST_MEMORY_KB: u64 = 200 * 1024;

struct Outcome {
    status: i32,
    stdout: String,
    stderr: String,
}

/// Runs the program on a folder and proves that it ends soon, and within the memory.
fn run(folder: &Path, arguments: &[&str]) -> Outcome {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let out = std::thread::spawn(move || text(&mut stdout));
    let err = std::thread::spawn(move || text(&mut stderr));
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&child));
        assert!(most <= MOST_MEMORY_KB, "{most} kB of memory");
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > SOON {
            child.kill().unwrap();
            panic!("still running after {SOON:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let outcome = Outcome {
        status: status.code().expect("ended by a signal"),
        stdout: out.join().unwrap(),
        stderr: err.join().unwrap(),
    };
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    assert!(!outcome.stdout.contains("internal/"), "{}", outcome.stdout);
    println!("{:?}, {} kB, {}", began.elapsed(), most, folder.display());
    outcome
}

fn text(from: &mut dyn Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).expect("output is UTF-8")
}

/// The most memory that a process has had so far, in kB.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

/// A copy of a sound plugin of ours.
fn sound() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool"),
        folder.path(),
    );
    folder
}

/// The plugin is refused by the package stage, with a finding in this file.
fn refused(folder: &Path, file: &str) -> String {
    let outcome = run(folder, &["check", "--output-format", "concise"]);
    assert_eq!(outcome.status, 1, "{}{}", outcome.stdout, outcome.stderr);
    let named = outcome
        .stdout
        .lines()
        .any(|line| line.contains(file) && line.contains("error"));
    assert!(named, "no error names {file}:\n{}", outcome.stdout);
    outcome.stdout
}

fn manifest_of(bytes: &[u8]) -> String {
    let folder = sound();
    fs::write(folder.path().join("manifest.yaml"), bytes).unwrap();
    refused(folder.path(), "manifest.yaml")
}

/// A tool whose text is this; it ends soon, whatever is found.
fn tool_of(text: &str) -> Outcome {
    let folder = sound();
    let tools: Vec<_> = fs::read_dir(folder.path().join("tools"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    fs::write(&tools[0], text).unwrap();
    run(folder.path(), &["check", "--output-format", "concise"])
}

#[test]
fn a_folder_without_plugins() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let outcome = run(folder.path(), &["check", "empty"]);
    assert_eq!(outcome.status, 3);
    assert!(outcome.stderr.contains("`empty`"), "{}", outcome.stderr);
}

#[test]
fn manifests_that_say_nothing() {
    for text in [
        "",
        "# only this\n",
        "- a\n- b\n",
        "just words\n",
        "{{{{\n",
        "a: [1, 2\nb: }\n",
    ] {
        manifest_of(text.as_bytes());
    }
    manifest_of(b"\0\0\0\0");
    manifest_of(b"name: a\0b\n");
    manifest_of(b"name: caf\xe9\n");
}

#[test]
fn encodings() {
    let text = fs::read_to_string(sound().path().join("manifest.yaml")).unwrap();
    let text = format!("{text}# \u{e9}\n");
    // Python reads UTF-16 as text, with a byte order mark; Go as well: no reader is sure to refuse
    for unit in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let bytes: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect();
        let folder = sound();
        fs::write(folder.path().join("manifest.yaml"), bytes).unwrap();
        assert!(run(folder.path(), &["check"]).status <= 1);
    }
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    manifest_of(&latin);
}

#[test]
fn a_manifest_of_50_mb() {
    let line = "# nothing of use stands here, line after line after line after line\n";
    let said = manifest_of(line.repeat(50 * 1024 * 1024 / line.len()).as_bytes());
    assert!(said.contains("bytes"), "{said}");
}

#[test]
fn large_documents_within_the_limit() {
    // of few and of very many nodes
    tool_of(&"word ".repeat(3_000_000));
    tool_of(&format!("[{}]", "a,".repeat(300_000)));
    tool_of(&"key: value\n".repeat(200_000));
}

/// Words of megabytes are compared with the known ones, too.
#[test]
fn very_long_words() {
    let word = "x".repeat(4_000_000);
    tool_of(&format!(
        "identity:\n  name: a\nparameters:\n  - name: b\n    type: {word}\n"
    ));
    tool_of(&format!("identity:\n  name: a\n? {word}\n: b\n"));
    tool_of(&format!("identity:\n  name: a\n  label: {{{word}: a}}\n"));
    manifest_of(format!("type: {word}\nlabel:\n  ? {word}\n  : x\n").as_bytes());
}

#[test]
fn nesting_of_100_000_levels() {
    let deep = 100_000;
    manifest_of(format!("{}{}\n", "[".repeat(deep), "]".repeat(deep)).as_bytes());
    manifest_of("[".repeat(deep).as_bytes());
    manifest_of(format!("{}1{}\n", "{a: ".repeat(deep), "}".repeat(deep)).as_bytes());
    manifest_of("- ".repeat(deep).as_bytes());
    manifest_of("? ".repeat(deep).as_bytes());
    // each level indented by one more: 3,000 levels are 4.5 MB
    let block: String = (0..3_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    manifest_of(block.as_bytes());
}

#[test]
fn alias_bombs() {
    let mut lists = "a0: &a0 [lol, lol]\n".to_owned();
    let mut merges = "b0: &b0 {x0: 1, y0: 2}\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        lists += &format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}]\n");
        merges += &format!("b{level}: &b{level} {{<<: [*b{below}, *b{below}], x{level}: 1}}\n");
    }
    manifest_of(lists.as_bytes());
    manifest_of(merges.as_bytes());
    manifest_of(b"a: &a [*a]\n");
    manifest_of(b"a: &a {<<: *a, b: *a}\n");
    let below = "parameters: [*a59]\nidentity: *a59\ndescription: *a59\n";
    assert_eq!(tool_of(&format!("{lists}{below}")).status, 1);
}

#[test]
fn a_folder_in_place_of_a_file() {
    let folder = sound();
    fs::remove_file(folder.path().join("manifest.yaml")).unwrap();
    fs::create_dir(folder.path().join("manifest.yaml")).unwrap();
    refused(folder.path(), "manifest.yaml");
}

#[test]
fn a_pipe_in_place_of_a_file() {
    for name in [
        "manifest.yaml",
        "provider/more.py",
        ".difyignore",
        "README.md",
    ] {
        let folder = sound();
        let path = folder.path().join(name);
        let _ = fs::remove_file(&path);
        let made = Command::new("mkfifo").arg(&path).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: no mkfifo");
            return;
        }
        if name == "manifest.yaml" {
            refused(folder.path(), name);
        } else {
            run(folder.path(), &["check"]);
        }
    }
}

#[test]
fn a_file_that_may_not_be_read() {
    let folder = sound();
    let path = folder.path().join("manifest.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    refused(folder.path(), "manifest.yaml");
}

#[test]
fn links_in_circles_and_to_nothing() {
    let folder = sound();
    symlink(".", folder.path().join("self")).unwrap();
    symlink("self/self/self", folder.path().join("around")).unwrap();
    symlink("b", folder.path().join("a")).unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    symlink("/nowhere/at/all", folder.path().join("gone.py")).unwrap();
    run(folder.path(), &["check"]);
    let folder = sound();
    fs::remove_file(folder.path().join("manifest.yaml")).unwrap();
    symlink("manifest.yaml", folder.path().join("manifest.yaml")).unwrap();
    refused(folder.path(), "manifest.yaml");
}

#[test]
fn twenty_thousand_files() {
    let folder = sound();
    for group in 0..20 {
        let below = folder.path().join(format!("data/{group}"));
        fs::create_dir_all(&below).unwrap();
        for file in 0..1000 {
            fs::write(below.join(format!("{file}.py")), "x = 1\n").unwrap();
        }
    }
    assert!(run(folder.path(), &["check"]).status <= 1);
}

#[test]
fn names_that_are_no_text() {
    let folder = sound();
    for name in [
        &b"caf\xe9.py"[..],
        b"tools/\xff\xfe.yaml",
        b"_assets/a\nb.svg",
    ] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    run(folder.path(), &["check"]);
    let odd = folder
        .path()
        .join(std::ffi::OsStr::from_bytes(b"plug\xffin"));
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool"),
        &odd,
    );
    fs::remove_file(folder.path().join("manifest.yaml")).unwrap();
    run(folder.path(), &["check", "--output-format", "json"]);
}

/// Says that files are there and then cannot read them, or reads them only now and then.
struct Liar {
    below: difylint::source::Folder,
    every: usize,
    asked: std::sync::atomic::AtomicUsize,
}

impl Files for Liar {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let asked = self
            .asked
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if path != "manifest.yaml" && asked.is_multiple_of(self.every) {
            return Err(ReadError::Missing);
        }
        self.below.read(path)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.below.kind(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.below.size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.below.list(folder)?;
        entries.push(Entry {
            name: "ghost.yaml".to_owned(),
            kind: EntryKind::File,
        });
        entries.push(Entry {
            name: "ghosts".to_owned(),
            kind: EntryKind::Folder,
        });
        Ok(entries)
    }
}

#[test]
fn files_that_vanish() {
    for base in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good")).unwrap() {
        for every in 1..6 {
            let below = difylint::source::Folder::new(base.as_ref().unwrap().path());
            let files = Liar {
                below,
                every,
                asked: 0.into(),
            };
            let report = difylint::check(Arc::new(files), "liar", &Policy::default());
            let internal = report
                .findings
                .iter()
                .find(|it| it.rule.category() == "internal");
            assert!(internal.is_none(), "{internal:?}");
        }
    }
}
