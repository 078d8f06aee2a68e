//! The floors in the schemas beside the measured table `spec/compat.json`.

use difylint::format::{DocumentKind, Shape, Since, shapes};
use serde_json::Value;
use std::path::Path;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

/// What a row of the table speaks of.
enum Of {
    /// The key at the end of the path.
    Key,
    /// The value at the end of the row's name, one of the words at the end of the path.
    Word,
    /// A form of the value at the end of the path, by its place in the schema.
    Form(usize),
}

use DocumentKind as K;

/// Rows, whose name is or begins so, and where the schemas keep the same fact. `*`: items of a list.
const PLACES: &[(&str, K, &str, Of)] = &[
    ("manifest.icon_dark", K::Manifest, "icon_dark", Of::Key),
    ("manifest.repo", K::Manifest, "repo", Of::Key),
    (
        "manifest.minimum_dify_version",
        K::Manifest,
        "meta/minimum_dify_version",
        Of::Key,
    ),
    (
        "manifest.minimum_dify_version.pep440pre",
        K::Manifest,
        "meta/minimum_dify_version",
        Of::Form(0),
    ),
    (
        "manifest.meta.version.0.0.2",
        K::Manifest,
        "meta/version",
        Of::Form(0),
    ),
    (
        "manifest.plugins.datasources",
        K::Manifest,
        "plugins/datasources",
        Of::Key,
    ),
    (
        "manifest.plugins.triggers",
        K::Manifest,
        "plugins/triggers",
        Of::Key,
    ),
    (
        "manifest.plugins.agent_strategies",
        K::Manifest,
        "plugins/agent_strategies",
        Of::Key,
    ),
    ("manifest.tags.", K::Manifest, "tags/*", Of::Word),
    ("manifest.label.ja", K::Manifest, "label/ja_JP", Of::Key),
    ("manifest.privacy", K::Manifest, "privacy", Of::Key),
    ("type.datasource", K::DatasourceProvider, "", Of::Key),
    ("type.trigger", K::TriggerProvider, "", Of::Key),
    ("type.tool", K::ToolProvider, "", Of::Key),
    ("type.model", K::ModelProvider, "", Of::Key),
    ("type.endpoint", K::EndpointGroup, "", Of::Key),
    ("type.agent_strategy", K::AgentStrategyProvider, "", Of::Key),
    ("tool.param.type.", K::Tool, "parameters/*/type", Of::Word),
    (
        "tool.param.options.icon",
        K::Tool,
        "parameters/*/options/*/icon",
        Of::Key,
    ),
    (
        "tool.param.options.show_on",
        K::Tool,
        "parameters/*/options/*/show_on",
        Of::Key,
    ),
    (
        "tool.param.multiple",
        K::Tool,
        "parameters/*/multiple",
        Of::Key,
    ),
    (
        "tool.param.multiple.default_list",
        K::Tool,
        "parameters/*/default",
        Of::Form(0),
    ),
    (
        "tool.param.default.list_array",
        K::Tool,
        "parameters/*/default",
        Of::Form(0),
    ),
    (
        "tool.param.default.object",
        K::Tool,
        "parameters/*/default",
        Of::Form(1),
    ),
    (
        "tool.param.auto_generate",
        K::Tool,
        "parameters/*/auto_generate",
        Of::Key,
    ),
    (
        "tool.param.template",
        K::Tool,
        "parameters/*/template",
        Of::Key,
    ),
    (
        "tool.param.precision",
        K::Tool,
        "parameters/*/precision",
        Of::Key,
    ),
    ("tool.param.min", K::Tool, "parameters/*/min", Of::Key),
    (
        "tool.param.input_schema",
        K::Tool,
        "parameters/*/input_schema",
        Of::Key,
    ),
    (
        "tool.param.show_on",
        K::Tool,
        "parameters/*/show_on",
        Of::Key,
    ),
    ("tool.param.form.", K::Tool, "parameters/*/form", Of::Word),
    ("tool.output_schema", K::Tool, "output_schema", Of::Key),
    (
        "tool.has_runtime_parameters",
        K::Tool,
        "has_runtime_parameters",
        Of::Key,
    ),
    (
        "tool_provider.icon_dark",
        K::ToolProvider,
        "identity/icon_dark",
        Of::Key,
    ),
    (
        "tool_provider.tags.",
        K::ToolProvider,
        "identity/tags/*",
        Of::Word,
    ),
    (
        "tool_provider.oauth_schema",
        K::ToolProvider,
        "oauth_schema",
        Of::Key,
    ),
    (
        "provider_config.type.",
        K::EndpointGroup,
        "settings/*/type",
        Of::Word,
    ),
    (
        "provider_config.help",
        K::EndpointGroup,
        "settings/*/help",
        Of::Key,
    ),
    (
        "provider_config.url",
        K::EndpointGroup,
        "settings/*/url",
        Of::Key,
    ),
    (
        "provider_config.placeholder",
        K::EndpointGroup,
        "settings/*/placeholder",
        Of::Key,
    ),
    (
        "provider_config.multiple",
        K::EndpointGroup,
        "settings/*/multiple",
        Of::Key,
    ),
    (
        "model.supported_model_types.",
        K::ModelProvider,
        "supported_model_types/*",
        Of::Word,
    ),
    ("model.model_type.", K::Model, "model_type", Of::Word),
    ("model.features.", K::Model, "features/*", Of::Word),
    (
        "model.parameter_rules.type.",
        K::Model,
        "parameter_rules/*/type",
        Of::Word,
    ),
    (
        "model.parameter_rules.use_template.",
        K::Model,
        "parameter_rules/*/use_template",
        Of::Word,
    ),
    ("model.pricing", K::Model, "pricing", Of::Key),
    ("model.deprecated", K::Model, "deprecated", Of::Key),
    ("model.fetch_from", K::Model, "fetch_from", Of::Key),
    (
        "model.configurate_methods.",
        K::ModelProvider,
        "configurate_methods/*",
        Of::Word,
    ),
    (
        "model.credential_form.type.",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/type",
        Of::Word,
    ),
    (
        "model.credential_form.help",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/help",
        Of::Key,
    ),
    (
        "model.credential_form.url",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/url",
        Of::Key,
    ),
    (
        "model.credential_form.show_on",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/show_on",
        Of::Key,
    ),
    (
        "model.credential_form.max_length",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/max_length",
        Of::Key,
    ),
    (
        "model.credential_form.placeholder",
        K::ModelProvider,
        "provider_credential_schema/credential_form_schemas/*/placeholder",
        Of::Key,
    ),
    (
        "model.icon_small_dark",
        K::ModelProvider,
        "icon_small_dark",
        Of::Key,
    ),
    (
        "model.icon_large_dark",
        K::ModelProvider,
        "icon_large_dark",
        Of::Key,
    ),
    ("model.background", K::ModelProvider, "background", Of::Key),
    ("model.help", K::ModelProvider, "help", Of::Key),
    (
        "agent.param.type.",
        K::AgentStrategy,
        "parameters/*/type",
        Of::Word,
    ),
    ("agent.features.", K::AgentStrategy, "features/*", Of::Word),
    (
        "agent.param.help",
        K::AgentStrategy,
        "parameters/*/help",
        Of::Key,
    ),
    (
        "agent.param.options.icon",
        K::AgentStrategy,
        "parameters/*/options/*/icon",
        Of::Key,
    ),
    (
        "agent.output_schema",
        K::AgentStrategy,
        "output_schema",
        Of::Key,
    ),
    (
        "agent.provider.tags.rag",
        K::AgentStrategyProvider,
        "identity/tags/*",
        Of::Form(0),
    ),
    (
        "agent.provider.icon_dark",
        K::AgentStrategyProvider,
        "identity/icon_dark",
        Of::Key,
    ),
    ("endpoint.hidden", K::Endpoint, "hidden", Of::Key),
    ("endpoint.method.", K::Endpoint, "method", Of::Word),
    (
        "endpoint.inline",
        K::EndpointGroup,
        "endpoints/*",
        Of::Form(0),
    ),
    (
        "datasource.provider_type.",
        K::DatasourceProvider,
        "provider_type",
        Of::Word,
    ),
    (
        "datasource.param.type.",
        K::Datasource,
        "parameters/*/type",
        Of::Word,
    ),
    (
        "datasource.param.placeholder",
        K::Datasource,
        "parameters/*/placeholder",
        Of::Key,
    ),
    (
        "datasource.param.scope",
        K::Datasource,
        "parameters/*/scope",
        Of::Key,
    ),
    (
        "datasource.oauth_schema",
        K::DatasourceProvider,
        "oauth_schema",
        Of::Key,
    ),
    (
        "datasource.credentials_schema.list",
        K::DatasourceProvider,
        "credentials_schema",
        Of::Key,
    ),
    (
        "datasource.provider.tags.",
        K::DatasourceProvider,
        "identity/tags/*",
        Of::Word,
    ),
    (
        "datasource.output_schema",
        K::Datasource,
        "output_schema",
        Of::Key,
    ),
    (
        "trigger.event.param.type.",
        K::Event,
        "parameters/*/type",
        Of::Word,
    ),
    (
        "trigger.event.param.multiple",
        K::Event,
        "parameters/*/multiple",
        Of::Key,
    ),
    (
        "trigger.event.param.options.icon",
        K::Event,
        "parameters/*/options/*/icon",
        Of::Key,
    ),
    (
        "trigger.event.output_schema",
        K::Event,
        "output_schema",
        Of::Key,
    ),
    (
        "trigger.subscription_constructor.oauth_schema",
        K::TriggerProvider,
        "subscription_constructor/oauth_schema",
        Of::Key,
    ),
    (
        "trigger.subscription_constructor.credentials_schema.map",
        K::TriggerProvider,
        "subscription_constructor/credentials_schema",
        Of::Key,
    ),
    (
        "trigger.subscription_constructor.parameters",
        K::TriggerProvider,
        "subscription_constructor/parameters",
        Of::Key,
    ),
    (
        "trigger.subscription_schema.list",
        K::TriggerProvider,
        "subscription_schema",
        Of::Key,
    ),
    (
        "trigger.provider.tags.",
        K::TriggerProvider,
        "identity/tags/*",
        Of::Word,
    ),
    (
        "trigger.provider.icon_dark",
        K::TriggerProvider,
        "identity/icon_dark",
        Of::Key,
    ),
];

/// Rows that speak of no key, word or form of a document that an author would use.
const ELSEWHERE: &[(&str, &str)] = &[
    ("api.", "a call in Python"),
    ("oauth.", "methods in Python"),
    ("mcp.", "a call in Python"),
    ("i18n.attr", "attributes in Python"),
    ("message.", "what goes over the wire"),
    (
        "packaging.",
        "files beside the documents; `pyproject_alone` in schemas/releases.json",
    ),
    ("limit.", "bounds, in the rules that check them"),
    ("runner.version", "behaviour of the daemon"),
    ("sdk.", "what the SDK wants; schemas/releases.json"),
    ("endpoint.header.", "headers at run time"),
    ("schema.", "addresses in a free-form output_schema"),
    ("dependency.", "another kind of package"),
    ("unreleased.", "in no release"),
    (
        "tool.inherits_manifest_tags.",
        "two documents together; a rule's matter",
    ),
    ("tool.output_schema.", "checks on a free-form value"),
    (
        "tool.param.scope.",
        "texts whose sense hangs on the sibling `type`, which has the floor",
    ),
    ("agent.param.scope.", "the same"),
    (
        "manifest.repo.nonurl",
        "a form that the daemon refuses to this day",
    ),
    ("manifest.version.pep440pre", "the same"),
    (
        "tool.param.multiple.on_string",
        "the SDK refuses it to this day",
    ),
    (
        "provider_config.default.list",
        "the daemon refuses it to this day",
    ),
    (
        "datasource.credentials_schema.map",
        "the SDK refuses it to this day",
    ),
    ("trigger.subscription_schema.map", "the same"),
    (
        "manifest.minimum_dify_version.",
        "the floor is that of the key",
    ),
    (
        "endpoint.settings.tools",
        "the same as provider_config.type.array[tools]",
    ),
    (
        "trigger.no_constructor",
        "absence of a key; the floor is that of the kind",
    ),
    ("trigger.provider.no_icon", "the same"),
    (
        "model.model_properties.",
        "keys that the schema lists, none newer than the oldest release",
    ),
];

fn shape(kind: K, path: &str) -> Option<&'static Shape> {
    let mut at = shapes().root(kind);
    for step in path.split('/').filter(|step| !step.is_empty()) {
        let shape = shapes().get(at);
        at = if step == "*" {
            shape.items?
        } else {
            shape.property(step)?
        };
    }
    Some(shapes().get(at))
}

/// What the schemas say; `Err` when they do not know the word.
fn since(
    row: &str,
    place: &str,
    shape: &'static Shape,
    of: &Of,
) -> Result<Option<&'static Since>, ()> {
    match of {
        Of::Key => Ok(shape.since.as_ref()),
        Of::Form(at) => shape.forms.get(*at).map(|form| Some(&form.since)).ok_or(()),
        Of::Word => {
            let word = &row[place.len()..];
            let value = shape
                .values
                .iter()
                .find(|value| value.value == word)
                .ok_or(())?;
            Ok(value.since.as_ref())
        }
    }
}

fn measured<'r>(row: &'r Value, part: &str) -> Option<&'r str> {
    let floor = row
        .get(format!("{part}_at_floor"))
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let first = row.get(format!("{part}_first")).and_then(Value::as_str)?;
    (!floor && !matches!(first, "n/a" | "none" | "unknown")).then_some(first)
}

/// Differences that are meant: the row, the part, and why.
const MEANT: &[(&str, &str, &str)] = &[
    (
        "manifest.minimum_dify_version.pep440pre",
        "daemon",
        "every daemon that keeps the key takes this form",
    ),
    (
        "manifest.plugins.datasources",
        "soft",
        "ignored, and nothing of the plugin is left",
    ),
    ("manifest.plugins.triggers", "soft", "the same"),
    (
        "tool.param.input_schema",
        "soft",
        "the probe's parameter type was refused, not the key",
    ),
    (
        "trigger.provider.icon_dark",
        "soft",
        "before that there are no triggers; the key itself is ignored",
    ),
    (
        "manifest.meta.version.0.0.2",
        "soft",
        "older releases pass no MCP tools, the rest works; read, not probed",
    ),
];

#[test]
fn floors_are_the_measured_ones() {
    let path = Path::new(SHARED).join("spec/compat.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no spec");
        return;
    };
    let rows: Vec<Value> = serde_json::from_str(&text).expect("compat.json is a list");
    let (mut compared, mut wrong) = (0, Vec::new());
    for row in &rows {
        let id = row["id"].as_str().expect("every row has a name");
        let exact = PLACES
            .iter()
            .find(|(name, _, _, of)| *name == id && !matches!(of, Of::Word));
        let place = exact.or_else(|| {
            let words = PLACES.iter().filter(|(_, _, _, of)| matches!(of, Of::Word));
            words.into_iter().find(|(name, ..)| id.starts_with(name))
        });
        let Some((name, kind, path, of)) = place else {
            if !ELSEWHERE.iter().any(|(name, _)| id.starts_with(name)) && is_new(row) {
                wrong.push(format!("{id}: nobody says where the schemas keep it"));
            }
            continue;
        };
        let Some(shape) = shape(*kind, path) else {
            wrong.push(format!("{id}: the schemas have no {path}"));
            continue;
        };
        let Ok(since) = since(id, name, shape, of) else {
            // words that some reader refuses to this day are not offered
            if ["sdk", "daemon", "dify"]
                .iter()
                .all(|part| row[format!("{part}_first")].is_string())
            {
                wrong.push(format!("{id}: the schemas do not know it"));
            }
            continue;
        };
        compared += 1;
        for part in ["sdk", "daemon", "dify"] {
            let ours = since.and_then(|since| match part {
                "sdk" => since.sdk,
                "daemon" => since.daemon,
                _ => since.dify,
            });
            let theirs = measured(row, part);
            if ours != theirs && !MEANT.iter().any(|(row, it, _)| *row == id && *it == part) {
                wrong.push(format!("{id}: {part} {ours:?}, measured {theirs:?}"));
            }
        }
        if let Some(since) = since
            && since.soft != is_soft(row)
            && !MEANT.iter().any(|(row, it, _)| *row == id && *it == "soft")
        {
            wrong.push(format!(
                "{id}: soft {}, measured {}",
                since.soft, row["on_older"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 190, "{compared}");
}

/// True for a row with a floor above the oldest release of some part.
fn is_new(row: &Value) -> bool {
    ["sdk", "daemon", "dify"]
        .iter()
        .any(|part| measured(row, part).is_some())
}

/// True if every older release ignores the feature.
fn is_soft(row: &Value) -> bool {
    let older = row["on_older"].as_object();
    older.is_some_and(|older| older.values().all(|what| what == "ignored"))
}
