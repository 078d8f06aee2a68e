//! What a bundle carries.

use super::{Node, Plugin};
use crate::dialect::io_fs;
use crate::format::DocumentKind;
use crate::source::join;

/// A dependency of a bundle that is carried along as a package.
#[derive(Clone, Copy)]
pub struct Carried<'p> {
    /// The node with its path below `_assets`.
    pub node: Node<'p>,
    /// The path as it is written.
    pub written: &'p str,
}

impl Carried<'_> {
    /// Where the package lies in the bundle.
    pub fn path(&self) -> String {
        join("_assets", self.written)
    }

    /// True if it is there. The daemon looks the path up letter by letter, so `..` leads nowhere.
    pub fn is_in(&self, plugin: &Plugin) -> bool {
        io_fs::valid_path(self.written) && plugin.has_file(&self.path())
    }
}

/// The packages that a bundle names, in order; empty for a plugin.
pub fn carried(plugin: &Plugin) -> Vec<Carried<'_>> {
    let bundle = plugin.of_kind(DocumentKind::Bundle).find_map(Node::root);
    let list = bundle.and_then(|bundle| bundle.get("dependencies"));
    let items = list.map_or_else(Vec::new, Node::items).into_iter();
    let packages = items.filter(|item| item.text_at("type") == Some("package"));
    packages
        .filter_map(|item| {
            let node = item.at(&["value", "path"])?;
            let written = node.text().filter(|text| !text.is_empty())?;
            Some(Carried { node, written })
        })
        .collect()
}
