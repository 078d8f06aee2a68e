//! Files in `_assets` that nothing in the plugin mentions.

use crate::plugin::Plugin;
use crate::rules::documents::manifest;
use crate::rules::{Context, Draft, On};
use hashbrown::HashSet;
use memchr::memmem::Finder;

pub const CHECK: On = On::Plugin(check);

/// Files that may mention an asset.
const MENTIONING: [&str; 10] = [
    "yaml", "yml", "py", "md", "html", "json", "svg", "css", "js", "txt",
];
/// A larger text is data.
const LARGEST: u64 = 1024 * 1024;

fn check(plugin: &Plugin, cx: &mut Context<'_>) {
    if manifest(plugin).is_none() {
        return;
    }
    let walk = plugin.packed.walk(plugin.files.as_ref());
    let mut unseen: Vec<(&str, &str)> = walk
        .files
        .iter()
        .filter(|path| path.starts_with("_assets/"))
        .filter_map(|path| Some((path.as_str(), path.rsplit('/').next()?)))
        .filter(|(_, name)| !name.starts_with('.'))
        .collect();
    let assets: HashSet<&str> = unseen.iter().map(|(_, name)| *name).collect();
    let assets: Vec<Asset<'_>> = assets.into_iter().map(Asset::new).collect();
    // nearly all assets are icons, which these name
    let icons_first = |path: &&String| !(*path == "manifest.yaml" || path.starts_with("provider/"));
    let mut files: Vec<&String> = walk.files.iter().collect();
    files.sort_by_key(icons_first);
    for path in files {
        if unseen.is_empty() {
            return;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let mut known = MENTIONING.iter();
        if !known.any(|known| ending.eq_ignore_ascii_case(known)) {
            continue;
        }
        let found = cx.fact_of_small_file(path, LARGEST, |bytes| Mentioned::of(&bytes, &assets));
        if let Some(found) = found {
            unseen.retain(|(asset, name)| *asset == path.as_str() || !found.0.contains(*name));
        }
    }
    for (path, name) in unseen {
        let size = plugin.files.size(path).unwrap_or(0).div_ceil(1024);
        cx.report(
            Draft::file(path, format!("nothing in the plugin mentions `{name}`"))
                .note(format!(
                    "it is packed and uploaded with the plugin, {size} KiB"
                ))
                .help("delete it, or keep it out of the package with a line in .difyignore"),
        );
    }
}

/// The names of assets that a file mentions.
struct Mentioned(HashSet<Box<str>>);

impl Mentioned {
    fn of(text: &[u8], assets: &[Asset<'_>]) -> Self {
        let mentioned = assets.iter().filter(|asset| asset.is_in(text));
        Self(mentioned.map(|asset| asset.name.into()).collect())
    }
}

/// The name of an asset, which every text is searched for.
struct Asset<'p> {
    name: &'p str,
    plain: Finder<'p>,
    /// With blanks as in an address.
    escaped: Option<Finder<'static>>,
}

impl<'p> Asset<'p> {
    fn new(name: &'p str) -> Self {
        let escaped = || Finder::new(&name.replace(' ', "%20")).into_owned();
        Self {
            name,
            plain: Finder::new(name),
            escaped: name.contains(' ').then(escaped),
        }
    }

    fn is_in(&self, text: &[u8]) -> bool {
        let found = |finder: &Finder<'_>| finder.find(text).is_some();
        found(&self.plain) || self.escaped.as_ref().is_some_and(found)
    }
}
