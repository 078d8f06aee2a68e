//! What a README says that its plugin does not.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::{manifest, place, prose, text_file};
use crate::rules::{Context, Draft, On};
use crate::source::SourceFile;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(manifest) = manifest(plugin) else {
        return;
    };
    let Some(readme) = text_file(plugin, "README.md") else {
        return;
    };
    template(&readme, cx);
    if let Some(author) = manifest.text_at("author") {
        other_author(&readme, author, cx);
    }
    let repository = manifest
        .text_at("repo")
        .map(bare)
        .filter(|it| it.contains('/'));
    if let Some(repository) = repository
        && !readme.text().trim().is_empty()
        && !readme
            .text()
            .to_lowercase()
            .contains(&repository.to_lowercase())
    {
        cx.report(
            Draft::file(
                "README.md",
                "the README does not say where the source code is",
            )
            .rule(RuleId("readme/no-repository"))
            .stages(Stages::only(Stage::Marketplace))
            .note("the Marketplace looks for the address of the repository in it")
            .help(format!(
                "add the address that the manifest has, `{}`",
                shorten(repository)
            )),
        );
    }
}

/// An address without scheme, `.git` and slash at its end.
fn bare(address: &str) -> &str {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address
        .strip_prefix("www.")
        .unwrap_or(address)
        .trim_end_matches('/');
    address.strip_suffix(".git").unwrap_or(address)
}

fn template(readme: &SourceFile, cx: &mut Context<'_>) {
    const MARK: &str = "replace the placeholder sections below";
    let Some(at) = readme.text().to_ascii_lowercase().find(MARK) else {
        return;
    };
    cx.report(
        Draft::new(
            place(readme, at, MARK.len()),
            "the README is still the template",
        )
        .rule(RuleId("readme/template-text"))
        .note("the note comes from `dify plugin init` and is shown on the plugin's page")
        .help("write the sections and take the note out"),
    );
}

/// The line `**Author:** name` that the template begins with.
fn other_author(readme: &SourceFile, author: &str, cx: &mut Context<'_>) {
    let line = prose(readme.text()).take(12).find_map(|(start, line)| {
        let (before, value) = line.split_once("**Author:**")?;
        let name = value
            .trim()
            .trim_start_matches('[')
            .split([']', '('])
            .next()?
            .trim();
        let at = start + before.len() + "**Author:**".len() + value.find(name)?;
        Some((at, name))
    });
    let Some((at, name)) = line.filter(|(_, name)| !name.is_empty() && !same(name, author)) else {
        return;
    };
    let message = format!(
        "the README names the author `{}`, the manifest `{}`",
        shorten(name),
        shorten(author)
    );
    cx.report(
        Draft::new(place(readme, at, name.len()), message)
            .rule(RuleId("readme/other-author"))
            .note("Dify shows and installs the plugin under the author of the manifest")
            .help("write the same name in both, or leave the line out"),
    );
}

/// Names are the same when their letters are.
fn same(a: &str, b: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    letters(a) == letters(b)
}
