//! Sizes and names of the files that would be packed.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::rules::documents::ignore_place;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Plugin(check);

/// What the packager and the daemon take by default, uncompressed.
const LIMIT: u64 = 50 * 1024 * 1024;
/// What the Marketplace takes.
const MOST_FILES: usize = 5000;
/// Worth a look.
const LARGE: u64 = 1024 * 1024;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let walk = plugin.packed.walk(plugin.files.as_ref());
    let mut total = 0_u64;
    let mut largest: Vec<(u64, &str)> = Vec::new();
    for path in &walk.files {
        let size = plugin.files.size(path).unwrap_or(0);
        total = total.saturating_add(size);
        largest.push((size, path));
        if size > LARGE {
            cx.report(
                Draft::file(
                    path,
                    format!("`{}` has {:.1} MiB", shorten(path), mebibytes(size)),
                )
                .rule(RuleId("package/large-file"))
                .note("everybody who installs the plugin downloads and stores it")
                .help("make it smaller, or keep it out of the package with a line in .difyignore"),
            );
        }
        if size == 0 && path.starts_with("_assets/") {
            cx.report(
                Draft::file(path, format!("`{}` is empty", shorten(path)))
                    .rule(RuleId("package/empty-asset"))
                    .note("the daemon refuses an asset without content when a plugin is debugged remotely")
                    .help("add its content, or delete it"),
            );
        }
        name(path, cx);
    }
    if total > LIMIT {
        largest.sort_by(|a, b| b.cmp(a));
        let names: Vec<String> = largest
            .iter()
            .take(3)
            .map(|(size, path)| format!("`{}` ({:.1} MiB)", shorten(path), mebibytes(*size)))
            .collect();
        let message = format!(
            "the package would hold {:.1} MiB, more than 50",
            mebibytes(total)
        );
        cx.report(
            Draft::new(ignore_place(plugin), message)
                .rule(RuleId("package/too-large"))
                .stages(Stages::DAEMON.with(Stage::Marketplace))
                .note("packaging stops at 50 MiB of files before compression, and so does the daemon by default")
                .help(format!("leave out what is not needed; the largest are {}", names.join(", "))),
        );
    }
    if walk.files.len() > MOST_FILES {
        let message = format!(
            "the package would hold {} files, more than {MOST_FILES}",
            walk.files.len()
        );
        cx.report(
            Draft::new(ignore_place(plugin), message)
                .rule(RuleId("package/too-many-files"))
                .stages(Stages::only(Stage::Marketplace))
                .note("the Marketplace refuses it; usually an environment or a repository was packed along")
                .help("keep folders that are not needed out with .difyignore"),
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is rounded for display")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

fn name(path: &str, cx: &mut Context<'_>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let sample = [".example", ".sample", ".template"]
        .iter()
        .any(|end| lower.ends_with(end));
    let harmless = (sample && !name.contains(' ')) || lower.starts_with(".environ");
    if lower.starts_with(".env") && !harmless {
        let draft = Draft::file(path, format!("`{}` goes into the package", shorten(path)))
            .rule(RuleId("package/env-file"))
            .note("files of this name hold keys, and everybody who installs the plugin can read it")
            .fix(repair::ignore::add(cx.plugin(), name))
            .help("add the line `.env` to .difyignore; only `.env.example` is meant to be seen");
        let refused = name == ".env" || name.starts_with(".env.");
        cx.report(if refused {
            draft.stages(Stages::only(Stage::Marketplace))
        } else {
            draft
        });
    }
    if name.contains(' ') || !name.is_ascii() {
        let what = if name.contains(' ') {
            "a blank"
        } else {
            "a letter that is not ASCII"
        };
        cx.report(
            Draft::file(
                path,
                format!("the name `{}` has {what} in it", shorten(name)),
            )
            .rule(RuleId("package/odd-file-name"))
            .note("links and scripts must write it in another way, and some systems change it")
            .help("use letters, digits, `-`, `_` and `.`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::plugin::Plugin;
    use crate::source::Memory;
    use std::sync::Arc;

    fn rules(files: Vec<(String, Vec<u8>)>) -> Vec<&'static str> {
        let mut memory = Memory::new();
        memory.insert("manifest.yaml".to_owned(), b"type: plugin\n".to_vec());
        for (path, bytes) in files {
            memory.insert(path, bytes);
        }
        let plugin = Plugin::load(Arc::new(memory));
        let requires = crate::requires::Requires::of(&plugin);
        let findings = crate::rules::run(&plugin, &requires);
        let package = findings
            .iter()
            .map(|it| it.rule.0)
            .filter(|it| it.starts_with("package/"));
        package.collect()
    }

    #[test]
    fn sizes() {
        let mebibyte = 1024 * 1024;
        assert_eq!(
            rules(vec![("a.bin".to_owned(), vec![1; mebibyte])]),
            [""; 0]
        );
        assert_eq!(
            rules(vec![("a.bin".to_owned(), vec![1; mebibyte + 1])]),
            ["package/large-file"]
        );
        let many = (0..51)
            .map(|n| (format!("{n}.bin"), vec![1; mebibyte]))
            .collect();
        assert_eq!(rules(many), ["package/too-large"]);
        let many = (0..5001).map(|n| (format!("{n}.bin"), vec![1])).collect();
        assert_eq!(rules(many), ["package/too-many-files"]);
    }
}
