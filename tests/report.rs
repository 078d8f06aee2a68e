//! Every format over the same hand-made plugins.

use difylint::finding::{
    Applicability, Edit, Finding, Fix, Label, Place, RuleId, Severity, Span, Stage, Stages,
    Suppressed, SuppressedBy,
};
use difylint::report::{self, Evidence, Look, PluginReport, Requires, RootKind, Run, Summary};
use difylint::source::SourceFile;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

mod formats;

const MANIFEST: &str = "\
version: 0.1
type: plugin
author: langgenius
name: demo
label:
  zh_Hans: 搜索工具 # 名称
plugins:
  tools:
    - provider/serach.yaml
";
const PROVIDER: &str = "\u{feff}identity:\r\n  名称: 搜索 🚀\r\n\tauthor: x\r\n";
const END: &str = "a: 1\nlast: [";

struct Plugin {
    report: PluginReport,
}

impl Plugin {
    fn new(root: &str) -> Self {
        let report = PluginReport {
            root: root.to_owned(),
            kind: RootKind::Plugin,
            author: None,
            name: None,
            version: None,
            rejected: Stages::NONE,
            requires: Requires::default(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            fail_on: Some(Severity::Error),
            files: 0,
            sources: BTreeMap::new(),
            card: None,
        };
        Self { report }
    }

    fn file(&mut self, path: &str, text: &str) {
        let source = SourceFile::new(path, text.as_bytes().to_vec());
        self.report.sources.insert(path.into(), source);
        self.report.files += 1;
    }

    /// The place of some words of a file; the file as a whole for none.
    fn at(&self, path: &str, words: &str) -> Place {
        let file: Arc<str> = path.into();
        let source = self.report.sources.get(path);
        let start = source.map_or(0, |source| source.text().find(words).unwrap());
        Place {
            file,
            span: Span::new(
                u32::try_from(start).unwrap(),
                u32::try_from(start + words.len()).unwrap(),
            ),
        }
    }

    fn add(&mut self, finding: Finding) {
        self.report.rejected = self.report.rejected.union(finding.stages);
        self.report.findings.push(finding);
    }
}

fn finding(rule: &'static str, severity: Severity, place: Place, message: &str) -> Finding {
    Finding::new(RuleId(rule), severity, place, message)
}

/// Chinese text, labels in two files, fixes, CR LF, a byte order mark, a finding at the end of a
/// file, an empty file, a file without text.
fn rich() -> PluginReport {
    let mut plugin = Plugin::new("plugins/demo");
    plugin.file("manifest.yaml", MANIFEST);
    plugin.file("provider/search.yaml", PROVIDER);
    plugin.file("tools/end.yaml", END);
    plugin.file("tools/empty.yaml", "");

    let place = plugin.at("manifest.yaml", "0.1");
    let mut number = finding(
        "manifest/number-for-text",
        Severity::Error,
        place,
        "`version` is a number",
    );
    number.stages = Stages::only(Stage::Start);
    number.pointer = Some("/version".to_owned());
    number.remark = "read as the number 0.1".to_owned();
    number.fixes.push(Fix {
        title: "quote the version".to_owned(),
        applicability: Applicability::Safe,
        edits: vec![Edit {
            file: "manifest.yaml".into(),
            span: number.place.span,
            text: "\"0.1\"".to_owned(),
        }],
    });
    plugin.add(number);

    let place = plugin.at("manifest.yaml", "搜索工具");
    let mut label = finding(
        "i18n/missing-locale",
        Severity::Info,
        place,
        "`label` has no `en_US`",
    );
    label.pointer = Some("/label/zh_Hans".to_owned());
    plugin.add(label);

    let place = plugin.at("manifest.yaml", "provider/serach.yaml");
    let message = "`provider/serach.yaml` does not exist";
    let mut missing = finding("path/missing-file", Severity::Error, place, message);
    missing.stages = Stages::DAEMON.with(Stage::Start);
    missing.pointer = Some("/plugins/tools/0".to_owned());
    missing.labels.push(Label {
        place: plugin.at("provider/search.yaml", "搜索 🚀"),
        message: "this one does".to_owned(),
    });
    missing.labels.push(Label {
        place: plugin.at("_assets/icon.svg", ""),
        message: "and this".to_owned(),
    });
    missing.note = Some(
        "the packager stops with \"failed to open\" and does not say which file names it; people \
         look for the mistake in the file that exists instead of in the one that points to it"
            .to_owned(),
    );
    missing.help = Some("write `provider/search.yaml`".to_owned());
    missing.fixes.push(Fix {
        title: "point to `provider/search.yaml`".to_owned(),
        applicability: Applicability::Unsafe,
        edits: Vec::new(),
    });
    plugin.add(missing);

    let place = plugin.at("provider/search.yaml", "\tauthor");
    let mut tab = finding(
        "yaml/tab",
        Severity::Error,
        place,
        "a tab where spaces must stand",
    );
    tab.stages = Stages::ALL;
    tab.remark = "tab".to_owned();
    plugin.add(tab);

    let place = plugin.at("provider/search.yaml", "identity:\r\n  名称: 搜索 🚀\r\n");
    plugin.add(finding(
        "schema/unknown-key",
        Severity::Warning,
        place,
        "`identity` has `名称`",
    ));

    let mut place = plugin.at("tools/end.yaml", "[");
    place.span = Span::at(place.span.end);
    let mut end = finding(
        "yaml/syntax",
        Severity::Error,
        place,
        "the list does not end",
    );
    end.stages = Stages::DAEMON;
    plugin.add(end);

    let place = plugin.at("tools/empty.yaml", "");
    plugin.add(finding(
        "yaml/empty-file",
        Severity::Warning,
        place,
        "the file is empty",
    ));
    let place = plugin.at("_assets/icon.svg", "");
    plugin.add(finding(
        "asset/too-large",
        Severity::Warning,
        place,
        "the icon has 1,234,567 bytes",
    ));

    let mut report = plugin.report;
    report.author = Some("langgenius".to_owned());
    report.name = Some("demo".to_owned());
    report.version = Some("0.1".to_owned());
    report.suppressed = [SuppressedBy::Comment, SuppressedBy::Baseline]
        .map(|by| Suppressed {
            finding: report.findings[0].clone(),
            by,
            reason: Some("the vendor's name is longer".to_owned()),
        })
        .to_vec();
    report.requires = Requires {
        dify: Some("1.9.0".to_owned()),
        sdk: Some("0.5.0".to_owned()),
        daemon: None,
        because: vec![Evidence {
            feature: "dynamic options".to_owned(),
            file: "provider/search.yaml".into(),
            pointer: "/identity/a~1b".to_owned(),
            dify: Some("1.9.0".to_owned()),
            sdk: Some("0.5.0".to_owned()),
            daemon: None,
            soft: false,
        }],
    };
    report
}

/// A long row of one rule, and lines that no terminal can hold.
fn long() -> PluginReport {
    let mut plugin = Plugin::new(".");
    let row = (0..6).map(|n| format!("key{n}: 1\n"));
    plugin.file("manifest.yaml", &row.collect::<String>());
    let filler = "长文字 and more, ".repeat(150);
    let line = format!("text: \"{filler}HERE{filler}THERE{filler}\"\n");
    plugin.file("tools/long.yaml", &line);
    for n in 0..6 {
        let key = format!("key{n}");
        let place = plugin.at("manifest.yaml", &key);
        let message = format!("unknown key `{key}`");
        plugin.add(finding(
            "schema/unknown-key",
            Severity::Warning,
            place,
            &message,
        ));
    }
    let place = plugin.at("tools/long.yaml", "HERE");
    let mut far = finding(
        "yaml/syntax",
        Severity::Error,
        place,
        "a \x1b[31mlong\x1b[0m line",
    );
    far.labels.push(Label {
        place: plugin.at("tools/long.yaml", "THERE"),
        message: "and again".to_owned(),
    });
    plugin.add(far);
    let place = plugin.at("tools/long.yaml", &line);
    plugin.add(finding("yaml/syntax", Severity::Error, place, "all of it"));
    plugin.report
}

fn clean() -> PluginReport {
    let mut plugin = Plugin::new("plugins/other");
    plugin.file("manifest.yaml", "name: other\n");
    plugin.report.name = Some("other".to_owned());
    plugin.report
}

fn write(format: &str, reports: &[PluginReport], look: Look) -> String {
    write_run(format, reports, look, Run::new(reports.len()))
}

fn write_run(format: &str, reports: &[PluginReport], look: Look, run: Run) -> String {
    let mut format = (report::find(format).unwrap().make)(&look);
    let mut out = Vec::new();
    let mut summary = Summary {
        duration: Duration::from_millis(3),
        ..Summary::default()
    };
    format.begin(&mut out, &run).unwrap();
    for report in reports {
        summary.add(report);
        format.plugin(&mut out, report).unwrap();
    }
    format.end(&mut out, &summary).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn full() {
    insta::assert_snapshot!(write("full", &[rich(), clean()], Look::PLAIN));
}

#[test]
fn full_in_colour_with_links() {
    let look = Look {
        color: true,
        links: true,
        ..Look::PLAIN
    };
    let text = write("full", &[rich()], look);
    let first: Vec<&str> = text.lines().take(24).collect();
    insta::assert_snapshot!(first.join("\n").replace('\x1b', "ESC"));
}

#[test]
fn full_in_ascii() {
    let look = Look {
        unicode: false,
        stages: Stages::DAEMON,
        ..Look::PLAIN
    };
    let mut report = rich();
    // what the author wrote stays as it is; all else must be ASCII
    report
        .findings
        .retain(|finding| &*finding.place.file == "tools/end.yaml");
    let text = write("full", &[report], look);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn full_of_long_rows_and_lines() {
    let text = write("full", &[long()], Look::PLAIN);
    let longest = text.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(300), "{longest:?}");
    assert!(
        !text.contains('\x1b'),
        "a message must not reach the terminal's controls"
    );
    insta::assert_snapshot!(text);
}

#[test]
fn full_when_clean() {
    insta::assert_snapshot!(write("full", &[clean()], Look::PLAIN));
    let many = [clean(), clean(), clean()];
    let text = write("full", &many, Look::PLAIN);
    assert_eq!(text, "all good: 3 plugins, 3 files (3 ms)\n");
    let quiet = Look {
        quiet: true,
        ..Look::PLAIN
    };
    assert_eq!(write("full", &many, quiet), "");
    assert_eq!(write("concise", &many, quiet), "");
}

#[test]
fn concise() {
    insta::assert_snapshot!(write("concise", &[rich(), clean()], Look::PLAIN));
}

#[test]
fn json() {
    insta::assert_snapshot!(write("json", &[rich(), clean()], Look::PLAIN));
}

#[test]
fn json_keeps_its_schema() {
    let schema = include_str!("../schemas/diagnostics.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for reports in [&[][..], &[rich(), clean()], &[long()]] {
        let text = write("json", reports, Look::PLAIN);
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        // the schema is not one that says yes to everything
        value["summary"]["errors"] = "3".into();
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn json_counts_columns_in_code_points() {
    let text = write("json", &[rich()], Look::PLAIN);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let span = &value["diagnostics"][1]["span"];
    assert_eq!(span["start"]["line"], 6);
    assert_eq!(span["start"]["column"], 12);
    assert_eq!(span["end"]["column"], 16);
    let start = usize::try_from(span["start"]["offset"].as_u64().unwrap()).unwrap();
    assert!(MANIFEST[start..].starts_with("搜索工具"));
}

/// Places that no rule should make, and no report should fall over.
#[test]
fn odd_places() {
    let spans = [
        (0, 99),
        (99, 0),
        (1, 2),
        (2, 4),
        (8, 9),
        (7, 7),
        (4, u32::MAX),
        (u32::MAX, 3),
    ];
    let texts = [
        "",
        "\n",
        "\r\n\r\n",
        "名称: x\n",
        "\u{feff}",
        "a\rb\rc",
        "\t\t\u{202e}x",
        "🚀🚀",
    ];
    for text in texts {
        let mut plugin = Plugin::new("x");
        plugin.file("a.yaml", text);
        for (start, end) in spans {
            let place = Place {
                file: "a.yaml".into(),
                span: Span { start, end },
            };
            let mut odd = finding("yaml/syntax", Severity::Error, place.clone(), "odd");
            for (start, end) in spans {
                let mut place = place.clone();
                place.span = Span { start, end };
                let message = "label".to_owned();
                odd.labels.push(Label { place, message });
            }
            plugin.add(odd);
        }
        for format in report::FORMATS {
            let text = write(
                format.name,
                std::slice::from_ref(&plugin.report),
                Look::PLAIN,
            );
            assert!(text.contains("yaml/syntax"));
        }
    }
}
