//! Makes the texts in the program small: schemas are read by the program alone and lose their white
//! space; pages of rules and schemas that are only shown are packed together.

#![allow(clippy::print_stdout, reason = "a build script speaks to Cargo so")]

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Map, Value};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Schemas that nothing reads but people and their editors.
const SHOWN: [&str; 3] = ["comparison", "config", "diagnostics"];

fn main() -> Result<(), Box<dyn Error>> {
    for read in ["build.rs", "rules", "schemas"] {
        println!("cargo::rerun-if-changed={read}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut texts = Map::new();
    for category in files("rules")? {
        if category.is_dir() {
            pages(&category, &mut texts)?;
        }
    }
    for name in SHOWN {
        let path = format!("schemas/{name}.schema.json");
        texts.insert(path.clone(), fs::read_to_string(&path)?.into());
    }
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&serde_json::to_vec(&texts)?)?;
    fs::write(out.join("texts.deflate"), packed.finish()?)?;

    for path in files("schemas")? {
        let json = path.extension().is_some_and(|it| it == "json");
        if let Some(name) = path.file_name().filter(|_| json) {
            let value: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
            fs::write(out.join(name), serde_json::to_vec(&value)?)?;
        }
    }
    Ok(())
}

/// Adds the pages of a category, without what they tell programs.
fn pages(category: &Path, texts: &mut Map<String, Value>) -> Result<(), Box<dyn Error>> {
    for path in files(category)? {
        let page = fs::read_to_string(&path)?;
        let body = page.split_once("\n---\n").map_or(&*page, |(_, body)| body);
        let name = path.to_string_lossy().replace('\\', "/");
        texts.insert(name, body.trim_start_matches('\n').into());
    }
    Ok(())
}

/// What stands in a folder, in order of name, so that every build is the same.
fn files(folder: impl AsRef<Path>) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        found.push(entry?.path());
    }
    found.sort();
    Ok(found)
}
