//! Who reads a file, over all roles that it has.

use crate::plugin::Plugin;
use hashbrown::HashMap;
use std::sync::Arc;

/// The readers of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// The daemon decodes it.
    pub daemon: bool,
    /// The SDK loads it.
    pub sdk: bool,
}

/// The readers of every file that a document stands in, by its path.
pub fn all(plugin: &Plugin) -> HashMap<Arc<str>, Readers> {
    let mut all: HashMap<Arc<str>, Readers> = HashMap::new();
    for document in &plugin.documents {
        let readers = all.entry(document.path().clone()).or_default();
        readers.daemon |= document.daemon;
        readers.sdk |= document.sdk;
    }
    all
}
