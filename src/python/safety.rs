//! What a source gives away, and the words it is made of: one walk over all of it.

use super::extract::path;
use super::syntax::from_range;
use crate::source::Span;
use hashbrown::{HashMap, HashSet};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_keyword, walk_parameter, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, ExprDict, Keyword, Parameter, Stmt};
use ruff_text_size::Ranged;

/// What the walk finds; each field is explained in `Usage`.
#[derive(Default)]
pub struct Found<'a> {
    pub words: HashSet<Box<str>>,
    pub logged: Vec<(Box<str>, Span)>,
    pub secrets: Vec<(&'static str, Span)>,
    pub leaked_secrets: Vec<Span>,
    pub granted: Vec<Box<str>>,
    pub grants_any: bool,
    /// The dictionary that a name of the current function was last given.
    dictionaries: HashMap<&'a str, &'a ExprDict>,
}

/// Longer texts are no names.
const LONGEST_WORD: usize = 128;

/// Walks over a source.
pub fn look(body: &[Stmt]) -> Found<'_> {
    let mut found = Found::default();
    found.visit_body(body);
    found
}

impl<'a> Visitor<'a> for Found<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // a docstring names things without using them
            Stmt::Expr(text) if text.value.is_string_literal_expr() => return,
            Stmt::FunctionDef(function) => {
                self.word(function.name.as_str());
                self.dictionaries.clear();
            }
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = assign.targets.as_slice() {
                    match assign.value.as_ref() {
                        Expr::Dict(dict) => self.dictionaries.insert(name.id.as_str(), dict),
                        _ => self.dictionaries.remove(name.id.as_str()),
                    };
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.word(parameter.name.as_str());
        walk_parameter(self, parameter);
    }

    fn visit_keyword(&mut self, keyword: &'a Keyword) {
        if let Some(name) = &keyword.arg {
            self.word(name.as_str());
        }
        walk_keyword(self, keyword);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                self.word(name.id.as_str());
            }
            Expr::Attribute(attribute) => {
                self.word(attribute.attr.as_str());
            }
            Expr::StringLiteral(text) => {
                let value = text.value.to_str();
                if value.len() <= LONGEST_WORD {
                    self.word(value);
                }
                if let Some(kind) = kind_of_secret(value) {
                    self.secrets.push((kind, from_range(text.range())));
                }
            }
            Expr::Call(call) => self.call(call),
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Found<'a> {
    fn word(&mut self, word: &str) {
        self.words.get_or_insert_with(word, |word| word.into());
    }

    fn call(&mut self, call: &'a ExprCall) {
        let callee = path(&call.func).unwrap_or_default();
        if callee.ends_with("OAuthCredentials") {
            for keyword in &call.arguments.keywords {
                if keyword
                    .arg
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "credentials")
                {
                    let dict = match &keyword.value {
                        Expr::Name(name) => self.dictionaries.get(name.id.as_str()).copied(),
                        Expr::Dict(dict) => Some(dict),
                        _ => None,
                    };
                    self.grant(dict);
                }
            }
        }
        if is_log(&callee) {
            let values = call.arguments.keywords.iter().map(|keyword| &keyword.value);
            for argument in call.arguments.args.iter().chain(values) {
                shown(argument, &mut self.logged, 0);
            }
        }
    }
}

impl Found<'_> {
    /// The keys of the credentials that somebody gets by signing in.
    fn grant(&mut self, credentials: Option<&ExprDict>) {
        let Some(dict) = credentials else {
            self.grants_any = true;
            return;
        };
        for item in &dict.items {
            let Some(Expr::StringLiteral(key)) = &item.key else {
                self.grants_any = true;
                continue;
            };
            if key.value.to_str() == "client_secret" {
                self.leaked_secrets.push(from_range(key.range()));
            }
            self.granted.push(key.value.to_str().into());
        }
    }
}

fn is_log(callee: &str) -> bool {
    let Some((before, method)) = callee.rsplit_once('.') else {
        return callee == "print";
    };
    let logger = before.rsplit('.').next().unwrap_or_default();
    matches!(logger, "logger" | "logging" | "log" | "_logger" | "LOGGER")
        && matches!(
            method,
            "debug" | "info" | "warning" | "warn" | "error" | "exception" | "critical"
        )
}

/// The secrets that would be shown if this were printed.
fn shown(value: &Expr, found: &mut Vec<(Box<str>, Span)>, depth: usize) {
    // the depth of a tree that was parsed is bounded; the stack is, too
    if depth > 40 {
        return;
    }
    let mut note = |name: &str, place: &Expr| {
        if is_secret_name(name) {
            found.push((name.into(), from_range(place.range())));
        }
    };
    match value {
        Expr::Name(name) => note(name.id.as_str(), value),
        Expr::Attribute(attribute) => note(attribute.attr.as_str(), value),
        Expr::Subscript(subscript) => {
            if let Expr::StringLiteral(key) = subscript.slice.as_ref() {
                note(key.value.to_str(), value);
            }
        }
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Attribute(method) if method.attr.as_str() == "get" => {
                if let Some(Expr::StringLiteral(key)) = call.arguments.args.first() {
                    note(key.value.to_str(), value);
                }
            }
            Expr::Attribute(method) if method.attr.as_str() == "format" => {
                for argument in &call.arguments.args {
                    shown(argument, found, depth + 1);
                }
            }
            Expr::Name(name) if matches!(name.id.as_str(), "str" | "repr" | "dict") => {
                for argument in &call.arguments.args {
                    shown(argument, found, depth + 1);
                }
            }
            // what another function makes of it is not known
            _ => {}
        },
        Expr::FString(text) => {
            for element in text.value.elements() {
                if let Some(inner) = element.as_interpolation() {
                    shown(&inner.expression, found, depth + 1);
                }
            }
        }
        Expr::BinOp(both) => {
            shown(&both.left, found, depth + 1);
            shown(&both.right, found, depth + 1);
        }
        Expr::Tuple(tuple) => {
            for element in &tuple.elts {
                shown(element, found, depth + 1);
            }
        }
        _ => {}
    }
}

/// Names under which plugins keep what nobody else may see.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let endings = [
        "api_key",
        "apikey",
        "access_token",
        "refresh_token",
        "access_key",
        "secret",
        "secret_key",
        "password",
        "credentials",
    ];
    endings.iter().any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}

/// What kind of secret a text is, by the forms that leave no doubt (`spec/marketplace.md` 2.4 of the
/// publishing gate has the same ones).
fn kind_of_secret(text: &str) -> Option<&'static str> {
    if text.len() < 20 {
        return None;
    }
    if text.contains("-----BEGIN") {
        let (_, key) = text.split_once("PRIVATE KEY-----")?;
        let body = key.bytes().filter(u8::is_ascii_alphanumeric).count();
        return (body >= 100).then_some("private key");
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .find_map(token)
}

fn token(word: &str) -> Option<&'static str> {
    let tail = |prefix: &str, least: usize| {
        word.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= least && is_random(rest))
    };
    if tail("sk-", 20) {
        Some("API key")
    } else if ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"]
        .iter()
        .any(|prefix| tail(prefix, 30))
    {
        Some("GitHub token")
    } else if ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-"]
        .iter()
        .any(|prefix| tail(prefix, 20))
    {
        Some("Slack token")
    } else if word.len() == 20 && tail("AKIA", 16) && !word.bytes().any(|b| b.is_ascii_lowercase())
    {
        Some("AWS access key")
    } else if word.matches('.').count() == 2 && word.contains(".eyJ") && tail("eyJ", 60) {
        Some("JSON web token")
    } else {
        None
    }
}

/// False for the `xxxx` and `your-key-here` of examples.
fn is_random(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let example = [
        "xxx", "your", "example", "test", "1234", "abcd", "...", "key",
    ];
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let different: HashSet<u8> = text.bytes().collect();
    digits >= 2 && different.len() >= 8 && !example.iter().any(|word| lower.contains(word))
}
