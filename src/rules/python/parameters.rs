//! The parameters that a document declares, against those that its code reads.

use crate::finding::{Place, RuleId};
use crate::format::DocumentKind;
use crate::format::words::{nearest, shorten};
use crate::plugin::{Node, Plugin};
use crate::python::usage::{Map, Read};
use crate::rules::code::{self, Code};
use crate::rules::{Context, Draft, On};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;

pub const CHECK: On = On::Plugin(check);

const KINDS: [DocumentKind; 4] = [
    DocumentKind::Tool,
    DocumentKind::Datasource,
    DocumentKind::Event,
    DocumentKind::AgentStrategy,
];

fn check(_: &Plugin, cx: &mut Context<'_>) {
    let found = code::of_kinds(&KINDS, cx);
    // several documents may share one source
    let mut shared: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (root, codes) in &found {
        for code in codes {
            let names = declared(*root).into_iter().map(|(name, _)| name);
            shared.entry(&code.path).or_default().extend(names);
        }
    }
    for (root, codes) in &found {
        if let [code] = codes.as_slice() {
            compare(*root, code, &shared, cx);
        }
    }
}

fn declared(root: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let parameters = root.get("parameters").map(Node::items).unwrap_or_default();
    parameters
        .into_iter()
        .filter_map(|parameter| {
            let name = parameter.get("name")?;
            Some((name.text()?, name))
        })
        .collect()
}

fn compare(
    root: Node<'_>,
    code: &Code<'_>,
    shared: &HashMap<&str, HashSet<&str>>,
    cx: &mut Context<'_>,
) {
    let declared = declared(root);
    let mut undeclared = undeclared(code, shared);
    let mut unread: Vec<(&str, Node<'_>)> = Vec::new();
    // a class that lacks its method is reported as such
    let whole = code
        .classes
        .iter()
        .all(|class| class.missing_methods.is_empty());
    if whole
        && !code.classes.is_empty()
        && code.closure.has_code()
        && !code.closure.may_read_any(Map::Parameters)
    {
        let unused = |name: &&(&str, Node<'_>)| !code.closure.mentions(name.0);
        unread = declared.iter().filter(unused).copied().collect();
    }
    while let Some((index, key)) = pair(&unread, &undeclared) {
        let (name, node) = unread.remove(index);
        if let Some(read) = undeclared.remove(key.as_str()) {
            renamed(name, node, &key, code, read, cx);
        }
    }
    for (name, node) in unread {
        let message = format!("the parameter `{}` is never read", shorten(name));
        cx.report(
            Draft::node(node, message)
                .rule(RuleId("python/unread-parameter"))
                .label(code.place(), "nothing that this class runs names it")
                .note("people fill it in, or a model does, and nothing comes of it")
                .help("read it in the code, or remove the parameter"),
        );
    }
    for (key, read) in undeclared {
        report_undeclared(root, key, &declared, code, read, cx);
    }
}

/// Keys that the code reads and no document that shares the source declares, with the first place.
fn undeclared<'c>(
    code: &'c Code<'_>,
    shared: &HashMap<&str, HashSet<&str>>,
) -> BTreeMap<&'c str, &'c Read> {
    let mut found = BTreeMap::new();
    // parameters made at run time are declared nowhere
    if code.has_method("_get_runtime_parameters") || code.has_method("get_runtime_parameters") {
        return found;
    }
    let known = shared.get(code.path.as_str());
    let Some(module) = code.closure.modules.first() else {
        return found;
    };
    for read in module
        .usage
        .reads
        .iter()
        .filter(|read| read.map == Map::Parameters)
    {
        if known.is_none_or(|known| !known.contains(read.key.as_ref())) {
            found.entry(read.key.as_ref()).or_insert(read);
        }
    }
    found
}

/// A parameter that nobody reads and a key that nobody declares, which were probably one.
fn pair(
    unread: &[(&str, Node<'_>)],
    undeclared: &BTreeMap<&str, &Read>,
) -> Option<(usize, String)> {
    if let ([_], 1) = (unread, undeclared.len()) {
        return undeclared.keys().next().map(|key| (0, (*key).to_owned()));
    }
    unread.iter().enumerate().find_map(|(index, (name, _))| {
        let near = nearest(name, undeclared.keys().copied());
        let part = || {
            let part = |key: &&str| key.len() > 3 && (name.contains(key) || key.contains(name));
            undeclared.keys().copied().find(|key| part(key))
        };
        near.or_else(part).map(|key| (index, key.to_owned()))
    })
}

fn renamed(
    name: &str,
    node: Node<'_>,
    key: &str,
    code: &Code<'_>,
    read: &Read,
    cx: &mut Context<'_>,
) {
    let message = format!(
        "`{}` is declared but the code reads `{}`",
        shorten(name),
        shorten(key)
    );
    cx.report(
        Draft::node(node, message)
            .rule(RuleId("python/renamed-parameter"))
            .remark("nothing reads this name")
            .label(place(code, read), format!("`{}` is declared nowhere", shorten(key)))
            .note("what people fill in never reaches the code, which finds nothing under its own name")
            .help("use one name in both files"),
    );
}

fn report_undeclared(
    root: Node<'_>,
    key: &str,
    declared: &[(&str, Node<'_>)],
    code: &Code<'_>,
    read: &Read,
    cx: &mut Context<'_>,
) {
    let near = nearest(key, declared.iter().map(|(name, _)| *name));
    let help = match near {
        Some(near) => format!(
            "did you mean `{near}`? otherwise declare `{}`",
            shorten(key)
        ),
        None => format!("add a parameter `{}`, or stop reading it", shorten(key)),
    };
    let note = if read.demanded {
        "reading it with `[...]` fails with a KeyError, since Dify hands over declared parameters only"
    } else {
        "Dify hands over declared parameters only, so the code always falls back to its default"
    };
    let parameters = root
        .get("parameters")
        .map_or_else(|| root.place(), Node::key_place);
    cx.report(
        Draft::new(
            place(code, read),
            format!("the parameter `{}` is not declared", shorten(key)),
        )
        .rule(RuleId("python/undeclared-parameter"))
        .label(parameters, "the parameters that Dify knows")
        .note(note)
        .help(help),
    );
}

fn place(code: &Code<'_>, read: &Read) -> Place {
    Place {
        file: code.path.as_str().into(),
        span: read.span,
    }
}
