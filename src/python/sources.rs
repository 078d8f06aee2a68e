use super::base::Base;
use super::closure::Closure;
use super::found::{Found, found};
use super::imports::{self, Place};
use super::locate::{LocateError, clean, module_name};
use super::module::Module;
use super::run::{Failure, Run};
use super::standard;
use crate::source::{EntryKind, Files, ReadError, SourceFile, parent};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Values by path, each made on first use.
type Cells<T> = Mutex<HashMap<Box<str>, Arc<OnceLock<T>>>>;
type Parsed = Arc<OnceLock<Result<Arc<Module>, ReadError>>>;

/// The Python sources of one plugin. Each is read and parsed once, when it is first asked for; may
/// be asked from several threads.
pub struct Sources<'f> {
    files: &'f dyn Files,
    modules: Mutex<HashMap<Box<str>, Parsed>>,
    /// What was parsed before, and what is parsed now, if that is to be remembered.
    remembered: Option<(Modules, Mutex<Modules>)>,
    declared: OnceLock<String>,
    runs: Cells<Imported>,
    closures: Cells<Arc<Closure>>,
}

/// Sources that were parsed, with their texts.
#[derive(Default)]
pub struct Modules(HashMap<Box<str>, (SourceFile, Arc<Module>)>);

/// What importing one source comes to.
struct Imported {
    classes: Result<HashMap<Base, Vec<Found>>, Failure>,
    cut: bool,
}

/// A file at the plugin root that hides a module the SDK needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// The file.
    pub path: String,
    /// The module that it hides.
    pub module: &'static str,
}

impl<'f> Sources<'f> {
    /// The sources among these files.
    pub fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            modules: Mutex::default(),
            remembered: None,
            declared: OnceLock::new(),
            runs: Mutex::default(),
            closures: Mutex::default(),
        }
    }

    /// The sources among these files, some of which were parsed before.
    pub fn again(files: &'f dyn Files, before: Modules) -> Self {
        Self {
            remembered: Some((before, Mutex::default())),
            ..Self::new(files)
        }
    }

    /// What was parsed, for the next time.
    pub fn into_modules(self) -> Modules {
        let now = self.remembered.map(|(_, now)| now).unwrap_or_default();
        now.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn files(&self) -> &dyn Files {
        self.files
    }

    /// True if the source only declares, so that nothing follows from what it lacks.
    pub(super) fn is_stub(&self, path: &str) -> bool {
        self.module(path).is_ok_and(|module| module.is_stub())
    }

    /// The facts of one source.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn module(&self, path: &str) -> Result<Arc<Module>, ReadError> {
        let parsed = {
            let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
            match modules.get(path) {
                Some(parsed) => parsed.clone(),
                None => modules.entry(path.into()).or_default().clone(),
            }
        };
        parsed
            .get_or_init(|| {
                let bytes = self.files.read(path)?;
                Ok(self.parse(path, bytes))
            })
            .clone()
    }

    fn parse(&self, path: &str, bytes: Vec<u8>) -> Arc<Module> {
        let parse = |file: &SourceFile| Arc::new(Module::new(file));
        let Some((before, now)) = &self.remembered else {
            return parse(&SourceFile::new(path, bytes));
        };
        let known = before
            .0
            .get(path)
            .filter(|(file, _)| file.is_made_of(&bytes));
        let (file, module) = known.cloned().unwrap_or_else(|| {
            let file = SourceFile::new(path, bytes);
            let module = parse(&file);
            (file, module)
        });
        let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
        now.0.insert(path.into(), (file, module.clone()));
        module
    }

    /// The file that the SDK (0.8.0 and later) loads for a value of `extra.python.source`.
    ///
    /// The suffix of the value does not matter; every dot that is left separates modules.
    ///
    /// # Errors
    /// When the SDK refuses, or would execute something that is not the plugin's.
    pub fn locate(&self, source: &str) -> Result<String, LocateError> {
        let name = module_name(source)?;
        let dotted = name.matches('.').count() > clean(source).matches('/').count();
        let mut parts = name.split('.');
        let mut module = parts.next().unwrap_or_default().to_owned();
        let mut place = imports::top(self.files(), &module);
        let rest: Vec<&str> = parts.collect();
        for (index, leaf) in rest.iter().enumerate() {
            match &place {
                Place::Module(_) => return Err(LocateError::NotPackage { module }),
                Place::Missing | Place::Elsewhere if standard::is_sdk_dependency(&module) => {
                    return Err(LocateError::Installed { module });
                }
                Place::Missing | Place::Elsewhere => {
                    return Err(LocateError::MissingPackage { module, dotted });
                }
                Place::Standard | Place::Sdk => {
                    return Err(LocateError::Installed { module });
                }
                _ => {}
            }
            let child = imports::child(self.files(), &place, &module, leaf);
            module = format!("{module}.{leaf}");
            if child == Place::Missing && index + 1 < rest.len() {
                return Err(LocateError::MissingPackage { module, dotted });
            }
            place = child;
        }
        match place {
            Place::Module(path) | Place::Package(path) => Ok(path),
            Place::Compiled(path) => Err(LocateError::Compiled { path }),
            Place::Standard | Place::Sdk => Err(LocateError::Installed { module }),
            Place::Elsewhere if standard::is_sdk_dependency(&module) => {
                Err(LocateError::Installed { module })
            }
            Place::Namespace => Err(LocateError::NotPython {
                path: clean(source),
            }),
            Place::NotPackage => Err(LocateError::NotPackage { module }),
            Place::Elsewhere | Place::Missing => self.by_path(&clean(source)),
        }
    }

    /// What the SDK does when Python finds no module of the name: it opens the path as it stands.
    fn by_path(&self, path: &str) -> Result<String, LocateError> {
        let path = path.to_owned();
        match self.files.kind(&path) {
            Some(kind) if kind.is_file() && path.ends_with(".py") => Ok(path),
            Some(_) => Err(LocateError::NotPython { path }),
            // without a suffix of Python there is not even an attempt to open it
            None => Err(LocateError::Missing { path }),
        }
    }

    /// The global names of a source that stand for strict subclasses of `base`: what the SDK counts.
    ///
    /// # Errors
    /// When importing the source fails.
    pub fn subclasses(&self, path: &str, base: Base) -> Result<Vec<Found>, Failure> {
        let imported = self.imported(path);
        match &imported.get_or_init(|| self.run(path)).classes {
            Ok(classes) => Ok(classes.get(&base).cloned().unwrap_or_default()),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// True if nothing may be concluded from a class that [`Self::subclasses`] does not find: some
    /// source on the way could not be looked at.
    pub fn is_cut(&self, path: &str) -> bool {
        self.imported(path).get_or_init(|| self.run(path)).cut
    }

    fn imported(&self, path: &str) -> Arc<OnceLock<Imported>> {
        once(&self.runs, path)
    }

    fn run(&self, path: &str) -> Imported {
        let name = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        let mut run = Run::new(self);
        let globals = run.source(&name, path);
        let classes = globals.map(|globals| {
            let globals = globals.borrow();
            let mut classes: HashMap<Base, Vec<Found>> = HashMap::new();
            for (name, binding) in globals.bindings() {
                for (base, class) in found(&run, name, binding) {
                    classes.entry(base).or_default().push(class);
                }
            }
            classes
        });
        Imported {
            classes,
            cut: run.cut,
        }
    }

    /// A source and everything of the plugin that it imports, directly or not, each once.
    pub fn closure(&self, path: &str) -> Arc<Closure> {
        once(&self.closures, path)
            .get_or_init(|| Arc::new(Closure::follow(self, path)))
            .clone()
    }

    /// Files and packages at the plugin root that hide a module without which the SDK itself cannot
    /// be imported. Only names are listed for which that was measured.
    pub fn shadows(&self) -> Vec<Shadow> {
        let kind = |path: &str| self.files.kind(path);
        ["email", "json", "requests", "string", "types", "yaml"]
            .into_iter()
            .filter_map(|module| {
                [format!("{module}/__init__.py"), format!("{module}.py")]
                    .into_iter()
                    .find(|path| kind(path).is_some_and(EntryKind::is_file))
                    .map(|path| Shadow { path, module })
            })
            .collect()
    }

    /// A module of this name elsewhere in the plugin, if that is what an import of a name that is
    /// neither at the root nor installed must mean.
    pub(super) fn misplaced(&self, name: &str, importer: &str) -> Option<String> {
        let folder = parent(importer);
        if folder.is_empty() || self.is_declared(name) {
            return None;
        }
        let file = format!("{folder}/{name}.py");
        let package = format!("{folder}/{name}/__init__.py");
        let found = [file, package]
            .into_iter()
            .find(|path| self.files.kind(path).is_some_and(EntryKind::is_file))?;
        // `tools/openai.py` with `import openai` means the installed package
        (found != importer && !standard::is_sdk_dependency(name)).then_some(found)
    }

    /// True if a distribution of about this name is among the requirements.
    fn is_declared(&self, name: &str) -> bool {
        let declared = self.declared.get_or_init(|| {
            let mut all = String::new();
            for path in ["requirements.txt", "pyproject.toml"] {
                if let Ok(bytes) = self.files.read(path) {
                    all.push_str(&normal(&String::from_utf8_lossy(&bytes)));
                }
            }
            all
        });
        declared.contains(&normal(name))
    }

    /// True for names that only ever are folders of a plugin.
    pub(super) fn is_plugin_folder_name(&self, name: &str) -> bool {
        matches!(
            name,
            "tools"
                | "tool"
                | "provider"
                | "providers"
                | "models"
                | "endpoints"
                | "strategies"
                | "datasources"
                | "events"
                | "triggers"
                | "utils"
                | "_assets"
        ) && !self.is_declared(name)
    }
}

/// The cell of a key, made on first use.
fn once<T>(cells: &Cells<T>, key: &str) -> Arc<OnceLock<T>> {
    let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
    match cells.get(key) {
        Some(cell) => cell.clone(),
        None => cells.entry(key.into()).or_default().clone(),
    }
}

fn normal(text: &str) -> String {
    text.to_ascii_lowercase().replace(['-', '.'], "_")
}
