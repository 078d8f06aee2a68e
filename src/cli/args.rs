use crate::finding::{Severity, Stage};
use crate::policy::{Threshold, profiles};
use crate::report::FORMATS;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Examples:
  difylint check                          check the plugins in this folder
  difylint check plugins/demo             check one plugin
  difylint check --stage install,start    only what stops these stages
  difylint check --output-format concise  one line per finding
  difylint explain path/missing-file      what a rule means and what to do

Exit status:
  0  clean: no finding at or above --fail-on
  1  findings at or above --fail-on (default: error)
  2  usage, configuration or internal failure; not everything could be checked
  3  nothing to check";

const AFTER_CHECK: &str = "\
Examples:
  difylint check
      check every plugin in this folder and below it
  difylint check plugins/demo plugins/other
      check these
  difylint check demo.difypkg set.difybndl
      check packages and bundles as they are
  difylint check --ignore i18n --severity path/missing-file=warning
      leave out a category, take one rule more seriously
  difylint check --output-format full --output-format json=findings.json
      text on the terminal, and a file for programs
  difylint check --since origin/main
      check the plugins that this branch touches
  git show HEAD:manifest.yaml | difylint check - --stdin-filename manifest.yaml
      check a text that is not saved

Exit status:
  0  clean: no finding at or above --fail-on
  1  findings at or above --fail-on (default: error)
  2  usage, configuration or internal failure; not everything could be checked
  3  nothing to check

The exit status does not depend on the output format.";

const AFTER_CONFIG: &str = "\
The nearest difylint.toml, .difylint.toml or pyproject.toml with [tool.difylint] counts, from the
plugin upwards to the root of the repository. The command line is stronger than the file, the file
than the profile, the profile than the defaults. All keys: docs/configuration.md, and
`difylint schema config` for editors.

Examples:
  difylint config show                  what holds here
  difylint config show --origin demo    and who said it";

const AFTER_FIX: &str = "\
Examples:
  difylint fix                     apply the safe fixes in this folder and below it
  difylint fix --diff              show what they would change, write nothing
  difylint fix --unsafe demo       also those that only their author can judge
  difylint fix --rule yaml,shape   only fixes of these rules or categories

Exit status:
  0  no error is left (with --diff: nothing would change)
  1  errors are left (with --diff: something would change)
  2  usage, configuration or internal failure; not everything could be checked
  3  nothing to check";

const AFTER_BASELINE: &str = "\
Examples:
  difylint baseline update                         list everything that is found now
  difylint check --baseline difylint-baseline.json show only what is not on the list
  difylint baseline prune                          take off what is not found any more
  difylint baseline prune --check                  fail if something could be taken off

Exit status:
  0  done (with --check: nothing could be taken off)
  1  with --check: something could be taken off
  2  usage, configuration or internal failure
  3  nothing to check";

/// Find what would stop a Dify plugin, before Dify does.
///
/// difylint reads a plugin as its five readers do (the packager, the plugin daemon, the Python SDK,
/// the Dify console and the Marketplace) and reports everything that one of them would refuse,
/// misread or lose, with the place in the file and what to do.
#[derive(Debug, Parser)]
#[command(
    name = "difylint",
    version,
    after_help = AFTER_HELP,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How it looks.
    #[command(flatten)]
    pub looks: LookArgs,
}

/// Options of every command.
#[derive(Args, Debug)]
pub struct LookArgs {
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are heeded
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Appearance")]
    pub color: ColorWhen,
    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = "Appearance")]
    pub ascii: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal that can show them.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check plugins and report findings
    #[command(after_help = AFTER_CHECK)]
    Check(CheckArgs),
    /// Repair what can be repaired, each fix proved before it is written
    #[command(after_help = AFTER_FIX)]
    Fix(FixArgs),
    /// Keep a file of known findings, so that only new ones are shown
    #[command(after_help = AFTER_BASELINE)]
    Baseline(BaselineArgs),
    /// Show the lowest Dify, daemon and SDK versions that a plugin needs, and why
    Requires(RequiresArgs),
    /// Compare two versions of a plugin: what breaks for those who use the old one
    #[command(after_help = super::compare::AFTER_HELP)]
    Compare(super::compare::CompareArgs),
    /// Explain a rule: what it finds, why it matters, what to do
    Explain {
        /// Name of the rule, for example path/missing-file
        #[arg(value_name = "RULE")]
        rule: String,
    },
    /// List the rules
    Rules(RulesArgs),
    /// Print a JSON Schema: of a kind of document, of the configuration, or of difylint's own JSON
    Schema {
        /// Which; without it, the names
        #[arg(value_name = "KIND")]
        kind: Option<String>,
    },
    /// Show the settings that hold for a plugin, and where they come from
    #[command(subcommand, after_help = AFTER_CONFIG)]
    Config(ConfigCommand),
    /// Serve an editor over standard input and output (Language Server Protocol)
    Lsp {
        /// The only transport there is; taken because editors pass it
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Print the manual page, of difylint or of one of its commands
    Man {
        /// The command
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
}

/// What `check` is told.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Folders of plugins, packages, or files in them; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Read standard input as if it were this file of its plugin (with PATH `-`)
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<PathBuf>,
    /// Threads to use [default: one per processor]
    #[arg(long, short = 'j', value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    /// What to look for.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Lowest severity that makes the exit status 1 [default: error]
    #[arg(long, value_name = "LEVEL", help_heading = "Result")]
    pub fail_on: Option<FailOn>,
    /// Which plugins.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// What is taken out of sight.
    #[command(flatten)]
    pub ignores: IgnoresArgs,
    /// Form of the output, to standard output or to a file; repeatable
    #[arg(long, short = 'o', value_name = "FORMAT[=FILE]")]
    #[arg(help_heading = "Result", help = format_help())]
    pub output_format: Vec<String>,
    /// Findings only: no verdicts, no closing line
    #[arg(long, short, help_heading = "Result")]
    pub quiet: bool,
}

fn format_help() -> String {
    let mut help = "Form of the output, to standard output or to a file; repeatable. ".to_owned();
    for (at, format) in FORMATS.iter().enumerate() {
        let end = if at + 1 == FORMATS.len() { "" } else { "; " };
        help.push_str(&format!("{}: {}{end}", format.name, format.summary));
    }
    help.push_str(" [default: full]");
    help
}

fn threads() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=512)
}

fn profile() -> PossibleValuesParser {
    PossibleValuesParser::new(
        profiles()
            .iter()
            .map(|profile| PossibleValue::new(profile.name).help(profile.description)),
    )
}

/// Which findings are shown, and how severe they are.
#[derive(Args, Debug)]
#[command(next_help_heading = "Rules")]
pub struct RuleArgs {
    /// What the plugin is meant for [default: author]
    #[arg(long, value_name = "PROFILE", value_parser = profile())]
    pub profile: Option<String>,
    /// Only these rules or categories; ALL for every rule
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// These rules or categories too
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub extend_select: Vec<String>,
    /// Not these rules or categories
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Another severity (error, warning, info) for a rule or category
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    pub severity: Vec<String>,
    /// Only findings that stop one of these stages
    #[arg(long, value_name = "STAGE", value_delimiter = ',', value_parser = stage())]
    pub stage: Vec<Stage>,
    /// This configuration file, instead of the nearest difylint.toml or pyproject.toml
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// No configuration file
    #[arg(long, conflicts_with = "config", help_heading = "Configuration")]
    pub isolated: bool,
}

fn stage() -> impl TypedValueParser<Value = Stage> {
    PossibleValuesParser::new(Stage::ALL.map(Stage::as_str)).try_map(|word| {
        word.parse::<Stage>()
            .map_err(|()| format!("there is no stage `{word}`"))
    })
}

/// Which of the plugins are checked.
#[derive(Args, Debug)]
#[command(next_help_heading = "Scope")]
pub struct ScopeArgs {
    /// Only plugins that differ from this git revision, counted from where the branch left it;
    /// what is not committed counts too
    #[arg(long, value_name = "REF", conflicts_with = "changed")]
    pub since: Option<String>,
    /// Only plugins with changes that are not committed
    #[arg(long)]
    pub changed: bool,
    /// The whole plugin around each file; files of no plugin are passed over (for hooks)
    #[arg(long)]
    pub around: bool,
}

/// What is taken out of sight.
#[derive(Args, Debug)]
#[command(next_help_heading = "Known findings")]
pub struct IgnoresArgs {
    /// Show only what is not in this file of known findings (see `difylint baseline`)
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write comments that ignore what is found now, errors excepted, instead of showing it
    #[arg(long)]
    pub add_ignores: bool,
    /// Why, for the comments of --add-ignores
    #[arg(long, value_name = "TEXT", requires = "add_ignores")]
    pub reason: Option<String>,
}

/// What `baseline` is told.
#[derive(Args, Debug)]
pub struct BaselineArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: BaselineAction,
}

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineAction {
    /// List everything that is found now in these plugins, in place of what was listed of them
    Update(BaselineUse),
    /// Take off the list what is not found any more; nothing is added
    Prune {
        /// Which plugins, and which findings.
        #[command(flatten)]
        args: BaselineUse,
        /// Write nothing; exit with 1 if something could be taken off
        #[arg(long)]
        check: bool,
    },
    /// Show what is listed: how many findings of which rule in which plugin
    Show {
        /// The file
        #[arg(long, value_name = "FILE", default_value = BASELINE)]
        baseline: PathBuf,
    },
}

/// The file that `baseline` keeps unless it is told another.
pub const BASELINE: &str = "difylint-baseline.json";

/// Which plugins, and which findings.
#[derive(Args, Debug)]
pub struct BaselineUse {
    /// Folders of plugins
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The file; plugins are named in it from its folder
    #[arg(long, value_name = "FILE", default_value = BASELINE)]
    pub baseline: PathBuf,
    /// What to look for.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// What `fix` is told.
#[derive(Args, Debug)]
pub struct FixArgs {
    /// Folders of plugins, or files in them
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The whole plugin around each file; files of no plugin are passed over (for hooks)
    #[arg(long)]
    pub around: bool,
    /// Also fixes that are only probably right
    #[arg(long = "unsafe")]
    pub unsafe_fixes: bool,
    /// Print the changes as a unified diff and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Only fixes of these rules or categories
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub rule: Vec<String>,
    /// Form of the summary
    #[arg(long, short = 'o', value_name = "FORMAT", default_value = "full")]
    pub output_format: FixFormat,
    /// What to look for.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Form of the summary of `fix`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FixFormat {
    /// A line for each fix, or with `--diff` the diff alone.
    Full,
    /// One JSON object.
    Json,
}

/// Lowest severity that makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Some stage refuses the plugin.
    Error,
    /// Accepted, but wrong or misleading.
    Warning,
    /// Advice.
    Info,
    /// Findings never change the exit status.
    Never,
}

impl FailOn {
    /// What it means.
    pub const fn threshold(self) -> Threshold {
        Threshold(match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        })
    }
}

/// What `config` can do.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting that holds for a plugin
    Show(ConfigShowArgs),
}

/// What `config show` is told.
#[derive(Args, Debug)]
pub struct ConfigShowArgs {
    /// Folder of the plugin, or a file in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// Say where each setting comes from: default, profile, file and line, command line
    #[arg(long)]
    pub origin: bool,
    /// Form of the list
    #[arg(long, short = 'o', value_name = "FORMAT", default_value = "full")]
    pub output_format: ListFormat,
    /// What to look for.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// What `requires` is told.
#[derive(Args, Debug)]
pub struct RequiresArgs {
    /// Folders of plugins
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
}

/// What `rules` is told.
#[derive(Args, Debug)]
pub struct RulesArgs {
    /// Only this category
    #[arg(long, value_name = "CATEGORY", help_heading = "Filters")]
    pub category: Option<String>,
    /// Only rules of this severity
    #[arg(long, value_name = "LEVEL", help_heading = "Filters", value_parser = severity())]
    pub severity: Option<Severity>,
    /// Only rules whose findings can stop this stage
    #[arg(long, value_name = "STAGE", help_heading = "Filters", value_parser = stage())]
    pub stage: Option<Stage>,
    /// Only rules with a fix
    #[arg(long, help_heading = "Filters")]
    pub fixable: bool,
    /// Form of the list
    #[arg(long, short = 'o', value_name = "FORMAT", default_value = "full")]
    pub output_format: ListFormat,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    let all = [Severity::Error, Severity::Warning, Severity::Info];
    PossibleValuesParser::new(all.map(Severity::as_str)).try_map(|word| {
        parse_severity(&word).ok_or_else(|| format!("there is no severity `{word}`"))
    })
}

/// The severity of this name.
pub fn parse_severity(word: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .find(|severity| severity.as_str() == word)
}

/// Form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table.
    Full,
    /// A JSON array.
    Json,
}
