//! As many plugins as are wanted: copies of sound ones, each under a name of its own.

use std::fs;
use std::path::{Path, PathBuf};

/// A sound plugin that copies are made of.
pub struct Template {
    name: String,
    files: Vec<(PathBuf, Vec<u8>)>,
}

/// The plugins in the folders of `corpus`, in order of their names; bundles are left out, because
/// they name the plugins that belong to them.
pub fn templates(corpus: &Path) -> Vec<Template> {
    let mut roots: Vec<PathBuf> = entries(corpus);
    roots.sort();
    roots.iter().filter_map(|root| template(root)).collect()
}

fn template(root: &Path) -> Option<Template> {
    let manifest = fs::read_to_string(root.join("manifest.yaml")).ok()?;
    let value = |key: &str| manifest.lines().find_map(|line| line.strip_prefix(key));
    if value("type: ")? == "bundle" {
        return None;
    }
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let inner = path.strip_prefix(root).unwrap().to_path_buf();
                files.push((inner, fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    let name = value("name: ")?.to_owned();
    Some(Template { name, files })
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Writes so many plugins below a folder, a hundred to a subfolder. The name of the template stands
/// in paths and in texts that refer to them; both change alike.
pub fn write(folder: &Path, templates: &[Template], count: usize) {
    for (number, template) in templates.iter().cycle().take(count).enumerate() {
        let name = format!("{}_{number:05}", template.name);
        let renamed = |text: &str| text.replace(&template.name, &name);
        let root = folder.join(format!("{:03}", number / 100)).join(&name);
        for (inner, bytes) in &template.files {
            let path = root.join(renamed(inner.to_str().unwrap()));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match std::str::from_utf8(bytes) {
                Ok(text) => fs::write(path, renamed(text)).unwrap(),
                Err(_) => fs::write(path, bytes).unwrap(),
            }
        }
    }
}
