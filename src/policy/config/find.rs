use super::parse::{Parsed, parse};
use super::{ConfigError, Layer, Mistake};
use crate::policy::paths::{clean, relative};
use crate::policy::said::{ConfigText, Said};
use crate::policy::settings::Settings;
use crate::source::{EntryKind, Files, Folder, ReadError, held};
use hashbrown::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The names of configuration files, the stronger first.
pub const FILE_NAMES: [&str; 3] = ["difylint.toml", ".difylint.toml", PYPROJECT];

const PYPROJECT: &str = "pyproject.toml";

/// More files in a row are a circle that is not seen as one, or a joke.
const MOST_EXTENDED: usize = 32;

/// Where configurations come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// The nearest file upwards from the plugin.
    Nearest,
    /// This file for every plugin.
    File(PathBuf),
    /// None.
    Isolated,
}

/// Finds the settings of plugins. It reads each file once, when it is first needed; several threads
/// may ask.
pub struct Resolver {
    /// The working directory, absolute.
    here: PathBuf,
    search: Search,
    command_line: Layer,
    files: Mutex<HashMap<PathBuf, Chain>>,
    nearest: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
    /// Texts that count instead of what the disk holds.
    texts: HashMap<PathBuf, Arc<str>>,
}

/// A file with those that it extends, the farthest first; `None`: it is no configuration.
type Chain = Result<Option<Arc<[Layer]>>, ConfigError>;

impl Resolver {
    /// A resolver with what was said on the command line, or in the editor's settings.
    pub fn new(here: &Path, search: Search, command_line: Layer) -> Self {
        Self {
            here: clean(here),
            search,
            command_line,
            files: Mutex::default(),
            nearest: Mutex::default(),
            texts: HashMap::new(),
        }
    }

    /// Takes a text for what stands in a file: that of an editor's buffer. To be said before any
    /// settings are asked for.
    pub fn lay_over(&mut self, path: &Path, text: Arc<str>) {
        self.texts.insert(clean(path), text);
    }

    /// The settings for the plugin at this root, a folder or a package; relative roots are taken
    /// from the working directory.
    ///
    /// # Errors
    /// When the configuration that applies has mistakes.
    pub fn settings(&self, root: &Path) -> Result<Settings, ConfigError> {
        let root = clean(&self.here.join(root));
        let chain = match self.search.clone() {
            Search::Isolated => None,
            Search::File(file) => {
                let file = clean(&self.here.join(file));
                let chain = self.chain(&file)?;
                if chain.is_none() {
                    return Err(ConfigError::without_place(
                        format!("`{}` has no table `[tool.difylint]`", self.shown(&file)),
                        "add the table, or name a `difylint.toml`",
                    ));
                }
                chain
            }
            Search::Nearest => match self.nearest(&root)? {
                Some(file) => self.chain(&file)?,
                None => None,
            },
        };
        let files = chain.as_deref().unwrap_or_default();
        Ok(Settings::merge(&root, files, &self.command_line))
    }

    /// The nearest configuration file at or above a folder. The search ends at the root of a
    /// repository.
    fn nearest(&self, folder: &Path) -> Result<Option<PathBuf>, ConfigError> {
        let mut passed = Vec::new();
        let mut found = None;
        for folder in folder.ancestors() {
            if let Some(known) = held(&self.nearest).get(folder) {
                found.clone_from(known);
                break;
            }
            passed.push(folder.to_path_buf());
            let files = Folder::new(folder);
            for name in FILE_NAMES {
                let file = folder.join(name);
                if (files.kind(name).is_some_and(EntryKind::is_file)
                    || self.texts.contains_key(&file))
                    && (name != PYPROJECT || self.chain(&file)?.is_some())
                {
                    found = Some(file);
                    break;
                }
            }
            if found.is_some() || files.kind(".git").is_some() {
                break;
            }
        }
        let mut known = held(&self.nearest);
        known.extend(passed.into_iter().map(|folder| (folder, found.clone())));
        Ok(found)
    }

    fn chain(&self, file: &Path) -> Chain {
        if let Some(known) = held(&self.files).get(file) {
            return known.clone();
        }
        let chain = self.read_chain(file);
        let mut known = held(&self.files);
        // the first that was read stays, so that all see the same
        known.entry(file.to_path_buf()).or_insert(chain).clone()
    }

    fn read_chain(&self, file: &Path) -> Chain {
        let mut layers: Vec<Layer> = Vec::new();
        let mut paths = vec![file.to_path_buf()];
        let text = self.read(file).map_err(|error| {
            ConfigError::without_place(
                format!(
                    "cannot read the configuration `{}`: {error}",
                    self.shown(file)
                ),
                "paths are taken from the working directory",
            )
        })?;
        let mut next = parsed(&text)?;
        while let Some(Parsed { layer, extend }) = next {
            layers.push(layer);
            let Some(extend) = extend else { break };
            let folder = paths
                .last()
                .and_then(|it| it.parent())
                .unwrap_or(Path::new("/"));
            let path = clean(&folder.join(&extend.value));
            if paths.contains(&path) || paths.len() >= MOST_EXTENDED {
                return Err(at(
                    &extend,
                    self.circle(&paths, &path),
                    "take one `extend` out",
                ));
            }
            let text = self.read(&path).map_err(|error| {
                let message = format!("cannot extend `{}`: {error}", extend.value);
                at(
                    &extend,
                    message,
                    "the path is relative to the folder of this file",
                )
            })?;
            paths.push(path);
            next = parsed(&text)?;
            if next.is_none() {
                let message = format!("`{}` has no table `[tool.difylint]`", extend.value);
                return Err(at(
                    &extend,
                    message,
                    "add the table, or extend a `difylint.toml`",
                ));
            }
        }
        layers.reverse();
        Ok((!layers.is_empty()).then(|| layers.into()))
    }

    fn circle(&self, paths: &[PathBuf], again: &Path) -> String {
        let ways = paths.iter().map(PathBuf::as_path).chain([again]);
        let names: Vec<String> = ways.map(|path| format!("`{}`", self.shown(path))).collect();
        if paths.len() >= MOST_EXTENDED {
            return format!("more than {MOST_EXTENDED} files extend one another");
        }
        format!(
            "the files extend one another in a circle: {}",
            names.join(" -> ")
        )
    }

    fn read(&self, path: &Path) -> Result<Arc<ConfigText>, String> {
        let text = match self.texts.get(path) {
            Some(text) => text.to_string(),
            None => on_disk(path)?,
        };
        Ok(Arc::new(ConfigText {
            path: path.to_path_buf(),
            shown: self.shown(path),
            // an editor's mark is no part of the text
            text: text
                .strip_prefix('\u{feff}')
                .map_or(text.clone(), str::to_owned),
        }))
    }

    /// A path as people reach it from the working directory.
    fn shown(&self, path: &Path) -> String {
        match relative(&self.here, path) {
            Some(way) if !way.starts_with("../../..") => way,
            _ => path.to_string_lossy().replace('\\', "/"),
        }
    }
}

impl Settings {
    /// The settings that a text makes for a plugin in its folder: of an editor's buffer, or of an
    /// example. What it extends is not read.
    ///
    /// # Errors
    /// When it has mistakes.
    pub fn of_text(path: &Path, text: String) -> Result<Self, ConfigError> {
        let file = Arc::new(ConfigText {
            path: clean(path),
            shown: path.to_string_lossy().into_owned(),
            text,
        });
        let layer = parsed(&file)?.map(|parsed| parsed.layer);
        Ok(Self::merge(
            file.folder(),
            layer.as_slice(),
            &Layer::default(),
        ))
    }
}

fn parsed(text: &Arc<ConfigText>) -> Result<Option<Parsed>, ConfigError> {
    let in_pyproject = text.path.file_name().is_some_and(|name| name == PYPROJECT);
    // a broken project file is another rule's affair, unless it speaks to us
    if in_pyproject && !text.text.contains("difylint") {
        return Ok(None);
    }
    parse(text, in_pyproject)
}

fn on_disk(path: &Path) -> Result<String, String> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| ReadError::IsFolder.to_string())?;
    let content = Folder::new(folder)
        .read(&name)
        .map_err(|error| error.to_string())?;
    str::from_utf8(&content)
        .map(str::to_owned)
        .map_err(|error| format!("the byte at offset {} is not UTF-8", error.valid_up_to()))
}

fn at(said: &Said<String>, message: String, help: &str) -> ConfigError {
    ConfigError::from(Mistake {
        message,
        help: help.to_owned(),
        place: said.origin.place(),
    })
}
