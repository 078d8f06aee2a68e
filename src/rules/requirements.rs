//! The Python packages that a plugin asks for.

use super::Context;
use crate::plugin::Plugin;
use crate::requirements::{PYPROJECT, parse};
use crate::source::SourceFile;
use pep508_rs::{Requirement, VerbatimUrl};
use std::sync::Arc;

/// One dependency as it is written.
pub struct Dependency {
    /// Offset in the file.
    pub start: usize,
    /// As it is written, without comment.
    pub text: String,
    /// What it says; `None` when it is no PEP 508 requirement.
    pub parsed: Result<Requirement<VerbatimUrl>, String>,
    /// It belongs to a group that is not installed with the plugin.
    pub development: bool,
}

impl Dependency {
    fn new(start: usize, text: &str, development: bool) -> Self {
        // pip takes `package @ url` and options after the requirement; comments are gone
        let plain = text.split(" --").next().unwrap_or(text).trim();
        let parsed = parse(plain).map_err(|reason| reason.to_lowercase());
        Self {
            start,
            text: text.to_owned(),
            parsed,
            development,
        }
    }

    /// The name in the form in which names are compared.
    pub fn name(&self) -> String {
        match &self.parsed {
            Ok(requirement) => requirement.name.to_string(),
            Err(_) => {
                let end = self
                    .text
                    .find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
                let name = self
                    .text
                    .get(..end.unwrap_or(self.text.len()))
                    .unwrap_or_default();
                name.to_ascii_lowercase().replace(['_', '.'], "-")
            }
        }
    }

    /// True for the SDK.
    pub fn is_sdk(&self) -> bool {
        self.name() == "dify-plugin"
    }
}

/// The dependencies in a requirements.txt. Options and included files are left out.
pub fn of_requirements(file: &SourceFile) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut continued = false;
    for line in file.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let goes_on = line.trim_end().ends_with('\\');
        let skip = std::mem::replace(&mut continued, goes_on);
        let bare = line.split(" #").next().unwrap_or(line);
        let bare = bare
            .trim()
            .trim_start_matches('\u{feff}')
            .trim_end_matches('\\')
            .trim();
        if skip || bare.is_empty() || bare.starts_with(['#', '-']) {
            continue;
        }
        let offset = line.find(bare).unwrap_or(0);
        found.push(Dependency::new(start + offset, bare, false));
    }
    found
}

/// A pyproject.toml and what it says.
pub struct ProjectFile {
    /// The file.
    pub file: SourceFile,
    /// What it says; else why it is no TOML, and the offset.
    pub project: Result<Project, (String, usize)>,
}

/// The plugin's pyproject.toml, if it can be read; looked through once.
pub fn project(plugin: &Plugin, cx: &Context<'_>) -> Option<Arc<ProjectFile>> {
    plugin.has_file(PYPROJECT).then_some(())?;
    cx.fact_of_bytes(PYPROJECT, |bytes| {
        let file = SourceFile::new(PYPROJECT, bytes);
        let project = of_project(&file);
        ProjectFile { file, project }
    })
}

/// What a pyproject.toml says.
pub struct Project {
    /// The table `[project]` is there.
    pub has_table: bool,
    /// `requires-python`
    pub requires_python: Option<String>,
    /// The dependencies, those of groups included.
    pub dependencies: Vec<Dependency>,
}

fn of_project(file: &SourceFile) -> Result<Project, (String, usize)> {
    let text = file.text();
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        (
            error.message().to_lowercase(),
            error.span().map_or(0, |span| span.start),
        )
    })?;
    let project = table.get("project").and_then(toml::Value::as_table);
    let mut dependencies = Vec::new();
    let mut from = 0;
    let mut add = |list: Option<&toml::Value>, development: bool| {
        let items = list.and_then(toml::Value::as_array).into_iter().flatten();
        for item in items.filter_map(toml::Value::as_str) {
            // the same text in a later group stands later in the file
            let at = text
                .get(from..)
                .and_then(|rest| rest.find(item))
                .map(|at| at + from);
            let at = at.or_else(|| text.find(item)).unwrap_or(0);
            from = at.max(from);
            dependencies.push(Dependency::new(at, item, development));
        }
    };
    add(project.and_then(|it| it.get("dependencies")), false);
    let groups = project
        .and_then(|it| it.get("optional-dependencies"))
        .and_then(toml::Value::as_table);
    for (_, list) in groups.into_iter().flatten() {
        add(Some(list), true);
    }
    let groups = table
        .get("dependency-groups")
        .and_then(toml::Value::as_table);
    for (_, list) in groups.into_iter().flatten() {
        add(Some(list), true);
    }
    Ok(Project {
        has_table: project.is_some(),
        requires_python: project
            .and_then(|it| it.get("requires-python"))
            .and_then(toml::Value::as_str)
            .map(str::to_owned),
        dependencies,
    })
}
