//! Every limit on files and archives, each said once.

use super::MAX_FILE_BYTES;

/// The largest package that the daemon takes by default, as a file and again when it is unpacked;
/// also the most bytes that the packager puts into one. `MAX_PLUGIN_PACKAGE_SIZE`, `--max-size`.
pub const PACKAGE_BYTES: u64 = 50 * 1024 * 1024;

/// The largest bundle that the daemon takes by default, as a file. `MAX_BUNDLE_PACKAGE_SIZE`.
pub const BUNDLE_BYTES: u64 = 12 * PACKAGE_BYTES;

/// The most files that the Marketplace takes in a package.
pub const MARKETPLACE_FILES: usize = 5_000;

/// The most entries of an archive that are looked at.
pub const MAX_ENTRIES: usize = 100_000;

/// The most bytes of an archive's directory that are looked at.
pub const MAX_DIRECTORY_BYTES: u64 = 16 * 1024 * 1024;

/// The longest name of an entry, in bytes; Linux makes no file with a longer path.
pub const MAX_NAME_BYTES: usize = 4_096;

/// The deepest folder inside an archive that is looked at.
pub const MAX_NAME_DEPTH: usize = 64;

/// The most bytes that are unpacked for the rules to read, of an archive that is larger than the
/// daemon takes; others may be read as often as it needs.
pub const MAX_UNPACKED_BYTES: u64 = 10 * PACKAGE_BYTES;

/// The most bytes of packages inside one bundle that are unpacked into memory.
pub const MAX_NESTED_BYTES: u64 = 2 * PACKAGE_BYTES;

/// The most packages that are looked at in one bundle, with those in bundles inside it.
pub const MAX_CARRIED: usize = 64;

/// How deep bundles inside bundles are followed.
pub const MAX_NESTING: usize = 3;

/// A limit, for a page that lists them all.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited.
    pub what: &'static str,
    /// The most that is taken.
    pub most: u64,
    /// What is counted.
    pub unit: &'static str,
    /// Who takes no more: a reader of the plugin, or difylint itself.
    pub whose: &'static str,
}

/// Every limit on files and archives.
pub const LIMITS: [Limit; 11] = [
    limit("a package, packed", PACKAGE_BYTES, "bytes", "daemon"),
    limit(
        "a package, unpacked",
        PACKAGE_BYTES,
        "bytes",
        "packager, daemon, Marketplace",
    ),
    limit("a bundle, packed", BUNDLE_BYTES, "bytes", "daemon"),
    limit(
        "files in a package",
        MARKETPLACE_FILES as u64,
        "files",
        "Marketplace",
    ),
    limit("a file", MAX_FILE_BYTES, "bytes", "difylint"),
    limit(
        "entries of an archive",
        MAX_ENTRIES as u64,
        "entries",
        "difylint",
    ),
    limit(
        "the directory of an archive",
        MAX_DIRECTORY_BYTES,
        "bytes",
        "difylint",
    ),
    limit(
        "folders around an entry of an archive",
        MAX_NAME_DEPTH as u64,
        "folders",
        "difylint",
    ),
    limit(
        "what is read of an archive that is too large, unpacked",
        MAX_UNPACKED_BYTES,
        "bytes",
        "difylint",
    ),
    limit(
        "packages in a bundle",
        MAX_CARRIED as u64,
        "packages",
        "difylint",
    ),
    limit(
        "packages in a bundle, unpacked",
        MAX_NESTED_BYTES,
        "bytes",
        "difylint",
    ),
];

const fn limit(what: &'static str, most: u64, unit: &'static str, whose: &'static str) -> Limit {
    Limit {
        what,
        most,
        unit,
        whose,
    }
}
