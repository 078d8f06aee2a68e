//! Every source that a document names must be importable and hold the class that the SDK looks for.

use crate::finding::{Place, RuleId, Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::{Node, Plugin};
use crate::python::{Base, Failure, FailureKind, Found, How, Instantiation};
use crate::rules::registry::path_missing_file as missing_file;
use crate::rules::sources::{Count, Named};
use crate::rules::{Context, Draft, On, repair};
use std::sync::Arc;

pub const CHECK: On = On::Plugin(check);

const START: Stages = Stages::only(Stage::Start);

fn check(_: &Plugin, cx: &mut Context<'_>) {
    for named in cx.named_sources().iter() {
        match cx.python().locate(named.written) {
            Ok(path) => look_into(named, &path, cx),
            Err(error) if error.is_refusal() => missing(named, &error.to_string(), cx),
            Err(_) => {}
        }
    }
}

fn missing(named: &Named<'_>, reason: &str, cx: &mut Context<'_>) {
    let written = shorten(named.written);
    let message = format!("the Python source `{written}` cannot be imported: {reason}");
    let near = missing_file::elsewhere(cx.plugin(), named.document.path(), named.written)
        .or_else(|| beside(named, cx.plugin()))
        // what is written may lead to a file and still be no module
        .filter(|near| near != named.written);
    let fix = near.as_deref().and_then(|near| {
        let how = match missing_file::same_path(near, named.written) {
            true => repair::Safe,
            false => repair::Unsafe,
        };
        repair::write(named.document, named.node, near, how)
    });
    let help = match near {
        Some(path) => format!("did you mean `{path}`? paths start at the plugin root"),
        None => "write the path of the file from the plugin root, such as `tools/search.py`".into(),
    };
    cx.report(
        Draft::at(named.document, named.node, message)
            .rule(RuleId("python/missing-source"))
            .stages(START)
            .note("the SDK imports every source that a document names when it starts")
            .help(help)
            .fix(fix),
    );
}

/// The source that stands next to the document under its name.
fn beside(named: &Named<'_>, plugin: &Plugin) -> Option<String> {
    let (stem, _) = named.document.path().rsplit_once('.')?;
    let own = format!("{stem}.py");
    plugin.has_file(&own).then_some(own)
}

fn look_into(named: &Named<'_>, path: &str, cx: &mut Context<'_>) {
    for (base, count) in &named.wanted {
        match cx.python().subclasses(path, *base) {
            Ok(found) => judge(named, path, *base, *count, &found, cx),
            Err(failure) => return broken(named, &failure, cx),
        }
    }
}

fn broken(named: &Named<'_>, failure: &Failure, cx: &mut Context<'_>) {
    let rule = match failure.kind {
        FailureKind::Syntax => "python/syntax-error",
        _ => "python/import-error",
    };
    let written = shorten(named.written);
    let message = format!("importing `{written}` fails: {}", failure.message);
    cx.report(
        Draft::at(named.document, named.node, message)
            .rule(RuleId(rule))
            .stages(START)
            .label(
                Place {
                    file: failure.file.clone(),
                    span: failure.span,
                },
                "it fails here",
            )
            .note("the SDK imports every source that a document names when it starts"),
    );
}

fn judge(
    named: &Named<'_>,
    path: &str,
    base: Base,
    count: Count,
    found: &[Arc<Found>],
    cx: &mut Context<'_>,
) {
    let certain: Vec<_> = found.iter().filter(|found| found.certain).collect();
    let class = base.class_name();
    if found.is_empty() && count == Count::One && !cx.python().is_cut(path) {
        let other = Base::ALL.into_iter().find_map(|other| {
            let found = cx.python().subclasses(path, other).ok()?;
            Some((
                other.class_name(),
                found.iter().find(|found| found.certain)?.clone(),
            ))
        });
        let label = match &other {
            Some((class, found)) => {
                let place = Place {
                    file: path.into(),
                    span: found.bound,
                };
                (place, format!("`{}` derives from `{class}`", found.name))
            }
            None => (start_of(path), "no such class in this file".to_owned()),
        };
        let mut draft = Draft::at(
            named.document,
            named.node,
            format!("`{path}` has no class derived from `{class}`"),
        )
        .rule(RuleId("python/missing-class"))
        .stages(START)
        .label(label.0, label.1)
        .note(format!(
            "the SDK stops with \"Missing subclass of {class}\""
        ))
        .help(format!(
            "write `class ...({class}):` at the top level of the file"
        ));
        if let Some(place) = provider_type(named, cx) {
            draft = draft.label(place, "this decides which class is looked for");
        }
        cx.report(draft);
    }
    if certain.len() > 1 && count != Count::Any {
        let message = format!(
            "`{path}` has {} classes derived from `{class}`",
            certain.len()
        );
        let mut draft = Draft::at(named.document, named.node, message)
            .rule(RuleId("python/several-classes"))
            .stages(START)
            .note(format!("the SDK counts imported classes too and stops with \"Multiple subclasses of {class}\""))
            .help("keep one; import others as a module (`import x`) or under the SDK's own base");
        for class in certain {
            let how = match class.how {
                How::Defined => format!("`{}` is defined here", class.name),
                How::Imported => format!("`{}` is imported here, which counts", class.name),
                How::Alias => format!("`{}` is a second name, which counts", class.name),
            };
            draft = draft.label(
                Place {
                    file: path.into(),
                    span: class.bound,
                },
                how,
            );
        }
        cx.report(draft);
    } else if base != Base::ModelProvider {
        for class in certain
            .iter()
            .filter(|class| !class.missing_methods.is_empty())
        {
            abstract_class(named, path, base, class, cx);
        }
    } else if base == Base::ModelProvider
        && let [only] = certain.as_slice()
        && let Some(reason) = &only.instantiation
    {
        instantiation(named, path, only, reason, cx);
    }
}

/// Where the provider of a datasource says what it provides.
fn provider_type(named: &Named<'_>, cx: &Context<'_>) -> Option<Place> {
    let (provider, _) = named.document.parent?;
    if named.document.kind != DocumentKind::Datasource {
        return None;
    }
    let provider = cx.plugin().documents.get(provider)?;
    Some(Node::root(provider)?.get("provider_type")?.place())
}

/// Of all other classes the SDK makes an instance when it is asked to do something.
fn abstract_class(named: &Named<'_>, path: &str, base: Base, class: &Found, cx: &mut Context<'_>) {
    let methods = class.missing_methods.join("`, `");
    let file = class.file.clone().unwrap_or_else(|| path.into());
    let message = format!("`{}` does not define `{methods}`", class.class);
    cx.report(
        Draft::at(named.document, named.node, message)
            .rule(RuleId("python/missing-method"))
            .label(
                Place {
                    file,
                    span: class.span,
                },
                "this class",
            )
            .note(format!(
                "the plugin starts, and fails when it is used first: `{}` leaves the method to you",
                base.class_name()
            ))
            .help(format!("define `{methods}` in the class")),
    );
}

/// The SDK makes an instance of the model provider, and of no other class, when it starts.
fn instantiation(
    named: &Named<'_>,
    path: &str,
    class: &Found,
    reason: &Instantiation,
    cx: &mut Context<'_>,
) {
    let file = class.file.clone().unwrap_or_else(|| path.into());
    let place = Place {
        file,
        span: class.span,
    };
    let (message, help, place) = match reason {
        Instantiation::Abstract(methods) => (
            format!(
                "`{}` does not define `{}`",
                class.class,
                methods.join("`, `")
            ),
            format!("define `{}` in the class", methods.join("`, `")),
            place,
        ),
        Instantiation::Init { file, span, .. } => (
            format!(
                "`{}` has an `__init__` that the SDK cannot call",
                class.class
            ),
            "let `__init__` take the two arguments that the base class takes, or remove it"
                .to_owned(),
            Place {
                file: file.clone(),
                span: *span,
            },
        ),
    };
    cx.report(
        Draft::at(named.document, named.node, message)
            .rule(RuleId("python/missing-method"))
            .stages(START)
            .label(place, "this class")
            .note("the SDK makes an instance of the model provider when it starts")
            .help(help),
    );
}

fn start_of(path: &str) -> Place {
    Place {
        file: path.into(),
        span: crate::finding::Span::at(0),
    }
}
