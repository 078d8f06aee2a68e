//! Sizes and names of the files that would be packed.

use crate::finding::{RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Plugin, Walk, carried};
use crate::rules::documents::ignore_place;
use crate::rules::{Context, Draft, On, repair};
use crate::source::limits::{BUNDLE_BYTES, MARKETPLACE_FILES, PACKAGE_BYTES};
use hashbrown::HashSet;

pub const CHECK: On = On::Plugin(check);

/// Its page has what may be set.
const LARGE: RuleId = RuleId("package/large-file");

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let walk = plugin.packed.walk(plugin.files.as_ref());
    let large = cx.options().number(LARGE, "max-kib").saturating_mul(1024);
    let mut total = 0_u64;
    let in_bundle: HashSet<String> = carried(plugin).iter().map(|it| it.path()).collect();
    for path in &walk.files {
        let size = plugin.files.size(path).unwrap_or(0);
        total = total.saturating_add(size);
        if size > large && !in_bundle.contains(path) {
            cx.report(
                Draft::file(
                    path,
                    format!("`{}` has {:.1} MiB", shorten(path), mebibytes(size)),
                )
                .rule(LARGE)
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
    }
    let names = plugin.packed.derived(plugin.files.as_ref(), |walk| {
        let names = walk.files.iter();
        Names(names.flat_map(|path| name(path, plugin)).collect())
    });
    names.0.iter().for_each(|draft| cx.report(draft.clone()));
    let is_bundle = plugin.of_kind(DocumentKind::Bundle).next().is_some();
    size(plugin, is_bundle, total, walk, cx);
    if !is_bundle && (walk.files.len() > MARKETPLACE_FILES || walk.truncated) {
        let archive = plugin.files.archive();
        let unseen = walk.truncated || archive.is_some_and(crate::source::Archive::is_truncated);
        let holds = if archive.is_some() {
            "holds"
        } else {
            "would hold"
        };
        let least = if unseen { "at least " } else { "" };
        let message = format!(
            "the package {holds} {least}{} files, more than {MARKETPLACE_FILES}",
            walk.files.len()
        );
        let note = if unseen {
            "the Marketplace refuses it; what the files beyond hold is not known, nobody looked"
        } else {
            "the Marketplace refuses it; usually an environment or a repository was packed along"
        };
        cx.report(
            Draft::new(ignore_place(plugin), message)
                .rule(RuleId("package/too-many-files"))
                .stages(Stages::only(Stage::Marketplace))
                .note(note)
                .help("keep folders that are not needed out with .difyignore"),
        );
    }
}

/// Reports what is too large for the packager or the daemon.
fn size(plugin: &Plugin, is_bundle: bool, total: u64, walk: &Walk, cx: &mut Context<'_>) {
    let archive = plugin.files.archive();
    let most = if is_bundle {
        BUNDLE_BYTES
    } else {
        PACKAGE_BYTES
    };
    let limit = most / (1024 * 1024);
    let packed = archive.map_or(0, crate::source::Archive::size);
    // entries that no reader can use count as well
    let total = archive.map_or(total, crate::source::Archive::unpacked_size);
    let (message, note, stages) = if packed > most {
        (
            format!(
                "the file has {:.1} MiB, more than {limit}",
                mebibytes(packed)
            ),
            "the daemon takes no larger file by default",
            Stages::only(Stage::Install),
        )
    } else if is_bundle || total <= most {
        return;
    } else if archive.is_some() {
        (
            format!(
                "unpacked, this package has {:.1} MiB, more than {limit}",
                mebibytes(total)
            ),
            "the daemon adds up what the entries have when they are unpacked, and by default takes no more",
            Stages::only(Stage::Install).with(Stage::Marketplace),
        )
    } else {
        (
            format!(
                "the package would hold {:.1} MiB, more than {limit}",
                mebibytes(total)
            ),
            "packaging stops at 50 MiB of files before compression, and so does the daemon by default",
            Stages::DAEMON.with(Stage::Marketplace),
        )
    };
    let files = walk.files.iter();
    let mut largest: Vec<(u64, &str)> = files
        .map(|path| (plugin.files.size(path).unwrap_or(0), path.as_str()))
        .collect();
    largest.sort_by(|a, b| b.cmp(a));
    let names: Vec<String> = largest
        .iter()
        .take(3)
        .map(|(size, path)| format!("`{}` ({:.1} MiB)", shorten(path), mebibytes(*size)))
        .collect();
    let help = match names.is_empty() {
        true => "leave out what is not needed".to_owned(),
        false => format!(
            "leave out what is not needed; the largest are {}",
            names.join(", ")
        ),
    };
    let place = match archive {
        Some(_) => Draft::file("", message),
        None => Draft::new(ignore_place(plugin), message),
    };
    cx.report(
        place
            .rule(RuleId("package/too-large"))
            .stages(stages)
            .note(note)
            .help(help),
    );
}

#[expect(clippy::cast_precision_loss, reason = "it is rounded for display")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

/// What the names of the files say.
struct Names(Vec<Draft>);

fn name(path: &str, plugin: &Plugin) -> Vec<Draft> {
    let mut found = Vec::new();
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
            .fix(repair::ignore::add(plugin, name))
            .help("add the line `.env` to .difyignore; only `.env.example` is meant to be seen");
        let refused = name == ".env" || name.starts_with(".env.");
        found.push(if refused {
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
        found.push(
            Draft::file(
                path,
                format!("the name `{}` has {what} in it", shorten(name)),
            )
            .rule(RuleId("package/odd-file-name"))
            .note("links and scripts must write it in another way, and some systems change it")
            .help("use letters, digits, `-`, `_` and `.`"),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::plugin::Plugin;
    use crate::rules::Options;
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
        let findings = crate::rules::run(&plugin, &requires, &Options::default());
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
            rules(vec![("a.dat".to_owned(), vec![1; mebibyte])]),
            [""; 0]
        );
        assert_eq!(
            rules(vec![("a.dat".to_owned(), vec![1; mebibyte + 1])]),
            ["package/large-file"]
        );
        let many = (0..51)
            .map(|n| (format!("{n}.dat"), vec![1; mebibyte]))
            .collect();
        assert_eq!(rules(many), ["package/too-large"]);
        let many = (0..5001).map(|n| (format!("{n}.dat"), vec![1])).collect();
        assert_eq!(rules(many), ["package/too-many-files"]);
    }
}
