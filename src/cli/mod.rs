//! The command line: one of the two faces.

mod args;
mod baseline;
mod check;
mod compare;
mod config;
mod engine;
mod error;
mod explain;
mod fix;
mod git;
mod ignores;
mod lsp;
mod output;
mod requires;
mod rules;
mod schema;
mod since;
mod terminal;

use crate::policy::Mistake;
use args::{Cli, ColorWhen, Command, LookArgs};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use error::{AppError, notice};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// Does what the arguments say; the first is the program's own name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(Refusal::App(error)) => return fail(error, wanted_color(&args), false),
        Err(Refusal::Clap(error)) => {
            // help goes to standard output, which may be closed
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(error) => fail(error, cli.looks.color, cli.looks.ascii),
    }
}

enum Refusal {
    App(AppError),
    Clap(clap::Error),
}

fn parse(args: &[OsString]) -> Result<Cli, Refusal> {
    let choice = match terminal::color(wanted_color(args), io::stdout().is_terminal()) {
        true => ColorChoice::Always,
        false => ColorChoice::Never,
    };
    let command = Cli::command().color(choice);
    let matches = command
        .try_get_matches_from(args)
        .map_err(explain_refusal)?;
    Cli::from_arg_matches(&matches).map_err(Refusal::Clap)
}

/// Help and usage errors are written before the arguments are understood.
fn wanted_color(args: &[OsString]) -> ColorWhen {
    let mut wanted = ColorWhen::Auto;
    for (at, argument) in args.iter().enumerate() {
        let value = match argument.to_str() {
            Some("--color") => args.get(at + 1).and_then(|next| next.to_str()),
            Some("--") => break,
            other => other.and_then(|argument| argument.strip_prefix("--color=")),
        };
        match value {
            Some("always") => wanted = ColorWhen::Always,
            Some("never") => wanted = ColorWhen::Never,
            _ => {}
        }
    }
    wanted
}

/// `difylint PATH` is what people type first.
fn explain_refusal(error: clap::Error) -> Refusal {
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand)
        && (word.contains(['.', '/', '\\']) || Path::new(word).exists())
    {
        return Refusal::App(AppError::NoCommand {
            word: word.clone(),
            help: format!("to check it: `difylint check {word}`"),
        });
    }
    Refusal::Clap(error)
}

fn execute(cli: &Cli) -> Result<u8, AppError> {
    let look = terminal::look(&cli.looks);
    let text = match &cli.command {
        Command::Check(args) => return check::run(args, &look, &cli.looks),
        Command::Fix(args) => return fix::run(args, &look),
        Command::Baseline(args) => return baseline::run(args),
        Command::Requires(args) => return check::requires(args, &look),
        Command::Compare(args) => return compare::run(args, &look),
        Command::Explain { rule } => explain::page(rule, &look, io::stdout().is_terminal())?,
        Command::Rules(args) => rules::list(args, &look)?,
        Command::Config(command) => config::run(command, &look)?,
        Command::Schema { kind } => schema::text(kind.as_deref())?,
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "difylint", &mut text);
            output::print(&text)?;
            return Ok(0);
        }
        Command::Lsp { .. } => return Ok(lsp::run()),
        Command::Man { command } => {
            output::print(&manual(command.as_deref())?)?;
            return Ok(0);
        }
    };
    output::print(text.as_bytes())?;
    Ok(0)
}

fn manual(command: Option<&str>) -> Result<Vec<u8>, AppError> {
    let mut page = Cli::command();
    // full names of the commands, and the options that all of them share
    page.build();
    if let Some(name) = command {
        let found = page.get_subcommands().find(|page| page.get_name() == name);
        page = found.cloned().ok_or_else(|| AppError::BadValue {
            message: format!("there is no command `{name}`"),
            help: "`difylint --help` lists the commands".to_owned(),
        })?;
    }
    let mut text = Vec::new();
    let written = clap_mangen::Man::new(page).render(&mut text);
    written.map_err(|error| AppError::Unwritable {
        what: "the manual page".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(text)
}

/// Says what went wrong on standard error.
fn fail(error: AppError, color: ColorWhen, ascii: bool) -> ExitCode {
    let status = error.exit_status();
    draw_by(color, ascii);
    let _ = writeln!(io::stderr(), "{:?}", miette::Report::new(error));
    ExitCode::from(status)
}

/// Says on standard error what should be put right and stops nothing.
fn warn(mistake: Mistake, looks: &LookArgs) {
    draw_by(looks.color, looks.ascii);
    let _ = writeln!(io::stderr(), "{:?}", notice(mistake));
}

/// How failures look on standard error.
fn draw_by(color: ColorWhen, ascii: bool) {
    let terminal = io::stderr().is_terminal();
    let handler = miette::MietteHandlerOpts::new()
        .color(terminal::color(color, terminal))
        .unicode(!ascii && terminal::draws_unicode(terminal))
        .terminal_links(false)
        .width(100);
    // the hook can be set once; a second wish is the same
    let _ = miette::set_hook(Box::new(move |_| Box::new(handler.clone().build())));
}
