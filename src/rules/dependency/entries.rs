//! The Python packages that a plugin names, one by one.

use crate::finding::{Place, RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::requirements::{Asked, PYPROJECT, Project, REQUIREMENTS, Requirement, Requirements};
use crate::rules::documents::manifest;
use crate::rules::registry::compat_sdk_requirement::SDK;
use crate::rules::registry::dependency_weight::heavy;
use crate::rules::{Context, Draft, On, repair};
use pep440_rs::{Operator, Version, VersionSpecifiers};

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

/// The oldest SDK that the Marketplace takes.
pub const OLDEST: [u64; 3] = [0, 9, 0];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let requirements = cx.requirements();
    if requirements.lists {
        // a file may include another, and then nothing is known
        list(REQUIREMENTS, requirements.includes, &requirements, cx);
    }
    if requirements.project == Some(Project::Project) {
        list(PYPROJECT, false, &requirements, cx);
    }
}

fn list(file: &str, includes: bool, requirements: &Requirements, cx: &mut Context<'_>) {
    for requirement in requirements.in_file(file) {
        heavy(requirement, cx);
        one(requirement, cx);
    }
    let sdk = |it: &Requirement| it.name == SDK && !it.development;
    if !includes && !requirements.in_file(file).any(sdk) {
        cx.report(
            Draft::file(file, "`dify_plugin` is not among the dependencies")
                .rule(RuleId("dependency/no-sdk"))
                .stages(MARKETPLACE)
                .note("the plugin imports it, and nothing else installs it")
                .help("add `dify_plugin>=0.9.0`"),
        );
    }
}

fn one(requirement: &Requirement, cx: &mut Context<'_>) {
    let at = requirement.place.clone();
    let text = &requirement.written;
    let written = shorten(text);
    let is_sdk = requirement.name == SDK;
    let asked = match &requirement.asked {
        Ok(asked) => asked,
        Err(reason) => {
            let is_address = text.contains("://") || text.starts_with(['.', '/']);
            let draft = if is_address {
                url(Draft::new(
                    at,
                    format!("`{written}` is installed from an address, not by its name"),
                ))
            } else {
                Draft::new(
                    at,
                    format!(
                        "`{written}` is no requirement: {}",
                        shorten(&reason.to_lowercase())
                    ),
                )
                .rule(RuleId("dependency/unparseable"))
                .note("pip and uv stop there, so that nothing is installed")
                .help("write `name>=1.2.3`")
            };
            return cx.report(draft);
        }
    };
    // which version of any other package was tested nobody knows
    let sdk_floor = is_sdk
        .then(|| {
            let oldest = Version::new(OLDEST).to_string();
            repair::requirement::floor(cx.plugin(), &at, text, &oldest)
        })
        .flatten();
    match asked {
        Asked::Address => {
            cx.report(url(Draft::new(at, format!("`{written}` is installed from an address"))));
        }
        Asked::Versions(range) if !range.is_empty() => {
            open_ended(&at, &written, range, cx);
            if is_sdk && !requirement.development {
                sdk(at, text, range, cx);
            }
        }
        Asked::Versions(_) => cx.report(
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
