//! Runs the checks over several plugins at once and hands the reports over in order.

use crate::finding::Stages;
use crate::plugin::Target;
use crate::policy::{Policy, Threshold};
use crate::report::PluginReport;
use crossbeam_channel::unbounded;
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::available_parallelism;

/// How to check.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stages whose findings are shown.
    pub stages: Stages,
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

/// More threads than this are begun only for as many plugins: to begin them takes longer than they
/// save for a few.
const FEW: usize = 8;

/// The threads of a run.
pub struct Crew {
    pool: Option<ThreadPool>,
    most: usize,
}

impl Crew {
    /// So many threads; `None`: one per processor.
    pub fn of(threads: Option<usize>) -> Self {
        let processors = || available_parallelism().map_or(1, usize::from);
        let most = threads.unwrap_or_else(processors);
        Self {
            pool: pool(most.min(FEW)),
            most,
        }
    }

    /// Does something early that all of the work needs, if a thread is there for it.
    pub fn begin(&self, work: impl FnOnce() + Send + 'static) {
        if let Some(pool) = &self.pool {
            pool.spawn(work);
        }
    }

    /// Does something whose [parts](crate::threads) the threads may share.
    pub fn share<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Checks the plugins and hands over their reports in order, while others are still checked. A
    /// plugin is let go once it is checked, with what was read of it.
    ///
    /// Each thread takes one plugin after the other; once none waits, those that have none help
    /// with the parts of those that are still checked.
    pub fn check(&self, jobs: Vec<Job>, settings: &Settings, each: &mut dyn FnMut(&PluginReport)) {
        let wanted = self.most.min(jobs.len());
        let more = (wanted > FEW).then(|| pool(wanted)).flatten();
        let Some(pool) = more.as_ref().or(self.pool.as_ref()) else {
            jobs.iter().for_each(|job| each(&one(job, settings)));
            return;
        };
        pool.in_place_scope(|scope| at_once(jobs, scope, settings, each));
    }
}

/// `None` for a single thread, and where none can be had: without threads it only takes longer.
fn pool(threads: usize) -> Option<ThreadPool> {
    let pool = || ThreadPoolBuilder::new().num_threads(threads).build();
    (threads > 1).then(pool).and_then(Result::ok)
}

fn at_once<'s>(
    jobs: Vec<Job>,
    scope: &Scope<'s>,
    settings: &'s Settings,
    each: &mut dyn FnMut(&PluginReport),
) {
    let (feed, waiting) = unbounded::<(usize, Job)>();
    let (tell, checked) = unbounded();
    // one job for each thread, which begins it before it looks for anything else: were it to begin
    // while it waits for a part of a plugin, that plugin would wait for all others
    scope.spawn_broadcast(move |_, _| {
        let (give_back, told) = unbounded::<PluginReport>();
        for (at, job) in &waiting {
            // a thread lets go itself of what it made: allocators keep room for each thread, and
            // whoever reaches into another's makes that thread wait
            told.try_iter().for_each(drop);
            let report = catch_unwind(AssertUnwindSafe(|| one(&job, settings)));
            // nobody listens any more once a check has panicked
            let _ = tell.send((at, report, give_back.clone()));
        }
    });
    let mut jobs = jobs.into_iter().enumerate();
    let mut feed = Some(feed);
    let mut start = || match (jobs.next(), &feed) {
        // fails only when every thread is gone
        (Some(job), Some(feed)) => _ = feed.send(job),
        _ => feed = None,
    };
    // the one more tells the threads when there are no more
    (0..=AHEAD).for_each(|_| start());
    let mut next = 0;
    let mut early = BTreeMap::new();
    for (at, report, back) in checked {
        let report = report.unwrap_or_else(|panic| resume_unwind(panic));
        early.insert(at, (report, back));
        while let Some((report, back)) = early.remove(&next) {
            each(&report);
            // the thread may have ended
            let _ = back.send(report);
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
