//! SARIF 2.1.0. Results are written as they come; the rules that they name, which SARIF allows to
//! stand behind them, follow at the end.

mod location;
mod rule;

use super::json::SCHEMA_VERSION;
use super::{Format, PluginReport, Run, Summary};
use crate::finding::{Finding, Fix, RuleId, Severity, Stage, Stages, Suppressed, SuppressedBy};
use hashbrown::HashMap;
use location::{artifact, physical, replaced_region};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Places of one result; GitHub shows 100 and refuses more than 1,000.
const MAX_RELATED: usize = 99;

/// One run of difylint.
pub(super) struct Sarif {
    run: Run,
    /// Rules in the order in which they came up, and where each stands in it.
    rules: Vec<RuleId>,
    indices: HashMap<RuleId, usize>,
    any: bool,
}

impl Default for Sarif {
    fn default() -> Self {
        Self {
            run: Run::new(0),
            rules: Vec::new(),
            indices: HashMap::new(),
            any: false,
        }
    }
}

impl Format for Sarif {
    fn begin(&mut self, out: &mut dyn Write, run: &Run) -> io::Result<()> {
        self.run = *run;
        let base = json!({
            "%SRCROOT%": {
                "description": { "text": "the folder from which difylint was started" }
            }
        });
        writeln!(
            out,
            "{{\n\"$schema\": \"{SCHEMA}\",\n\"version\": \"2.1.0\","
        )?;
        writeln!(out, "\"runs\": [{{\n\"columnKind\": \"unicodeCodePoints\",")?;
        writeln!(out, "\"newlineSequences\": [\"\\r\\n\", \"\\n\", \"\\r\"],")?;
        write!(out, "\"originalUriBaseIds\": {base},\n\"results\": [")
    }

    fn plugin(&mut self, out: &mut dyn Write, report: &PluginReport) -> io::Result<()> {
        for finding in &report.findings {
            let result = self.result(report, finding, None);
            self.write(out, result)?;
        }
        for suppressed in &report.suppressed {
            let result = self.result(report, &suppressed.finding, Some(suppressed));
            self.write(out, result)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        write!(out, "\n],\n\"tool\": {{\"driver\": {{")?;
        write!(out, "\"name\": \"{}\", ", env!("CARGO_PKG_NAME"))?;
        let version = env!("CARGO_PKG_VERSION");
        write!(
            out,
            "\"version\": \"{version}\", \"semanticVersion\": \"{version}\", "
        )?;
        let home = env!("CARGO_PKG_REPOSITORY");
        write!(out, "\"informationUri\": \"{home}\",\n\"rules\": [")?;
        for (at, id) in self.rules.iter().enumerate() {
            out.write_all(if at > 0 { b",\n" } else { b"\n" })?;
            let rule = rule::descriptor(*id, (self.run.rule)(*id).as_ref());
            serde_json::to_writer(&mut *out, &rule)?;
        }
        let status = summary.exit_status();
        let invocation = json!({
            "executionSuccessful": true,
            "exitCode": status,
            "exitCodeDescription": match status {
                0 => "no finding makes the run fail",
                _ => "findings make the run fail",
            },
        });
        write!(out, "\n]}}}},\n\"invocations\": [{invocation}],\n")?;
        let totals = json!({
            "schemaVersion": SCHEMA_VERSION,
            "plugins": summary.plugins,
            "files": summary.files,
        });
        writeln!(out, "\"properties\": {totals}\n}}]\n}}")
    }
}

impl Sarif {
    fn write(&mut self, out: &mut dyn Write, result: Value) -> io::Result<()> {
        out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        serde_json::to_writer(out, &result)?;
        Ok(())
    }

    fn index(&mut self, rule: RuleId) -> usize {
        let rules = &mut self.rules;
        *self.indices.entry(rule).or_insert_with(|| {
            rules.push(rule);
            rules.len() - 1
        })
    }

    fn result(
        &mut self,
        report: &PluginReport,
        finding: &Finding,
        suppressed: Option<&Suppressed>,
    ) -> Value {
        let mut location = json!({ "physicalLocation": physical(report, &finding.place) });
        if !finding.remark.is_empty() {
            location["message"] = json!({ "text": plain(&finding.remark) });
        }
        if let Some(pointer) = &finding.pointer {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": pointer }]);
        }
        let mut result = json!({
            "ruleId": finding.rule.0,
            "ruleIndex": self.index(finding.rule),
            "level": level(finding.severity),
            "message": { "text": message(finding) },
            "locations": [location],
            "partialFingerprints": { "difylint/v1": finding.fingerprint() },
            "properties": {
                "plugin": &report.root,
                "stages": words(finding.stages),
            },
        });
        let mut add = |key: &str, values: Vec<Value>| {
            if !values.is_empty() {
                result[key] = Value::Array(values);
            }
        };
        let labels = finding.labels.iter().take(MAX_RELATED).enumerate();
        let related = labels.map(|(at, label)| {
            json!({
                "id": at + 1,
                "physicalLocation": physical(report, &label.place),
                "message": { "text": plain(&label.message) },
            })
        });
        add("relatedLocations", related.collect());
        let fixes = finding.fixes.iter().filter_map(|it| fix(report, it));
        add("fixes", fixes.collect());
        add(
            "suppressions",
            suppressed.map(suppression).into_iter().collect(),
        );
        result
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn words(stages: Stages) -> Vec<&'static str> {
    stages.iter().map(Stage::as_str).collect()
}

/// What is wrong, why it matters and what to do: viewers show little else.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for part in [&finding.note, &finding.help].into_iter().flatten() {
        text.push_str("\n\n");
        text.push_str(part);
    }
    plain(&text)
}

/// Text that a viewer must not take for a link: in SARIF, `[words](target)` is one even in plain
/// text. Braces stay single although the standard would double them, because there are no
/// arguments, and no viewer that people use makes one of two.
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace("](", "] (")
    } else {
        text.to_owned()
    }
}

fn suppression(suppressed: &Suppressed) -> Value {
    let kind = match suppressed.by {
        SuppressedBy::Comment => "inSource",
        SuppressedBy::Baseline => "external",
    };
    let mut value = json!({ "kind": kind, "status": "accepted" });
    if let Some(reason) = &suppressed.reason {
        value["justification"] = reason.as_str().into();
    }
    value
}

/// `None` for a fix whose files are not at hand: a change must say where it is.
fn fix(report: &PluginReport, fix: &Fix) -> Option<Value> {
    let mut files: Map<String, Value> = Map::new();
    for edit in &fix.edits {
        let mut replacement = json!({ "deletedRegion": replaced_region(report, edit)? });
        if !edit.text.is_empty() {
            replacement["insertedContent"] = json!({ "text": &edit.text });
        }
        let file = files
            .entry(&*edit.file)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(replacements) = file.as_array_mut() {
            replacements.push(replacement);
        }
    }
    if files.is_empty() {
        return None;
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(file, replacements)| {
            json!({
                "artifactLocation": artifact(&report.path_of(&file)),
                "replacements": replacements,
            })
        })
        .collect();
    Some(json!({
        "description": { "text": plain(&fix.title) },
        "artifactChanges": changes,
        "properties": { "applicability": fix.applicability.as_str() },
    }))
}
