//! What the parser lets pass and CPython's compiler refuses: statements in the wrong place.

use super::SyntaxError;
use super::syntax::from_range;
use hashbrown::HashSet;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// The first such statement, in the order of the source.
pub fn first(body: &[Stmt]) -> Option<SyntaxError> {
    let mut finder = Finder::default();
    finder.visit_body(body);
    finder.found
}

/// What the compiler knows about the place it is at.
#[derive(Clone, Copy, Default)]
struct Place {
    function: bool,
    is_async: bool,
    loops: bool,
    class: bool,
}

#[derive(Default)]
struct Finder {
    place: Place,
    found: Option<SyntaxError>,
}

impl Finder {
    fn report(&mut self, range: TextRange, message: impl Into<String>) {
        if self.found.is_none() {
            self.found = Some(SyntaxError {
                span: from_range(range),
                message: message.into(),
            });
        }
    }

    fn within(&mut self, place: Place, walk: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.place, place);
        walk(self);
        self.place = before;
    }

    fn parameters(&mut self, parameters: &Parameters) {
        let mut seen = HashSet::with_capacity(parameters.len());
        for parameter in parameters {
            if !seen.insert(parameter.name().as_str()) {
                let name = parameter.name();
                self.report(
                    name.range(),
                    format!("duplicate argument '{name}' in function definition"),
                );
            }
        }
    }
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let place = self.place;
        match statement {
            Stmt::Return(_) if !place.function => {
                self.report(statement.range(), "'return' outside function");
            }
            Stmt::Break(_) if !place.loops => {
                self.report(statement.range(), "'break' outside loop");
            }
            Stmt::Continue(_) if !place.loops => {
                self.report(statement.range(), "'continue' not properly in loop");
            }
            Stmt::ImportFrom(import)
                if (place.function || place.class)
                    && import.names.iter().any(|name| name.name.as_str() == "*") =>
            {
                self.report(statement.range(), "import * only allowed at module level");
            }
            Stmt::Nonlocal(_) if !place.function && !place.class => {
                self.report(
                    statement.range(),
                    "nonlocal declaration not allowed at module level",
                );
            }
            Stmt::For(each) if each.is_async && !place.is_async => {
                self.report(statement.range(), "'async for' outside async function");
            }
            Stmt::With(with) if with.is_async && !place.is_async => {
                self.report(statement.range(), "'async with' outside async function");
            }
            _ => {}
        }
        match statement {
            Stmt::FunctionDef(function) => {
                self.parameters(&function.parameters);
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                self.visit_parameters(&function.parameters);
                let inside = Place {
                    function: true,
                    is_async: function.is_async,
                    ..Place::default()
                };
                self.within(inside, |this| this.visit_body(&function.body));
            }
            Stmt::ClassDef(class) => {
                let inside = Place {
                    class: true,
                    ..Place::default()
                };
                self.within(inside, |this| this.visit_body(&class.body));
            }
            Stmt::For(each) => {
                self.visit_expr(&each.iter);
                let inside = Place {
                    loops: true,
                    ..place
                };
                self.within(inside, |this| this.visit_body(&each.body));
                self.visit_body(&each.orelse);
            }
            Stmt::While(each) => {
                self.visit_expr(&each.test);
                let inside = Place {
                    loops: true,
                    ..place
                };
                self.within(inside, |this| this.visit_body(&each.body));
                self.visit_body(&each.orelse);
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        let place = self.place;
        match expression {
            Expr::Yield(_) | Expr::YieldFrom(_) if !place.function => {
                self.report(expression.range(), "'yield' outside function");
            }
            Expr::YieldFrom(_) if place.is_async => {
                self.report(expression.range(), "'yield from' inside async function");
            }
            Expr::Await(_) if !place.function => {
                self.report(expression.range(), "'await' outside function");
            }
            Expr::Await(_) if !place.is_async => {
                self.report(expression.range(), "'await' outside async function");
            }
            _ => {}
        }
        match expression {
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters);
                    self.visit_parameters(parameters);
                }
                let inside = Place {
                    function: true,
                    is_async: place.is_async,
                    ..Place::default()
                };
                self.within(inside, |this| this.visit_expr(&lambda.body));
            }
            // `await` in a generator makes it an asynchronous one, wherever it stands
            Expr::Generator(_) => {
                let inside = Place {
                    is_async: true,
                    function: true,
                    ..place
                };
                self.within(inside, |this| walk_expr(this, expression));
            }
            _ => walk_expr(self, expression),
        }
    }

    // annotations are no part of what runs
    fn visit_annotation(&mut self, _expression: &'a Expr) {}
}
