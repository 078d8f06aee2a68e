//! The forms for other programs: what they look like, and that those who read them can.

mod hostile;
mod markdown;
mod sarif;

use super::{clean, finding, long, rich, write};
use difylint::finding::{Label, Place, Severity, Span};
use difylint::report::{FORMATS, Look, PluginReport};
use hostile::{hostile, roots};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_form_has_a_snapshot() {
    for format in FORMATS {
        // these have tests of their own
        if !matches!(format.name, "full" | "concise" | "json" | "html") {
            let text = write(format.name, &[rich(), clean()], Look::PLAIN);
            insta::assert_snapshot!(format.name.replace('-', "_"), text);
        }
    }
}

#[test]
fn hostile_plugins_cannot_speak_for_difylint() {
    for name in ["full", "concise", "github", "junit", "markdown", "html"] {
        let text = write(name, &[hostile()], Look::PLAIN);
        let bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        let found: Vec<char> = text.chars().filter(|c| bad(*c)).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        // nor to the CI system that reads its own log
        let commands = text
            .lines()
            .filter(|line| line.trim_start().starts_with("::"));
        let expected = if name == "github" { 3 } else { 0 };
        assert_eq!(commands.count(), expected, "{name}");
        assert!(!text.contains("##[") && !text.contains("##vso["), "{name}");
        // the style sheet of the page is not of the plugin
        let text = text.split_once("<main>").map_or(&*text, |(_, main)| main);
        insta::assert_snapshot!(format!("hostile_{name}"), text);
    }
    // whole words reach programs as they are
    let message = &hostile().findings[0].message;
    for (name, pointer) in [
        ("json", "/diagnostics/0/message"),
        ("gitlab", "/0/description"),
    ] {
        let text = write(name, &[hostile()], Look::PLAIN);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value.pointer(pointer).unwrap(), message.as_str(), "{name}");
    }
}

/// All that the tests below feed to a form: every kind of report, and roots in every place.
fn everything() -> Vec<PluginReport> {
    let mut reports = vec![rich(), clean(), long(), hostile()];
    reports.extend(roots());
    reports
}

fn read(name: &str, reports: &[PluginReport]) -> Value {
    let text = write(name, reports, Look::PLAIN);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
}

/// What a schema says against a value.
fn refusals(schema: &str, value: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn nothing_found_is_a_form_too() {
    let nothing: &[PluginReport] = &[];
    assert_eq!(read("gitlab", nothing), serde_json::json!([]));
    assert_eq!(
        read("rdjson", nothing)["diagnostics"],
        serde_json::json!([])
    );
    assert_eq!(
        read("sarif", nothing)["runs"][0]["results"],
        serde_json::json!([])
    );
    let quiet = Look {
        quiet: true,
        ..Look::PLAIN
    };
    assert_eq!(write("github", &[clean()], quiet), "");
    assert_eq!(
        write("markdown", &[clean()], quiet),
        "## difylint: all good in 1 plugin\n"
    );
}

#[test]
fn json_lines_keep_their_schema() {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../schemas/diagnostics.schema.json")).unwrap();
    let root = schema.as_object_mut().unwrap();
    root.insert("$ref".to_owned(), "#/$defs/line".into());
    // the form of one object is not the form of a line
    for key in ["type", "required", "properties", "additionalProperties"] {
        root.remove(key).unwrap();
    }
    let schema = schema.to_string();
    let text = write("json-lines", &everything(), Look::PLAIN);
    let mut kinds = Vec::new();
    for line in text.lines() {
        let mut value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(refusals(&schema, &value), [""; 0], "{line}");
        kinds.push(value["type"].as_str().unwrap().to_owned());
        value["surprise"] = 1.into();
        assert_ne!(refusals(&schema, &value), [""; 0], "{line}");
    }
    assert_eq!(kinds.first().unwrap(), "run");
    assert_eq!(kinds.last().unwrap(), "summary");
    // the same objects as in the one of the JSON form
    let whole = read("json", &everything());
    for (kind, key) in [("plugin", "plugins"), ("diagnostic", "diagnostics")] {
        let lines = text.lines().filter_map(|line| {
            let mut value: Value = serde_json::from_str(line).unwrap();
            let own = value.as_object_mut().unwrap().shift_remove("type")?;
            (own == kind).then_some(value)
        });
        assert_eq!(Value::from(lines.collect::<Vec<_>>()), whole[key]);
    }
}

#[test]
fn gitlab_takes_every_issue() {
    let value = read("gitlab", &everything());
    let schema = include_str!("gitlab.schema.json");
    assert_eq!(refusals(schema, &value), [""; 0]);
    let issues = value.as_array().unwrap();
    let all: usize = everything()
        .iter()
        .map(|report| report.findings.len())
        .sum();
    let fingerprints: BTreeSet<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!((issues.len(), fingerprints.len()), (all, all));
    // the same words twice in one file, and the same plugin in two places
    let mut twice = rich();
    twice.findings.push(twice.findings[0].clone());
    let mut elsewhere = rich();
    elsewhere.root = "plugins/copy".to_owned();
    let value = read("gitlab", &[twice, elsewhere]);
    let issues = value.as_array().unwrap();
    let fingerprints: BTreeSet<String> = issues
        .iter()
        .map(|issue| issue["fingerprint"].to_string())
        .collect();
    assert_eq!(fingerprints.len(), issues.len());
}

#[test]
fn junit_can_be_read_back() {
    let reports = everything();
    let text = write("junit", &reports, Look::PLAIN);
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(allowed), "not XML 1.0");
    let back = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!(back.test_suites.len(), reports.len());
    for (suite, report) in back.test_suites.iter().zip(&reports) {
        assert_eq!(suite.test_cases.len(), report.findings.len().max(1));
        assert_eq!(suite.failures, report.count(Severity::Error));
    }
    // the page is red exactly if the run fails
    for (lowest, failures) in [
        (None, 0),
        (Some(Severity::Error), 4),
        (Some(Severity::Warning), 7),
        (Some(Severity::Info), 8),
    ] {
        let run = difylint::report::Run::new(1);
        let mut report = rich();
        report.fail_on = lowest;
        let text = super::write_run("junit", &[report], Look::PLAIN, run);
        let back = quick_junit::Report::deserialize_from_str(&text).unwrap();
        assert_eq!(back.failures, failures);
        assert_eq!(back.tests, 8);
    }
}

#[test]
fn rdjson_counts_columns_in_bytes() {
    let value = read("rdjson", &everything());
    let schema = include_str!("rdjson.schema.json");
    assert_eq!(refusals(schema, &value), [""; 0]);

    let value = read("rdjson", &[rich()]);
    let report = rich();
    for (diagnostic, finding) in value["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .zip(&report.findings)
    {
        let range = &diagnostic["location"]["range"];
        let Some(source) = report.sources.get(&finding.place.file) else {
            assert!(range.is_null());
            continue;
        };
        if !range.is_null() {
            let span = finding.place.span.range();
            assert_eq!(cut_bytes(source.text(), range), &source.text()[span]);
        }
    }
    let suggestion = &value["diagnostics"][0]["suggestions"][0];
    assert_eq!(cut_bytes(super::MANIFEST, &suggestion["range"]), "0.1");
    assert_eq!(suggestion["text"], "\"0.1\"");
}

/// Changes on one line and on several, far from the finding and in other files; what cannot be seen
/// and what fits no text is left out.
#[test]
fn the_text_report_shows_what_a_fix_does() {
    let mut report = rich();
    let template = report.findings[0].clone();
    report.findings.clear();
    let text = |path: &str| report.sources[path].text().to_owned();
    let at = |path: &str, words: &str| {
        let start = u32::try_from(text(path).find(words).unwrap()).unwrap();
        Span::new(start, start + u32::try_from(words.len()).unwrap())
    };
    let long = format!("{}: 名称 after", "很长的".repeat(40));
    let many: String = (0..9).map(|n| format!("line{n}: 1\n")).collect();
    let manifest = "manifest.yaml";
    for (title, edits) in [
        (
            "remove lines",
            vec![(
                manifest,
                at(manifest, "author: langgenius\nname: demo\n"),
                "",
            )],
        ),
        (
            "add one at the end",
            vec![(
                manifest,
                Span::at(at(manifest, "serach.yaml\n").end),
                "extra: 1\n",
            )],
        ),
        (
            "change two places",
            vec![
                (manifest, at(manifest, "plugin"), "bundle"),
                (manifest, at(manifest, "tools"), "models"),
                ("tools/end.yaml", at("tools/end.yaml", "["), "[]"),
            ],
        ),
        (
            "make a file",
            vec![("_assets/new.svg", Span::at(0), "<svg/>\n")],
        ),
        (
            "write a long line",
            vec![(manifest, at(manifest, "0.1"), &*long)],
        ),
        (
            "write many lines",
            vec![(manifest, at(manifest, "type: plugin\n"), &*many)],
        ),
        (
            "cut blanks that nobody sees",
            vec![(manifest, Span::at(12), "  ")],
        ),
        (
            "reach past the end",
            vec![(manifest, Span::new(5, 9999), "x")],
        ),
        (
            "split a character",
            vec![(
                manifest,
                Span::new(at(manifest, "搜索").start + 1, at(manifest, "搜索").end),
                "x",
            )],
        ),
        (
            "overlap",
            vec![
                (manifest, Span::new(0, 5), "x"),
                (manifest, Span::new(3, 8), "y"),
            ],
        ),
    ] {
        let mut finding = template.clone();
        finding.fixes[0].title = title.to_owned();
        finding.fixes[0].edits = edits
            .into_iter()
            .map(|(file, span, text)| difylint::finding::Edit {
                file: file.into(),
                span,
                text: text.to_owned(),
            })
            .collect();
        report.findings.push(finding);
        // each with its frame: rows of one rule are cut short
        let mut between = template.clone();
        between.rule = difylint::finding::RuleId("yaml/between");
        between.fixes.clear();
        report.findings.push(between);
    }
    let text = write("full", &[report], Look::PLAIN);
    let lines = text.lines().scan(false, |inside, line| {
        *inside = line.contains("= fix") || (*inside && line.starts_with("      "));
        Some(if *inside { line } else { "" })
    });
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// What stands at a range, as a reader finds it that knows only the published words.
fn cut_bytes<'a>(text: &'a str, range: &Value) -> &'a str {
    let offset = |point: &Value| {
        let line = usize::try_from(point["line"].as_u64().unwrap()).unwrap();
        let column = usize::try_from(point["column"].as_u64().unwrap()).unwrap();
        let before: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        before + column - 1
    };
    &text[offset(&range["start"])..offset(&range["end"])]
}

/// Several edits of one fix are one suggestion; edits of two files are none.
#[test]
fn a_suggestion_is_one_range() {
    let mut report = rich();
    let edit = report.findings[0].fixes[0].edits[0].clone();
    let mut second = edit.clone();
    second.span = Span::new(20, 24);
    second.text = "名".to_owned();
    report.findings[0].fixes[0].edits.insert(0, second);
    let value = read("rdjson", &[report.clone()]);
    let suggestion = &value["diagnostics"][0]["suggestions"][0];
    let range = &suggestion["range"];
    let cut = cut_bytes(super::MANIFEST, range);
    assert_eq!(cut, "0.1\ntype: plugi");
    assert_eq!(suggestion["text"], "\"0.1\"\ntype: p名");

    report.findings[0].fixes[0].edits[0].file = "provider/search.yaml".into();
    let value = read("rdjson", &[report]);
    assert!(value["diagnostics"][0]["suggestions"].is_null());
}

#[test]
fn github_reads_its_commands_back() {
    for report in everything() {
        let text = write("github", std::slice::from_ref(&report), Look::PLAIN);
        let mut lines = text.lines();
        for finding in &report.findings {
            let (name, properties, message) = command(lines.next().unwrap());
            let expected = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            assert_eq!(name, expected);
            let of = |key: &str| {
                let found = properties.iter().find(|(name, _)| name == key);
                found.map(|(_, value)| value.as_str())
            };
            assert_eq!(of("title"), Some(finding.rule.0));
            let path = report.path_of(&finding.place.file);
            assert_eq!(of("file"), Some(&*difylint::report::clean(&path)));
            let start = report.start_of(&finding.place);
            let line = start.map(|start| start.line.to_string());
            assert_eq!(of("line").map(str::to_owned), line);
            let shown = difylint::report::clean(&finding.message);
            assert!(message.contains(&*shown), "{message}");
        }
        for line in lines {
            assert!(!line.contains("::"), "{line}");
        }
    }
}

/// A command as the runner reads it: name, properties, message.
fn command(line: &str) -> (&str, Vec<(String, String)>, String) {
    let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let undo = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').unwrap();
        (key.to_owned(), undo(value))
    });
    let data = data.replace("%0D", "\r").replace("%0A", "\n");
    (name, properties.collect(), data.replace("%25", "%"))
}

#[test]
fn github_says_what_it_will_not_show() {
    let mut report = long();
    let warning = report.findings[0].clone();
    report.findings.extend(vec![warning; 9]);
    let text = write("github", &[report], Look::PLAIN);
    let last: Vec<&str> = text.lines().rev().take(2).collect();
    assert_eq!(
        last[1],
        "GitHub shows 10 annotations of each kind for a step; 5 warnings more are only in this \
         log and in the job summary"
    );
}

#[test]
fn lines_end_where_they_end() {
    let mut report = rich();
    // from the first line to the beginning of the third
    let file = "manifest.yaml".into();
    let end = u32::try_from(super::MANIFEST.find("author").unwrap()).unwrap();
    let place = Place {
        file,
        span: Span::new(0, end),
    };
    report.findings = vec![finding("yaml/x", Severity::Error, place.clone(), "x")];
    report.findings[0].labels = vec![
        Label {
            place,
            message: "y".to_owned()
        };
        120
    ];
    let text = write("github", &[report.clone()], Look::PLAIN);
    assert!(text.contains(",line=1,endLine=2,title="), "{text}");
    assert!(text.contains("and: 112 further places"), "{text}");
    let value = read("gitlab", &[report.clone()]);
    let lines = &value[0]["location"]["lines"];
    assert_eq!(lines, &serde_json::json!({ "begin": 1, "end": 2 }));
    let value = read("sarif", &[report]);
    let related = &value["runs"][0]["results"][0]["relatedLocations"];
    assert_eq!(related.as_array().unwrap().len(), 99);
}
