//! Two versions of a plugin: what is said, to whom, and with which exit status.
//!
//! What each rule finds is shown by its page (`rules/upgrade/`, run by tests/rules.rs); here stand
//! the whole reports, the judgement of the version, bad input and git.

use difylint::compare::{Comparison, Grade, Incomparable, Side, compare, report};
use difylint::finding::Severity;
use difylint::policy::{Policy, Selector};
use difylint::report::Look;
use difylint::source::Memory;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn good(name: &str) -> Memory {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/good")
        .join(name);
    let mut files = Memory::new();
    collect(&root, "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Memory) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// The plugin with texts replaced: file, what is there, what shall be there.
fn edited(mut files: Memory, edits: &[(&str, &str, &str)]) -> Memory {
    for (file, from, to) in edits {
        let text = std::str::from_utf8(files.get(file).unwrap()).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        let text = text.replacen(from, to, 1);
        files.insert(*file, text.into_bytes());
    }
    files
}

fn compared_with(old: Memory, new: Memory, policy: &Policy) -> Comparison {
    let old = Side::load(Arc::new(old), "old");
    let new = Side::load(Arc::new(new), "new");
    compare(&old, &new, policy).unwrap()
}

fn compared(old: Memory, new: Memory) -> Comparison {
    compared_with(old, new, &Policy::default())
}

fn told(comparison: &Comparison) -> Vec<(&'static str, Severity, &str)> {
    let changes = comparison.changes.iter();
    changes
        .map(|it| (it.rule.0, it.severity, it.message.as_str()))
        .collect()
}

/// A release with a bit of everything: two things break, one is new, texts are worded anew.
fn release(version: &str) -> Memory {
    edited(
        good("tool"),
        &[
            (
                "manifest.yaml",
                "version: 0.1.0",
                &format!("version: {version}"),
            ),
            ("tools/wrap_text.yaml", "name: prefix", "name: line_prefix"),
            ("tools/wrap_text.yaml", "max: 200", "max: 120"),
            ("tools/wrap_text.yaml", "en_US: Wrap Text", "en_US: Wrap"),
            (
                "tools/count_text.yaml",
                "    unit:\n      type: string",
                "    kind:\n      type: string\n    unit:\n      type: string",
            ),
        ],
    )
}

#[test]
fn a_release_that_hides_what_breaks() {
    let comparison = compared(good("tool"), release("0.1.1"));
    insta::assert_snapshot!("full", report::full(&comparison, &Look::PLAIN));
    insta::assert_snapshot!("markdown", report::markdown(&comparison));
    insta::assert_snapshot!("json", report::json(&comparison).unwrap());
    assert_eq!(comparison.suggested.as_deref(), Some("0.2.0"));
}

#[test]
fn a_release_that_says_what_breaks() {
    let comparison = compared(good("tool"), release("0.2.0"));
    assert_eq!(comparison.severity(), Some(Severity::Warning));
    insta::assert_snapshot!("announced", report::full(&comparison, &Look::PLAIN));
}

#[test]
fn every_sound_plugin_is_the_same_as_itself() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good")).unwrap() {
        let name = entry.unwrap().file_name().to_str().unwrap().to_owned();
        if name == "bundle" {
            continue;
        }
        let comparison = compared(good(&name), good(&name));
        assert!(comparison.is_empty(), "{name}: {:?}", told(&comparison));
        let text = report::full(&comparison, &Look::PLAIN);
        assert!(
            text.ends_with("nothing has changed: both versions hold the same files\n"),
            "{text}"
        );
    }
}

/// Old and new in turn: what is gone one way is new the other way.
#[test]
fn a_swap_turns_losses_into_additions() {
    let less = edited(
        good("tool"),
        &[("provider/word_tools.yaml", "  - tools/wrap_text.yaml\n", "")],
    );
    let there = compared(good("tool"), less.clone());
    let back = compared(less, good("tool"));
    let of = |comparison: &Comparison| {
        (
            comparison.count(Grade::Breaking),
            comparison.count(Grade::Addition),
        )
    };
    assert_eq!((of(&there), of(&back)), ((1, 0), (0, 1)));
}

/// Edits of files, two versions, the rule and the severity that come of them.
type VersionCase<'a> = (
    &'a [(&'a str, &'a str, &'a str)],
    &'a str,
    &'a str,
    &'a str,
    Option<Severity>,
);

#[test]
fn how_far_the_version_has_to_rise() {
    let breaking = [("tools/wrap_text.yaml", "name: prefix", "name: line_prefix")];
    let addition = [(
        "tools/wrap_text.yaml",
        "    lines:",
        "    total:\n      type: integer\n    lines:",
    )];
    let wording = [("tools/wrap_text.yaml", "en_US: Wrap Text", "en_US: Wrap")];
    let cases: [VersionCase<'_>; 12] = [
        (&breaking, "0.0.1", "0.0.2", "0.1.0", Some(Severity::Error)),
        (
            &breaking,
            "0.0.1",
            "0.1.0",
            "0.1.0",
            Some(Severity::Warning),
        ),
        (&breaking, "0.9.4", "0.9.5", "0.10.0", Some(Severity::Error)),
        (
            &breaking,
            "0.9.4",
            "1.0.0",
            "0.10.0",
            Some(Severity::Warning),
        ),
        (&breaking, "1.2.3", "1.3.0", "2.0.0", Some(Severity::Error)),
        (
            &breaking,
            "1.2.3",
            "2.0.0",
            "2.0.0",
            Some(Severity::Warning),
        ),
        (
            &breaking,
            "2.0.0-beta",
            "2.0.0",
            "3.0.0",
            Some(Severity::Warning),
        ),
        (&addition, "0.1.0", "0.1.1", "0.1.1", Some(Severity::Info)),
        (&addition, "1.0.0", "1.0.1", "1.1.0", Some(Severity::Info)),
        (&wording, "1.0.0", "1.0.1", "1.0.1", None),
        (&wording, "1.0.0", "1.0.0", "1.0.1", Some(Severity::Error)),
        (&wording, "1.0.0", "0.9.0", "1.0.1", Some(Severity::Error)),
    ];
    for (edits, old, new, suggested, severity) in cases {
        let at = |files, version: &str| {
            let version = format!("version: {version}");
            edited(files, &[("manifest.yaml", "version: 0.1.0", &version)])
        };
        let comparison = compared(at(good("tool"), old), at(edited(good("tool"), edits), new));
        let label = format!("{old} -> {new}: {:?}", told(&comparison));
        assert_eq!(comparison.suggested.as_deref(), Some(suggested), "{label}");
        assert_eq!(comparison.severity(), severity, "{label}");
    }
}

#[test]
fn what_is_ignored_demands_nothing() {
    let policy = Policy {
        ignore: vec![Selector::parse("upgrade/removed-parameter").unwrap()],
        ..Policy::default()
    };
    let new = edited(
        good("tool"),
        &[
            ("manifest.yaml", "version: 0.1.0", "version: 0.1.1"),
            ("tools/wrap_text.yaml", "name: prefix", "name: line_prefix"),
        ],
    );
    let comparison = compared_with(good("tool"), new, &policy);
    assert!(comparison.changes.is_empty(), "{:?}", told(&comparison));
}

#[test]
fn order_quotes_and_comments_are_no_change() {
    let new = edited(
        good("tool"),
        &[
            ("manifest.yaml", "version: 0.1.0", "version: 0.1.1"),
            (
                "tools/wrap_text.yaml",
                "type: number",
                "type: \"number\" # how wide",
            ),
            (
                "tools/wrap_text.yaml",
                "default: 80\n    min: 20",
                "min: 20.0\n    default: 80",
            ),
            (
                "provider/word_tools.yaml",
                "  - tools/count_text.yaml\n  - tools/wrap_text.yaml",
                "  - tools/wrap_text.yaml\n  - tools/count_text.yaml",
            ),
        ],
    );
    let comparison = compared(good("tool"), new);
    assert!(comparison.changes.is_empty(), "{:?}", told(&comparison));
    assert_eq!((comparison.hidden, comparison.files_changed), (0, 3));
}

#[test]
fn a_template_counts_for_its_values() {
    let edits = |rule: &str| {
        [
            (
                "manifest.yaml",
                "version: 0.1.0",
                "version: 0.1.1".to_owned(),
            ),
            (
                "models/llm/lumen-chat.yaml",
                "  - name: temperature\n    use_template: temperature\n",
                rule.to_owned(),
            ),
        ]
    };
    let with = |rule: &str| {
        let edits = edits(rule);
        let edits: Vec<_> = edits
            .iter()
            .map(|(file, from, to)| (*file, *from, to.as_str()))
            .collect();
        compared(good("model"), edited(good("model"), &edits))
    };
    let same = with("  - name: temperature\n    type: float\n    min: 0\n    max: 1\n");
    assert!(same.changes.is_empty(), "{:?}", told(&same));
    let less = with("  - name: temperature\n    type: float\n    min: 0\n    max: 0.5\n");
    assert_eq!(
        told(&less).first().unwrap().2,
        "the maximum of parameter `temperature` of model `lumen-chat (llm)` goes from 1 to 0.5"
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let broken = edited(
        good("tool"),
        &[("tools/wrap_text.yaml", "identity:", "identity: [")],
    );
    let mut missing = good("tool");
    missing.remove("tools/wrap_text.yaml").unwrap();
    let nameless = edited(
        good("tool"),
        &[("tools/wrap_text.yaml", "  name: wrap_text\n", "")],
    );
    for (name, files) in [
        ("broken", broken),
        ("missing", missing),
        ("nameless", nameless),
    ] {
        let comparison = compared(good("tool"), files.clone());
        assert!(!comparison.complete, "{name}");
        assert_eq!(comparison.severity(), Some(Severity::Error), "{name}");
        insta::assert_snapshot!(
            format!("{name}_new"),
            report::full(&comparison, &Look::PLAIN)
        );
        // nobody can repair the version that is published
        let comparison = compared(
            files,
            edited(
                good("tool"),
                &[("manifest.yaml", "version: 0.1.0", "version: 0.1.1")],
            ),
        );
        assert!(!comparison.complete, "{name}");
        assert_eq!(
            comparison.severity(),
            Some(Severity::Warning),
            "{name}: {:?}",
            told(&comparison)
        );
    }
}

#[test]
fn manifests_that_cannot_be_compared() {
    let with_manifest = |text: &str| {
        let mut files = good("tool");
        files.insert("manifest.yaml", text.as_bytes().to_vec());
        files
    };
    let mut none = good("tool");
    none.remove("manifest.yaml").unwrap();
    for files in [
        with_manifest(""),
        with_manifest("- a\n- b\n"),
        with_manifest("version: [\n"),
        with_manifest("\u{0}\u{1}"),
        none,
        good("bundle"),
    ] {
        let broken = Side::load(Arc::new(files), "broken");
        let sound = Side::load(Arc::new(good("tool")), "sound");
        let policy = Policy::default();
        let there = compare(&broken, &sound, &policy).unwrap_err();
        let back = compare(&sound, &broken, &policy).unwrap_err();
        assert_eq!(there, back);
        assert!(there.to_string().contains("`broken`"), "{there}");
        assert!(matches!(
            there,
            Incomparable::NoManifest(..) | Incomparable::Bundle(_)
        ));
    }
}

#[test]
fn aliases_that_multiply_take_no_time() {
    let mut schema =
        String::from("output_schema:\n  l0: &l0\n    properties:\n      x: {type: string}\n");
    for level in 1..40 {
        let below = level - 1;
        schema.push_str(&format!(
            "  l{level}: &l{level}\n    properties:\n      a: *l{below}\n      b: *l{below}\n      c: *l{below}\n"
        ));
    }
    schema.push_str("  properties:\n    top: *l39\n");
    let text = good("tool");
    let text = std::str::from_utf8(text.get("tools/wrap_text.yaml").unwrap()).unwrap();
    let (before, after) = text.split_once("output_schema:").unwrap();
    let after = &after[after.find("extra:").unwrap()..];
    let mut new = good("tool");
    new.insert(
        "tools/wrap_text.yaml",
        format!("{before}{schema}{after}").into_bytes(),
    );
    let began = Instant::now();
    let comparison = compared(new.clone(), new);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    // the bound is told, or the reader refuses the file: never a silent "no change"
    assert!(!comparison.complete, "{:?}", told(&comparison).first());
}

#[test]
fn json_keeps_its_schema() {
    let schema = include_str!("../schemas/comparison.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut missing = good("tool");
    missing.remove("tools/wrap_text.yaml").unwrap();
    for (old, new) in [
        (good("tool"), good("tool")),
        (good("tool"), release("0.1.1")),
        (good("tool"), missing),
        (good("model"), good("trigger")),
        (good("extension"), good("datasource-website-crawl")),
    ] {
        let text = report::json(&compared(old, new)).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        // the schema is not one that says yes to everything
        value["complete"] = "yes".into();
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn foreign_text_cannot_break_the_table() {
    let new = edited(
        good("tool"),
        &[(
            "tools/wrap_text.yaml",
            "name: prefix",
            "name: \"a|b`<script>*\"",
        )],
    );
    let text = report::markdown(&compared(good("tool"), new));
    for row in text.lines().filter(|line| line.starts_with('|')) {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
}

// ── the program ──────────────────────────────────────────────────────────────────────────────

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn write(files: &Memory, folder: &Path) -> PathBuf {
    for path in files.paths() {
        let target = folder.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, files.get(path).unwrap()).unwrap();
    }
    folder.to_owned()
}

#[test]
fn exit_statuses() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&good("tool"), &at.join("old"));
    write(&release("0.1.1"), &at.join("hidden"));
    write(&release("0.2.0"), &at.join("said"));
    write(&good("bundle"), &at.join("bundle"));
    fs::create_dir(at.join("empty")).unwrap();
    for (arguments, status) in [
        (&["old", "old"][..], 0),
        (&["old", "hidden"], 1),
        (&["old", "hidden", "--fail-on", "never"], 0),
        (&["old", "said"], 0),
        (&["old", "said", "--fail-on", "breaking"], 1),
        (&["old", "said", "--fail-on", "any"], 1),
        (&["old", "old", "--fail-on", "any"], 0),
        (&["old"], 2),
        (&[], 2),
        (&["old", "nowhere"], 2),
        (&["old", "bundle"], 2),
        (&["old", "."], 2),
        (&["old", "said", "--against-ref", "HEAD"], 2),
        (&["old", "said", "-o", "yaml"], 2),
        (&["old", "said", "-o", "json", "-o", "full"], 2),
        (&["old", "empty"], 3),
    ] {
        let arguments: Vec<&str> = std::iter::once("compare")
            .chain(arguments.iter().copied())
            .collect();
        let (code, out, err) = run(at, &arguments);
        assert_eq!(code, status, "{arguments:?}\n{out}\n{err}");
        assert_eq!(out.is_empty(), status > 1, "{arguments:?}\n{out}");
    }
}

#[test]
fn several_outputs_and_the_forms_of_check() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&good("tool"), &at.join("old"));
    write(&release("0.1.1"), &at.join("new"));
    let (code, out, err) = run(
        at,
        &[
            "compare",
            "old",
            "new",
            "-o",
            "concise",
            "-o",
            "json=changes.json",
            "-o",
            "markdown=comment.md",
        ],
    );
    assert_eq!((code, err.as_str()), (1, ""));
    insta::assert_snapshot!("concise", out);
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(at.join("changes.json")).unwrap()).unwrap();
    assert_eq!(json["needed"], "minor");
    assert!(
        fs::read_to_string(at.join("comment.md"))
            .unwrap()
            .starts_with("### word\\_tools")
    );
}

#[test]
fn what_went_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&good("tool"), &at.join("old"));
    write(
        &edited(
            good("tool"),
            &[("manifest.yaml", "version: 0.1.0", "version: [")],
        ),
        &at.join("broken"),
    );
    write(&good("bundle"), &at.join("bundle"));
    let mut text = String::new();
    for arguments in [
        &["old", "broken"][..],
        &["bundle", "old"],
        &["old", "."],
        &["old"],
        &["old", "old", "-o", "jsn"],
    ] {
        let arguments: Vec<&str> = std::iter::once("compare")
            .chain(arguments.iter().copied())
            .collect();
        let (_, _, err) = run(at, &arguments);
        text.push_str(&format!("──── {} ────\n{err}", arguments.join(" ")));
    }
    insta::assert_snapshot!("failures", text);
}

#[test]
fn the_old_version_comes_from_git() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let git = |arguments: &[&str]| {
        let identity = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ];
        let ran = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(at)
            .output();
        ran.is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        println!("skipped: there is no git");
        return;
    }
    let plugin = write(&good("tool"), &at.join("plugins/words"));
    assert!(
        git(&["add", "-A"]) && git(&["commit", "-q", "-m", "first"]) && git(&["tag", "v0.1.0"])
    );
    let (code, out, err) = run(&plugin, &["compare", "--against-ref", "HEAD"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("nothing has changed"), "{out}");
    write(&release("0.1.1"), &plugin);
    let (code, out, err) = run(at, &["compare", "--against-ref", "v0.1.0", "plugins/words"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(
        out.contains("v0.1.0:plugins/words/tools/wrap_text.yaml"),
        "{out}"
    );
    for reference in ["no-such-tag", "--output=x", ""] {
        let (code, out, err) = run(&plugin, &["compare", &format!("--against-ref={reference}")]);
        assert_eq!((code, out.as_str()), (2, ""), "{reference}: {err}");
        assert!(err.contains('×') || err.contains("error"), "{err}");
    }
}
