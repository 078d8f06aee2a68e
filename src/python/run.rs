//! What importing a source does: which names it binds to which classes, and where it fails.
//!
//! Nothing is executed. The steps of each module are followed in order, imports included, as far as
//! names, classes and modules go; everything else is taken to succeed.

use super::base::Wanted;
use super::found::How;
use super::imports::{Place, prefixes};
use super::known::Reads;
use super::module::{ClassFacts, Expression, Handler, Module, Step};
use super::sdk::{self, SdkName};
use super::sources::Sources;
use super::standard;
use crate::source::Span;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Why the import of a source fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The source does not compile.
    Syntax,
    /// The file cannot be read.
    Unreadable,
    /// There is no such module.
    MissingModule,
    /// There is no such module at the root; a file of that name lies elsewhere in the plugin.
    Sibling,
    /// A module of the plugin has no such name.
    MissingName,
    /// A module of the newest SDK has no such name.
    MissingSdkName,
    /// A relative import leaves the top package.
    BeyondTopLevel,
    /// A name is used that is not defined.
    UndefinedName,
    /// The module makes a second `Plugin(...)` when it is imported.
    StartsPlugin,
    /// The module raises.
    Raises,
}

/// A failed import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// The file in which it happens; not always the source that was asked for.
    pub file: Arc<str>,
    /// Where in that file.
    pub span: Span,
    /// What is wrong; lower case, no full stop.
    pub message: String,
}

/// How far nested imports are followed.
const MAX_IMPORT_DEPTH: usize = 100;
/// How many steps one run takes.
const MAX_STEPS: usize = 200_000;

/// A class of the plugin, as the run made it.
pub(super) struct Class {
    pub facts: Arc<ClassFacts>,
    pub file: Arc<str>,
    pub bases: Vec<Value>,
    /// What the SDK looks for among the SDK classes that it derives from.
    pub sdk: Wanted,
    /// True if something among its ancestors could not be told.
    pub dynamic: bool,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A class of the plugin, by its place in [`Run::classes`].
    Class(usize),
    /// A class of the SDK, by its key.
    Sdk(&'static str),
    /// A module, by its absolute name.
    Module(Arc<str>),
    /// Something that is no class of the SDK, nor derived from one.
    Other,
    /// It could be anything.
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub value: Value,
    pub how: How,
    pub span: Span,
    /// False if it is bound in a block that may not run.
    pub certain: bool,
    order: usize,
}

/// The global names of a module.
#[derive(Default)]
pub(super) struct Namespace {
    names: HashMap<Arc<str>, Binding>,
    /// True if it may hold names that are not known here.
    open: bool,
    next: usize,
    all: Option<Vec<Arc<str>>>,
}

impl Namespace {
    fn bind(&mut self, name: &Arc<str>, value: Value, how: How, span: Span, certain: bool) {
        let order = self.next;
        self.next += 1;
        match self.names.get_mut(name) {
            // a class is not forgotten because of a block that may not run
            Some(old)
                if !certain
                    && matches!(old.value, Value::Class(_) | Value::Sdk(_))
                    && !matches!(value, Value::Class(_) | Value::Sdk(_)) => {}
            Some(old) => {
                *old = Binding {
                    value,
                    how,
                    span,
                    certain: certain || old.certain,
                    order: old.order,
                }
            }
            None => {
                let binding = Binding {
                    value,
                    how,
                    span,
                    certain,
                    order,
                };
                self.names.insert(name.clone(), binding);
            }
        }
    }

    /// Names and what they stand for, in the order in which they were first bound.
    pub fn bindings(&self) -> Vec<(&Arc<str>, &Binding)> {
        let mut all: Vec<_> = self.names.iter().collect();
        all.sort_by_key(|(_, binding)| binding.order);
        all
    }
}

type Shared = Rc<RefCell<Namespace>>;

/// The module whose steps are being followed.
struct Context<'m> {
    file: &'m Arc<str>,
    /// The package that relative imports start from; empty for a module at the root.
    package: &'m str,
    globals: &'m Shared,
}

/// One interpreter, as far as it goes.
pub(super) struct Run<'s> {
    sources: &'s Sources<'s>,
    loaded: HashMap<Box<str>, Shared>,
    pub classes: Vec<Class>,
    steps: usize,
    depth: usize,
    /// True if the run was cut short: nothing may be concluded from what is missing.
    pub cut: bool,
    /// The sources that were looked at.
    pub reads: Reads,
}

impl<'s> Run<'s> {
    pub fn new(sources: &'s Sources<'s>) -> Self {
        Self {
            sources,
            loaded: HashMap::new(),
            classes: Vec::new(),
            steps: 0,
            depth: 0,
            cut: false,
            reads: Reads::new(),
        }
    }

    /// Follows a source that the SDK loads under `name`. Such a module is not registered under its
    /// name: another module that imports it gets a second copy.
    pub fn source(&mut self, name: &str, path: &str) -> Result<Shared, Failure> {
        let globals = Shared::default();
        if let Some((package, _)) = name.rsplit_once('.') {
            let nowhere: Arc<str> = path.into();
            let context = Context {
                file: &nowhere,
                package: "",
                globals: &globals,
            };
            self.import(package, &context, Span::default())?;
        }
        let package = name.rsplit_once('.').map_or("", |(package, _)| package);
        let package = match path.strip_suffix("/__init__.py") {
            Some(folder) => folder.replace('/', "."),
            None => package.to_owned(),
        };
        self.follow(path, &package, &globals)?;
        Ok(globals)
    }

    fn follow(&mut self, path: &str, package: &str, globals: &Shared) -> Result<(), Failure> {
        self.reads.insert(path.into());
        let module = match self.sources.module(path) {
            Ok(module) => module,
            Err(error) => {
                return Err(Failure {
                    kind: FailureKind::Unreadable,
                    file: path.into(),
                    span: Span::default(),
                    message: format!("`{path}` cannot be read: {error}"),
                });
            }
        };
        if let Some(error) = &module.error {
            return Err(Failure {
                kind: FailureKind::Syntax,
                file: module.path.clone(),
                span: error.span,
                message: error.message.clone(),
            });
        }
        self.begin(&module, globals);
        if self.depth >= MAX_IMPORT_DEPTH {
            self.cut = true;
            globals.borrow_mut().open = true;
            return Ok(());
        }
        self.depth += 1;
        let context = Context {
            file: &module.path,
            package,
            globals,
        };
        let result = self.steps(&module.steps, &context, globals, true);
        self.depth -= 1;
        result
    }

    fn begin(&mut self, module: &Module, globals: &Shared) {
        let mut names = globals.borrow_mut();
        names.all = module.all.clone();
        names.open = module.opaque || module.binds_unseen;
        self.cut |= module.opaque;
    }

    /// Follows steps that bind into `scope`: the globals, or the body of a class.
    fn steps(
        &mut self,
        steps: &[Step],
        context: &Context,
        scope: &Shared,
        certain: bool,
    ) -> Result<(), Failure> {
        for step in steps {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                self.cut = true;
                context.globals.borrow_mut().open = true;
                return Ok(());
            }
            self.step(step, context, scope, certain)?;
        }
        Ok(())
    }

    fn step(
        &mut self,
        step: &Step,
        context: &Context,
        scope: &Shared,
        certain: bool,
    ) -> Result<(), Failure> {
        let bind = |name: &Arc<str>, value: Value, how: How, span: Span| {
            scope.borrow_mut().bind(name, value, how, span, certain);
        };
        match step {
            Step::Import {
                module,
                bound,
                is_renamed,
                span,
            } => {
                self.import(module, context, *span)?;
                let value = if *is_renamed { module } else { bound };
                bind(bound, Value::Module(value.clone()), How::Imported, *span);
            }
            Step::From {
                module,
                level,
                names,
                span,
            } => {
                let module = &absolute(module, *level, context, *span)?;
                self.import(module, context, *span)?;
                if names.is_empty() {
                    self.star(module, scope, *span, certain);
                }
                for name in names {
                    let value = self.member(module, &name.name, context, name.span)?;
                    bind(&name.bound, value, How::Imported, name.span);
                }
            }
            Step::Class(facts) => {
                let value = self.class(facts, context, scope)?;
                bind(&facts.name, value, How::Defined, facts.span);
            }
            Step::Function { name, span, .. } => bind(name, Value::Other, How::Defined, *span),
            Step::Bind { name, value, span } => {
                let value = self.value(value, context, scope, *span)?;
                bind(name, value, How::Alias, *span);
            }
            Step::Delete(name) => {
                if certain {
                    scope.borrow_mut().names.remove(name);
                }
            }
            Step::Branches(branches) => {
                for branch in branches {
                    match branch.runs {
                        Some(true) => self.steps(&branch.body, context, scope, certain)?,
                        Some(false) => {}
                        // what fails here may never run
                        None => drop(self.steps(&branch.body, context, scope, false)),
                    }
                }
            }
            Step::Try {
                body,
                handlers,
                otherwise,
                finally,
            } => {
                let result = self.attempt(body, handlers, otherwise, context, scope, certain);
                self.steps(finally, context, scope, certain)?;
                result?;
            }
            Step::Call { callee, span } => {
                let callee = Expression::Path(callee.clone());
                let called = self.value(&callee, context, scope, *span)?;
                if called == Value::Sdk("Plugin") {
                    return Err(failure(
                        FailureKind::StartsPlugin,
                        context,
                        *span,
                        "importing this file starts the plugin a second time, without end".into(),
                    ));
                }
            }
            Step::Raise(span) => {
                let message = "importing this file raises an exception".into();
                return Err(failure(FailureKind::Raises, context, *span, message));
            }
        }
        Ok(())
    }

    fn attempt(
        &mut self,
        body: &[Step],
        handlers: &[Handler],
        otherwise: &[Step],
        context: &Context,
        scope: &Shared,
        certain: bool,
    ) -> Result<(), Failure> {
        let Err(failure) = self.steps(body, context, scope, certain) else {
            // what is installed is not known here: the handlers may run all the same
            for handler in handlers {
                for name in bound_names(&handler.body) {
                    let mut names = scope.borrow_mut();
                    if !names.names.contains_key(name) {
                        names.bind(name, Value::Unknown, How::Alias, Span::default(), false);
                    }
                }
            }
            return self.steps(otherwise, context, scope, certain);
        };
        let handler = handlers.iter().find(|handler| match failure.kind {
            FailureKind::UndefinedName => handler.catches_names,
            FailureKind::Syntax | FailureKind::StartsPlugin => {
                handler.catches_imports && handler.catches_names
            }
            FailureKind::Raises | FailureKind::Unreadable => true,
            _ => handler.catches_imports,
        });
        match handler {
            Some(handler) => self.steps(&handler.body, context, scope, certain),
            None => Err(failure),
        }
    }

    fn class(
        &mut self,
        facts: &Arc<ClassFacts>,
        context: &Context,
        scope: &Shared,
    ) -> Result<Value, Failure> {
        let mut bases = Vec::with_capacity(facts.bases.len());
        let mut all = Wanted::default();
        let mut dynamic = false;
        for (base, span) in &facts.bases {
            let base = match base {
                Expression::Subscript(path) => &Expression::Path(path.clone()),
                base => base,
            };
            let value = self.value(base, context, scope, *span)?;
            let (more, is_dynamic) = match &value {
                Value::Class(id) => {
                    let class = &self.classes[*id];
                    (class.sdk, class.dynamic)
                }
                Value::Sdk(key) => (Wanted::by_line_of(key), false),
                Value::Unknown => (Wanted::default(), true),
                Value::Module(_) | Value::Other => (Wanted::default(), false),
            };
            dynamic |= is_dynamic;
            all = all.or(more);
            bases.push(value);
        }
        // names in the body are its own; what they fail at fails the import
        let body = Shared::default();
        self.steps(&facts.body, context, &body, true)?;
        self.classes.push(Class {
            facts: facts.clone(),
            file: context.file.clone(),
            bases,
            sdk: all,
            dynamic,
        });
        Ok(Value::Class(self.classes.len() - 1))
    }

    fn value(
        &mut self,
        expression: &Expression,
        context: &Context,
        scope: &Shared,
        span: Span,
    ) -> Result<Value, Failure> {
        let path = match expression {
            Expression::Path(path) => path,
            Expression::Plain | Expression::Subscript(_) => return Ok(Value::Other),
            Expression::Unknown => return Ok(Value::Unknown),
        };
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let find = |names: &Shared| names.borrow().names.get(first).map(|b| b.value.clone());
        let mut value = match find(scope).or_else(|| find(context.globals)) {
            Some(value) => value,
            None if standard::is_builtin(first) => Value::Other,
            None if context.globals.borrow().open || scope.borrow().open => Value::Unknown,
            None => {
                let message = format!("name `{first}` is not defined");
                return Err(failure(FailureKind::UndefinedName, context, span, message));
            }
        };
        for part in parts {
            value = match value {
                Value::Module(module) => self.attribute(&module, part),
                Value::Other => Value::Other,
                _ => Value::Unknown,
            };
        }
        Ok(value)
    }

    /// `module.name`, where `module` was imported before.
    fn attribute(&self, module: &str, name: &str) -> Value {
        let full = [module, ".", name].concat();
        if let Some(names) = self.loaded.get(module) {
            let names = names.borrow();
            return match names.names.get(name) {
                Some(binding) => binding.value.clone(),
                None => Value::Unknown,
            };
        }
        let top = module.split('.').next().unwrap_or_default();
        if top == "dify_plugin" {
            return match sdk::sdk_name(module, name) {
                SdkName::Class(key) => Value::Sdk(key),
                SdkName::Module => Value::Module(full.into()),
                SdkName::Other => Value::Other,
                SdkName::Gone(_) | SdkName::Missing => Value::Unknown,
            };
        }
        // a folder without `__init__.py`, or something installed
        if self.loaded.contains_key(full.as_str()) || self.is_folder(&full) {
            Value::Module(full.into())
        } else {
            Value::Other
        }
    }

    fn is_stub(&mut self, path: &str) -> bool {
        self.reads.insert(path.into());
        self.sources.is_stub(path)
    }

    fn is_folder(&self, module: &str) -> bool {
        self.sources.place(module) == Place::Namespace
    }

    /// `from module import name`, where `module` was imported before.
    fn member(
        &mut self,
        module: &str,
        name: &str,
        context: &Context,
        span: Span,
    ) -> Result<Value, Failure> {
        let full = || [module, ".", name].concat();
        let missing = |kind: FailureKind, note: &str| {
            let message = format!("cannot import name `{name}` from `{module}`{note}");
            failure(kind, context, span, message)
        };
        let lost = FailureKind::MissingSdkName;
        let (known, open) = match self.loaded.get(module) {
            Some(names) => {
                let names = names.borrow();
                let value = names.names.get(name).map(|binding| binding.value.clone());
                (value, names.open || names.names.contains_key("__getattr__"))
            }
            None => (None, false),
        };
        if let Some(value) = known {
            return Ok(value);
        }
        match self.sources.place(module) {
            Place::Standard => {
                let full = full();
                Ok(match standard::find(&full) {
                    Some(_) => Value::Module(full.into()),
                    None => Value::Other,
                })
            }
            Place::Elsewhere | Place::Missing | Place::NotPackage => Ok(Value::Other),
            Place::Compiled(_) => Ok(Value::Unknown),
            Place::Sdk => match sdk::sdk_name(module, name) {
                SdkName::Class(key) => Ok(Value::Sdk(key)),
                SdkName::Module => Ok(Value::Module(full().into())),
                SdkName::Other => Ok(Value::Other),
                SdkName::Gone(last) => {
                    Err(missing(lost, &format!(", which had it up to SDK {last}")))
                }
                SdkName::Missing => Err(missing(lost, "")),
            },
            Place::Package(_) | Place::Namespace => {
                let full = full();
                match self.sources.place(&full) {
                    Place::Missing if open => Ok(Value::Unknown),
                    Place::Missing => Err(missing(FailureKind::MissingName, "")),
                    Place::Compiled(_) => Ok(Value::Unknown),
                    _ => {
                        self.import(&full, context, span)?;
                        Ok(Value::Module(full.into()))
                    }
                }
            }
            Place::Module(_) if open => Ok(Value::Unknown),
            // a stub says what a module declares and leaves out what it computes
            Place::Module(path) if self.is_stub(&path) => Ok(Value::Unknown),
            Place::Module(_) => Err(missing(FailureKind::MissingName, "")),
        }
    }

    fn star(&mut self, module: &str, scope: &Shared, span: Span, certain: bool) {
        let mut found = Vec::new();
        match self.loaded.get(module) {
            Some(names) => {
                let names = names.borrow();
                let public: Vec<&Arc<str>> = match &names.all {
                    Some(all) => all.iter().collect(),
                    None => {
                        let bound = names.bindings().into_iter().map(|(name, _)| name);
                        bound.filter(|name| !name.starts_with('_')).collect()
                    }
                };
                for name in public {
                    let binding = names.names.get(name);
                    let value = binding.map_or(Value::Unknown, |binding| binding.value.clone());
                    found.push((name.clone(), value));
                }
            }
            None if module == "dify_plugin" || module.starts_with("dify_plugin.") => {
                found.extend(sdk::star(module).into_iter().map(|name| {
                    let value = match sdk::sdk_name(module, name) {
                        SdkName::Class(key) => Value::Sdk(key),
                        _ => Value::Other,
                    };
                    (name.into(), value)
                }));
            }
            None => scope.borrow_mut().open = true,
        }
        let is_open = self
            .loaded
            .get(module)
            .is_some_and(|names| !Rc::ptr_eq(names, scope) && names.borrow().open);
        let mut names = scope.borrow_mut();
        names.open |= is_open;
        for (name, value) in found {
            names.bind(&name, value, How::Imported, span, certain);
        }
    }

    /// Imports an absolute module and its parents.
    fn import(&mut self, module: &str, context: &Context, span: Span) -> Result<(), Failure> {
        let missing = |kind, message: String| Err(failure(kind, context, span, message));
        // nothing of the plugin runs on the way to one of these
        if matches!(self.sources.place(module), Place::Standard | Place::Sdk) {
            return Ok(());
        }
        let mut parent = "";
        for name in prefixes(module) {
            let leaf = name.rsplit('.').next().unwrap_or(name);
            let place = self.sources.place(name);
            match &place {
                Place::Elsewhere if parent.is_empty() => {
                    if let Some(sibling) = self.sources.misplaced(leaf, context.file) {
                        let message = format!(
                            "no module named `{leaf}`: `{sibling}` is not at the plugin root"
                        );
                        return missing(FailureKind::Sibling, message);
                    }
                    if self.sources.is_plugin_folder_name(leaf) {
                        let message = format!("no module named `{leaf}`");
                        return missing(FailureKind::MissingModule, message);
                    }
                    return Ok(());
                }
                Place::Missing => {
                    // `__init__.py` may put a module there by other means
                    if self.loaded.get(parent).is_some_and(|n| n.borrow().open) {
                        return Ok(());
                    }
                    let message = format!("no module named `{name}`");
                    return missing(FailureKind::MissingModule, message);
                }
                Place::NotPackage => {
                    let message = format!("no module named `{name}`: `{parent}` is not a package");
                    return missing(FailureKind::MissingModule, message);
                }
                Place::Module(path) | Place::Package(path) => {
                    let package = match &place {
                        Place::Package(_) => name,
                        _ => parent,
                    };
                    self.load(name, path, package)?;
                    if let Some(names) = self.loaded.get(parent) {
                        let value = Value::Module(name.into());
                        let mut names = names.borrow_mut();
                        names.bind(&leaf.into(), value, How::Imported, Span::default(), true);
                    }
                }
                _ => {}
            }
            parent = name;
        }
        Ok(())
    }

    fn load(&mut self, name: &str, path: &str, package: &str) -> Result<(), Failure> {
        if self.loaded.contains_key(name) {
            return Ok(());
        }
        let globals = Shared::default();
        // registered before it runs: circular imports see what is there so far
        self.loaded.insert(name.into(), globals.clone());
        let result = self.follow(path, package, &globals);
        if result.is_err() {
            self.loaded.remove(name);
        }
        result
    }
}

fn failure(kind: FailureKind, context: &Context, span: Span, message: String) -> Failure {
    Failure {
        kind,
        file: context.file.clone(),
        span,
        message,
    }
}

/// The absolute name of the module that an import statement names.
fn absolute<'m>(
    module: &'m str,
    level: u32,
    context: &Context,
    span: Span,
) -> Result<Cow<'m, str>, Failure> {
    if level == 0 {
        return Ok(module.into());
    }
    let beyond = |message: &str| {
        let kind = FailureKind::BeyondTopLevel;
        Err(failure(kind, context, span, message.to_owned()))
    };
    if context.package.is_empty() {
        return beyond("attempted relative import with no known parent package");
    }
    let parts: Vec<&str> = context.package.split('.').collect();
    let up = level as usize - 1;
    if up >= parts.len() {
        return beyond("attempted relative import beyond top-level package");
    }
    let base = parts[..parts.len() - up].join(".");
    Ok(match module {
        "" => base.into(),
        module => [&*base, ".", module].concat().into(),
    })
}

fn bound_names(steps: &[Step]) -> Vec<&Arc<str>> {
    let mut names = Vec::new();
    for step in steps {
        match step {
            Step::Import { bound, .. } => names.push(bound),
            Step::From { names: taken, .. } => names.extend(taken.iter().map(|name| &name.bound)),
            Step::Class(facts) => names.push(&facts.name),
            Step::Function { name, .. } | Step::Bind { name, .. } => names.push(name),
            Step::Branches(branches) => {
                for branch in branches {
                    names.extend(bound_names(&branch.body));
                }
            }
            Step::Try { body, handlers, .. } => {
                names.extend(bound_names(body));
                for handler in handlers {
                    names.extend(bound_names(&handler.body));
                }
            }
            Step::Delete(_) | Step::Call { .. } | Step::Raise(_) => {}
        }
    }
    names
}
