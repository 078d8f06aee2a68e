//! Documents of the plugin that no other document names.

use crate::format::DocumentKind;
use crate::format::words::one_of;
use crate::plugin::Plugin;
use crate::rules::package_files;
use crate::rules::{Context, Draft, On};
use crate::source::Content;
use crate::yaml::Tree;
use hashbrown::HashMap;
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

/// Larger files are data, not documents.
const LARGEST: usize = 1 << 20;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    let bundle = plugin.of_kind(DocumentKind::Bundle).next().is_some();
    if bundle || plugin.manifest().is_none() {
        return;
    }
    let mut readers: Option<Vec<Arc<YamlReader>>> = None;
    let mut spoken_of: HashMap<&str, bool> = HashMap::new();
    for path in package_files::yaml(plugin) {
        let hidden = path.starts_with('.') || path.contains("/.");
        let elsewhere = ["_assets/", "tests/", "test/"]
            .iter()
            .any(|folder| path.starts_with(folder));
        if hidden || elsewhere || path.ends_with("_position.yaml") || plugin.parsed(path).is_some()
        {
            continue;
        }
        let looks = cx.fact_of_file(path, |content| Looks::of(&content));
        let Some((noun, places)) = looks.and_then(|looks| looks.0) else {
            continue;
        };
        let readers = readers.get_or_insert_with(|| yaml_readers(plugin, cx));
        let folder = crate::source::parent(path)
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let read = || {
            !folder.is_empty()
                && readers
                    .iter()
                    .any(|it| it.0.as_ref().is_some_and(|it| it.contains(folder)))
        };
        if *spoken_of.entry(folder).or_insert_with(read) {
            continue;
        }
        let message = format!("nothing names this file, which looks like {noun}");
        cx.report(
            Draft::file(path, message)
                .note("neither the daemon nor the SDK reads it; it only makes the package larger")
                .help(format!(
                    "list it in {}, remove it, or ignore it",
                    one_of(places)
                )),
        );
    }
}

/// The Python sources that read YAML themselves: what lies in a folder that they speak of is theirs.
fn yaml_readers(plugin: &Plugin, cx: &Context<'_>) -> Vec<Arc<YamlReader>> {
    let files = plugin.packed.walk(plugin.files.as_ref()).files.iter();
    let mut total = 0;
    files
        .filter(|path| path.ends_with(".py"))
        .take_while(|path| {
            total += plugin.files.size(path).unwrap_or(0);
            total <= 16 * LARGEST as u64
        })
        .filter_map(|path| cx.fact_of_file(path, |content| YamlReader::of(&content)))
        .filter(|it| it.0.is_some())
        .collect()
}

/// The text of a source that speaks of YAML.
struct YamlReader(Option<Arc<str>>);

impl YamlReader {
    fn of(content: &Content) -> Self {
        let speaks = memchr::memmem::find(content, b"yaml").is_some();
        Self(speaks.then(|| content.lossy()))
    }
}

/// What a file looks like; nothing where it is no document.
struct Looks(Option<(&'static str, &'static [&'static str])>);

impl Looks {
    fn of(content: &Content) -> Self {
        let small = content.len() <= LARGEST;
        let tree = small.then(|| Tree::of(&content.lossy()));
        Self(tree.and_then(|tree| looks_like(&tree)))
    }
}

/// What a document is by its keys, and where its kind is listed.
fn looks_like(tree: &Tree) -> Option<(&'static str, &'static [&'static str])> {
    let root = tree.root().filter(|root| tree.is_mapping(*root))?;
    let has = |key| tree.get(root, key).is_some();
    if has("model") && has("model_type") {
        Some(("a model", &["models.<kind>.predefined"]))
    } else if has("identity") && has("credentials_for_provider") {
        Some(("a tool provider", &["plugins.tools"]))
    } else if has("identity") && (has("parameters") || has("description") || has("extra")) {
        Some(("a tool or an event", &["tools", "events"]))
    } else if has("path") && has("method") {
        Some(("an endpoint", &["endpoints"]))
    } else if has("provider") && has("supported_model_types") {
        Some(("a model provider", &["plugins.models"]))
    } else {
        None
    }
}
