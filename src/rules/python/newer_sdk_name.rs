//! Names of the SDK that the oldest version allowed by the requirements does not have.

use crate::plugin::Plugin;
use crate::python::{Import, Module, sdk_since};
use crate::rules::code::{in_source, modules};
use crate::rules::{Context, On};
use hashbrown::HashSet;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some((file, floor)) = floor(plugin) else {
        return;
    };
    let mut seen = HashSet::new();
    for module in modules(cx).values() {
        for (at, since) in &cx.fact(&module.path, || SdkImports::of(module)).0 {
            let Some(import) = module.imports.get(*at) else {
                continue;
            };
            let name = import.name.as_deref().unwrap_or(&import.module);
            if numbers(since) <= floor || !seen.insert((import.module.clone(), name.to_owned())) {
                continue;
            }
            let least = floor
                .iter()
                .map(u32::to_string)
                .collect::<Vec<_>>()
                .join(".");
            cx.report(
                in_source(module, import.span, format!("`{name}` needs SDK {since}"))
                    .note(format!(
                        "`{file}` allows {least}, with which the import fails"
                    ))
                    .help(format!("require `dify_plugin>={since}`")),
            );
        }
    }
}

/// The imports of names that the SDK has not always had, by their number, and since when it has.
struct SdkImports(Vec<(usize, &'static str)>);

impl SdkImports {
    fn of(module: &Module) -> Self {
        let since = |(at, import): (usize, &Import)| {
            let of_sdk = import.module.as_ref() == "dify_plugin"
                || import.module.starts_with("dify_plugin.");
            if !of_sdk || import.level > 0 || import.kind.guarded || import.kind.type_checking {
                return None;
            }
            Some((at, sdk_since(&import.module, import.name.as_deref())?))
        };
        Self(
            module
                .imports
                .iter()
                .enumerate()
                .filter_map(since)
                .collect(),
        )
    }
}

/// The lowest SDK that the requirements allow, where they say so plainly.
fn floor(plugin: &Plugin) -> Option<(&'static str, Vec<u32>)> {
    ["pyproject.toml", "requirements.txt"]
        .into_iter()
        .find_map(|file| {
            let text = plugin.files.read(file).ok()?.lossy();
            text.lines()
                .find_map(|line| Some((file, line_floor(line)?)))
        })
}

fn line_floor(line: &str) -> Option<Vec<u32>> {
    let line = line.trim_start_matches([' ', '\t', '"', '\'', '[']);
    let rest = line
        .strip_prefix("dify_plugin")
        .or_else(|| line.strip_prefix("dify-plugin"))?;
    let version = ["==", ">=", "~="].into_iter().find_map(|operator| {
        let (_, version) = rest.split_once(operator)?;
        Some(version.trim_start())
    })?;
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    let numbers = numbers(version.get(..end)?);
    (!numbers.is_empty()).then_some(numbers)
}

/// The numbers of a version without the zeros at its end.
fn numbers(version: &str) -> Vec<u32> {
    let mut all: Vec<u32> = version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    while all.last() == Some(&0) {
        all.pop();
    }
    all
}
