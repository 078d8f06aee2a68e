//! Runs the checks over several plugins at once and hands the reports over in order.

use crate::finding::Stages;
use crate::plugin::Target;
use crate::policy::{Policy, Threshold};
use crate::report::PluginReport;
use rayon::ScopeFifo;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;
use std::thread::available_parallelism;

/// How to check.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stages whose findings are shown.
    pub stages: Stages,
    /// Threads; `None`: one per processor.
    pub threads: Option<usize>,
    /// Read the cards too.
    pub cards: bool,
}

/// A plugin to check, and what holds for it.
pub struct Job {
    /// The plugin.
    pub target: Target,
    /// Which findings are shown, and how severe they are.
    pub policy: Policy,
    /// The severity that fails the run.
    pub fail_on: Threshold,
}

impl Job {
    /// A plugin without any settings.
    pub fn plain(target: Target) -> Self {
        Self {
            target,
            policy: Policy::default(),
            fail_on: Threshold::default(),
        }
    }
}

/// Plugins that are checked ahead of the last one that is reported: enough to keep the threads busy
/// while one takes long, few enough to keep memory bounded.
const AHEAD: usize = 256;

/// Checks the plugins and hands over their reports in order, while others are still checked. A
/// plugin is let go once it is checked, with what was read of it.
pub fn check(jobs: Vec<Job>, settings: &Settings, each: &mut dyn FnMut(PluginReport)) {
    let processors = || available_parallelism().map_or(1, usize::from);
    let threads = settings.threads.unwrap_or_else(processors).min(jobs.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    match pool.build() {
        Ok(pool) if threads > 1 => pool.in_place_scope_fifo(|scope| {
            at_once(jobs, scope, settings, each);
        }),
        // without threads it only takes longer
        _ => jobs.iter().for_each(|job| each(one(job, settings))),
    }
}

fn at_once<'s>(
    jobs: Vec<Job>,
    scope: &ScopeFifo<'s>,
    settings: &'s Settings,
    each: &mut dyn FnMut(PluginReport),
) {
    let (reports, checked) = mpsc::channel();
    let (mut next, total) = (0, jobs.len());
    let mut waiting = jobs.into_iter().enumerate();
    let mut start = || {
        let Some((at, job)) = waiting.next() else {
            return;
        };
        let reports = reports.clone();
        scope.spawn_fifo(move |_| {
            let report = catch_unwind(AssertUnwindSafe(|| one(&job, settings)));
            // nobody listens any more once a check has panicked
            let _ = reports.send((at, report));
        });
    };
    (0..AHEAD).for_each(|_| start());
    let mut early = BTreeMap::new();
    while next < total {
        let Ok((at, report)) = checked.recv() else {
            return;
        };
        early.insert(at, report.unwrap_or_else(|panic| resume_unwind(panic)));
        while let Some(report) = early.remove(&next) {
            each(report);
            next += 1;
            start();
        }
    }
}

fn one(job: &Job, settings: &Settings) -> PluginReport {
    let target = &job.target;
    let check = if settings.cards {
        crate::check_with_card
    } else {
        crate::check
    };
    let mut report = check(target.files.clone(), &target.display, &job.policy);
    report.fail_on = job.fail_on.0;
    if let Some(only) = &target.only {
        report.findings.retain(|finding| {
            let labels = finding.labels.iter().map(|label| &label.place);
            std::iter::once(&finding.place)
                .chain(labels)
                .any(|place| *place.file == **only)
        });
        let suppressed = &mut report.suppressed;
        suppressed.retain(|it| *it.finding.place.file == **only);
    }
    if settings.stages != Stages::ALL {
        report
            .findings
            .retain(|finding| !finding.stages.intersection(settings.stages).is_empty());
    }
    report
}
