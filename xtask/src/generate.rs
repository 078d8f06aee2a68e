//! What is generated: the registry of rules, from the pages in `rules/` and the checks in
//! `src/rules/`, and the index of the pages. A test proves the committed files fresh.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

/// Written by people but for three of its definitions.
const CONFIG_SCHEMA: &str = "schemas/config.schema.json";

/// The front matter of a rule page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// One line: what is wrong.
    pub summary: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// Stages that its findings can name.
    #[serde(default)]
    pub stages: Vec<String>,
    /// `never`, `sometimes` or `always`.
    #[serde(default)]
    pub fix: Option<String>,
    /// `default` or `pedantic`.
    #[serde(default)]
    pub status: Option<String>,
    /// What the author may set, by name.
    #[serde(default)]
    pub options: BTreeMap<String, OptionMatter>,
    /// Release that brought the rule.
    pub since: String,
}

/// An option in the front matter of a rule page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "type", rename_all = "lowercase")]
pub enum OptionMatter {
    /// A whole number.
    Integer {
        /// When nothing is said.
        default: u64,
        /// The least that makes sense.
        minimum: u64,
        /// The most that makes sense.
        maximum: u64,
        /// What it says, with its unit.
        summary: String,
    },
    /// A list of patterns with `*` and `?`.
    Patterns {
        /// When nothing is said.
        default: Vec<String>,
        /// What it says.
        summary: String,
    },
}

/// A rule page.
#[derive(Debug)]
pub struct Page {
    /// `category/wrong-state`.
    pub id: String,
    /// Its front matter.
    pub matter: FrontMatter,
}

/// Every generated file with its content, by path relative to the repository.
///
/// # Errors
/// When a page cannot be read or its front matter is wrong; names the file.
pub fn all(root: &Path) -> Result<Vec<(&'static str, String)>, String> {
    let pages = pages(root)?;
    Ok(vec![
        (
            "src/rules/registry.rs",
            formatted(&registry(root, &pages)?)?,
        ),
        ("docs/rules.md", index(&pages)),
        (CONFIG_SCHEMA, config_schema(root, &pages)?),
    ])
}

/// Writes what has changed and returns the names of those files.
///
/// # Errors
/// When a page is wrong or a file cannot be written.
#[allow(
    dead_code,
    reason = "the freshness test includes this file and only compares"
)]
pub fn write_all(root: &Path) -> Result<Vec<&'static str>, String> {
    let mut written = Vec::new();
    for (name, content) in all(root)? {
        let path = root.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == content) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("{name}: {error}"))?;
        }
        fs::write(&path, content).map_err(|error| format!("{name}: {error}"))?;
        written.push(name);
    }
    Ok(written)
}

/// A Rust text as `cargo fmt` leaves it.
fn formatted(text: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("rustfmt: {error}");
    let mut rustfmt = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--config",
            "max_width=100",
            "--emit",
            "stdout",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = rustfmt.stdin.take() {
        // modules that the text names by path are not there for rustfmt: it is told to leave them
        input.write_all(text.as_bytes()).map_err(failed)?;
    }
    let output = rustfmt.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err("rustfmt refused the registry".to_owned());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let mut found = Vec::new();
    for (category, file) in files(&root.join("rules"), "md")? {
        let path = root
            .join("rules")
            .join(&category)
            .join(format!("{file}.md"));
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let id = format!("{category}/{file}");
        let matter = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .ok_or_else(|| format!("rules/{id}.md has no front matter"))?
            .0;
        let matter: FrontMatter =
            serde_yaml::from_str(matter).map_err(|error| format!("rules/{id}.md: {error}"))?;
        found.push(Page { id, matter });
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// `(folder, stem)` of every file of this ending one folder below, sorted.
fn files(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, String> {
    let read = |path: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        entries
            .map(|entry| Ok(entry.map_err(|error| error.to_string())?.path()))
            .collect()
    };
    let mut found = Vec::new();
    for sub in read(folder)?.into_iter().filter(|path| path.is_dir()) {
        let category = sub
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for file in read(&sub)? {
            if file
                .extension()
                .is_some_and(|extension| extension == ending)
            {
                let stem = file
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                found.push((category.clone(), stem));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn registry(root: &Path, pages: &[Page]) -> Result<String, String> {
    let mut checks = files(&root.join("src/rules"), "rs")?;
    // a folder without pages holds no checks but what they share
    checks.retain(|(folder, _)| {
        pages
            .iter()
            .any(|page| page.id.split('/').next() == Some(folder))
    });
    let mut out = String::from(
        "// Generated from the pages in `rules/` by `cargo run -p xtask -- generate`; do not edit.\n\n\
         use super::{On, OptionKind, OptionMeta, RuleMeta, Status};\n\
         use crate::finding::{RuleId, Severity, Stage, Stages};\n\n",
    );
    for (category, file) in &checks {
        let _ = writeln!(
            out,
            "#[path = \"{category}/{file}.rs\"]\npub(in crate::rules) mod {category}_{file};"
        );
    }
    out.push_str("\n/// All checks, in the order in which they run.\npub static CHECKS: &[(RuleId, On)] = &[\n");
    for (category, file) in &checks {
        let id = format!("{category}/{}", file.replace('_', "-"));
        let _ = writeln!(out, "    (RuleId(\"{id}\"), {category}_{file}::CHECK),");
    }
    out.push_str("];\n\n/// All rules, sorted by name.\npub static RULES: &[RuleMeta] = &[\n");
    for page in pages {
        entry(&mut out, page)?;
    }
    out.push_str("];\n");
    Ok(out)
}

fn entry(out: &mut String, page: &Page) -> Result<(), String> {
    let wrong = |what: &str| format!("rules/{}.md: unknown {what}", page.id);
    let severity = match page.matter.severity.as_str() {
        "info" => "Info",
        "warning" => "Warning",
        "error" => "Error",
        _ => return Err(wrong("severity")),
    };
    let mut stages = "Stages::NONE".to_owned();
    for stage in &page.matter.stages {
        let name = match stage.as_str() {
            "package" => "Package",
            "install" => "Install",
            "start" => "Start",
            "console" => "Console",
            "marketplace" => "Marketplace",
            _ => return Err(wrong("stage")),
        };
        let _ = write!(stages, ".with(Stage::{name})");
    }
    let fixable = match page.matter.fix.as_deref() {
        None | Some("never") => false,
        Some("sometimes" | "always") => true,
        Some(_) => return Err(wrong("fix")),
    };
    let status = match page.matter.status.as_deref() {
        None | Some("default") => "Default",
        Some("pedantic") => "Pedantic",
        Some(_) => return Err(wrong("status")),
    };
    let _ = write!(
        out,
        "    RuleMeta {{\n        id: RuleId(\"{id}\"),\n        summary: {summary:?},\n        \
         severity: Severity::{severity},\n        stages: {stages},\n        fixable: {fixable},\n        \
         status: Status::{status},\n        since: {since:?},\n        \
         options: &[{options}],\n    }},\n",
        id = page.id,
        summary = page.matter.summary,
        since = page.matter.since,
        options = options(&page.matter.options),
    );
    Ok(())
}

fn options(options: &BTreeMap<String, OptionMatter>) -> String {
    let entry = |(name, option): (&String, &OptionMatter)| {
        let (summary, kind) = match option {
            OptionMatter::Integer {
                default,
                minimum,
                maximum,
                summary,
            } => {
                let range = format!("default: {default}, minimum: {minimum}, maximum: {maximum}");
                (summary, format!("Number {{ {range} }}"))
            }
            OptionMatter::Patterns { default, summary } => {
                (summary, format!("Patterns {{ default: &{default:?} }}"))
            }
        };
        format!("OptionMeta {{ name: {name:?}, summary: {summary:?}, kind: OptionKind::{kind} }},")
    };
    options.iter().map(entry).collect()
}

/// The schema of the configuration with the names that are there now.
fn config_schema(root: &Path, pages: &[Page]) -> Result<String, String> {
    let read = |name: &str| -> Result<Value, String> {
        let text = fs::read_to_string(root.join(name)).map_err(|e| format!("{name}: {e}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))
    };
    let mut schema = read(CONFIG_SCHEMA)?;
    let profiles = read("schemas/profiles.json")?;
    let profiles = profiles["profiles"].as_array().into_iter().flatten();
    let profiles: Vec<Value> = profiles
        .map(|it| json!({"const": it["name"], "description": it["description"]}))
        .collect();
    let mut words = vec![json!({"const": "ALL", "description": "every rule"})];
    let mut category = "";
    for page in pages {
        let own = page.id.split('/').next().unwrap_or_default();
        if own != category {
            category = own;
            words.push(json!({"const": own, "description": format!("every rule of {own}/")}));
        }
        words.push(json!({"const": page.id, "description": page.matter.summary}));
    }
    let mut rules = Map::new();
    for page in pages.iter().filter(|page| !page.matter.options.is_empty()) {
        let options = page.matter.options.iter();
        let options: Map<String, Value> = options
            .map(|(name, option)| (name.clone(), option_schema(option)))
            .collect();
        let rule = json!({
            "type": "object",
            "additionalProperties": false,
            "description": page.matter.summary,
            "properties": options,
        });
        rules.insert(page.id.clone(), rule);
    }
    let definitions = &mut schema["$defs"];
    definitions["profile"] = json!({"anyOf": profiles});
    definitions["selector"] = json!({"anyOf": words});
    definitions["options"] =
        json!({"type": "object", "additionalProperties": false, "properties": rules});
    Ok(format!("{schema:#}\n"))
}

fn option_schema(option: &OptionMatter) -> Value {
    match option {
        OptionMatter::Integer {
            default,
            minimum,
            maximum,
            summary,
        } => json!({
            "type": "integer",
            "minimum": minimum,
            "maximum": maximum,
            "default": default,
            "description": summary,
        }),
        OptionMatter::Patterns { default, summary } => json!({
            "type": "array",
            "items": {"type": "string"},
            "default": default,
            "description": summary,
        }),
    }
}

fn index(pages: &[Page]) -> String {
    let mut out = String::from(
        "# Rules\n\n<!-- Generated from the pages in `rules/` by `cargo run -p xtask -- generate`. -->\n",
    );
    let mut category = "";
    for page in pages {
        let (this, name) = page.id.split_once('/').unwrap_or(("", &page.id));
        if this != category {
            category = this;
            let _ = write!(
                out,
                "\n## {category}\n\n| rule | severity | stages | fix | what is wrong |\n|---|---|---|---|---|\n"
            );
        }
        let _ = writeln!(
            out,
            "| [{name}](../rules/{id}.md) | {severity} | {stages} | {fix} | {summary} |",
            id = page.id,
            severity = page.matter.severity,
            stages = page.matter.stages.join(", "),
            fix = page.matter.fix.as_deref().unwrap_or("never"),
            summary = page.matter.summary.replace('|', "\\|"),
        );
    }
    out
}
