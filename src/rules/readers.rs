//! Who reads a file, over all roles that it has.

use crate::plugin::{Parsed, Plugin};

/// The readers of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// The daemon decodes it.
    pub daemon: bool,
    /// The SDK loads it.
    pub sdk: bool,
}

/// The readers of a file, over all its roles.
pub fn of(plugin: &Plugin, file: &Parsed) -> Readers {
    let roles = plugin
        .documents
        .iter()
        .filter(|it| std::ptr::eq(std::sync::Arc::as_ptr(&it.parsed), file));
    roles.fold(Readers::default(), |readers, it| Readers {
        daemon: readers.daemon || it.daemon,
        sdk: readers.sdk || it.sdk,
    })
}
