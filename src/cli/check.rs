use super::args::{CheckArgs, LookArgs, RequiresArgs};
use super::config::{self, Unused};
use super::engine::{self, Crew, Job};
use super::error::{AppError, at};
use super::output::{self, Outputs};
use super::{baseline, ignores, requires, since};
use crate::finding::{RuleId, Stages};
use crate::format::{DocumentKind, shape_of};
use crate::plugin::{DiscoverError, Target, discover, discover_telling, with_text};
use crate::policy::Resolver;
use crate::policy::baseline::Baseline;
use crate::report::{Look, PluginReport, RuleText, Run, Summary};
use crate::rules;
use crate::threads;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// More than this from standard input is not a file of a plugin.
const MAX_STDIN_BYTES: u64 = crate::source::MAX_FILE_BYTES;

/// Checks, reports, and gives the exit status.
///
/// # Errors
/// When arguments are wrong, there is nothing to check, or output cannot be written.
pub fn run(args: &CheckArgs, look: &Look, looks: &LookArgs) -> Result<u8, AppError> {
    let began = Instant::now();
    let stages: Stages = args.rules.stage.iter().copied().collect();
    let mut settings = engine::Settings {
        stages: if stages.is_empty() {
            Stages::ALL
        } else {
            stages
        },
        cards: false,
    };
    let mut layer = config::layer(&args.rules, args.fail_on, &args.output_format)?;
    layer.baseline = baseline::said(args.ignores.baseline.as_deref())?;
    let resolver = config::resolver(&args.rules, layer)?;
    let look = Look {
        quiet: args.quiet,
        stages: settings.stages,
        ..*look
    };
    let requests = requests(&resolver)?;
    let crew = Crew::of(args.threads.map(usize::from));
    // every check looks into the schema of manifests: it is made while plugins are looked for
    crew.begin(|| _ = shape_of(DocumentKind::Manifest));
    let targets = crew.share(|| match args.scope.around {
        true => around(&args.paths),
        false => targets(&args.paths, args.stdin_filename.as_deref()),
    })?;
    let narrowed = since::narrow(targets, &args.scope)?;
    if let Some(words) = narrowed.words.filter(|_| !args.quiet) {
        // standard output is for the findings
        let _ = writeln!(io::stderr(), "{words}");
    }
    let mut unused = Unused::new(&args.paths);
    let jobs = crew.share(|| jobs(narrowed.targets, &resolver, &args.paths, &mut unused))?;
    if args.ignores.add_ignores {
        if args.stdin_filename.is_some() {
            return Err(AppError::BadValue {
                message: "`--add-ignores` cannot write into standard input".to_owned(),
                help: "give the path of the plugin".to_owned(),
            });
        }
        return ignores::run(&jobs, &args.ignores);
    }
    let mut outputs = Outputs::open(&requests, &look)?;
    settings.cards = outputs.show_cards();
    let run = Run {
        plugins: jobs.len(),
        rule: rule_text,
    };
    outputs.begin(&run)?;
    let mut summary = Summary::default();
    let mut failure = None;
    crew.check(jobs, &settings, &mut |report| {
        summary.add(report);
        if failure.is_none() {
            failure = outputs.plugin(report).err();
        }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    summary.duration = began.elapsed();
    outputs.end(&summary)?;
    for notice in unused.finish() {
        super::warn(notice, looks);
    }
    if summary.unchecked {
        tell_unchecked();
    }
    Ok(summary.exit_status())
}

/// Says why the status is not 0 although no finding is severe enough.
pub fn tell_unchecked() {
    let _ = writeln!(
        io::stderr(),
        "difylint: not everything was checked: the findings say what, and why"
    );
}

fn rule_text(id: RuleId) -> Option<RuleText> {
    rules::find(id.0).map(|rule| RuleText {
        summary: rule.summary,
        severity: rule.severity,
        stages: rule.stages,
        body: rule.body(),
    })
}

/// Shows the version floors of plugins.
///
/// # Errors
/// When there is nothing to check, or standard output cannot be written.
pub fn requires(args: &RequiresArgs, look: &Look) -> Result<u8, AppError> {
    let jobs: Vec<Job> = targets(&args.paths, None)?
        .into_iter()
        .map(Job::plain)
        .collect();
    let settings = engine::Settings {
        stages: Stages::ALL,
        cards: false,
    };
    let mut text = String::new();
    Crew::of(None).check(jobs, &settings, &mut |report: &PluginReport| {
        text.push_str(&requires::table(report, look));
    });
    output::print(text.as_bytes())?;
    Ok(0)
}

/// A plugin with what holds for it; plugins that a configuration excludes are left out, unless
/// they are named.
///
/// # Errors
/// When a configuration has mistakes, or nothing is left.
pub fn jobs(
    targets: Vec<Target>,
    resolver: &Resolver,
    paths: &[PathBuf],
    unused: &mut Unused,
) -> Result<Vec<Job>, AppError> {
    let mut jobs = Vec::new();
    let nothing = targets.is_empty();
    let mut baselines: BTreeMap<PathBuf, Arc<Baseline>> = BTreeMap::new();
    let found = threads::map(&targets, |target| {
        config::settings(resolver, Path::new(&target.display))
    });
    for (target, settings) in targets.into_iter().zip(found) {
        let settings = settings?;
        unused.add(&settings, &target);
        let root = Path::new(&target.display);
        let named = || target.only.is_some() || paths.iter().any(|path| is_same(path, root));
        if settings.excludes() && !named() {
            continue;
        }
        let mut policy = settings.policy();
        if let Some(said) = &settings.baseline {
            let known = baselines.entry(said.value.clone());
            policy.baseline = Some(match known {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => {
                    let read = baseline::read(&said.value);
                    new.insert(read.map_err(|error| at(&said.origin, error))?)
                        .clone()
                }
            });
        }
        jobs.push(Job {
            target,
            policy,
            fail_on: settings.fail_on.value,
        });
    }
    // a narrowed run may have nothing to do
    if jobs.is_empty() && !nothing {
        return Err(nothing_to_check(paths));
    }
    Ok(jobs)
}

/// True if both are one path but for `.` in them.
fn is_same(one: &Path, other: &Path) -> bool {
    let parts = |path: &Path| {
        let parts = path.components().filter(|it| *it != Component::CurDir);
        parts
            .map(|it| it.as_os_str().to_owned())
            .collect::<Vec<_>>()
    };
    parts(one) == parts(other)
}

/// What the command line, else the configuration of the working directory, wants for output.
fn requests(resolver: &Resolver) -> Result<Vec<output::Request>, AppError> {
    let here = config::settings(resolver, Path::new("."))?;
    match here.output_format {
        Some(said) => output::requests(&said.value).map_err(|error| at(&said.origin, error)),
        None => output::requests(&["full".to_owned()]),
    }
}

/// The whole plugins around files, each once; files that belong to none, or are gone, are passed
/// over.
///
/// # Errors
/// When a path cannot be read.
pub fn around(paths: &[PathBuf]) -> Result<Vec<Target>, AppError> {
    let mut found: Vec<Target> = Vec::new();
    for path in paths {
        let targets = match discover(std::slice::from_ref(path)) {
            Ok(targets) => targets,
            Err(DiscoverError::NoPlugin(_) | DiscoverError::Missing(_)) => continue,
            Err(error) => return Err(discover_failure(error, paths)),
        };
        for target in targets {
            if !found.iter().any(|it| it.display == target.display) {
                found.push(Target {
                    only: None,
                    ..target
                });
            }
        }
    }
    Ok(found)
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
    let found = discover_telling(paths, &mut unsearched);
    let found = found.map_err(|error| discover_failure(error, paths))?;
    if found.is_empty() {
        return Err(nothing_to_check(paths));
    }
    Ok(found)
}

/// What is below such a folder seems not to be there: that is said, and the search goes on.
fn unsearched(folder: &Path, error: &io::Error) {
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    let _ = writeln!(
        io::stderr(),
        "difylint: not searched for plugins: `{}`: {}",
        folder.display(),
        error.to_string().to_lowercase()
    );
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
