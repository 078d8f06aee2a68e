//! Which global names count as the class that the SDK looks for, and what those classes lack.

use super::base::Base;
use super::module::{Parameters, Step};
use super::run::{Binding, Run, Value, sdk_ancestors};
use super::sdk;
use crate::source::Span;
use hashbrown::{HashMap, HashSet};
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

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
    pub name: Box<str>,
    /// The class that defines it.
    pub class: Box<str>,
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
pub(super) fn found(run: &Run, name: &str, binding: &Binding) -> Vec<(Base, Found)> {
    match &binding.value {
        Value::Class(id) => of_class(run, name, binding, *id),
        Value::Sdk(key) => of_sdk(run, name, binding, key),
        _ => Vec::new(),
    }
}

fn of_class(run: &Run, name: &str, binding: &Binding, id: usize) -> Vec<(Base, Found)> {
    let class = &run.classes[id];
    let wanted = Wanted::among(&class.sdk);
    let bases = Base::ALL.into_iter();
    let bases = bases.filter(|base| class.dynamic || wanted.has(*base));
    // the same for every base, and long to find
    let facts = LazyCell::new(|| {
        let missing_methods = missing_methods(run, &binding.value);
        Found {
            name: name.to_owned(),
            class: class.facts.name.to_string(),
            file: Some(class.file.clone()),
            bound: binding.span,
            span: class.facts.span,
            how: binding.how,
            certain: binding.certain && !run.cut,
            methods: methods(run, id),
            dynamic: class.dynamic,
            instantiation: left_abstract(&missing_methods).or_else(|| wrong_init(run, id)),
            missing_methods,
        }
    });
    bases
        .map(|base| {
            let mut found = facts.clone();
            found.certain &= wanted.has(base);
            (base, found)
        })
        .collect()
}

fn of_sdk(run: &Run, name: &str, binding: &Binding, key: &'static str) -> Vec<(Base, Found)> {
    let (own, wanted) = (Wanted::by(key), Wanted::among(&sdk_ancestors(key)));
    // a kind of model is no model, though it derives from the class of all models
    let bases = Base::ALL.into_iter();
    let bases = bases.filter(|base| wanted.has(*base) && !own.has(*base));
    let facts = LazyCell::new(|| {
        let missing_methods = missing_methods(run, &binding.value);
        Found {
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
        }
    });
    bases.map(|base| (base, facts.clone())).collect()
}

fn left_abstract(missing: &[String]) -> Option<Instantiation> {
    (!missing.is_empty()).then(|| Instantiation::Abstract(missing.to_owned()))
}

/// The bases that some classes of the SDK are parents for, a bit for each.
#[derive(Clone, Copy, Default)]
struct Wanted(u32);

impl Wanted {
    fn by(key: &str) -> Self {
        static BY_PARENT: OnceLock<HashMap<&str, u32>> = OnceLock::new();
        let by_parent = BY_PARENT.get_or_init(|| {
            let mut found = HashMap::new();
            for base in Base::ALL {
                for parent in base.parents() {
                    *found.entry(*parent).or_default() |= 1 << base as u32;
                }
            }
            found
        });
        Self(by_parent.get(key).copied().unwrap_or_default())
    }

    fn among(classes: &BTreeSet<&'static str>) -> Self {
        let all = classes.iter().map(|key| Self::by(key).0);
        Self(all.fold(0, std::ops::BitOr::bitor))
    }

    const fn has(self, base: Base) -> bool {
        self.0 & 1 << base as u32 != 0
    }
}

fn methods(run: &Run, class: usize) -> Vec<Method> {
    let mut found = Vec::new();
    for ancestor in lineage(run, &Value::Class(class)) {
        let Value::Class(id) = ancestor else { continue };
        let class = &run.classes[id];
        found.extend(class.facts.methods().map(|(name, span)| Method {
            name: name.into(),
            class: class.facts.name.clone(),
            file: class.file.clone(),
            span,
        }));
    }
    found
}

/// The class and its ancestors, each before its own bases, nearest first.
fn lineage(run: &Run, class: &Value) -> Vec<Value> {
    // the reverse of the order in which a depth-first walk, last base first, leaves the nodes
    let mut left = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![(class.clone(), false)];
    while let Some((value, done)) = open.pop() {
        if done {
            left.push(value);
            continue;
        }
        let key = match &value {
            Value::Class(id) => (Some(*id), ""),
            Value::Sdk(key) => (None, *key),
            _ => continue,
        };
        if !seen.insert(key) {
            continue;
        }
        open.push((value.clone(), true));
        match &value {
            Value::Class(id) => {
                open.extend(
                    run.classes[*id]
                        .bases
                        .iter()
                        .map(|base| (base.clone(), false)),
                );
            }
            Value::Sdk(key) => {
                let bases = sdk::sdk_class_bases(key).iter();
                open.extend(bases.map(|base| (Value::Sdk(base), false)));
            }
            _ => {}
        }
    }
    left.reverse();
    left
}

fn missing_methods(run: &Run, class: &Value) -> Vec<String> {
    let mut settled = HashSet::new();
    let mut missing = Vec::new();
    for ancestor in lineage(run, class) {
        match ancestor {
            Value::Class(id) => {
                if run.classes[id].dynamic {
                    // an unknown ancestor may define anything
                    return Vec::new();
                }
                for (name, is_abstract) in members(&run.classes[id].facts.body) {
                    if settled.insert(name) && is_abstract {
                        missing.push(name.to_owned());
                    }
                }
            }
            Value::Sdk(key) => {
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
            _ => {}
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
fn wrong_init(run: &Run, class: usize) -> Option<Instantiation> {
    for ancestor in lineage(run, &Value::Class(class)) {
        let Value::Class(id) = ancestor else {
            return None;
        };
        let class = &run.classes[id];
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
