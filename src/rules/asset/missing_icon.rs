//! Icons that are not below `_assets`.

use crate::dialect::io_fs;
use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::{nearest, shorten};
use crate::plugin::{Node, Plugin};
use crate::rules::documents::manifest;
use crate::rules::registry::path_ignored_file as ignored_file;
use crate::rules::{Context, Draft, On, repair};
use crate::source::join;

pub const CHECK: On = On::Plugin(check);

const INSTALL: Stages = Stages::only(Stage::Install);
const LOCALES: [&str; 4] = ["en_US", "zh_Hans", "ja_JP", "pt_BR"];

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let Some(root) = manifest(plugin) else {
        return;
    };
    for key in ["icon", "icon_dark"] {
        one(plugin, root.get(key), Stages::DAEMON, cx);
    }
    for (kind, inline) in [
        (DocumentKind::ModelProvider, "model"),
        (DocumentKind::ToolProvider, "tool"),
        (DocumentKind::AgentStrategyProvider, "agent_strategy"),
        (DocumentKind::DatasourceProvider, "datasource"),
        (DocumentKind::TriggerProvider, "trigger"),
    ] {
        if let Some(provider) = stored(plugin, root, kind, inline) {
            of_provider(plugin, kind, provider, cx);
        }
    }
}

/// The provider of a kind that the daemon keeps: the last one that the manifest names.
fn stored<'p>(
    plugin: &'p Plugin,
    root: Node<'p>,
    kind: DocumentKind,
    inline: &str,
) -> Option<Node<'p>> {
    let last = plugin
        .references
        .iter()
        .rev()
        .find(|it| it.from == 0 && it.kind == kind && it.daemon);
    let Some(last) = last else {
        return root.get(inline);
    };
    let path = last.path.as_deref()?;
    let document = plugin
        .of_kind(kind)
        .find(|document| **document.path() == *path)?;
    Node::root(document)
}

fn of_provider(plugin: &Plugin, kind: DocumentKind, provider: Node<'_>, cx: &mut Context<'_>) {
    if kind == DocumentKind::ModelProvider {
        for (key, stages) in [
            ("icon_small", Stages::DAEMON),
            ("icon_large", Stages::DAEMON),
            ("icon_small_dark", INSTALL),
            ("icon_large_dark", INSTALL),
        ] {
            for locale in LOCALES {
                one(plugin, provider.at(&[key, locale]), stages, cx);
            }
        }
        return;
    }
    let packaged = match kind {
        DocumentKind::AgentStrategyProvider => INSTALL,
        _ => Stages::DAEMON,
    };
    one(plugin, provider.at(&["identity", "icon"]), packaged, cx);
    if kind != DocumentKind::DatasourceProvider {
        one(plugin, provider.at(&["identity", "icon_dark"]), INSTALL, cx);
        return;
    }
    let inline = provider
        .get("datasources")
        .map_or_else(Vec::new, Node::items);
    for datasource in inline.into_iter().filter(|item| item.is_mapping()) {
        one(plugin, datasource.at(&["identity", "icon"]), INSTALL, cx);
    }
    for document in plugin
        .of_kind(DocumentKind::Datasource)
        .filter(|it| it.daemon)
    {
        let icon = Node::root(document).and_then(|root| root.at(&["identity", "icon"]));
        one(plugin, icon, INSTALL, cx);
    }
}

fn one(plugin: &Plugin, icon: Option<Node<'_>>, stages: Stages, cx: &mut Context<'_>) {
    let Some(icon) = icon else { return };
    let Some(name) = icon.text().filter(|name| !name.is_empty()) else {
        return;
    };
    let path = join("_assets", name);
    if io_fs::valid_path(name) && plugin.has_file(&path) {
        if let Some(line) = plugin.packed.excluded_by(&path, false) {
            let message = format!("the icon `{}` is kept out of the package", shorten(name));
            let line_place = ignored_file::line_place(plugin, line);
            cx.report(
                ignored_file::explain(plugin, line, Draft::node(icon, message))
                    .label(line_place, ignored_file::EXCLUDES),
            );
        }
        return;
    }
    let entries = plugin.files.list("_assets").unwrap_or_default();
    let files: Vec<&str> = entries
        .iter()
        .filter(|it| it.kind.is_file())
        .map(|it| it.name.as_str())
        .collect();
    let plain = name.trim().replace('\\', "/");
    let bare = plain
        .trim_start_matches("./")
        .trim_start_matches('/')
        .trim_start_matches("_assets/");
    let same = files
        .iter()
        .copied()
        .find(|file| file.eq_ignore_ascii_case(bare));
    let near = same.or_else(|| other_ending(bare, &files));
    let near = near.or_else(|| nearest(bare, files.iter().copied()));
    let how = if same.is_some() {
        repair::Safe
    } else {
        repair::Unsafe
    };
    let fix = near.and_then(|near| repair::write(icon.document(), icon.id(), near, how));
    let help = match near {
        Some(near) => format!("write `{near}`: names count from `_assets/`, letter by letter"),
        None => format!("put the picture at `_assets/{}`", shorten(bare)),
    };
    let who = if stages == INSTALL {
        "packaging does not look at this icon; the daemon does, and refuses the upload"
    } else {
        "packaging and installation look the icon up below `_assets` and stop without it"
    };
    cx.report(
        Draft::node(
            icon,
            format!("the icon `{}` is not in `_assets`", shorten(name)),
        )
        .stages(stages)
        .note(who)
        .help(help)
        .fix(fix),
    );
}

/// The only picture of this name with another ending.
fn other_ending<'f>(name: &str, files: &[&'f str]) -> Option<&'f str> {
    let stem = |file: &str| {
        file.rsplit_once('.')
            .map_or(file, |(stem, _)| stem)
            .to_lowercase()
    };
    let mut same = files.iter().filter(|file| stem(file) == stem(name));
    let first = same.next()?;
    same.next().is_none().then_some(*first)
}
