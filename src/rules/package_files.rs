//! The files of the package by what they are.

use crate::plugin::Plugin;

/// The one of these endings, each with its dot, that a path has in upper or lower case.
pub fn ending(path: &str, endings: &[&'static str]) -> Option<&'static str> {
    let own = path.rfind('.').and_then(|at| path.get(at..))?;
    let mut endings = endings.iter();
    endings.find(|it| it.eq_ignore_ascii_case(own)).copied()
}

/// The YAML files that would be packed, in order.
pub fn yaml(plugin: &Plugin) -> impl Iterator<Item = &String> {
    let files = &plugin.packed.walk(plugin.files.as_ref()).files;
    files
        .iter()
        .filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"))
}
