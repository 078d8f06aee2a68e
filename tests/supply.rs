//! Nothing in the program speaks to a network, neither our code nor a crate.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table(name: &str) -> toml::Table {
    let text = fs::read_to_string(root().join(name)).unwrap();
    text.parse().unwrap()
}

#[test]
fn no_crate_speaks_to_a_network() {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().unwrap().iter();
    let names: Vec<&str> = packages.map(|it| it["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"difylint"), "the lock file is read");
    let deny = table("deny.toml");
    let banned = deny["bans"]["deny"].as_array().unwrap();
    assert!(banned.len() > 20);
    for name in banned.iter().map(|it| it.as_str().unwrap()) {
        assert!(
            !names.contains(&name),
            "{name} speaks to a network: `cargo tree --invert {name}` says who wants it"
        );
    }
}

#[test]
fn our_code_opens_no_socket() {
    fn look(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for word in [
                    "std::net",
                    "os::unix::net",
                    "TcpStream",
                    "UdpSocket",
                    "TcpListener",
                ] {
                    assert!(!text.contains(word), "{}: {word}", path.display());
                }
            }
        }
    }
    look(&root().join("src"));
}
