//! What `cargo run -p xtask -- generate` writes is committed as it would be written now.
//! With `UPDATE=1` this test writes it.

#[path = "../xtask/src/generate.rs"]
mod generate;

use std::fs;
use std::path::Path;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        generate::write_all(root).unwrap_or_else(|problem| panic!("{problem}"));
    }
    let stale = |(name, content): &(&'static str, String)| {
        let old = fs::read_to_string(root.join(name)).unwrap_or_default();
        old.replace("\r\n", "\n") != *content
    };
    let files = generate::all(root).unwrap_or_else(|problem| panic!("{problem}"));
    let stale: Vec<&str> = files
        .iter()
        .filter(|file| stale(file))
        .map(|file| file.0)
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run `cargo run -p xtask -- generate`"
    );
}
