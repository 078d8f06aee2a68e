//! What any checker of the same plugins must do: walk their folders, read the files that cannot be
//! passed over, make a tree of each YAML file and parse each Python file.
//!
//! Which files these are is not guessed: a run of the checker is watched, and the floor reads what
//! that run read, each file once. A floor is a process of its own, started like the checker, with
//! as many threads, which share the plugins out among them as the checker's threads do.

use crate::measure::Task;
use difylint::plugin::discover;
use difylint::policy::Policy;
use difylint::python::Module;
use difylint::source::{Content, Entry, EntryKind, Files, ReadError, SourceFile};
use difylint::yaml::Tree;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The argument that makes this program a floor.
pub const FLAG: &str = "--floor";

/// The floors, each with what the one before does.
pub const STEPS: [&str; 3] = ["read", "yaml", "python"];

/// The plugins below a folder with the files that a checker reads of them.
pub struct Reads {
    /// The list for the floors, as a file.
    list: tempfile::NamedTempFile,
    /// How many plugins there are.
    pub plugins: usize,
    /// How many of their files are read.
    pub files: usize,
    /// How many bytes these have.
    pub bytes: u64,
}

impl Reads {
    /// Watches a run of the checker.
    pub fn of(folder: &Path) -> Self {
        let targets = discover(&[folder.to_path_buf()]).unwrap();
        let (mut text, mut count, mut bytes) = (String::new(), 0, 0);
        for target in &targets {
            let watched = Arc::new(Watched {
                files: target.files.clone(),
                read: Mutex::default(),
            });
            difylint::check(watched.clone(), &target.display, &Policy::default());
            text.push_str(&format!("{}\n", target.display));
            for path in watched.read.lock().unwrap().iter() {
                text.push_str(&format!("\t{path}\n"));
                bytes += target.files.size(path).unwrap_or(0);
                count += 1;
            }
        }
        let list = tempfile::NamedTempFile::new().unwrap();
        fs::write(list.path(), text).unwrap();
        Self {
            list,
            plugins: targets.len(),
            files: count,
            bytes,
        }
    }

    /// A floor as a process with so many threads.
    pub fn task(&self, step: &str, threads: usize) -> Task {
        let this = std::env::current_exe().unwrap();
        let list = self.list.path().to_str().unwrap();
        Task::new(&this, &[FLAG, step, list, &threads.to_string()])
    }
}

/// Files that remember which of them were read.
struct Watched {
    files: Arc<dyn Files>,
    read: Mutex<BTreeSet<String>>,
}

impl Files for Watched {
    fn read(&self, path: &str) -> Result<Content, ReadError> {
        let bytes = self.files.read(path)?;
        self.read.lock().unwrap().insert(path.to_owned());
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.files.kind(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.files.size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.files.list(folder)
    }
}

/// Is a floor: this process does that much and ends.
pub fn run(step: &str, list: &Path, threads: usize) {
    let step = STEPS.iter().position(|it| *it == step).unwrap();
    let list = fs::read_to_string(list).unwrap();
    let mut plugins: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in list.lines() {
        match line.strip_prefix('\t') {
            Some(file) => plugins.last_mut().unwrap().1.push(file),
            None => plugins.push((line, Vec::new())),
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let one = |(root, files): &(&str, Vec<&str>)| plugin(step, Path::new(root), files);
    pool.build()
        .unwrap()
        .install(|| plugins.par_iter().for_each(one));
}

/// What is read of a plugin is kept until the plugin is done, as every checker must that compares
/// files with each other.
fn plugin(step: usize, root: &Path, files: &[&str]) {
    black_box(walk(root));
    let read = |path: &&str| SourceFile::new(path, fs::read(root.join(path)).unwrap());
    let files: Vec<SourceFile> = files.iter().map(read).collect();
    let of_type = |endings: &'static [&str]| {
        let fits = move |file: &&SourceFile| endings.iter().any(|it| file.path().ends_with(it));
        files.iter().filter(fits)
    };
    let (mut trees, mut modules) = (Vec::new(), Vec::new());
    if step >= 1 {
        trees.extend(of_type(&[".yaml", ".yml"]).map(|file| Tree::parse(file.text())));
    }
    if step >= 2 {
        modules.extend(of_type(&[".py"]).map(Module::new));
    }
    black_box((&files, &trees, &modules));
}

/// All files below a folder.
fn walk(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => files.push(entry.path()),
            }
        }
    }
    files
}
