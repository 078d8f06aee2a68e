//! Which global names count as the class that the SDK looks for, and what those classes lack.

use super::base::{Base, Wanted};
use super::module::{Parameters, Step};
use super::run::{Binding, Run, Value};
use super::sdk;
use crate::source::Span;
use hashbrown::HashSet;
use std::sync::Arc;

/// How a name came to stand for a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By a class statement.
    Defined,
    /// By an import.
    Imported,
    /// By an assignment.
    Alias,
}

/// A global name of a source that stands for a class of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The global name.
    pub name: String,
    /// The name of the class itself.
    pub class: String,
    /// The file that defines the class; `None` for a class of the SDK.
    pub file: Option<Arc<str>>,
    /// Where the name is bound in the source that was asked for.
    pub bound: Span,
    /// Where the class is defined in `file`; where the name is bound, for a class of the SDK.
    pub span: Span,
    /// How the name came to stand for it.
    pub how: How,
    /// False if it is bound in a block that may not run, or if what it derives from could not be
    /// told: it may count or not.
    pub certain: bool,
    /// Abstract methods that neither the class nor an ancestor defines.
    pub missing_methods: Vec<String>,
    /// The methods that the class and its ancestors in the plugin define, nearest first.
    pub methods: Vec<Method>,
    /// True if an ancestor could not be told: it may define any method.
    pub dynamic: bool,
    /// What stops the SDK from making an instance with its usual two arguments.
    pub instantiation: Option<Instantiation>,
}

/// A method that a class has from the plugin's own sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: Arc<str>,
    /// The class that defines it.
    pub class: Arc<str>,
    /// The file of that class.
    pub file: Arc<str>,
    /// Where the name stands.
    pub span: Span,
}

/// Why `Class(a, b)` fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instantiation {
    /// Abstract methods are left.
    Abstract(Vec<String>),
    /// Its own `__init__` takes another number of arguments.
    Init {
        /// The file that defines it.
        file: Arc<str>,
        /// Where.
        span: Span,
        /// What it takes.
        parameters: Parameters,
    },
}

/// The name as finds: for each base, if it stands for a strict subclass of that.
pub(super) fn found(run: &Run, name: &str, binding: &Binding) -> Vec<(Base, Arc<Found>)> {
    match &binding.value {
        Value::Class(id) => of_class(run, name, binding, *id),
        Value::Sdk(key) => of_sdk(run, name, binding, key),
        _ => Vec::new(),
    }
}

fn of_class(run: &Run, name: &str, binding: &Binding, id: usize) -> Vec<(Base, Arc<Found>)> {
    let class = &run.classes[id];
    if !class.dynamic && class.sdk == Wanted::default() {
        return Vec::new();
    }
    let lineage = lineage(run, Ancestor::Class(id));
    let missing_methods = missing_methods(run, &lineage);
    let found = Found {
        name: name.to_owned(),
        class: class.facts.name.to_string(),
        file: Some(class.file.clone()),
        bound: binding.span,
        span: class.facts.span,
        how: binding.how,
        certain: binding.certain && !run.cut,
        methods: methods(run, &lineage),
        dynamic: class.dynamic,
        instantiation: left_abstract(&missing_methods).or_else(|| wrong_init(run, &lineage)),
        missing_methods,
    };
    let perhaps = class.dynamic.then(|| {
        let certain = false;
        Arc::new(Found {
            certain,
            ..found.clone()
        })
    });
    let found = Arc::new(found);
    let bases = Base::ALL.into_iter().filter_map(|base| {
        let found = match class.sdk.has(base) {
            true => Some(&found),
            false => perhaps.as_ref(),
        };
        Some((base, found?.clone()))
    });
    bases.collect()
}

fn of_sdk(run: &Run, name: &str, binding: &Binding, key: &'static str) -> Vec<(Base, Arc<Found>)> {
    let (own, wanted) = (Wanted::by(key), Wanted::by_line_of(key));
    if own == wanted {
        return Vec::new();
    }
    let missing_methods = missing_methods(run, &lineage(run, Ancestor::Sdk(key)));
    let found = Arc::new(Found {
        name: name.to_owned(),
        class: key.rsplit('.').next().unwrap_or(key).to_owned(),
        file: None,
        bound: binding.span,
        span: binding.span,
        how: binding.how,
        certain: binding.certain,
        instantiation: left_abstract(&missing_methods),
        missing_methods,
        methods: Vec::new(),
        dynamic: false,
    });
    // a kind of model is no model, though it derives from the class of all models
    let bases = Base::ALL.into_iter();
    let bases = bases.filter(|base| wanted.has(*base) && !own.has(*base));
    bases.map(|base| (base, found.clone())).collect()
}

fn left_abstract(missing: &[String]) -> Option<Instantiation> {
    (!missing.is_empty()).then(|| Instantiation::Abstract(missing.to_owned()))
}

fn methods(run: &Run, lineage: &[Ancestor]) -> Vec<Method> {
    let mut found = Vec::new();
    for ancestor in lineage {
        let Ancestor::Class(id) = ancestor else {
            continue;
        };
        let class = &run.classes[*id];
        found.extend(class.facts.methods().map(|(name, span)| Method {
            name: name.clone(),
            class: class.facts.name.clone(),
            file: class.file.clone(),
            span,
        }));
    }
    found
}

/// A class that another derives from, or itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Ancestor {
    /// A class of the plugin, by its place in [`Run::classes`].
    Class(usize),
    /// A class of the SDK, by its key.
    Sdk(&'static str),
}

impl Ancestor {
    const fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Class(id) => Some(Self::Class(*id)),
            Value::Sdk(key) => Some(Self::Sdk(key)),
            _ => None,
        }
    }
}

/// The class and its ancestors, each before its own bases, nearest first.
fn lineage(run: &Run, class: Ancestor) -> Vec<Ancestor> {
    // the reverse of the order in which a depth-first walk, last base first, leaves the nodes
    let mut left = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![(class, false)];
    while let Some((class, done)) = open.pop() {
        if done {
            left.push(class);
            continue;
        }
        if !seen.insert(class) {
            continue;
        }
        open.push((class, true));
        match class {
            Ancestor::Class(id) => {
                let bases = run.classes[id].bases.iter().filter_map(Ancestor::of);
                open.extend(bases.map(|base| (base, false)));
            }
            Ancestor::Sdk(key) => {
                let bases = sdk::sdk_class_bases(key).iter();
                open.extend(bases.map(|base| (Ancestor::Sdk(base), false)));
            }
        }
    }
    left.reverse();
    left
}

fn missing_methods(run: &Run, lineage: &[Ancestor]) -> Vec<String> {
    let mut settled = HashSet::with_capacity(32);
    let mut missing = Vec::new();
    for ancestor in lineage {
        match ancestor {
            Ancestor::Class(id) => {
                if run.classes[*id].dynamic {
                    // an unknown ancestor may define anything
                    return Vec::new();
                }
                for (name, is_abstract) in members(&run.classes[*id].facts.body) {
                    if settled.insert(name) && is_abstract {
                        missing.push(name.to_owned());
                    }
                }
            }
            Ancestor::Sdk(key) => {
                let Some(facts) = sdk::class(key) else {
                    continue;
                };
                for name in facts.concrete_methods() {
                    settled.insert(name);
                }
                for name in facts.abstract_methods() {
                    if settled.insert(name) {
                        missing.push(name.to_owned());
                    }
                }
            }
        }
    }
    missing
}

/// Names bound in a class body, and whether abstract.
fn members(body: &[Step]) -> Vec<(&str, bool)> {
    let mut names = Vec::new();
    for step in body {
        match step {
            Step::Function {
                name, is_abstract, ..
            } => names.push((name.as_ref(), *is_abstract)),
            Step::Bind { name, .. } => names.push((name.as_ref(), false)),
            Step::Branches(branches) => {
                for branch in branches {
                    names.extend(members(&branch.body));
                }
            }
            Step::Try { body, .. } => names.extend(members(body)),
            _ => {}
        }
    }
    // the last binding of a name is the one that stays
    names.reverse();
    names
}

/// The `__init__` that runs, if it cannot take the two arguments of the SDK.
fn wrong_init(run: &Run, lineage: &[Ancestor]) -> Option<Instantiation> {
    for ancestor in lineage {
        let Ancestor::Class(id) = ancestor else {
            return None;
        };
        let class = &run.classes[*id];
        let init = class.facts.body.iter().rev().find_map(|step| match step {
            Step::Function {
                name,
                span,
                parameters,
                ..
            } if name.as_ref() == "__init__" => Some((*span, *parameters)),
            _ => None,
        });
        if let Some((span, parameters)) = init {
            let takes = parameters.required <= 3
                && (parameters.variadic || parameters.positional >= 3)
                && parameters.required_keywords == 0;
            return (!takes).then(|| Instantiation::Init {
                file: class.file.clone(),
                span,
                parameters,
            });
        }
    }
    None
}
