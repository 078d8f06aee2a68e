//! The files that name the Python packages of a plugin.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::{MANIFEST, Plugin};
use crate::requirements::{PYPROJECT, REQUIREMENTS};
use crate::rules::documents::{ignore_place, manifest, place, text_file};
use crate::rules::requirements::{self, Project, ProjectFile};
use crate::rules::{Context, Draft, On};
use crate::source::SourceFile;
use pep440_rs::{Version, VersionSpecifiers};
use std::str::FromStr;

pub const CHECK: On = On::Plugin(check);

const MARKETPLACE: Stages = Stages::only(Stage::Marketplace);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let requirements = text_file(plugin, REQUIREMENTS);
    let project = requirements::project(plugin, cx);
    if requirements.is_none() && project.is_none() {
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
    let any = (requirements.is_some() && packed(REQUIREMENTS))
        || (project.is_some() && packed(PYPROJECT));
    if !any {
        let message = "the ignore rules keep the dependency file out of the package";
        cx.report(no_file(
            Draft::new(ignore_place(plugin), message),
            "take it out of the ignore file",
        ));
    }
    if let (Some(requirements), Some(_)) = (&requirements, &project) {
        cx.report(
            Draft::file(requirements.path(), "both `requirements.txt` and `pyproject.toml` are there")
                .rule(RuleId("dependency/two-files"))
                .note("the daemon installs from pyproject.toml, or with a pip mirror from requirements.txt; uv.lock is not exported then")
                .help("keep pyproject.toml with uv.lock, and delete requirements.txt"),
        );
    }
    let locked = plugin.has_file("uv.lock");
    match &project {
        None if locked => cx.report(
            Draft::file("uv.lock", "`uv.lock` stands without a `pyproject.toml`")
                .rule(RuleId("dependency/lock-without-project"))
                .note("nothing reads it then, and the pinned versions are not the ones that are installed")
                .help("add the pyproject.toml that it was made from"),
        ),
        None => {}
        Some(read) => one_project(read, locked, requirements.is_some(), cx),
    }
}

fn no_file(draft: Draft, help: &str) -> Draft {
    draft
        .rule(RuleId("dependency/no-file"))
        .stages(MARKETPLACE)
        .note("the daemon accepts the upload and fails when it prepares the Python environment")
        .help(help)
}

fn one_project(read: &ProjectFile, locked: bool, also_requirements: bool, cx: &mut Context<'_>) {
    let file = &read.file;
    let project = match &read.project {
        Ok(project) => project,
        Err((message, at)) => {
            // what is missing at the end has no character
            let text = file.text();
            let at = text.floor_char_boundary((*at).min(text.len()));
            let length = text.get(at..).and_then(|rest| rest.chars().next());
            return cx.report(
                Draft::new(
                    place(file, at, length.map_or(0, char::len_utf8)),
                    format!("`pyproject.toml` is no TOML: {}", shorten(message)),
                )
                .rule(RuleId("dependency/bad-toml"))
                .stages(MARKETPLACE)
                .note("uv cannot read it, so that nothing is installed")
                .help("correct the line"),
            );
        }
    };
    if !project.has_table {
        cx.report(
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
        return;
    }
    if !locked && !also_requirements {
        cx.report(
            Draft::file(PYPROJECT, "there is no `uv.lock` beside `pyproject.toml`")
                .rule(RuleId("dependency/no-lock"))
                .note("every installation picks the newest versions, so that a plugin that works today may not tomorrow")
                .help("run `uv lock` and keep the file"),
        );
    }
    python(file, project, cx);
}

/// The daemon runs every plugin with Python 3.12, whatever the manifest says.
fn python(file: &SourceFile, project: &Project, cx: &mut Context<'_>) {
    let Some(range) = &project.requires_python else {
        return;
    };
    let runtime = Version::new([3, 12, 7]);
    let sound = VersionSpecifiers::from_str(range).is_ok_and(|range| range.contains(&runtime));
    if sound {
        return;
    }
    let at = file.text().find(range.as_str()).unwrap_or(0);
    cx.report(
        Draft::new(
            place(file, at, range.len()),
            format!(
                "`requires-python` shuts out Python 3.12: `{}`",
                shorten(range)
            ),
        )
        .rule(RuleId("dependency/python-version"))
        .note("the daemon runs every plugin with Python 3.12, and uv refuses to install then")
        .help("write `>=3.12`"),
    );
}
