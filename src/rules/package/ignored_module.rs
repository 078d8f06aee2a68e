//! Python modules that the plugin imports and its ignore rules keep out of the package.

use crate::finding::{Place, Span, Stage, Stages};
use crate::format::words::shorten;
use crate::plugin::Plugin;
use crate::python::{Import, Module};
use crate::rules::registry::path_ignored_file as ignored_file;
use crate::rules::{Context, Draft, On};
use crate::source::{EntryKind, LineIndex, parent};
use hashbrown::HashSet;

pub const CHECK: On = On::Plugin(check);

/// No plugin has more modules of its own.
const MOST: usize = 2000;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let leaves_code = || plugin.packed.walk(plugin.files.as_ref()).leaves_code;
    if plugin.packed.ignore_file.is_none() || !leaves_code() {
        return;
    }
    let mut next: Vec<(String, Option<Place>)> = vec![("main.py".to_owned(), None)];
    for named in cx.named_sources().iter() {
        if let Ok(path) = cx.python().locate(named.written) {
            next.push((path, Some(named.document.place(named.node))));
        }
    }
    next.reverse();
    let mut seen = HashSet::new();
    while let Some((path, needed)) = next.pop() {
        if seen.len() >= MOST || !plugin.has_file(&path) || !seen.insert(path.clone()) {
            continue;
        }
        let excluded = cx.fact(&path, || Excluded(plugin.packed.excluded_by(&path, false)));
        if let Some(line) = excluded.0 {
            report(plugin, &path, line, needed, cx);
            continue;
        }
        let Ok(module) = cx.python().module(&path) else {
            continue;
        };
        let imports = cx.fact(&path, || Imports::of(plugin, &module));
        next.extend(imports.0.iter().map(|(target, span)| {
            let file = module.path.clone();
            let place = Place { file, span: *span };
            (target.clone(), Some(place))
        }));
    }
}

/// The line of the ignore file that keeps a file out.
struct Excluded(Option<usize>);

/// The files of the plugin that a source runs by its import statements.
struct Imports(Vec<(String, Span)>);

impl Imports {
    fn of(plugin: &Plugin, module: &Module) -> Self {
        let imports = module.imports.iter();
        let imports = imports.filter(|it| !it.kind.type_checking && !it.kind.guarded);
        let targets = imports.flat_map(|import| {
            let targets = targets(plugin, &module.path, import).into_iter();
            targets.map(|target| (target, import.span))
        });
        Self(targets.collect())
    }
}

/// The files of the plugin that an import statement runs.
fn targets(plugin: &Plugin, importer: &str, import: &Import) -> Vec<String> {
    let mut base = String::new();
    if import.level > 0 {
        base = parent(importer).to_owned();
        for _ in 1..import.level {
            base = parent(&base).to_owned();
        }
    }
    let mut found = Vec::new();
    let parts = import.module.split('.').chain(import.name.as_deref());
    for part in parts.filter(|part| !part.is_empty() && *part != "*") {
        base = crate::source::join(&base, part);
        let is_folder = plugin.files.kind(&base).is_some_and(EntryKind::is_folder);
        let init = is_folder.then(|| [&*base, "/__init__.py"].concat());
        let module = [init, Some([&*base, ".py"].concat())].into_iter().flatten();
        found.extend(module.filter(|path| plugin.has_file(path)));
        // most imports are of what is installed
        if !is_folder {
            break;
        }
    }
    found
}

fn report(plugin: &Plugin, path: &str, line: usize, needed: Option<Place>, cx: &mut Context<'_>) {
    let text = &plugin.packed.ignore_text;
    let file = plugin.packed.ignore_file.unwrap_or(".difyignore");
    let span = LineIndex::new(text).span_of(line).unwrap_or_default();
    let written = text.get(span.range()).unwrap_or_default().trim_end();
    let end = span.start + u32::try_from(written.len()).unwrap_or(0);
    let place = Place {
        file: file.into(),
        span: Span::new(span.start, end),
    };
    let message = format!(
        "`{}` keeps `{}` out of the package",
        shorten(written.trim()),
        shorten(path)
    );
    // `start` is the SDK on the folder, where the module is; only what is installed lacks it
    let mut draft = Draft::new(place, message)
        .stages(Stages::only(Stage::Marketplace))
        .note("packaging and upload do not notice; the installed plugin stops with an import error")
        .help(format!(
            "make the line narrower: `/{}` matches at the root only; or move the module",
            shorten(written.trim().trim_matches('/'))
        ));
    draft = draft.fix(ignored_file::without_line(plugin, line));
    if let Some(needed) = needed {
        draft = draft.label(needed, "it is needed here");
    }
    cx.report(draft);
}
