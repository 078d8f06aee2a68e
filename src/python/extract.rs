//! From the syntax tree of a source to its facts.

use super::Usage;
use super::module::{
    Branch, ClassFacts, Expression, FromName, Handler, Import, ImportKind, Module, Parameters, Step,
};
use super::syntax::{self, from_range};
use crate::source::{SourceFile, Span};
use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef, StmtIf, StmtTry, UnaryOp,
};
use ruff_text_size::Ranged;
use std::sync::Arc;

impl Module {
    /// The facts of one source. Never fails: what is wrong with the source is a fact too.
    pub fn new(file: &SourceFile) -> Self {
        let path = file.path().clone();
        let facts = syntax::parse(file, |body, error| {
            let mut imports = Imports::default();
            imports.visit_body(body);
            let mut calls = Calls::default();
            calls.read(body);
            Self {
                path: path.clone(),
                error: error.or_else(|| super::misplaced::first(body)),
                opaque: false,
                binds_unseen: binds_unseen(file.text()),
                steps: steps(body),
                imports: imports.found,
                all: all_names(body),
                plugin_calls: calls.plugin,
                run_calls: calls.run,
                usage: Usage::of(body),
            }
        });
        facts.unwrap_or_else(|| Self {
            path,
            opaque: true,
            usage: Usage::unseen(),
            ..Self::default()
        })
    }
}

/// A rough look is enough: it only makes conclusions more careful.
fn binds_unseen(text: &str) -> bool {
    [
        "exec(", "globals(", "vars(", "locals(", "setattr(", "global ",
    ]
    .iter()
    .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

fn steps(body: &[Stmt]) -> Vec<Step> {
    let mut found = Vec::new();
    for statement in body {
        step(statement, &mut found);
    }
    found
}

fn step(statement: &Stmt, found: &mut Vec<Step>) {
    match statement {
        Stmt::Import(import) => {
            found.extend(import.names.iter().map(|alias| {
                let module: Arc<str> = alias.name.as_str().into();
                let bound = match &alias.asname {
                    Some(name) => name.as_str().into(),
                    None => match module.split_once('.') {
                        Some((top, _)) => top.into(),
                        None => module.clone(),
                    },
                };
                Step::Import {
                    is_renamed: alias.asname.is_some(),
                    module,
                    bound,
                    span: from_range(alias.name.range()),
                }
            }));
        }
        Stmt::ImportFrom(import) => {
            let star = import.names.iter().any(|alias| alias.name.as_str() == "*");
            let names = import.names.iter().filter(|_| !star);
            found.push(Step::From {
                module: import.module.as_deref().unwrap_or_default().into(),
                level: import.level,
                names: names
                    .map(|alias| {
                        let name: Arc<str> = alias.name.as_str().into();
                        let renamed = alias.asname.as_ref().map(|name| name.as_str().into());
                        FromName {
                            bound: renamed.unwrap_or_else(|| name.clone()),
                            name,
                            span: from_range(alias.name.range()),
                        }
                    })
                    .collect(),
                span: from_range(import.range()),
            });
        }
        Stmt::ClassDef(class) => found.push(Step::Class(Arc::new(class_facts(class)))),
        Stmt::FunctionDef(function) => found.push(function_step(function)),
        Stmt::Assign(assign) => {
            call(&assign.value, found);
            for target in &assign.targets {
                bind(target, Some(&assign.value), found);
            }
        }
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                call(value, found);
                bind(&assign.target, Some(value), found);
            }
        }
        Stmt::AugAssign(assign) => bind(&assign.target, None, found),
        Stmt::TypeAlias(alias) => bind(&alias.name, None, found),
        Stmt::Delete(delete) => {
            found.extend(delete.targets.iter().filter_map(|target| match target {
                Expr::Name(name) => Some(Step::Delete(name.id.as_str().into())),
                _ => None,
            }));
        }
        Stmt::If(branch) => found.push(Step::Branches(if_branches(branch))),
        Stmt::Match(choice) => {
            let branches = choice.cases.iter().map(|case| Branch {
                runs: None,
                body: steps(&case.body),
            });
            found.push(Step::Branches(branches.collect()));
        }
        Stmt::For(each) => {
            let mut body = Vec::new();
            bind(&each.target, None, &mut body);
            body.extend(steps(&each.body));
            found.push(Step::Branches(vec![Branch { runs: None, body }]));
            found.extend(steps(&each.orelse));
        }
        Stmt::While(each) => {
            found.push(Step::Branches(vec![Branch {
                runs: None,
                body: steps(&each.body),
            }]));
            found.extend(steps(&each.orelse));
        }
        Stmt::With(with) => {
            for item in &with.items {
                if let Some(target) = &item.optional_vars {
                    bind(target, None, found);
                }
            }
            if with.items.iter().any(|item| suppresses(&item.context_expr)) {
                found.push(Step::Try {
                    body: steps(&with.body),
                    handlers: vec![Handler {
                        catches_imports: true,
                        catches_names: true,
                        body: Vec::new(),
                    }],
                    otherwise: Vec::new(),
                    finally: Vec::new(),
                });
            } else {
                found.extend(steps(&with.body));
            }
        }
        Stmt::Try(attempt) => found.push(try_step(attempt)),
        Stmt::Expr(expression) => call(&expression.value, found),
        Stmt::Raise(raise) => found.push(Step::Raise(from_range(raise.range()))),
        _ => {}
    }
}

/// `contextlib.suppress(...)`, whatever it suppresses.
fn suppresses(context: &Expr) -> bool {
    matches!(context, Expr::Call(call) if path(&call.func)
        .is_some_and(|path| path == "suppress" || path.ends_with(".suppress")))
}

fn call(value: &Expr, found: &mut Vec<Step>) {
    if let Expr::Call(call) = value
        && let Some(callee) = path(&call.func)
    {
        found.push(Step::Call {
            callee: callee.into(),
            span: from_range(call.range()),
        });
    }
}

fn bind(target: &Expr, value: Option<&Expr>, found: &mut Vec<Step>) {
    match target {
        Expr::Name(name) => found.push(Step::Bind {
            name: name.id.as_str().into(),
            value: value.map_or(Expression::Unknown, expression),
            span: from_range(name.range()),
        }),
        Expr::Tuple(_) | Expr::List(_) => {
            let targets = elements(target);
            let values = value.map(elements).filter(|v| v.len() == targets.len());
            for (index, target) in targets.iter().enumerate() {
                bind(target, values.map(|values| &values[index]), found);
            }
        }
        Expr::Starred(starred) => bind(&starred.value, None, found),
        _ => {}
    }
}

fn elements(expression: &Expr) -> &[Expr] {
    match expression {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => &[],
    }
}

fn function_step(function: &StmtFunctionDef) -> Step {
    let parameters = &function.parameters;
    let positional = || parameters.posonlyargs.iter().chain(&parameters.args);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let is_abstract = function.decorator_list.iter().any(|decorator| {
        path(&decorator.expression).is_some_and(|path| {
            matches!(
                path.rsplit('.').next(),
                Some("abstractmethod" | "abstractproperty")
            )
        })
    });
    Step::Function {
        name: function.name.as_str().into(),
        span: from_range(function.name.range()),
        is_async: function.is_async,
        is_abstract,
        parameters: Parameters {
            required: count(positional().filter(|one| one.default.is_none()).count()),
            positional: count(positional().count()),
            variadic: parameters.vararg.is_some(),
            required_keywords: count(
                parameters
                    .kwonlyargs
                    .iter()
                    .filter(|one| one.default.is_none())
                    .count(),
            ),
        },
    }
}

fn class_facts(class: &StmtClassDef) -> ClassFacts {
    let arguments = class.arguments.as_deref();
    let bases = arguments.map_or(&[][..], |arguments| &arguments.args);
    ClassFacts {
        name: class.name.as_str().into(),
        span: from_range(class.name.range()),
        bases: bases
            .iter()
            .map(|base| (expression(base), from_range(base.range())))
            .collect(),
        decorated: !class.decorator_list.is_empty(),
        body: steps(&class.body),
    }
}

fn if_branches(branch: &StmtIf) -> Vec<Branch> {
    // an earlier test that cannot be decided leaves the later blocks undecided
    let mut rest = Some(true);
    let clauses = branch
        .elif_else_clauses
        .iter()
        .map(|clause| (clause.test.as_ref(), &clause.body));
    std::iter::once((Some(branch.test.as_ref()), &branch.body))
        .chain(clauses)
        .map(|(test, body)| {
            let holds = test.map_or(Some(true), truth);
            let runs = match (rest, holds) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), holds) => holds,
                (None, _) => None,
            };
            rest = match (rest, holds) {
                (Some(false), _) | (_, Some(true)) => Some(false),
                (rest, Some(false)) => rest,
                (_, None) => None,
            };
            Branch {
                runs,
                body: steps(body),
            }
        })
        .collect()
}

/// What a test at the top level of an imported module comes to.
fn truth(test: &Expr) -> Option<bool> {
    match test {
        Expr::BooleanLiteral(literal) => Some(literal.value),
        Expr::NumberLiteral(number) => match &number.value {
            ruff_python_ast::Number::Int(int) => int.as_u8().map(|int| int != 0),
            _ => None,
        },
        Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
            truth(&unary.operand).map(std::ops::Not::not)
        }
        Expr::Compare(compare) if compare.comparators.len() == 1 => {
            let sides = [compare.left.as_ref(), &compare.comparators[0]];
            let named = sides.iter().any(|side| is_name(side, "__name__"));
            let text = sides
                .iter()
                .any(|side| matches!(side, Expr::StringLiteral(text) if text.value.to_str() == "__main__"));
            (named && text).then_some(compare.ops[0] != ruff_python_ast::CmpOp::Eq)
        }
        _ => is_type_checking(test).then_some(false),
    }
}

fn is_type_checking(test: &Expr) -> bool {
    path(test).is_some_and(|path| path.rsplit('.').next() == Some("TYPE_CHECKING"))
}

fn try_step(attempt: &StmtTry) -> Step {
    let handlers = attempt.handlers.iter().map(|handler| {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let mut names = Vec::new();
        if let Some(caught) = &handler.type_ {
            let one = std::slice::from_ref(caught.as_ref());
            let all = if caught.is_tuple_expr() {
                elements(caught)
            } else {
                one
            };
            names.extend(all.iter().map(|name| path(name).unwrap_or_default()));
        }
        let catches = |wanted: &[&str]| {
            names.is_empty()
                || names.iter().any(|name| {
                    let last = name.rsplit('.').next().unwrap_or_default();
                    matches!(last, "Exception" | "BaseException") || wanted.contains(&last)
                })
        };
        let mut body = Vec::new();
        if let Some(name) = &handler.name {
            body.push(Step::Bind {
                name: name.as_str().into(),
                value: Expression::Unknown,
                span: from_range(name.range()),
            });
        }
        body.extend(steps(&handler.body));
        if let Some(name) = &handler.name {
            body.push(Step::Delete(name.as_str().into()));
        }
        Handler {
            catches_imports: catches(&["ImportError", "ModuleNotFoundError"]),
            catches_names: catches(&["NameError"]),
            body,
        }
    });
    Step::Try {
        handlers: handlers.collect(),
        body: steps(&attempt.body),
        otherwise: steps(&attempt.orelse),
        finally: steps(&attempt.finalbody),
    }
}

fn expression(value: &Expr) -> Expression {
    if let Some(path) = path(value) {
        return Expression::Path(path.into());
    }
    match value {
        Expr::Subscript(subscript) => path(&subscript.value).map_or(Expression::Unknown, |path| {
            Expression::Subscript(path.into())
        }),
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::FString(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_)
        | Expr::List(_)
        | Expr::Tuple(_)
        | Expr::Set(_)
        | Expr::Dict(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_)
        | Expr::Generator(_)
        | Expr::Lambda(_)
        | Expr::Compare(_) => Expression::Plain,
        _ => Expression::Unknown,
    }
}

/// `a.b.c` as text; `None` for anything but names and attributes.
pub(super) fn path(expression: &Expr) -> Option<String> {
    let mut first = expression;
    while let Expr::Attribute(attribute) = first {
        first = &attribute.value;
    }
    if !first.is_name_expr() {
        return None;
    }
    let mut path = String::with_capacity(expression.range().len().to_usize());
    write_path(expression, &mut path);
    Some(path)
}

fn write_path(expression: &Expr, path: &mut String) {
    match expression {
        Expr::Attribute(attribute) => {
            write_path(&attribute.value, path);
            path.push('.');
            path.push_str(&attribute.attr);
        }
        Expr::Name(name) => path.push_str(&name.id),
        _ => {}
    }
}

fn is_name(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Name(own) if own.id == name)
}

fn all_names(body: &[Stmt]) -> Option<Vec<Arc<str>>> {
    let assigned = body.iter().rev().find_map(|statement| match statement {
        Stmt::Assign(assign)
            if assign
                .targets
                .iter()
                .any(|target| is_name(target, "__all__")) =>
        {
            Some(assign.value.as_ref())
        }
        Stmt::AnnAssign(assign) if is_name(&assign.target, "__all__") => assign.value.as_deref(),
        _ => None,
    })?;
    elements(assigned)
        .iter()
        .map(|element| match element {
            Expr::StringLiteral(text) => Some(text.value.to_str().into()),
            _ => None,
        })
        .collect()
}

/// Collects import statements wherever they stand.
#[derive(Default)]
struct Imports {
    found: Vec<Import>,
    kind: ImportKind,
}

impl Imports {
    fn within(&mut self, kind: ImportKind, walk: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.kind, kind);
        walk(self);
        self.kind = before;
    }
}

impl<'a> Visitor<'a> for Imports {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let kind = self.kind;
        match statement {
            Stmt::Import(import) => self.found.extend(import.names.iter().map(|alias| Import {
                module: alias.name.as_str().into(),
                name: None,
                alias: alias.asname.as_ref().map(|name| name.as_str().into()),
                level: 0,
                span: from_range(alias.name.range()),
                kind,
            })),
            Stmt::ImportFrom(import) => {
                self.found.extend(import.names.iter().map(|alias| Import {
                    module: import.module.as_deref().unwrap_or_default().into(),
                    name: Some(alias.name.as_str().into()),
                    alias: alias.asname.as_ref().map(|name| name.as_str().into()),
                    level: import.level,
                    span: from_range(alias.name.range()),
                    kind,
                }));
            }
            Stmt::FunctionDef(function) => {
                let inside = ImportKind {
                    in_function: true,
                    ..kind
                };
                self.within(inside, |this| this.visit_body(&function.body));
            }
            Stmt::If(branch) if is_type_checking(&branch.test) => {
                let inside = ImportKind {
                    type_checking: true,
                    ..kind
                };
                self.within(inside, |this| this.visit_body(&branch.body));
                for clause in &branch.elif_else_clauses {
                    self.visit_body(&clause.body);
                }
            }
            Stmt::Try(attempt) if !attempt.handlers.is_empty() => {
                let inside = ImportKind {
                    guarded: true,
                    ..kind
                };
                self.within(inside, |this| this.visit_body(&attempt.body));
                for handler in &attempt.handlers {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    self.visit_body(&handler.body);
                }
                self.visit_body(&attempt.orelse);
                self.visit_body(&attempt.finalbody);
            }
            _ => walk_stmt(self, statement),
        }
    }

    // no statement stands in an expression
    fn visit_expr(&mut self, _expression: &'a Expr) {}
}

/// Finds how `main.py` starts the plugin.
#[derive(Default)]
struct Calls {
    plugin: Vec<Span>,
    run: Vec<Span>,
}

impl Calls {
    fn read(&mut self, body: &[Stmt]) {
        for statement in body {
            match statement {
                Stmt::Expr(statement) => self.value(&statement.value),
                Stmt::Assign(assign) => self.value(&assign.value),
                Stmt::AnnAssign(assign) => {
                    if let Some(value) = &assign.value {
                        self.value(value);
                    }
                }
                Stmt::If(branch) => {
                    self.read(&branch.body);
                    for clause in &branch.elif_else_clauses {
                        self.read(&clause.body);
                    }
                }
                Stmt::Try(attempt) => {
                    self.read(&attempt.body);
                    self.read(&attempt.orelse);
                    self.read(&attempt.finalbody);
                }
                Stmt::With(with) => self.read(&with.body),
                // `def main(): Plugin(...).run()`, called below
                Stmt::FunctionDef(function) => self.read(&function.body),
                _ => {}
            }
        }
    }

    fn value(&mut self, value: &Expr) {
        let Expr::Call(call) = value else { return };
        let place = from_range(call.range());
        match call.func.as_ref() {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "run" => {
                self.run.push(place);
                self.value(&attribute.value);
            }
            function => {
                let callee = path(function).unwrap_or_default();
                if callee.rsplit('.').next() == Some("Plugin") {
                    self.plugin.push(place);
                }
            }
        }
    }
}
