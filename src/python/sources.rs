use super::base::Base;
use super::closure::Closure;
use super::found::{Found, found};
use super::imports::{self, Place, prefixes};
use super::known::{Cells, Known, Located, Made};
use super::locate::{LocateError, clean, module_name};
use super::module::Module;
use super::run::{Failure, Run};
use super::standard;
use crate::requirements::FILES;
use crate::source::{Changes, EntryKind, Files, ReadError, SourceFile, held, parent};
use hashbrown::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Parsed = Arc<OnceLock<Result<Arc<Module>, ReadError>>>;

/// The Python sources of one plugin. Each is read and parsed once, when it is first asked for; may
/// be asked from several threads.
pub struct Sources<'f> {
    files: &'f dyn Files,
    modules: Mutex<HashMap<Box<str>, Parsed>>,
    /// What was parsed before, and what changed since; none if nothing is to be remembered.
    before: Option<(HashMap<Box<str>, Text>, Changes)>,
    /// What is parsed now, if that is to be remembered.
    now: Mutex<HashMap<Box<str>, Text>>,
    declared: OnceLock<String>,
    runs: Cells<Imported>,
    closures: Cells<Arc<Closure>>,
    located: Mutex<Located>,
    /// Where modules are: every source imports much the same.
    places: Mutex<HashMap<Box<str>, Place>>,
}

/// A source and what it says.
type Text = (SourceFile, Arc<Module>);

/// What importing one source comes to.
pub(super) struct Imported {
    classes: Result<HashMap<Base, Classes>, Failure>,
    cut: bool,
}

/// The global names of a source that stand for a class.
pub type Classes = Arc<[Arc<Found>]>;

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
            before: None,
            now: Mutex::default(),
            declared: OnceLock::new(),
            runs: Cells::default(),
            closures: Cells::default(),
            located: Mutex::default(),
            places: Mutex::default(),
        }
    }

    /// The sources among these files, of which something is known from before these changes.
    pub fn again(files: &'f dyn Files, known: Known, changes: &Changes) -> Self {
        let known = known.after(changes);
        Self {
            before: Some((known.modules, changes.clone())),
            declared: known.declared,
            runs: known.runs,
            closures: known.closures,
            located: Mutex::new(known.located),
            ..Self::new(files)
        }
    }

    /// What is known now, for the next time.
    pub fn into_known(self) -> Known {
        let now = self.now.into_inner();
        let mut modules = HashMap::new();
        if let Some((before, changes)) = self.before {
            // also what nobody asked for this time
            modules = before;
            modules.retain(|path, _| changes.spare(path));
        }
        modules.extend(now.unwrap_or_else(PoisonError::into_inner));
        Known {
            modules,
            declared: self.declared,
            runs: self.runs,
            closures: self.closures,
            located: self
                .located
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Where a module is found, by its absolute dotted name.
    pub(super) fn place(&self, module: &str) -> Place {
        if let Some(known) = held(&self.places).get(module) {
            return known.clone();
        }
        let place = match module.rsplit_once('.') {
            None => imports::top(self.files, module),
            // a source with deeper names than a stack takes is not parsed
            Some((parent, leaf)) => imports::child(self.files, &self.place(parent), parent, leaf),
        };
        held(&self.places).insert(module.into(), place.clone());
        place
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
            let mut modules = held(&self.modules);
            match modules.get(path) {
                Some(parsed) => parsed.clone(),
                None => modules.entry(path.into()).or_default().clone(),
            }
        };
        parsed.get_or_init(|| self.parse(path)).clone()
    }

    fn parse(&self, path: &str) -> Result<Arc<Module>, ReadError> {
        let Some((before, changes)) = &self.before else {
            let file = SourceFile::new(path, self.files.read(path)?);
            return Ok(Arc::new(Module::new(&file)));
        };
        let before = before.get(path);
        let text = match before.filter(|_| changes.spare(path)) {
            Some(same) => {
                self.files.read_before(path);
                same.clone()
            }
            None => {
                let bytes = self.files.read(path)?;
                let same = before.filter(|(file, _)| file.is_made_of(&bytes));
                same.cloned().unwrap_or_else(|| {
                    let file = SourceFile::new(path, bytes);
                    let module = Arc::new(Module::new(&file));
                    (file, module)
                })
            }
        };
        let module = text.1.clone();
        held(&self.now).insert(path.into(), text);
        Ok(module)
    }

    /// The file that the SDK (0.8.0 and later) loads for a value of `extra.python.source`.
    ///
    /// The suffix of the value does not matter; every dot that is left separates modules.
    ///
    /// # Errors
    /// When the SDK refuses, or would execute something that is not the plugin's.
    pub fn locate(&self, source: &str) -> Result<String, LocateError> {
        if let Some(known) = held(&self.located).get(source) {
            return known.clone();
        }
        let located = self.look_for(source);
        held(&self.located).insert(source.into(), located.clone());
        located
    }

    fn look_for(&self, source: &str) -> Result<String, LocateError> {
        let name = module_name(source)?;
        let dotted = name.matches('.').count() > clean(source).matches('/').count();
        let mut place = Place::Missing;
        let mut around = None;
        for module in prefixes(&name) {
            if let Some(parent) = around {
                Self::check_package(parent, &place, dotted)?;
            }
            place = self.place(module);
            if place == Place::Missing && around.is_some() && module.len() < name.len() {
                let module = module.to_owned();
                return Err(LocateError::MissingPackage { module, dotted });
            }
            around = Some(module);
        }
        let module = name;
        match place {
            Place::Module(path) | Place::Package(path) => Ok(path.to_string()),
            Place::Compiled(path) => Err(LocateError::Compiled {
                path: path.to_string(),
            }),
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

    /// That a module which was found at this place may have modules of the plugin below it.
    fn check_package(module: &str, place: &Place, dotted: bool) -> Result<(), LocateError> {
        let module = module.to_owned();
        match place {
            Place::Module(_) => Err(LocateError::NotPackage { module }),
            Place::Missing | Place::Elsewhere if !standard::is_sdk_dependency(&module) => {
                Err(LocateError::MissingPackage { module, dotted })
            }
            Place::Missing | Place::Elsewhere | Place::Standard | Place::Sdk => {
                Err(LocateError::Installed { module })
            }
            _ => Ok(()),
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
    pub fn subclasses(&self, path: &str, base: Base) -> Result<Classes, Failure> {
        match &self.imported(path).value.classes {
            Ok(classes) => Ok(classes.get(&base).cloned().unwrap_or_default()),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// True if nothing may be concluded from a class that [`Self::subclasses`] does not find: some
    /// source on the way could not be looked at.
    pub fn is_cut(&self, path: &str) -> bool {
        self.imported(path).value.cut
    }

    fn imported(&self, path: &str) -> Arc<Made<Imported>> {
        self.runs
            .get(path, |path| self.count(path), || self.run(path))
    }

    fn run(&self, path: &str) -> Made<Imported> {
        let name = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        let mut run = Run::new(self);
        let globals = run.source(&name, path);
        let classes = globals.map(|globals| {
            let globals = globals.borrow();
            let mut classes: HashMap<Base, Vec<Arc<Found>>> = HashMap::new();
            for (name, binding) in globals.bindings() {
                for (base, class) in found(&run, name, binding) {
                    classes.entry(base).or_default().push(class);
                }
            }
            let classes = classes.into_iter();
            classes.map(|(base, found)| (base, found.into())).collect()
        });
        let cut = run.cut;
        Made {
            value: Imported { classes, cut },
            reads: run.reads,
        }
    }

    /// A source and everything of the plugin that it imports, directly or not, each once.
    pub fn closure(&self, path: &str) -> Arc<Closure> {
        let follow = || {
            let (closure, reads) = Closure::follow(self, path);
            let value = Arc::new(closure);
            Made { value, reads }
        };
        let made = self.closures.get(path, |path| self.count(path), follow);
        made.value.clone()
    }

    /// Counts a source as read.
    fn count(&self, path: &str) {
        // one that cannot be read is told where it is asked for
        let _ = self.module(path);
    }

    /// Files and packages at the plugin root that hide a module without which the SDK itself cannot
    /// be imported. Only names are listed for which that was measured.
    pub fn shadows(&self) -> Vec<Shadow> {
        let kind = |path: &str| self.files.kind(path);
        ["email", "json", "requests", "string", "types", "yaml"]
            .into_iter()
            .filter_map(|module| {
                [[module, "/__init__.py"].concat(), [module, ".py"].concat()]
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
        let file = [folder, "/", name, ".py"].concat();
        let package = [folder, "/", name, "/__init__.py"].concat();
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
            for path in FILES {
                if let Ok(content) = self.files.read(path) {
                    all.push_str(&normal(&content.lossy()));
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

fn normal(text: &str) -> String {
    text.to_ascii_lowercase().replace(['-', '.'], "_")
}
