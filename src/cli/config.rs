//! Settings from the command line and from configuration files, and `config show`.

use super::args::{ConfigCommand, ConfigShowArgs, FailOn, RuleArgs, parse_severity};
use super::error::{AppError, configuration};
use crate::policy::{
    Choice, Layer, Resolver, Said, Search, Selector, Settings, UnknownName, profile,
};
use crate::report::Look;
use std::path::Path;

mod show;
mod unused;

pub use unused::Unused;

/// What the command line says.
///
/// # Errors
/// When a word names no rule or no severity.
pub fn layer(
    args: &RuleArgs,
    fail_on: Option<FailOn>,
    formats: &[String],
) -> Result<Layer, AppError> {
    let said = |words: &[String]| -> Result<Vec<Said<Selector>>, AppError> {
        let found = selectors(words)?.into_iter();
        Ok(found.map(Said::on_command_line).collect())
    };
    let mut choice = Choice {
        extend_select: said(&args.extend_select)?,
        // nobody repeats on the command line what the file ignores
        extend_ignore: said(&args.ignore)?,
        ..Choice::default()
    };
    if !args.select.is_empty() {
        choice.select = Some(said(&args.select)?);
    }
    for word in &args.severity {
        choice.severity.push(Said::on_command_line(severity(word)?));
    }
    let named = args.profile.as_deref().and_then(profile);
    Ok(Layer {
        profile: named.map(|profile| Said::on_command_line(profile.name)),
        choice,
        fail_on: fail_on.map(|level| Said::on_command_line(level.threshold())),
        output_format: (!formats.is_empty()).then(|| Said::on_command_line(formats.to_vec())),
        ..Layer::default()
    })
}

/// What finds the settings of plugins.
///
/// # Errors
/// When the working directory is gone.
pub fn resolver(args: &RuleArgs, layer: Layer) -> Result<Resolver, AppError> {
    let here = std::env::current_dir().map_err(|error| AppError::Unreadable {
        what: "the working directory".to_owned(),
        reason: error.to_string(),
    })?;
    let search = match &args.config {
        Some(file) => Search::File(file.clone()),
        None if args.isolated => Search::Isolated,
        None => Search::Nearest,
    };
    Ok(Resolver::new(&here, search, layer))
}

/// The settings for a plugin.
///
/// # Errors
/// When its configuration has mistakes.
pub fn settings(resolver: &Resolver, root: &Path) -> Result<Settings, AppError> {
    resolver.settings(root).map_err(configuration)
}

/// Does what `config` is told.
///
/// # Errors
/// When arguments or the configuration are wrong.
pub fn run(command: &ConfigCommand, look: &Look) -> Result<String, AppError> {
    match command {
        ConfigCommand::Show(args) => show(args, look),
    }
}

fn show(args: &ConfigShowArgs, look: &Look) -> Result<String, AppError> {
    let layer = layer(&args.rules, None, &[])?;
    let resolver = resolver(&args.rules, layer)?;
    if !args.path.exists() {
        return Err(AppError::MissingPath {
            path: args.path.clone(),
        });
    }
    // a file stands for the plugin that it belongs to
    let targets = crate::plugin::discover(std::slice::from_ref(&args.path));
    let root = match targets.as_deref() {
        Ok([only]) => Path::new(&only.display).to_path_buf(),
        _ => args.path.clone(),
    };
    let settings = settings(&resolver, &root)?;
    Ok(show::text(&settings, args, look))
}

/// The rules and categories that these words name.
///
/// # Errors
/// When one names nothing.
pub fn selectors(words: &[String]) -> Result<Vec<Selector>, AppError> {
    words.iter().map(|word| selector(word)).collect()
}

fn selector(word: &str) -> Result<Selector, AppError> {
    Selector::parse(word).map_err(|UnknownName { word, meant }| AppError::UnknownRule {
        help: match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`difylint rules` lists them; ALL stands for every rule".to_owned(),
        },
        word,
    })
}

fn severity(word: &str) -> Result<(Selector, crate::finding::Severity), AppError> {
    let bad = |message: String| AppError::BadValue {
        message,
        help: "write RULE=LEVEL with error, warning or info, for example \
               `--severity i18n=info`"
            .to_owned(),
    };
    let (rule, level) = word
        .split_once('=')
        .ok_or_else(|| bad(format!("`{word}` names no severity")))?;
    let severity =
        parse_severity(level).ok_or_else(|| bad(format!("there is no severity `{level}`")))?;
    Ok((selector(rule)?, severity))
}
