use super::context::Context;
use super::locales::Localized;
use super::nodes::Nodes;
use super::options::Options;
use super::recall::Recall;
use super::registry;
use crate::finding::Finding;
use crate::format::DocumentKind;
use crate::plugin::{Document, Node, Parsed, Plugin, Reference};
use crate::requires::Requires;
use crate::source::Changes;

/// What a check looks at. The engine finds every such thing; a check sees one at a time and cannot
/// end the check of another.
pub enum On {
    /// The plugin as a whole.
    Plugin(fn(&Plugin, &mut Context<'_>)),
    /// Each YAML file that was read.
    File(fn(&Parsed, &mut Context<'_>)),
    /// Each document, in each of its roles.
    Document(fn(&Document, &mut Context<'_>)),
    /// Each document of a kind whose top is a mapping that the daemon can read.
    Kind(DocumentKind, fn(Node<'_>, &mut Context<'_>)),
    /// Each path or pattern that leads to a document.
    Reference(fn(&Reference, &mut Context<'_>)),
    /// Each parameter of a tool, strategy, datasource, event or subscription constructor.
    Parameter(fn(Node<'_>, &mut Context<'_>)),
    /// Each credential, setting or subscription field.
    Credential(fn(Node<'_>, &mut Context<'_>)),
    /// Each localized text: a mapping from locales to texts.
    Localized(fn(&Localized<'_>, &mut Context<'_>)),
}

/// All findings of all rules about a plugin, in order of place.
pub fn run(plugin: &Plugin, requires: &Requires, options: &Options) -> Vec<Finding> {
    go(plugin, requires, options, None)
}

/// The same, where earlier runs over the plugin are known: what cannot have changed since is taken
/// over. The plugin must be [loaded again](Plugin::load_again), so that documents that did not
/// change are the same ones; these are the changes since the last run with this recall.
pub fn run_again(
    plugin: &Plugin,
    requires: &Requires,
    options: &Options,
    recall: &mut Recall,
    changes: &Changes,
) -> Vec<Finding> {
    go(plugin, requires, options, Some((recall, changes)))
}

fn go(
    plugin: &Plugin,
    requires: &Requires,
    options: &Options,
    mut recall: Option<(&mut Recall, &Changes)>,
) -> Vec<Finding> {
    let again = recall
        .as_mut()
        .map(|(recall, changes)| (&mut **recall, *changes));
    let mut context = Context::new(plugin, requires, options, again);
    // of an archive that cannot be opened nothing else can be said
    let closed = plugin
        .files
        .archive()
        .is_some_and(|it| it.defect().is_some());
    let checks = registry::CHECKS.iter().enumerate();
    let checks = checks.filter(|(_, (rule, _))| !closed || rule.0 == "package/not-an-archive");
    let nodes = Nodes::of(plugin);
    for (number, (rule, on)) in checks {
        context.enter(number, *rule);
        context.guard(|context| apply(on, plugin, &nodes, context));
    }
    context.finish(recall.map(|(recall, _)| recall))
}

fn apply(on: &On, plugin: &Plugin, nodes: &Nodes<'_>, context: &mut Context<'_>) {
    match on {
        On::Plugin(check) => check(plugin, context),
        On::File(check) => {
            let (from, files) = (plugin.documents.len(), plugin.parsed_files());
            for at in context.loud(from..from + files.len()) {
                context.look(at, |context| check(&files[at - from], context));
            }
        }
        On::Document(check) => {
            for at in context.loud(0..plugin.documents.len()) {
                context.look(at, |context| check(&plugin.documents[at], context));
            }
        }
        On::Reference(check) => plugin.references.iter().for_each(|it| check(it, context)),
        On::Kind(kind, check) => {
            for at in context.loud(0..plugin.documents.len()) {
                let document = &plugin.documents[at];
                if document.kind == *kind
                    && let Some(root) = Node::root(document)
                {
                    context.look(at, |context| check(root, context));
                }
            }
        }
        On::Parameter(check) => each(plugin, context, |at, context| {
            for id in &nodes.called(at).parameters {
                check(Node::new(&plugin.documents[at], *id), context);
            }
        }),
        On::Credential(check) => each(plugin, context, |at, context| {
            for id in &nodes.called(at).credentials {
                check(Node::new(&plugin.documents[at], *id), context);
            }
        }),
        On::Localized(check) => each(plugin, context, |at, context| {
            for texts in nodes.localized(at) {
                check(texts, context);
            }
        }),
    }
}

fn each(plugin: &Plugin, context: &mut Context<'_>, check: impl Fn(usize, &mut Context<'_>)) {
    for at in context.loud(0..plugin.documents.len()) {
        context.look(at, |context| check(at, context));
    }
}
