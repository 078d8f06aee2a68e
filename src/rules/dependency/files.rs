//! The files that name the Python packages of a plugin.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{MANIFEST, Plugin};
use crate::requirements::{PYPROJECT, Project, REQUIREMENTS, Requirements, RequiresPython};
use crate::requires::releases;
use crate::rules::documents::{ignore_place, manifest};
use crate::rules::registry::compat_python_version::admits_line;
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let read = cx.requirements();
    let (requirements, project) = (read.lists, read.project.as_ref());
    if !requirements && project.is_none() {
        let draft = Draft::file(
            MANIFEST,
            "neither `pyproject.toml` nor `requirements.txt` is there",
        );
        return cx.report(no_file(
            draft,
            "write one of them; it must name `dify_plugin` at least",
        ));
    }
    let packed = |path: &str| plugin.packed.excluded_by(path, false).is_none();
    let any = (requirements && packed(REQUIREMENTS)) || (project.is_some() && packed(PYPROJECT));
    if !any {
        let message = "the ignore rules keep the dependency file out of the package";
        cx.report(no_file(
            Draft::new(ignore_place(plugin), message),
            "take it out of the ignore file",
        ));
    }
    if requirements && project.is_some() {
        cx.report(
            Draft::file(REQUIREMENTS, "both `requirements.txt` and `pyproject.toml` are there")
                .rule(RuleId("dependency/two-files"))
                .note("the daemon installs from pyproject.toml, or with a pip mirror from requirements.txt; uv.lock is not exported then")
                .help("keep pyproject.toml with uv.lock, and delete requirements.txt"),
        );
    }
    let locked = plugin.has_file("uv.lock");
    match project {
        None if locked => cx.report(
            Draft::file("uv.lock", "`uv.lock` stands without a `pyproject.toml`")
                .rule(RuleId("dependency/lock-without-project"))
                .note("nothing reads it then, and the pinned versions are not the ones that are installed")
                .help("add the pyproject.toml that it was made from"),
        ),
        None => {}
        Some(project) => one_project(project, &read, locked, requirements, cx),
    }
}

fn no_file(draft: Draft, help: &str) -> Draft {
    draft
        .rule(RuleId("dependency/no-file"))
        .stages(MARKETPLACE)
        .note("the daemon accepts the upload and fails when it prepares the Python environment")
        .help(help)
}

fn one_project(
    project: &Project,
    read: &Requirements,
    locked: bool,
    also_requirements: bool,
    cx: &mut Context<'_>,
) {
    match project {
        Project::Project => {}
        Project::NoToml { message, place } => {
            return cx.report(
                Draft::new(
                    place.clone(),
                    format!("`pyproject.toml` is no TOML: {}", shorten(message)),
                )
                .rule(RuleId("dependency/bad-toml"))
                .stages(MARKETPLACE)
                .note("uv cannot read it, so that nothing is installed")
                .help("correct the line"),
            );
        }
        Project::OtherTables => {
            return cx.report(
                Draft::file(PYPROJECT, "`pyproject.toml` has no table `[project]`")
                    .rule(RuleId("dependency/no-project-table"))
                    .note(if also_requirements {
                        "the daemon prefers it to requirements.txt, and then installs nothing"
                    } else {
                        "uv takes the dependencies from there, and so installs nothing"
                    })
                    .help(
                        "add `[project]` with `name`, `version` and `dependencies`, or delete the file",
                    ),
            );
        }
    }
    if !locked && !also_requirements {
        cx.report(
            Draft::file(PYPROJECT, "there is no `uv.lock` beside `pyproject.toml`")
                .rule(RuleId("dependency/no-lock"))
                .note("every installation picks the newest versions, so that a plugin that works today may not tomorrow")
                .help("run `uv lock` and keep the file"),
        );
    }
    if let Some(python) = &read.requires_python {
        shuts_out(python, cx);
    }
}

/// The daemon runs every plugin with one Python, whatever the manifest says.
fn shuts_out(python: &RequiresPython, cx: &mut Context<'_>) {
    let runs = releases().python.runs;
    let written = shorten(&python.written);
    let message = match &python.specifiers {
        Some(range) if admits_line(range, runs) => return,
        Some(_) => format!("`requires-python` shuts out Python {runs}: `{written}`"),
        None => format!("`requires-python` says nothing that uv can read: `{written}`"),
    };
    cx.report(
        Draft::new(python.place.clone(), message)
            .rule(RuleId("dependency/python-version"))
            .note(format!(
                "the daemon runs every plugin with Python {runs}, and uv refuses to install then"
            ))
            .help(format!("write `>={runs}`")),
    );
}
