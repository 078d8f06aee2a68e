//! The limits that more than one part of difylint keeps, each said once. `docs/limits.md` lists them
//! with those that one part alone keeps; a test compares the page with the numbers here.

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

/// The most findings of one rule in one file; of more the rest is only counted.
pub const MAX_FINDINGS_OF_FILE: usize = 1_000;

/// The most findings of one rule in one plugin; of more the rest is only counted.
pub const MAX_FINDINGS_OF_RULE: usize = 10 * MAX_FINDINGS_OF_FILE;
