//! The module that the daemon starts must be there and run a plugin.

use crate::finding::{Place, RuleId, Span};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::python::{ClassFacts, Expression, Step};
use crate::rules::code::started_by;
use crate::rules::{Context, Draft, On, repair};

pub const CHECK: On = On::Kind(DocumentKind::Manifest, check);

fn check(manifest: Node<'_>, cx: &mut Context<'_>) {
    let Some(node) = manifest.at(&["meta", "runner", "entrypoint"]) else {
        return;
    };
    let Some(module) = node.text().filter(|text| !text.trim().is_empty()) else {
        return;
    };
    let Some(path) = started_by(module, cx.plugin()) else {
        return missing(node, module, cx);
    };
    let Ok(source) = cx.python().module(&path) else {
        return;
    };
    // a source that only imports and declares may be started by what it imports
    let does = |step: &Step| {
        !matches!(
            step,
            Step::Import { .. } | Step::From { .. } | Step::Class(_) | Step::Function { .. }
        )
    };
    if source.opaque || source.error.is_some() || !source.steps.iter().any(does) {
        return;
    }
    let closure = cx.python().closure(&path);
    let runs = closure
        .modules
        .iter()
        .any(|module| !module.run_calls.is_empty());
    let makes = closure.modules.iter().any(|module| {
        !module.plugin_calls.is_empty() || module.classes().into_iter().any(|it| is_plugin(it))
    });

    let lacking = match (makes, runs) {
        (false, _) => "makes no `Plugin(...)`",
        (true, false) => "never calls `plugin.run()`",
        _ => return,
    };
    cx.report(
        Draft::node(node, format!("`{path}` {lacking}"))
            .rule(RuleId("python/idle-entry-point"))
            .label(Place { file: path.as_str().into(), span: Span::at(0) }, "started by the daemon")
            .note("the process ends at once, and the daemon waits for a heartbeat in vain")
            .help("end it with `plugin = Plugin(DifyPluginEnv())` and, under `if __name__ == \"__main__\"`, `plugin.run()`"),
    );
}

/// `class MyPlugin(Plugin)`
fn is_plugin(class: &ClassFacts) -> bool {
    class.bases.iter().any(|(base, _)| match base {
        Expression::Path(path) => path.rsplit('.').next() == Some("Plugin"),
        _ => false,
    })
}

fn missing(node: Node<'_>, module: &str, cx: &mut Context<'_>) {
    let name = module.trim_start_matches("./");
    let name = name.strip_suffix(".py").unwrap_or(name).replace('/', ".");
    let (message, help, meant) = if name != module && started_by(&name, cx.plugin()).is_some() {
        let message = format!("`{}` is a path, not the name of a module", shorten(module));
        (
            message,
            format!("write `{name}`"),
            Some((name.as_str(), repair::Safe)),
        )
    } else {
        let message = format!("there is no module `{}` to start", shorten(module));
        (
            message,
            "write `main` for the file `main.py` at the plugin root".to_owned(),
            started_by("main", cx.plugin()).map(|_| ("main", repair::Unsafe)),
        )
    };
    cx.report(
        Draft::node(node, message)
            .rule(RuleId("python/missing-entry-point"))
            .note(format!(
                "the daemon runs `python -m {}` after the install, which ends at once",
                shorten(module)
            ))
            .help(help)
            .fix(
                meant.and_then(|(name, how)| repair::write(node.document(), node.id(), name, how)),
            ),
    );
}
