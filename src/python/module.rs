use super::{SyntaxError, Usage};
use crate::finding::Span;
use std::sync::Arc;

/// What one Python source says, from one parse.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Path relative to the plugin root.
    pub path: Arc<str>,
    /// Why CPython 3.12 would refuse to compile it. The facts of the sound part are there still.
    pub error: Option<SyntaxError>,
    /// True if the source was not looked at, because it nests too deeply or has an encoding that is
    /// not read here: nothing may be concluded from what is missing.
    pub opaque: bool,
    /// True if it may bind global names by other means than statements: `exec`, `globals()`,
    /// `global` in a function.
    pub binds_unseen: bool,
    /// What happens when the module is imported, in order.
    pub steps: Vec<Step>,
    /// Every import statement, in functions too.
    pub imports: Vec<Import>,
    /// The texts in `__all__`, when it is a plain list of texts.
    pub all: Option<Vec<Arc<str>>>,
    /// Where `Plugin(...)` is called at the top level, `if __name__ == "__main__"` included.
    pub plugin_calls: Vec<Span>,
    /// Where `....run()` is called at the top level, `if __name__ == "__main__"` included.
    pub run_calls: Vec<Span>,
    /// What it does with what Dify hands it.
    pub usage: Usage,
}

/// One imported module, or one name imported from a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module as written, without leading dots.
    pub module: Box<str>,
    /// The name taken from it, `*` for all; `None` for `import module`.
    pub name: Option<Box<str>>,
    /// The name it gets here, when it is another.
    pub alias: Option<Box<str>>,
    /// Number of leading dots.
    pub level: u32,
    /// The module or name in the source.
    pub span: Span,
    /// Where the statement stands.
    pub kind: ImportKind,
}

/// Where an import statement stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportKind {
    /// In the body of a `try` with handlers.
    pub guarded: bool,
    /// Under `if TYPE_CHECKING`.
    pub type_checking: bool,
    /// In a function: it runs when that is called.
    pub in_function: bool,
}

/// An expression, as far as it matters for what a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `a` or `a.b.c`.
    Path(Arc<str>),
    /// `a.b[...]`, the path of what is subscripted.
    Subscript(Arc<str>),
    /// A literal, a container, arithmetic: certainly no class and no module.
    Plain,
    /// Anything else: it might be anything.
    Unknown,
}

/// A name in `from module import name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromName {
    /// The name in the module.
    pub name: Arc<str>,
    /// The name it gets here.
    pub bound: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// One statement of a module or class body that matters at import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `import a.b` or `import a.b as c`.
    Import {
        /// The dotted module.
        module: Arc<str>,
        /// The name that it binds: the one after `as`, or the first of the module.
        bound: Arc<str>,
        /// True if that name stands for the module itself, and not for the one above it.
        is_renamed: bool,
        /// The module in the source.
        span: Span,
    },
    /// `from ..a import b as c`.
    From {
        /// The module without leading dots.
        module: Arc<str>,
        /// Number of leading dots.
        level: u32,
        /// The names; empty for `*`.
        names: Vec<FromName>,
        /// The statement.
        span: Span,
    },
    /// A class.
    Class(Arc<ClassFacts>),
    /// A function.
    Function {
        /// Its name.
        name: Arc<str>,
        /// Where the name stands.
        span: Span,
        /// True for `async def`.
        is_async: bool,
        /// True under `@abstractmethod`.
        is_abstract: bool,
        /// How many arguments it takes.
        parameters: Parameters,
    },
    /// `name = value`.
    Bind {
        /// The name.
        name: Arc<str>,
        /// What it stands for.
        value: Expression,
        /// Where the name stands.
        span: Span,
    },
    /// `del name`.
    Delete(Arc<str>),
    /// `if`, `match`, loops.
    Branches(Vec<Branch>),
    /// `try`.
    Try {
        /// What is tried.
        body: Vec<Step>,
        /// What catches.
        handlers: Vec<Handler>,
        /// What follows a success.
        otherwise: Vec<Step>,
        /// What is done in the end.
        finally: Vec<Step>,
    },
    /// A call of this path, as a statement or as the value of a name.
    Call {
        /// The path of what is called.
        callee: Arc<str>,
        /// The call.
        span: Span,
    },
    /// `raise` at this place.
    Raise(Span),
}

/// A block that may or may not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Whether it runs when the module is imported; `None` when that cannot be told.
    pub runs: Option<bool>,
    /// The block.
    pub body: Vec<Step>,
}

/// A handler of a `try`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// True if it catches a failed import.
    pub catches_imports: bool,
    /// True if it catches a name that is not defined.
    pub catches_names: bool,
    /// Its body.
    pub body: Vec<Step>,
}

/// How many arguments a function takes, `self` included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// Positional parameters without default.
    pub required: u32,
    /// All positional parameters.
    pub positional: u32,
    /// `*args`.
    pub variadic: bool,
    /// Keyword-only parameters without default.
    pub required_keywords: u32,
}

/// A class statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassFacts {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub span: Span,
    /// Its bases as written, with their places.
    pub bases: Vec<(Expression, Span)>,
    /// True if it has decorators: they may put anything in its place.
    pub decorated: bool,
    /// Its body.
    pub body: Vec<Step>,
}

impl ClassFacts {
    /// The functions in the class body, with the places of their names.
    pub fn methods(&self) -> impl Iterator<Item = (&Arc<str>, Span)> {
        self.body.iter().filter_map(|step| match step {
            Step::Function { name, span, .. } => Some((name, *span)),
            _ => None,
        })
    }
}

impl Module {
    /// True for a source that only declares: imports, classes and functions, none of which does or
    /// holds anything. Real sources are never so.
    pub fn is_stub(&self) -> bool {
        let declares = |step: &Step| {
            matches!(
                step,
                Step::Import { .. } | Step::From { .. } | Step::Class(_) | Step::Function { .. }
            )
        };
        self.error.is_none() && !self.usage.has_code && self.steps.iter().all(declares)
    }

    /// The classes at the top level, those in `if`, `try`, `with` included, in order.
    pub fn classes(&self) -> Vec<&Arc<ClassFacts>> {
        let mut found = Vec::new();
        classes(&self.steps, &mut found);
        found
    }
}

fn classes<'a>(steps: &'a [Step], found: &mut Vec<&'a Arc<ClassFacts>>) {
    for step in steps {
        match step {
            Step::Class(class) => found.push(class),
            Step::Branches(branches) => {
                for branch in branches {
                    classes(&branch.body, found);
                }
            }
            Step::Try {
                body,
                handlers,
                otherwise,
                finally,
            } => {
                classes(body, found);
                for handler in handlers {
                    classes(&handler.body, found);
                }
                classes(otherwise, found);
                classes(finally, found);
            }
            _ => {}
        }
    }
}
