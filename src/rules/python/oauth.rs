//! An OAuth schema, against the methods that do the OAuth.

use crate::finding::{Place, RuleId};
use crate::format::DocumentKind;
use crate::plugin::{Node, Plugin};
use crate::python::Base;
use crate::rules::code::{self, Code};
use crate::rules::{Context, Draft, On};

pub const CHECK: On = On::Plugin(check);

const URL: &str = "_oauth_get_authorization_url";
const CREDENTIALS: &str = "_oauth_get_credentials";
const REFRESH: &str = "_oauth_refresh_credentials";

const KINDS: [DocumentKind; 3] = [
    DocumentKind::ToolProvider,
    DocumentKind::DatasourceProvider,
    DocumentKind::TriggerProvider,
];

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for (root, codes) in code::of_kinds(&KINDS, cx) {
        let [code] = codes.as_slice() else { continue };
        if code.classes.is_empty() {
            continue;
        }
        let path: &[&str] = match root.document().kind {
            DocumentKind::TriggerProvider => &["subscription_constructor", "oauth_schema"],
            _ => &["oauth_schema"],
        };
        match root.at(path) {
            Some(schema) if schema.is_mapping() => methods(schema, code, cx),
            Some(_) => {}
            None => schema(root, path, code, cx),
        }
    }
}

fn methods(schema: Node<'_>, code: &Code<'_>, cx: &mut Context<'_>) {
    let mut missing: Vec<&str> = [URL, CREDENTIALS]
        .into_iter()
        .filter(|method| !code.has_method(method))
        .collect();
    let expires = || code.closure.mentions("expires_in") || code.closure.mentions("expires_at");
    let refresh = missing.is_empty() && !code.has_method(REFRESH) && expires();
    if refresh {
        missing.push(REFRESH);
    }
    if missing.is_empty() {
        return;
    }
    let note = if refresh {
        "tokens expire, and then the SDK's own method raises NotImplementedError"
    } else {
        "Dify offers the sign-in because of the schema, and it ends with NotImplementedError"
    };
    cx.report(
        Draft::key(
            schema,
            format!("`oauth_schema` needs `{}`", missing.join("`, `")),
        )
        .rule(RuleId("python/missing-oauth-method"))
        .label(code.place(), "this class lacks it")
        .note(note)
        .help(format!("define `{}` in the class", missing.join("`, `"))),
    );
}

fn schema(root: Node<'_>, path: &[&str], code: &Code<'_>, cx: &mut Context<'_>) {
    let methods = code.classes.iter().flat_map(|class| &class.methods);
    let Some(method) = methods
        .into_iter()
        .find(|method| method.name.as_ref() == URL && method.file.as_ref() == code.path)
    else {
        return;
    };
    let place = Place {
        file: method.file.clone(),
        span: method.span,
    };
    let kind = match root.document().kind {
        DocumentKind::ToolProvider => Base::ToolProvider,
        DocumentKind::DatasourceProvider => Base::DatasourceProvider,
        _ => Base::TriggerSubscriptionConstructor,
    };
    let key = path.join(".");
    cx.report(
        Draft::at(
            code.named.document,
            code.named.node,
            format!("`{}` does OAuth, but there is no `{key}`", method.class),
        )
        .rule(RuleId("python/missing-oauth-schema"))
        .label(place, "never called")
        .note(format!(
            "Dify offers the sign-in of a `{}` only if the schema is there",
            kind.class_name()
        ))
        .help(format!(
            "add `{key}` with `client_schema` and `credentials_schema`, or remove the method"
        )),
    );
}
