//! Comments that take findings out: what they reach, what is said about them, and how they are
//! written and removed.

use difylint::finding::{Applicability, Stage};
use difylint::fix::fix;
use difylint::policy::{Policy, Selector};
use difylint::report::PluginReport;
use difylint::source::Memory;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const TOOL: &str = "tools/count_text.yaml";
const CODE: &str = "tools/wrap_text.py";

fn good() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/good/tool")
}

fn collect(folder: &Path, prefix: &str, files: &mut Memory) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
}

fn replaced(files: &mut Memory, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(files.get(path).unwrap().to_vec()).unwrap();
    assert!(text.contains(from), "{path} has no `{from}`");
    files.insert(path, text.replacen(from, to, 1).into_bytes());
}

/// A plugin with one finding in a file of each language.
fn untidy() -> Memory {
    let mut files = Memory::new();
    collect(&good(), "", &mut files);
    replaced(&mut files, TOOL, "Contar Texto", "\" Contar Texto\"");
    replaced(&mut files, ".difyignore", "tests/", "tests/\n./notes");
    replaced(&mut files, "requirements.txt", "\n", "\nrequests\n");
    replaced(
        &mut files,
        CODE,
        "        lines =",
        "        print(\"# difylint: ignore[x]\")\n        lines =",
    );
    replaced(&mut files, "README.md", "\n", "\n\n![x](none.png)\n");
    files.insert("tools/old.py", b"import os\n".to_vec());
    files
}

fn everything() -> Policy {
    Policy {
        select: vec![Selector::All],
        ignore: vec![Selector::parse("suppression/missing-reason").unwrap()],
        ..Policy::default()
    }
}

fn check(files: &Memory) -> PluginReport {
    difylint::check(Arc::new(files.clone()), ".", &everything())
}

fn told(report: &PluginReport) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let at = report.start_of(&finding.place);
        let at = at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        let (file, rule) = (&finding.place.file, finding.rule);
        let _ = writeln!(text, "  {file}{at} {rule}: {}", finding.message);
    }
    for one in &report.suppressed {
        let (file, rule) = (&one.finding.place.file, one.finding.rule);
        let reason = one.reason.as_deref().unwrap_or("no reason");
        let _ = writeln!(text, "  hidden: {file} {rule} ({reason})");
    }
    text
}

/// The report of the untidy plugin with these changes, without what it says of files that the
/// changes do not name.
fn with(changes: &[(&str, &str, &str)]) -> String {
    let mut files = untidy();
    for (path, from, to) in changes {
        replaced(&mut files, path, from, to);
    }
    let mut report = check(&files);
    let named = |file: &str| changes.iter().any(|(path, ..)| *path == file);
    report.findings.retain(|it| named(&it.place.file));
    report.suppressed.retain(|it| named(&it.finding.place.file));
    told(&report)
}

#[test]
fn the_untidy_plugin() {
    insta::assert_snapshot!(told(&check(&untidy())));
}

const LABEL: &str = "    pt_BR: \" Contar Texto\"\n";

#[test]
fn what_comments_reach() {
    let mut text = String::new();
    let file = "# difylint: ignore-file[i18n] -- 整个文件\n";
    for (name, path, from, to) in [
        ("end of the line", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # difylint: ignore[i18n/surrounding-space] -- 因为\n".to_owned()),
        ("behind another comment", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # noqa # difylint: ignore[i18n]\n".to_owned()),
        ("category", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # difylint: ignore[i18n]\n".to_owned()),
        ("other line", TOOL, "  name: count_text\n", "  name: count_text  # difylint: ignore[i18n]\n".to_owned()),
        ("next entry", TOOL, LABEL, format!("    # difylint: ignore[i18n]\n\n    # words\n{LABEL}")),
        ("next entry with all in it", TOOL, "identity:\n", "# difylint: ignore[i18n]\nidentity:\n".to_owned()),
        ("inside the entry before it", TOOL, "  label:\n", "  label:\n    # difylint: ignore[i18n]\n".to_owned()),
        ("whole file", TOOL, "identity:\n", format!("# words\n{file}identity:\n")),
        ("too late for the file", TOOL, "  label:\n", format!("  {file}  label:\n")),
        ("in a text", TOOL, LABEL, "    pt_BR: \" Contar Texto # difylint: ignore[i18n]\"\n".to_owned()),
        ("at the end", TOOL, LABEL, format!("{LABEL}# difylint: ignore[i18n]\n")),
        ("several names", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # difylint: ignore[i18n/surrounding-space, path, i18n/to-long]\n".to_owned()),
        ("all", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # difylint: ignore[ALL]\n".to_owned()),
        ("not understood", TOOL, LABEL, "    pt_BR: \" Contar Texto\"  # difylint: disable[i18n]\n".to_owned()),
        ("Python line", CODE, "ignore[x]\")\n", "ignore[x]\")  # difylint: ignore[python/print]\n".to_owned()),
        ("Python next line", CODE, "        print", "        # difylint: ignore[python] -- shown on purpose\n        # words\n        print".to_owned()),
        ("Python file", CODE, "import textwrap", "# difylint: ignore-file[python]\nimport textwrap".to_owned()),
        ("a source that nobody reads", "tools/old.py", "import os", "# difylint: ignore-file[python/unreached-source] -- kept\nimport os".to_owned()),
        ("a line is not the file", "tools/old.py", "import os", "import os  # difylint: ignore[python/unreached-source]".to_owned()),
        ("ignore file", ".difyignore", "./notes", "# difylint: ignore[package]\n./notes".to_owned()),
        ("no comment there", ".difyignore", "./notes", "./notes # difylint: ignore[package]".to_owned()),
        ("requirements", "requirements.txt", "requests\n", "requests  # difylint: ignore[dependency/unpinned] -- any will do\n".to_owned()),
        ("requirements, next line", "requirements.txt", "requests\n", "# difylint: ignore[dependency/unpinned]\nrequests\n".to_owned()),
        ("Markdown line", "README.md", "(none.png)", "(none.png) <!-- difylint: ignore[readme/broken-image] -- soon -->".to_owned()),
        ("Markdown next line", "README.md", "![x]", "<!-- difylint: ignore[readme] -->\n\n![x]".to_owned()),
        ("Markdown file", "README.md", "# ", "<!-- difylint: ignore-file[readme] -->\n# ".to_owned()),
        ("Markdown code", "README.md", "![x]", "```\n<!-- difylint: ignore[readme] -->\n```\n![x]".to_owned()),
    ] {
        let _ = writeln!(text, "{name}:\n{}", with(&[(path, from, &to)]));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_refusal_stays_a_refusal() {
    let mut files = untidy();
    let source = "source: tools/count_text.py\n";
    let ignored = "source: tools/none.py  # difylint: ignore[python] -- it is generated\n";
    replaced(&mut files, TOOL, source, ignored);
    let report = check(&files);
    assert!(!report.accepts(Stage::Start));
    let missing = |rule: &str| rule == "python/missing-source";
    assert!(!report.findings.iter().any(|it| missing(it.rule.0)));
    let hidden = report.suppressed.iter();
    assert_eq!(hidden.filter(|it| missing(it.finding.rule.0)).count(), 1);
}

#[test]
fn reasons_can_be_required() {
    let mut files = untidy();
    let line = "requests  # difylint: ignore[dependency]\n";
    replaced(&mut files, "requirements.txt", "requests\n", line);
    let missing = |policy: &Policy| {
        let report = difylint::check(Arc::new(files.clone()), ".", policy);
        report
            .findings
            .iter()
            .any(|it| it.rule.0 == "suppression/missing-reason")
    };
    assert!(!missing(&Policy::default()));
    assert!(missing(&Policy {
        require_reason: true,
        ..Policy::default()
    }));
}

#[test]
fn a_comment_is_not_unused_because_its_rule_is_left_out() {
    let mut files = untidy();
    let line = "requests  # difylint: ignore[dependency/unpinned]\n";
    replaced(&mut files, "requirements.txt", "requests\n", line);
    for word in ["suppression", "dependency"] {
        let policy = Policy {
            select: vec![Selector::parse(word).unwrap()],
            ..Policy::default()
        };
        let report = difylint::check(Arc::new(files.clone()), ".", &policy);
        let shown: Vec<_> = report.findings.iter().map(|it| it.rule.0).collect();
        assert!(!shown.contains(&"suppression/unused"), "{word}: {shown:?}");
    }
}

#[test]
fn fixes_of_comments() {
    let mut files = untidy();
    for (path, from, to) in [
        (
            TOOL,
            "identity:\n",
            "# difylint: ignore-file[path] -- old\r\nidentity:\n",
        ),
        (
            TOOL,
            "  name: count_text\n",
            "  name: count_text  # words  # difylint: ignore[path]\n",
        ),
        (
            TOOL,
            "  author: example-author\n",
            "  # difylint: ignore[path]\n  author: example-author # difylint: ignore[path]\n",
        ),
        (
            TOOL,
            LABEL,
            "    pt_BR: \" Contar Texto\" # difylint: ignore[path, i18n/surrounding-spaces, asset] -- 因为\n",
        ),
        (
            "requirements.txt",
            "requests\n",
            "requests # difylint: ignore[dependency] any\n",
        ),
        ("README.md", "![x]", "<!-- difylint: ignore[path] -->\n![x]"),
        (
            CODE,
            "import textwrap",
            "import textwrap  # difylint ignore[path]",
        ),
    ] {
        replaced(&mut files, path, from, to);
    }
    let mut policy = everything();
    policy.select = vec![Selector::parse("suppression").unwrap()];
    let before = difylint::check(Arc::new(files.clone()), ".", &policy);
    let wanted = |_: &_, fix: &difylint::finding::Fix| fix.applicability == Applicability::Safe;
    let outcome = fix(Arc::new(files), ".", &policy, &wanted);
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
    let mut text = told(&before);
    for changed in &outcome.changed {
        text.push_str(&difylint::fix::unified(changed, &changed.path));
    }
    let _ = writeln!(text, "left:\n{}", told(&outcome.report));
    insta::assert_snapshot!(text.replace('\r', "␍"));
}

fn program(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_difylint"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(std::str::from_utf8(&output.stderr).unwrap());
    (output.status.code().unwrap(), text)
}

fn written(files: &Memory) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in files.paths() {
        let target = folder.path().join("demo").join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, files.get(path).unwrap()).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Memory {
    let mut files = Memory::new();
    collect(&folder.join("demo"), "", &mut files);
    files
}

#[test]
fn ignores_are_written() {
    let mut files = untidy();
    // three rules at one place, a text of several lines, the line ends of Windows
    let long = "    en_US: |\n      Count Text\n";
    replaced(&mut files, TOOL, "    en_US: Count Text\n", long);
    replaced(
        &mut files,
        TOOL,
        "    zh_Hans: 统计文字\n",
        "    zh_Hans: '  统计\n\n      文字 '\n",
    );
    let crlf = String::from_utf8(files.get(TOOL).unwrap().to_vec()).unwrap();
    files.insert(TOOL, crlf.replace('\n', "\r\n").into_bytes());
    let folder = written(&files);
    let all = [
        "check",
        "demo",
        "--select",
        "ALL",
        "--ignore",
        "suppression/missing-reason",
    ];
    let write = [&all[..], &["--add-ignores", "--reason", "known before"]].concat();
    let (status, said) = program(folder.path(), &write);
    let after = read(folder.path());
    let mut text = format!("exit {status}\n{said}");
    for path in after.paths() {
        let text_of = |files: &Memory| {
            let bytes = files.get(path).map(<[u8]>::to_vec);
            bytes.and_then(|it| String::from_utf8(it).ok())
        };
        let (before, after) = (text_of(&files), text_of(&after));
        if before != after {
            let changed = difylint::fix::Changed {
                path: path.to_owned(),
                before,
                after: after.unwrap(),
            };
            text.push_str(&difylint::fix::unified(&changed, path));
        }
    }
    let tool = String::from_utf8(after.get(TOOL).unwrap().to_vec()).unwrap();
    assert!(!tool.replace("\r\n", "").contains('\n'), "line ends differ");
    let (status, said) = program(folder.path(), &[&all[..], &["-o", "concise"]].concat());
    let _ = writeln!(text, "check again: exit {status}\n{said}");
    let mut times = insta::Settings::clone_current();
    times.add_filter(r"\d+ ms", "N ms");
    times.bind(|| insta::assert_snapshot!(text.replace('\r', "␍")));

    let (_, said) = program(folder.path(), &write);
    assert!(said.starts_with("wrote 0 comments in 0 files"), "{said}");
}

#[test]
fn ignores_of_several_rules_share_a_comment() {
    let mut files = untidy();
    replaced(
        &mut files,
        "requirements.txt",
        "requests\n",
        "requests  # 依赖\n",
    );
    let folder = written(&files);
    let select = ["check", "demo", "--add-ignores", "--select"];
    for rules in ["dependency/unpinned", "dependency/unpinned,python"] {
        program(folder.path(), &[&select[..], &[rules]].concat());
    }
    let text = fs::read_to_string(folder.path().join("demo/requirements.txt")).unwrap();
    assert!(
        text.contains("requests  # 依赖  # difylint: ignore[dependency/unpinned]\n"),
        "{text}"
    );
}

#[test]
fn errors_get_no_comment() {
    let mut files = untidy();
    let none = "source: tools/none.py\n";
    replaced(&mut files, TOOL, "source: tools/count_text.py\n", none);
    let folder = written(&files);
    let (status, said) = program(
        folder.path(),
        &[
            "check",
            "demo",
            "--add-ignores",
            "--select",
            "python/missing-source",
        ],
    );
    assert_eq!(status, 1);
    insta::assert_snapshot!(said);
}

#[test]
fn reasons_that_cannot_be_written() {
    let folder = written(&untidy());
    let mut text = String::new();
    for arguments in [
        &["--reason", "x"][..],
        &["--add-ignores", "--reason", "a --> b"],
        &["--add-ignores", "--select", "ALL"],
    ] {
        let (status, said) = program(folder.path(), &[&["check", "demo"], arguments].concat());
        let _ = writeln!(text, "{arguments:?}: exit {status}\n{said}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn hostile_comments_do_no_harm() {
    let line = "# difylint: ignore[path]\n";
    for path in [TOOL, CODE, "requirements.txt", ".difyignore"] {
        let mut files = untidy();
        let text = String::from_utf8(files.get(path).unwrap().to_vec()).unwrap();
        files.insert(path, format!("{}{text}", line.repeat(100_000)).into_bytes());
        let report = check(&files);
        let of = |rule: &str| {
            report
                .findings
                .iter()
                .filter(|it| it.rule.0 == rule)
                .count()
        };
        assert_eq!(of("suppression/unused"), 1_000, "{path}");
        assert_eq!(of("suppression/malformed"), 1, "{path}");
    }
    let hostile = [
        (
            "tools/count_text.yaml",
            "# difylint: ignore[".to_owned() + &"a,".repeat(2_000_000) + "]",
        ),
        (
            "tools/count_text.yaml",
            "# difylint: ignore[".to_owned() + &"a".repeat(4_000_000) + "]",
        ),
        (
            "tools/count_text.yaml",
            "# ".repeat(2_000_000) + "difylint" + &" ".repeat(2_000_000),
        ),
        (
            "tools/wrap_text.py",
            "# difylint: ignore[path]\n\n".repeat(200_000),
        ),
        ("README.md", "<!-- difylint\n".repeat(300_000)),
        ("README.md", "<!-- difylint --> ` ".repeat(200_000)),
        ("README.md", "<!---->`` difylint ` ```\n".repeat(200_000)),
    ];
    for (path, text) in hostile {
        let mut files = untidy();
        files.insert(path, text.into_bytes());
        check(&files);
    }
    for text in [
        "# difylint:",
        "# difylint: ignore[",
        "#difylint: ignore[]]-",
        "<!-- difylint: ignore[x]",
        "'''# difylint:",
    ] {
        for path in [TOOL, CODE, "README.md", "requirements.txt"] {
            let mut files = untidy();
            files.insert(path, text.as_bytes().to_vec());
            check(&files);
        }
    }
}
