//! Files that the client watches for us.

use serde_json::{Value, json};

/// Every file may count: pictures, documents, what is packed by mistake.
const WATCHED: &str = "**/*";

/// The parameters of `client/registerCapability`.
pub fn registration() -> Value {
    json!({"registrations": [{
        "id": "difylint.watch",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": [{"globPattern": WATCHED}]},
    }]})
}
