//! Runs the checks over several plugins at once and hands the reports over in order.

use crate::finding::Stages;
use crate::plugin::Target;
use crate::policy::{Policy, Threshold};
use crate::report::PluginReport;
use rayon::prelude::*;

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

/// Plugins that are checked before the first of them is reported: enough to keep the threads busy,
/// few enough to keep memory bounded.
const BATCH: usize = 256;

/// Checks the plugins and hands over their reports in order. A plugin is let go once it is
/// reported, with what was read of it.
pub fn check(mut jobs: Vec<Job>, settings: &Settings, each: &mut dyn FnMut(PluginReport)) {
    let pool = settings.threads.and_then(|threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .ok()
    });
    while !jobs.is_empty() {
        let batch: Vec<Job> = jobs.drain(..BATCH.min(jobs.len())).collect();
        let run = || {
            batch
                .par_iter()
                .map(|job| one(job, settings))
                .collect::<Vec<_>>()
        };
        let reports = match &pool {
            _ if batch.len() == 1 => batch.iter().map(|job| one(job, settings)).collect(),
            Some(pool) => pool.install(run),
            None => run(),
        };
        reports.into_iter().for_each(&mut *each);
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
