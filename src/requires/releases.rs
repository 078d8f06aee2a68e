//! The releases of Dify, daemon and SDK, as `schemas/releases.json` has them.

use crate::texts::schema;
use pep440_rs::Version;
use serde::Deserialize;
use std::str::FromStr;
use std::sync::OnceLock;

/// All of `schemas/releases.json`.
#[derive(Debug, Default, Deserialize)]
pub struct Releases {
    /// Dify releases, oldest first.
    pub dify: Vec<DifyRelease>,
    /// SDK releases, oldest first.
    #[serde(borrow)]
    pub sdk: Vec<&'static str>,
    /// What runs a plugin, and what the SDK needs.
    pub python: PythonNeeds,
    /// Facts of that key.
    pub minimum_dify_version: MinimumKey,
    /// The floor of a plugin that has no other list of its requirements.
    pub pyproject_alone: FileFeature,
}

/// A Dify release.
#[derive(Debug, Default, Deserialize)]
pub struct DifyRelease {
    /// Its version.
    pub version: &'static str,
    /// The daemon that it brings.
    pub daemon: &'static str,
}

/// Versions of Python.
#[derive(Debug, Default, Deserialize)]
pub struct PythonNeeds {
    /// The one with which the daemon runs every plugin.
    pub runs: &'static str,
    /// The SDK release from which `sdk_needs` holds.
    pub sdk_from: &'static str,
    /// The oldest one for these releases.
    pub sdk_needs: &'static str,
}

/// What is known of `minimum_dify_version`.
#[derive(Debug, Default, Deserialize)]
pub struct MinimumKey {
    /// The first Dify release that reads it.
    pub read_since: &'static str,
}

/// The floor of something that stands in no document.
#[derive(Debug, Default, Deserialize)]
pub struct FileFeature {
    /// In words.
    pub feature: &'static str,
    /// First daemon release.
    pub daemon: &'static str,
    /// First Dify release.
    pub dify: &'static str,
}

/// The table, read on first use.
pub fn releases() -> &'static Releases {
    static RELEASES: OnceLock<Releases> = OnceLock::new();
    RELEASES.get_or_init(|| serde_json::from_str(schema!("releases.json")).unwrap_or_default())
}

/// A version that can be compared; `None` for any other text.
pub fn version(text: &str) -> Option<Version> {
    Version::from_str(text.trim()).ok()
}

/// True if `older` comes before `newer`. A pre-release counts as its release, since features of a
/// release stand in its candidates too; a text that is no version comes before nothing.
pub fn before(older: &str, newer: &str) -> bool {
    match (version(older), version(newer)) {
        (Some(older), Some(newer)) => older.only_release() < newer.only_release(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_read_and_in_order() {
        let table = releases();
        assert_eq!((table.dify.len(), table.sdk.len()), (46, 33));
        assert!(table.sdk.windows(2).all(|pair| before(pair[0], pair[1])));
        assert!(table.dify.iter().all(|it| version(it.daemon).is_some()));
        assert_eq!(table.python.runs, "3.12");
        assert_eq!(table.minimum_dify_version.read_since, "1.3.0");
        assert_eq!(table.pyproject_alone.dify, "1.12.0");
    }

    #[test]
    fn order_of_releases() {
        assert!(before("1.9.2", "1.10.0"));
        assert!(!before("1.10.0-rc1", "1.10.0"));
        assert!(before("1.9.2-rc1", "1.10.0"));
        assert!(before("1.9", "1.10.0"));
        assert!(!before("1.10", "1.10.0"));
        assert!(!before("new", "1.10.0"));
    }
}
