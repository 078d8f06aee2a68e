//! The files of the package by what they are.

use crate::plugin::Plugin;

/// The YAML files that would be packed, in order.
pub fn yaml(plugin: &Plugin) -> impl Iterator<Item = &String> {
    let files = &plugin.packed.walk(plugin.files.as_ref()).files;
    files
        .iter()
        .filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"))
}
