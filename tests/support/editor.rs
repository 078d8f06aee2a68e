//! What the tests with real editors share.

pub use crate::support::folders::copy;
use std::path::Path;
use std::process::Command;

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An editor that finds our own difylint first, and nothing of the user's own.
pub fn command(editor: &Path, home: &Path) -> Command {
    let server = Path::new(env!("CARGO_BIN_EXE_difylint"));
    let mut folders = vec![server.parent().unwrap().to_path_buf()];
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new(editor);
    command.env("PATH", std::env::join_paths(folders).unwrap());
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(name, home);
    }
    command
}
