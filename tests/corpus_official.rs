//! The 262 official plugins of Dify, which all install, and start but for two. They lie beside the
//! repository, reduced to data; without them this test says that it is skipped.
//!
//! Their Python sources are stubs, which keep imports, classes and functions and drop every other
//! statement. So an `import` of a constant from a module of the plugin fails on the stubs as it
//! would if a person ran them: difylint is right about what lies here, and wrong about the
//! original. The linter itself makes no allowance, because a real module that lacks a name, be it
//! empty, must be reported. The allowance is made here: a failed import of a name from a module of
//! the plugin that holds only declarations is left out.

use difylint::finding::{Finding, Severity, Stage};
use difylint::plugin::discover;
use difylint::policy::Policy;
use difylint::report::PluginReport;
use difylint::source::Files;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    error: Vec<Known>,
}

/// An error that is there, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    plugin: String,
    file: String,
    rule: String,
    /// Only this copy of the corpus has it, not the original.
    #[serde(default)]
    copy: bool,
    reason: String,
}

#[test]
fn official_plugins_are_accepted() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/official");
    if !folder.exists() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let table: Table = toml::from_str(include_str!("official-errors.toml")).unwrap();
    let targets = discover(std::slice::from_ref(&folder)).unwrap();
    assert_eq!(targets.len(), 262);
    let prefix = format!("{}/", folder.display());
    let mut counts: BTreeMap<(Severity, &str), (usize, BTreeSet<String>)> = BTreeMap::new();
    let mut refused = BTreeSet::new();
    let mut unknown = Vec::new();
    let mut seen = BTreeSet::new();
    let mut stubs = 0;
    for target in &targets {
        let report = difylint::check(target.files.clone(), &target.display, &Policy::default());
        let plugin = target
            .display
            .strip_prefix(&prefix)
            .unwrap_or(&target.display)
            .to_owned();
        assert!(
            report.name.is_some() && report.version.is_some(),
            "{plugin} is not read"
        );
        for finding in &report.findings {
            if is_of_stub(finding, target.files.as_ref()) {
                stubs += 1;
                continue;
            }
            let entry = counts
                .entry((finding.severity, finding.rule.0))
                .or_default();
            entry.0 += 1;
            entry.1.insert(plugin.clone());
            assert_ne!(
                finding.rule.category(),
                "internal",
                "{plugin}: {}",
                finding.message
            );
            if finding.severity < Severity::Error {
                continue;
            }
            let known = table.error.iter().position(|known| {
                known.plugin == plugin
                    && known.file == *finding.place.file
                    && known.rule == finding.rule.0
            });
            match known {
                Some(at) => {
                    seen.insert(at);
                    if !table.error[at].copy && stops(finding) {
                        refused.insert(plugin.clone());
                    }
                }
                None => unknown.push(describe(&plugin, finding, &report)),
            }
        }
    }
    for ((severity, rule), (count, plugins)) in counts.iter().rev() {
        println!(
            "{severity:8} {rule:40} {count:6} in {} plugins",
            plugins.len()
        );
    }
    println!("left out: {stubs} failed imports from stubs");
    assert!(
        unknown.is_empty(),
        "errors not in the table:\n{}",
        unknown.join("\n")
    );
    for (at, known) in table.error.iter().enumerate() {
        assert!(
            seen.contains(&at),
            "gone: {} {}: {}",
            known.plugin,
            known.rule,
            known.reason
        );
        assert!(known.reason.len() > 20, "{}: why?", known.plugin);
    }
    let expected = ["extensions/badapple", "triggers/discord_trigger"];
    assert_eq!(
        refused.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

/// Some stage that runs the plugin refuses it; reviewers may be stricter.
fn stops(finding: &Finding) -> bool {
    [Stage::Package, Stage::Install, Stage::Start]
        .into_iter()
        .any(|stage| finding.stages.contains(stage))
}

fn is_of_stub(finding: &Finding, files: &dyn Files) -> bool {
    if finding.rule.0 != "python/import-error" {
        return false;
    }
    let Some((_, rest)) = finding.message.split_once("cannot import name `") else {
        return false;
    };
    let Some(module) = rest.split('`').nth(2) else {
        return false;
    };
    let path = module.replace('.', "/");
    [format!("{path}.py"), format!("{path}/__init__.py")]
        .iter()
        .filter_map(|path| files.read(path).ok())
        .any(|source| holds_only_declarations(&String::from_utf8_lossy(&source)))
}

/// No line of the module's own level but imports, classes, functions, decorators and comments.
fn holds_only_declarations(source: &str) -> bool {
    source.lines().all(|line| {
        let declares = [
            "import ",
            "from ",
            "class ",
            "def ",
            "async def ",
            "@",
            "#",
            ")",
            " ",
        ];
        line.trim().is_empty() || declares.iter().any(|start| line.starts_with(start))
    })
}

fn describe(plugin: &str, finding: &Finding, report: &PluginReport) -> String {
    let line = report.sources.get(&finding.place.file).map_or(0, |source| {
        source
            .lines()
            .position(source.text(), finding.place.span.start)
            .line
    });
    let file = &finding.place.file;
    format!(
        "{plugin}/{file}:{line} {} {:?} {}",
        finding.rule, finding.stages, finding.message
    )
}

#[test]
fn a_stub_holds_only_declarations() {
    assert!(holds_only_declarations(
        "import a\n\nclass B(C):\n    x = 1\n"
    ));
    assert!(holds_only_declarations(""));
    assert!(!holds_only_declarations("import a\nLIMIT = 3\n"));
}
