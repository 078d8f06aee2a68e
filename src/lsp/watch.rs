//! Files that the client watches for us.

use serde_json::{Value, json};

/// What changes the findings of a plugin when it changes on the disk. The folder `_assets` holds
/// pictures of any kind.
const WATCHED: [&str; 7] = [
    "**/*.{yaml,yml}",
    "**/*.py",
    "**/_assets/**",
    "**/*.md",
    "**/{requirements.txt,pyproject.toml}",
    "**/{.difyignore,.gitignore}",
    "**/{difylint.toml,.difylint.toml}",
];

/// The parameters of `client/registerCapability`.
pub fn registration() -> Value {
    let watchers: Vec<Value> = WATCHED
        .iter()
        .map(|pattern| json!({"globPattern": pattern}))
        .collect();
    json!({"registrations": [{
        "id": "difylint.watch",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    }]})
}
