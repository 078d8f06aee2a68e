use super::args::{CheckArgs, Profile, RequiresArgs, RuleArgs, parse_severity};
use super::engine::{self, Settings};
use super::error::AppError;
use super::output::{self, Outputs};
use super::{baseline, ignores, requires, since};
use crate::finding::Stages;
use crate::plugin::{DiscoverError, Target, discover, with_text};
use crate::policy::{Policy, Selector, UnknownName};
use crate::report::{Look, PluginReport, Run, Summary};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// More than this from standard input is not a file of a plugin.
const MAX_STDIN_BYTES: u64 = crate::source::MAX_FILE_BYTES;

/// Checks, reports, and gives the exit status.
///
/// # Errors
/// When arguments are wrong, there is nothing to check, or output cannot be written.
pub fn run(args: &CheckArgs, look: &Look) -> Result<u8, AppError> {
    let began = Instant::now();
    let mut settings = settings(&args.rules, args.threads)?;
    if let Some(path) = &args.ignores.baseline {
        settings.policy.baseline = Some(baseline::read(path)?);
    }
    let look = Look {
        quiet: args.quiet,
        stages: settings.stages,
        ..*look
    };
    let requests = output::requests(&args.output_format)?;
    let targets = targets(&args.paths, args.stdin_filename.as_deref())?;
    let narrowed = since::narrow(targets, &args.scope)?;
    if let Some(words) = narrowed.words.filter(|_| !args.quiet) {
        // standard output is for the findings
        let _ = writeln!(io::stderr(), "{words}");
    }
    let targets = narrowed.targets;
    if args.ignores.add_ignores {
        if args.stdin_filename.is_some() {
            return Err(AppError::BadValue {
                message: "`--add-ignores` cannot write into standard input".to_owned(),
                help: "give the path of the plugin".to_owned(),
            });
        }
        return ignores::run(&targets, &settings.policy, &args.ignores);
    }
    let mut outputs = Outputs::open(&requests, &look)?;
    let run = Run {
        plugins: targets.len(),
    };
    outputs.begin(&run)?;
    let mut summary = Summary::default();
    let mut failure = None;
    engine::check(&targets, &settings, &mut |report| {
        summary.add(&report);
        if failure.is_none() {
            failure = outputs.plugin(&report).err();
        }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    summary.duration = began.elapsed();
    outputs.end(&summary)?;
    let fails = args.fail_on.severity().is_some_and(|s| summary.reaches(s));
    Ok(u8::from(fails))
}

/// Shows the version floors of plugins.
///
/// # Errors
/// When there is nothing to check, or standard output cannot be written.
pub fn requires(args: &RequiresArgs, look: &Look) -> Result<u8, AppError> {
    let targets = targets(&args.paths, None)?;
    let settings = Settings {
        stages: Stages::ALL,
        policy: Policy::default(),
        threads: None,
    };
    let mut text = String::new();
    engine::check(&targets, &settings, &mut |report: PluginReport| {
        text.push_str(&requires::table(&report, look));
    });
    output::print(text.as_bytes())?;
    Ok(0)
}

fn settings(args: &RuleArgs, threads: Option<u16>) -> Result<Settings, AppError> {
    let stages: Stages = args.stage.iter().copied().collect();
    Ok(Settings {
        stages: if stages.is_empty() {
            Stages::ALL
        } else {
            stages
        },
        policy: policy(args)?,
        threads: threads.map(usize::from),
    })
}

pub fn policy(args: &RuleArgs) -> Result<Policy, AppError> {
    let mut policy = Policy {
        select: selectors(&args.select)?,
        ignore: selectors(&args.ignore)?,
        ..Policy::default()
    };
    if args.profile == Profile::Marketplace {
        policy.stages = Stages::ALL;
    }
    for word in &args.severity {
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
        policy.severity.push((selector(rule)?, severity));
    }
    Ok(policy)
}

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

pub fn targets(paths: &[PathBuf], stdin_filename: Option<&Path>) -> Result<Vec<Target>, AppError> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return stdin_target(paths, stdin_filename).map(|target| vec![target]);
    }
    if stdin_filename.is_some() {
        return Err(AppError::BadValue {
            message: "`--stdin-filename` without standard input".to_owned(),
            help: "give `-` as the path: `difylint check - --stdin-filename FILE`".to_owned(),
        });
    }
    let found = discover(paths).map_err(|error| discover_failure(error, paths))?;
    if found.is_empty() {
        return Err(nothing_to_check(paths));
    }
    Ok(found)
}

fn stdin_target(paths: &[PathBuf], filename: Option<&Path>) -> Result<Target, AppError> {
    let Some(filename) = filename.filter(|_| paths.len() == 1) else {
        return Err(AppError::BadValue {
            message: "standard input must be the only path, and needs a name".to_owned(),
            help: "say which file it is: `difylint check - --stdin-filename tools/search.yaml`"
                .to_owned(),
        });
    };
    let unreadable = |reason: String| AppError::Unreadable {
        what: "standard input".to_owned(),
        reason,
    };
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_STDIN_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MAX_STDIN_BYTES {
        return Err(unreadable(format!("more than {MAX_STDIN_BYTES} bytes")));
    }
    let path = [filename.to_owned()];
    with_text(filename, bytes).map_err(|error| discover_failure(error, &path))
}

fn discover_failure(error: DiscoverError, paths: &[PathBuf]) -> AppError {
    match error {
        DiscoverError::Missing(path) => AppError::MissingPath { path },
        DiscoverError::NoPlugin(_) => nothing_to_check(paths),
        DiscoverError::Package(path) => AppError::Unreadable {
            what: format!("`{}`", path.display()),
            reason: "packages are not read yet; check the folder that it is made of".to_owned(),
        },
        DiscoverError::Unreadable(path, reason) => AppError::Unreadable {
            what: format!("`{}`", path.display()),
            reason,
        },
    }
}

fn nothing_to_check(paths: &[PathBuf]) -> AppError {
    let words: Vec<String> = paths
        .iter()
        .map(|path| match path.as_os_str() {
            here if here == "." => "this folder".to_owned(),
            _ => format!("`{}`", path.display()),
        })
        .collect();
    AppError::NothingToCheck {
        place: words.join(", "),
    }
}
