//! What a source does with what Dify hands it: the keys it reads, the services it calls.
//!
//! Facts for rules that compare the YAML documents with the code. They follow names, not values:
//! a map is known by the names that the SDK gives it, by simple aliases, and by the arguments of
//! helpers in the same file.

use super::extract::path;
use super::safety;
use super::syntax::{self, from_range};
use crate::source::{SourceFile, Span};
use hashbrown::{HashMap, HashSet};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use std::collections::BTreeSet;

/// A map that the SDK hands to a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Map {
    /// `credentials`, `self.runtime.credentials`.
    Credentials,
    /// `system_credentials`: what an administrator fills in for the OAuth client.
    SystemCredentials,
    /// `tool_parameters`, `datasource_parameters`, and the argument of the methods that get them.
    Parameters,
    /// `properties` of a subscription.
    Properties,
    /// `settings` of an endpoint.
    Settings,
}

/// A key that is read from a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    /// The map.
    pub map: Map,
    /// The key.
    pub key: Box<str>,
    /// The text of the key in the source.
    pub span: Span,
    /// True for `["key"]`, which fails when the key is absent; false for `.get`, `in` and the like.
    pub demanded: bool,
    /// The class in which it is read.
    pub class: Option<Box<str>>,
    /// The function or method in which it is read.
    pub function: Option<Box<str>>,
}

/// A method of `self.session` that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The service: `model.llm`, `model.summary`, `tool`, `app.chat`, `node`, `storage`, `file`.
    pub service: Box<str>,
    /// The method: `invoke`, `set`.
    pub method: Box<str>,
    /// The call.
    pub span: Span,
}

/// A map that is handed as a whole to a function which this source does not define.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handed {
    /// The map.
    pub map: Map,
    /// What is called, `a.b.c`.
    pub callee: Box<str>,
    /// Which positional argument it is.
    pub index: Option<usize>,
    /// Which keyword argument it is.
    pub keyword: Option<Box<str>>,
    /// The argument.
    pub span: Span,
}

/// What one source does.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Keys read, in the order of the source.
    pub reads: Vec<Read>,
    /// Places from where on any key of a map may be read: it is handed on as a whole, or read with
    /// a key that is no plain text.
    pub open: Vec<(Map, Span)>,
    /// Maps handed to functions of other sources: any key may be read there.
    pub handed: Vec<Handed>,
    /// The parameters of each function and method, `self` left out, by its name; a class stands
    /// for its `__init__`.
    pub functions: HashMap<Box<str>, Vec<Box<str>>>,
    /// Every identifier and every short text, docstrings left out.
    pub words: HashSet<Box<str>>,
    /// True if some function does something; false for a source that only declares.
    pub has_code: bool,
    /// Where `client_secret` is put among the credentials that an OAuth method returns.
    pub leaked_secrets: Vec<Span>,
    /// Keys among the credentials that OAuth methods return.
    pub granted: Vec<Box<str>>,
    /// True if an OAuth method may return further keys.
    pub grants_any: bool,
    /// Secrets that are written to the log or to standard output: their name and the place.
    pub logged: Vec<(Box<str>, Span)>,
    /// Texts that have the form of a secret: what it is and the place.
    pub secrets: Vec<(&'static str, Span)>,
    /// Services of Dify that are called.
    pub invocations: Vec<Invocation>,
    /// `_validate_credentials` methods whose body does nothing: the class, and the method's name.
    pub validates_nothing: Vec<(Box<str>, Span)>,
    /// Calls of `print`.
    pub prints: Vec<Span>,
    /// Calls with `verify=False`.
    pub unverified: Vec<Span>,
    /// Calls of `requests.get` and the like without `timeout`.
    pub without_timeout: Vec<Span>,
    /// True if the source was not looked at; nothing may be concluded from what is missing.
    pub opaque: bool,
}

impl Usage {
    /// What one source does. Never fails; a source that does not compile yields what its sound part
    /// does.
    pub fn new(file: &SourceFile) -> Self {
        let usage = syntax::parse(file, |body, _| Self::of(body));
        usage.unwrap_or_else(Self::unseen)
    }

    /// What the statements of a source do.
    pub(super) fn of(body: &[Stmt]) -> Self {
        let mut reader = Reader::default();
        reader.learn(body);
        reader.visit_body(body);
        reader.follow_helpers();
        let mut usage = reader.finish();
        let found = safety::look(body);
        usage.words = found.words;
        usage.logged = found.logged;
        usage.secrets = found.secrets;
        usage.leaked_secrets = found.leaked_secrets;
        usage.granted = found.granted;
        usage.grants_any = found.grants_any;
        usage
    }

    /// Of a source that was not looked at.
    pub(super) fn unseen() -> Self {
        Self {
            opaque: true,
            ..Self::default()
        }
    }

    /// True if any key of this map may be read.
    pub fn may_read_any(&self, map: Map) -> bool {
        self.opaque
            || self.open.iter().any(|(open, _)| *open == map)
            || self.handed.iter().any(|handed| handed.map == map)
    }
}

/// How many helper calls are followed.
const MAX_HELPERS: usize = 1000;

#[derive(Default)]
struct Reader<'a> {
    usage: Usage,
    class: Option<Box<str>>,
    function: Option<Box<str>>,
    /// Names that stand for a map in the current function, and those that only look as if.
    aliases: HashMap<&'a str, Option<Map>>,
    helpers: HashMap<&'a str, &'a StmtFunctionDef>,
    calls: BTreeSet<(&'a str, &'a str, Map)>,
    done: HashSet<(&'a str, &'a str, Map)>,
}

impl<'a> Reader<'a> {
    /// Learns the functions and methods of the file by name.
    fn learn(&mut self, body: &'a [Stmt]) {
        for statement in body {
            match statement {
                Stmt::FunctionDef(function) => {
                    self.helpers.insert(function.name.as_str(), function);
                    self.declare(function.name.as_str(), function);
                }
                Stmt::ClassDef(class) => {
                    let init = class.body.iter().find_map(|statement| match statement {
                        Stmt::FunctionDef(function) if function.name.as_str() == "__init__" => {
                            Some(function)
                        }
                        _ => None,
                    });
                    if let Some(init) = init {
                        self.helpers.insert(class.name.as_str(), init);
                        self.declare(class.name.as_str(), init);
                    }
                    self.learn(&class.body);
                }
                _ => {}
            }
        }
    }

    fn declare(&mut self, name: &str, function: &StmtFunctionDef) {
        let names = parameters(function).into_iter().map(Into::into).collect();
        self.usage.functions.insert(name.into(), names);
        self.usage.has_code |= !function.body.iter().all(does_nothing);
    }

    /// Reads helpers again, with the maps that their parameters stand for.
    fn follow_helpers(&mut self) {
        for _ in 0..MAX_HELPERS {
            let Some(call) = self.calls.pop_first() else {
                return;
            };
            let (name, parameter, map) = call;
            if !self.done.insert(call) || named_map(parameter) == Some(map) {
                continue;
            }
            if let Some(function) = self.helpers.get(name).copied() {
                self.aliases.clear();
                self.aliases.insert(parameter, Some(map));
                self.function = Some(name.into());
                self.visit_body(&function.body);
            }
        }
        // more than anybody writes by hand
        for (_, _, map) in std::mem::take(&mut self.calls) {
            self.usage.open.push((map, Span::default()));
        }
    }

    fn finish(self) -> Usage {
        let mut usage = self.usage;
        // helpers are read more than once
        usage.reads.sort_by(|a, b| (a.span, a).cmp(&(b.span, b)));
        usage
            .reads
            .dedup_by(|a, b| a.span == b.span && a.map == b.map);
        usage.open.sort_by_key(|(map, span)| (*span, *map));
        usage.open.dedup();
        usage.handed.sort_by(|a, b| (a.span, a).cmp(&(b.span, b)));
        usage.handed.dedup();
        usage.invocations.sort_by_key(|invocation| invocation.span);
        usage.invocations.dedup();
        for places in [
            &mut usage.prints,
            &mut usage.unverified,
            &mut usage.without_timeout,
        ] {
            places.sort_unstable();
            places.dedup();
        }
        usage
    }

    /// The map that an expression stands for.
    fn map(&self, expression: &Expr) -> Option<Map> {
        match expression {
            Expr::Name(name) => self
                .aliases
                .get(name.id.as_str())
                .copied()
                .unwrap_or_else(|| named_map(name.id.as_str())),
            Expr::Attribute(attribute) => named_map(attribute.attr.as_str()),
            // `credentials or {}`
            Expr::BoolOp(either) if either.op == BoolOp::Or => self.map(either.values.first()?),
            // `credentials if credentials else {}`
            Expr::If(choice) => self.map(&choice.body),
            Expr::Call(call) => match call.func.as_ref() {
                // `dict(credentials)`
                Expr::Name(name) if name.id.as_str() == "dict" => match &*call.arguments.args {
                    [one] if call.arguments.keywords.is_empty() => self.map(one),
                    _ => None,
                },
                Expr::Attribute(method) if method.attr.as_str() == "copy" => {
                    self.map(&method.value)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn read(&mut self, map: Map, key: &'a Expr, demanded: bool) {
        match key {
            Expr::StringLiteral(text) => self.usage.reads.push(Read {
                map,
                key: text.value.to_str().into(),
                span: from_range(key.range()),
                demanded,
                class: self.class.clone(),
                function: self.function.clone(),
            }),
            _ => {
                self.usage.open.push((map, from_range(key.range())));
                self.visit_expr(key);
            }
        }
    }

    fn call(&mut self, call: &'a ExprCall) {
        let place = from_range(call.range());
        let callee = path(&call.func).unwrap_or_default();
        let keyword = |name: &str| {
            call.arguments
                .keywords
                .iter()
                .find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
        };
        if callee == "print" {
            self.usage.prints.push(place);
        }
        if keyword("verify").is_some_and(
            |verify| matches!(&verify.value, Expr::BooleanLiteral(literal) if !literal.value),
        ) {
            self.usage.unverified.push(place);
        }
        let splats = call
            .arguments
            .keywords
            .iter()
            .any(|keyword| keyword.arg.is_none());
        if is_request(&callee) && keyword("timeout").is_none() && !splats {
            self.usage.without_timeout.push(place);
        }
        if let Some((before, service)) = callee.split_once("session.")
            && before
                .rsplit('.')
                .next()
                .is_some_and(|name| matches!(name, "" | "_"))
            && let Some((service, method)) = service.rsplit_once('.')
            && matches!(
                service.split('.').next(),
                Some("model" | "tool" | "app" | "workflow_node" | "node" | "storage" | "file")
            )
        {
            self.usage.invocations.push(Invocation {
                service: service.into(),
                method: method.into(),
                span: place,
            });
        }
    }

    /// Notes maps that are handed to a helper of this file; true if that explains the argument.
    fn handed(
        &mut self,
        call: &'a ExprCall,
        index: Option<usize>,
        name: Option<&str>,
        map: Map,
    ) -> bool {
        let callee = path(&call.func).unwrap_or_default();
        let last = callee.rsplit('.').next().unwrap_or_default();
        // these look at the map, not into it
        if matches!(
            callee.as_str(),
            "isinstance" | "len" | "bool" | "id" | "type"
        ) {
            return true;
        }
        let own = matches!(callee.split('.').next(), Some("self" | "cls")) || callee == last;
        let Some((helper, function)) = self.helpers.get_key_value(last).filter(|_| own) else {
            return false;
        };
        let (helper, function) = (*helper, *function);
        let names = parameters(function);
        let parameter = match (index, name) {
            (Some(index), _) => names.get(index).copied(),
            (None, Some(name)) => names.into_iter().find(|one| *one == name),
            (None, None) => None,
        };
        if let Some(parameter) = parameter {
            self.calls.insert((helper, parameter, map));
        }
        parameter.is_some()
    }

    /// Notes a map that is handed to something with a name.
    fn hand_over(
        &mut self,
        call: &ExprCall,
        index: Option<usize>,
        keyword: Option<&str>,
        map: Map,
        argument: &Expr,
    ) -> bool {
        let Some(callee) = path(&call.func) else {
            return false;
        };
        let splatted = call.arguments.args.iter().any(Expr::is_starred_expr);
        if (index.is_none() && keyword.is_none()) || splatted {
            return false;
        }
        self.usage.handed.push(Handed {
            map,
            callee: callee.into(),
            index,
            keyword: keyword.map(Into::into),
            span: from_range(argument.range()),
        });
        true
    }

    fn arguments(&mut self, call: &'a ExprCall) {
        for (index, argument) in call.arguments.args.iter().enumerate() {
            match self.map(argument) {
                Some(map) if self.handed(call, Some(index), None, map) => {}
                Some(map) if self.hand_over(call, Some(index), None, map, argument) => {}
                _ => self.visit_expr(argument),
            }
        }
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            match self.map(&keyword.value) {
                Some(map) if name.is_some() && self.handed(call, None, name, map) => {}
                Some(map) if self.hand_over(call, None, name, map, &keyword.value) => {}
                _ => self.visit_expr(&keyword.value),
            }
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        let name = function.name.as_str();
        if let Some(class) = &self.class
            && name == "_validate_credentials"
            && function.body.iter().all(does_nothing)
        {
            let place = from_range(function.name.range());
            self.usage.validates_nothing.push((class.clone(), place));
        }
        let aliases = self.aliases.clone();
        // the methods whose argument holds the parameters, whatever the argument is called
        let index = match name {
            "_invoke" | "_get_website_crawl" | "_get_pages" if parameters(function).len() == 1 => 0,
            "_on_event" => 1,
            _ => usize::MAX,
        };
        if let Some(parameter) = parameters(function)
            .get(index)
            .filter(|_| self.class.is_some())
        {
            self.aliases.insert(parameter, Some(Map::Parameters));
        }
        let gathers = function.parameters.vararg.is_some() || function.parameters.kwarg.is_some();
        if gathers
            && matches!(
                name,
                "_invoke" | "_on_event" | "_get_website_crawl" | "_get_pages"
            )
        {
            self.usage
                .open
                .push((Map::Parameters, from_range(function.name.range())));
        }
        let outer = self.function.replace(name.into());
        self.visit_body(&function.body);
        self.function = outer;
        self.aliases = aliases;
    }
}

impl<'a> Visitor<'a> for Reader<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => {
                let outer = self.class.replace(class.name.as_str().into());
                self.visit_body(&class.body);
                self.class = outer;
            }
            Stmt::Assign(assign) => match (self.map(&assign.value), &*assign.targets) {
                (Some(map), [Expr::Name(name)]) => {
                    self.aliases.insert(name.id.as_str(), Some(map));
                }
                // another thing of the same name
                (None, [Expr::Name(name)]) => {
                    self.visit_expr(&assign.value);
                    self.aliases.insert(name.id.as_str(), None);
                }
                // `self.credentials = credentials` keeps a name that says what it is
                (Some(map), [target @ Expr::Attribute(_)]) if self.map(target) == Some(map) => {}
                _ => {
                    for target in &assign.targets {
                        self.visit_expr(target);
                    }
                    self.visit_expr(&assign.value);
                }
            },
            Stmt::AnnAssign(assign) => {
                let Some(value) = &assign.value else { return };
                match (self.map(value), assign.target.as_ref()) {
                    (Some(map), Expr::Name(name)) => {
                        self.aliases.insert(name.id.as_str(), Some(map));
                    }
                    (None, Expr::Name(name)) => {
                        self.visit_expr(value);
                        self.aliases.insert(name.id.as_str(), None);
                    }
                    (Some(map), target) if self.map(target) == Some(map) => {}
                    _ => self.visit_expr(value),
                }
            }
            Stmt::If(branch) if self.map(&branch.test).is_some() => {
                self.visit_body(&branch.body);
                for clause in &branch.elif_else_clauses {
                    if let Some(test) = &clause.test {
                        self.visit_expr(test);
                    }
                    self.visit_body(&clause.body);
                }
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Subscript(subscript) if let Some(map) = self.map(&subscript.value) => {
                if subscript.ctx.is_load() {
                    self.read(map, &subscript.slice, true);
                }
            }
            Expr::Call(call) => {
                self.call(call);
                if let Expr::Attribute(method) = call.func.as_ref()
                    && let Some(map) = self.map(&method.value)
                {
                    match (method.attr.as_str(), &*call.arguments.args) {
                        ("get" | "pop" | "setdefault", [key, rest @ ..]) => {
                            self.read(map, key, false);
                            for argument in rest {
                                self.visit_expr(argument);
                            }
                            return;
                        }
                        ("items" | "keys" | "values" | "model_dump" | "copy", _) => {
                            self.usage.open.push((map, from_range(call.range())));
                        }
                        _ => {}
                    }
                } else {
                    self.visit_expr(&call.func);
                }
                self.arguments(call);
            }
            Expr::Compare(compare)
                if let [CmpOp::In | CmpOp::NotIn] = &*compare.ops
                    && let Some(map) = self.map(&compare.comparators[0]) =>
            {
                self.read(map, &compare.left, false);
            }
            Expr::Compare(compare)
                if let [CmpOp::Is | CmpOp::IsNot] = &*compare.ops
                    && self.map(&compare.left).is_some() => {}
            Expr::UnaryOp(unary) if self.map(&unary.operand).is_some() => {}
            Expr::Attribute(attribute) if self.map(expression).is_none() => {
                // an attribute of a map is no key; go on with what stands before a longer path
                if self.map(&attribute.value).is_none() {
                    self.visit_expr(&attribute.value);
                }
            }
            _ => match self.map(expression) {
                Some(map) => self.usage.open.push((map, from_range(expression.range()))),
                None => walk_expr(self, expression),
            },
        }
    }

    fn visit_annotation(&mut self, _expression: &'a Expr) {}
}

/// The maps by the names that the SDK's signatures give them.
pub(super) fn named_map(name: &str) -> Option<Map> {
    match name {
        "credentials" => Some(Map::Credentials),
        "system_credentials" => Some(Map::SystemCredentials),
        "tool_parameters" | "datasource_parameters" => Some(Map::Parameters),
        "properties" => Some(Map::Properties),
        "settings" => Some(Map::Settings),
        _ => None,
    }
}

/// The names of a function's parameters, `self` left out.
fn parameters(function: &StmtFunctionDef) -> Vec<&str> {
    let parameters = &function.parameters;
    let mut names: Vec<&str> = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .chain(&parameters.kwonlyargs)
        .map(|parameter| parameter.parameter.name.as_str())
        .collect();
    if names
        .first()
        .is_some_and(|first| matches!(*first, "self" | "cls"))
    {
        names.remove(0);
    }
    names
}

fn is_request(callee: &str) -> bool {
    callee.strip_prefix("requests.").is_some_and(|method| {
        matches!(
            method,
            "get" | "post" | "put" | "patch" | "delete" | "head" | "options" | "request"
        )
    })
}

fn does_nothing(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Return(back) => back.value.as_deref().is_none_or(Expr::is_none_literal_expr),
        Stmt::Expr(statement) => statement.value.is_literal_expr(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(text: &str) -> Usage {
        Usage::new(&SourceFile::new("x.py", text.as_bytes().to_vec()))
    }

    fn keys(usage: &Usage, map: Map) -> Vec<&str> {
        let reads = usage.reads.iter().filter(|read| read.map == map);
        reads.map(|read| read.key.as_ref()).collect()
    }

    #[test]
    fn keys_are_found_through_aliases_and_helpers() {
        let usage = usage(
            r#"
class T(Tool):
    def _invoke(self, tool_parameters):
        key = self.runtime.credentials["api_key"]
        c = self.runtime.credentials or {}
        url = c.get("base_url", "x")
        if "region" in c: pass
        self._help(tool_parameters, 1)
        c["written"] = 1
        f(f"{c['inside']}")

    def _help(self, params, n):
        return params.get("query")
"#,
        );
        let credentials = ["api_key", "base_url", "region", "inside"];
        assert_eq!(keys(&usage, Map::Credentials), credentials);
        assert_eq!(keys(&usage, Map::Parameters), ["query"]);
        assert!(usage.open.is_empty(), "{:?}", usage.open);
        assert!(usage.reads[0].demanded && !usage.reads[1].demanded);
        assert_eq!(usage.reads[0].class.as_deref(), Some("T"));
    }

    #[test]
    fn maps_that_leave_the_file_are_open() {
        for text in [
            "Client(**credentials)",
            "other.check(credentials)",
            "credentials[name]",
            "for k in credentials.items(): pass",
            "x = {**credentials}",
            "def f(credentials): return credentials",
        ] {
            assert!(usage(text).may_read_any(Map::Credentials), "{text}");
        }
        for text in [
            "if credentials: pass",
            "isinstance(credentials, dict)",
            "not credentials",
        ] {
            assert!(!usage(text).may_read_any(Map::Credentials), "{text}");
        }
    }

    #[test]
    fn calls() {
        let usage = usage(
            "class P(ToolProvider):\n    def _validate_credentials(self, credentials):\n        \"\"\"x\"\"\"\n        pass\n    def a(self):\n        self.session.model.llm.invoke(1)\n        self.session.storage.set('a', b'')\n        print(1)\n        requests.get(u, verify=False)\n        requests.post(u, timeout=5)\n",
        );
        assert_eq!(usage.validates_nothing.len(), 1);
        let services: Vec<_> = usage
            .invocations
            .iter()
            .map(|i| i.service.as_ref())
            .collect();
        assert_eq!(services, ["model.llm", "storage"]);
        assert_eq!((usage.prints.len(), usage.unverified.len()), (1, 1));
        assert_eq!(usage.without_timeout.len(), 1);
    }
}
