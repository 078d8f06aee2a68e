//! The Python packages that a plugin names, one by one.

use crate::finding::{Place, RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, text_file};
use crate::rules::registry::dependency_weight::heavy;
use crate::rules::requirements::{self, Dependency};
use crate::rules::{Context, Draft, On, repair};
use crate::source::SourceFile;
use pep440_rs::{Operator, Version, VersionSpecifiers};
use pep508_rs::VersionOrUrl;

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

/// The oldest SDK that the Marketplace takes.
pub const OLDEST: [u64; 3] = [0, 9, 0];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    if let Some(file) = text_file(plugin, "requirements.txt") {
        list(&file, &requirements::of_requirements(&file), cx);
    }
    if let Some(read) = requirements::project(plugin, cx)
        && let Ok(project) = &read.project
        && project.has_table
    {
        list(&read.file, &project.dependencies, cx);
    }
}

fn list(file: &SourceFile, dependencies: &[Dependency], cx: &mut Context<'_>) {
    heavy(file, dependencies, cx);
    for dependency in dependencies {
        one(file, dependency, cx);
    }
    // a file may include another, and then nothing is known
    let includes = file
        .text()
        .lines()
        .any(|line| line.trim_start().starts_with("-r"));
    if !includes && !dependencies.iter().any(|it| it.is_sdk() && !it.development) {
        cx.report(
            Draft::file(file.path(), "`dify_plugin` is not among the dependencies")
                .rule(RuleId("dependency/no-sdk"))
                .stages(MARKETPLACE)
                .note("the plugin imports it, and nothing else installs it")
                .help("add `dify_plugin>=0.9.0`"),
        );
    }
}

fn one(file: &SourceFile, dependency: &Dependency, cx: &mut Context<'_>) {
    let at = place(file, dependency.start, dependency.text.len());
    let written = shorten(&dependency.text);
    let requirement = match &dependency.parsed {
        Ok(requirement) => requirement,
        Err(reason) => {
            let is_address =
                dependency.text.contains("://") || dependency.text.starts_with(['.', '/']);
            let draft = if is_address {
                url(Draft::new(
                    at,
                    format!("`{written}` is installed from an address, not by its name"),
                ))
            } else {
                Draft::new(
                    at,
                    format!("`{written}` is no requirement: {}", shorten(reason)),
                )
                .rule(RuleId("dependency/unparseable"))
                .note("pip and uv stop there, so that nothing is installed")
                .help("write `name>=1.2.3`")
            };
            return cx.report(draft);
        }
    };
    // which version of any other package was tested nobody knows
    let sdk_floor = dependency
        .is_sdk()
        .then(|| {
            let oldest = Version::new(OLDEST).to_string();
            repair::requirement::floor(cx.plugin(), &at, &dependency.text, &oldest)
        })
        .flatten();
    match &requirement.version_or_url {
        Some(VersionOrUrl::Url(_)) => {
            cx.report(url(Draft::new(at, format!("`{written}` is installed from an address"))));
        }
        Some(VersionOrUrl::VersionSpecifier(range)) if !range.is_empty() => {
            open_ended(&at, &written, range, cx);
            if dependency.is_sdk() && !dependency.development {
                sdk(at, &dependency.text, range, cx);
            }
        }
        _ => cx.report(
            Draft::new(at, format!("`{written}` has no version"))
                .rule(RuleId("dependency/unpinned"))
                .stages(MARKETPLACE)
                .note("each installation takes what is newest that day; the Marketplace wants a bound on every package")
                .help(format!("write the version that you tested, as in `{written}>=1.2.3`"))
                .fix(sdk_floor),
        ),
    }
}

fn open_ended(at: &Place, written: &str, range: &VersionSpecifiers, cx: &mut Context<'_>) {
    let starts = |it: &Operator| matches!(it, Operator::GreaterThan | Operator::GreaterThanEqual);
    let mut operators = range.iter().map(pep440_rs::VersionSpecifier::operator);
    if !operators.all(|it| starts(it) || *it == Operator::NotEqual) {
        return;
    }
    cx.report(
        Draft::new(at.clone(), format!("`{written}` has no upper bound"))
            .rule(RuleId("dependency/no-upper-bound"))
            .note(
                "the next major release is installed on the day it appears; the Marketplace warns",
            )
            .help("add the next major version as the end, as in `requests>=2.32,<3`"),
    );
}

fn url(draft: Draft) -> Draft {
    draft
        .rule(RuleId("dependency/url"))
        .stages(MARKETPLACE)
        .note("it may change or vanish, is out of reach behind a mirror, and the Marketplace refuses it")
        .help("name a release of the package that is published")
}

/// The Marketplace looks for `>=` or `==` and understands no other operator.
fn sdk(at: Place, text: &str, range: &VersionSpecifiers, cx: &mut Context<'_>) {
    let written = shorten(text);
    let oldest = Version::new(OLDEST);
    let fix = repair::requirement::floor(cx.plugin(), &at, text, &oldest.to_string());
    let floor = range
        .iter()
        .find(|it| matches!(it.operator(), Operator::GreaterThanEqual | Operator::Equal));
    let (rule, message) = match floor {
        None => (
            "dependency/sdk-without-floor",
            format!("`{written}` has no lower bound with `>=` or `==`"),
        ),
        Some(floor) if *floor.version() < oldest => (
            "dependency/old-sdk",
            format!(
                "`{written}` allows SDK {}, older than {oldest}",
                floor.version()
            ),
        ),
        Some(_) => return,
    };
    cx.report(
        Draft::new(at, message)
            .rule(RuleId(rule))
            .stages(MARKETPLACE)
            .note(format!(
                "the Marketplace wants {oldest} or newer, and does not understand `~=` and `^`"
            ))
            .fix(fix)
            .help(format!(
                "write `dify_plugin>={oldest}`, with an upper bound if you like"
            )),
    );
}
