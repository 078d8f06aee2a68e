//! The extension for Visual Studio Code: that it agrees with the crate and with its own page, and
//! its own tests, where its packages are installed (`npm ci` in editors/vscode).

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn extension() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode")
}

fn read(file: &str) -> String {
    fs::read_to_string(extension().join(file)).unwrap()
}

fn package() -> Value {
    serde_json::from_str(&read("package.json")).unwrap()
}

#[test]
fn the_extension_has_the_version_of_the_crate() {
    assert_eq!(package()["version"], env!("CARGO_PKG_VERSION"));
    let changelog = read("CHANGELOG.md");
    let heading = format!("\n## {}\n", env!("CARGO_PKG_VERSION"));
    assert!(changelog.contains(&heading), "{changelog}");
}

#[test]
fn its_page_lists_every_command_and_setting() {
    let (package, page) = (package(), read("README.md"));
    let commands = package["contributes"]["commands"].as_array().unwrap();
    assert!(!commands.is_empty());
    for command in commands {
        let title = command["title"].as_str().unwrap();
        assert!(page.contains(&format!("| difylint: {title} |")), "{title}");
    }
    let settings = &package["contributes"]["configuration"]["properties"];
    for setting in settings.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{setting}` |")), "{setting}");
    }
}

#[test]
fn the_lock_names_packages_and_not_where_they_were_fetched() {
    let lock: Value = serde_json::from_str(&read("package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        assert!(package.get("resolved").is_none(), "{name}");
        assert!(package.get("integrity").is_some(), "{name}");
    }
}

#[test]
fn its_own_tests() {
    if !extension().join("node_modules").is_dir() {
        println!("skipped: run `npm ci` in editors/vscode first");
        return;
    }
    let output = Command::new("npm")
        .args(["test", "--silent"])
        .current_dir(extension())
        .env("DIFYLINT", env!("CARGO_BIN_EXE_difylint"))
        .output()
        .expect("npm runs where its packages are installed");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
