//! Python sources that nothing imports.

use crate::format::DocumentKind::{Model, Position};
use crate::plugin::{Node, Plugin};
use crate::rules::{Context, Draft, On, code};
use hashbrown::HashSet;
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if plugin.manifest().is_none() {
        return;
    }
    let modules = code::modules(cx);
    let mut reached: HashSet<Arc<str>> = modules.keys().cloned().collect();
    // names that are imported by other means are found as texts
    let whole = modules
        .values()
        .all(|module| !module.opaque && module.error.is_none());
    if reached.is_empty()
        || !whole
        || modules
            .values()
            .any(|module| module.usage.words.contains("import_module"))
    {
        return;
    }
    for path in starts(plugin, cx) {
        reached.extend(
            cx.python()
                .closure(&path)
                .modules
                .iter()
                .map(|it| it.path.clone()),
        );
    }
    let files = plugin.files.as_ref();
    let sources = plugin.packed.derived(files, |walk| {
        let sources = walk.files.iter().filter(|path| is_source(path));
        Sources(sources.cloned().collect())
    });
    for path in sources.0.iter().filter(|it| !reached.contains(it.as_str())) {
        cx.report(
            Draft::file(path, "no document and no other source uses this file")
                .note("it goes into the package and never runs")
                .help("remove it, or name it where it belongs"),
        );
    }
}

/// The Python sources that should be used.
struct Sources(Vec<String>);

/// True for sources that run with the plugin: packages may be empty, and tests run on their own.
fn is_source(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let test = || {
        path.split('/')
            .any(|part| matches!(part, "tests" | "test" | "scripts" | "examples"))
            || name.starts_with("test_")
            || name.ends_with("_test.py")
            || name == "conftest.py"
    };
    path.ends_with(".py") && name != "__init__.py" && !test()
}

/// The file that the daemon starts, and files that some document names, though the SDK may not
/// import them.
fn starts(plugin: &Plugin, cx: &Context<'_>) -> Vec<String> {
    let mut found = vec!["main.py".to_owned()];
    // models are many, and neither they nor their order name any
    let documents = plugin.documents.iter();
    let documents = documents.filter(|it| !matches!(it.kind, Model | Position));
    for root in documents.filter_map(Node::root) {
        let entry = root
            .at(&["meta", "runner", "entrypoint"])
            .and_then(Node::text);
        found.extend(entry.and_then(|module| code::started_by(module, plugin)));
        let source = root.at(&["extra", "python", "source"]).and_then(Node::text);
        found.extend(source.and_then(|source| cx.python().locate(source).ok()));
    }
    found.retain(|path| plugin.has_file(path));
    found
}
