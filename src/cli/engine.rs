//! Runs the checks over several plugins at once and hands the reports over in order.

use crate::finding::Stages;
use crate::plugin::Target;
use crate::policy::{Policy, Threshold};
use crate::report::PluginReport;
use crate::source::held;
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, available_parallelism};

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
    pub fn check(&self, jobs: Vec<Job>, settings: &Settings, each: &mut dyn FnMut(PluginReport)) {
        let wanted = self.most.min(jobs.len());
        let more = (wanted > FEW).then(|| pool(wanted)).flatten();
        let Some(pool) = more.as_ref().or(self.pool.as_ref()) else {
            jobs.iter().for_each(|job| each(one(job, settings)));
            return;
        };
        let waiting = Waiting::default();
        let work = Work {
            waiting: &waiting,
            threads: pool.current_num_threads(),
            settings,
        };
        pool.in_place_scope(|scope| work.check(jobs, scope, each));
    }
}

/// `None` for a single thread, and where none can be had: without threads it only takes longer.
fn pool(threads: usize) -> Option<ThreadPool> {
    let pool = || ThreadPoolBuilder::new().num_threads(threads).build();
    (threads > 1).then(pool).and_then(Result::ok)
}

type Waiting = Mutex<VecDeque<(usize, Job)>>;

enum Told {
    /// The plugin of this number was checked, or the check panicked.
    Checked(usize, Box<thread::Result<PluginReport>>),
    /// A thread found no plugin that waits.
    Idle,
}

#[derive(Clone, Copy)]
struct Work<'s> {
    waiting: &'s Waiting,
    threads: usize,
    settings: &'s Settings,
}

impl<'s> Work<'s> {
    fn check(self, jobs: Vec<Job>, scope: &Scope<'s>, each: &mut dyn FnMut(PluginReport)) {
        let (tell, told) = mpsc::channel();
        let (mut next, total) = (0, jobs.len());
        let mut jobs = jobs.into_iter().enumerate();
        held(self.waiting).extend(jobs.by_ref().take(AHEAD));
        let mut at_work = 0;
        let mut early = BTreeMap::new();
        while next < total {
            let wanted = held(self.waiting).len().min(self.threads - at_work);
            for _ in 0..wanted {
                let tell = tell.clone();
                scope.spawn(move |_| self.take(&tell));
            }
            at_work += wanted;
            match told.recv() {
                Ok(Told::Checked(at, report)) => {
                    early.insert(at, report.unwrap_or_else(|panic| resume_unwind(panic)));
                }
                Ok(Told::Idle) => at_work -= 1,
                Err(_) => return,
            }
            while let Some(report) = early.remove(&next) {
                each(report);
                next += 1;
                held(self.waiting).extend(jobs.next());
            }
        }
    }

    /// Checks one plugin after the other while some wait.
    fn take(self, tell: &Sender<Told>) {
        // nobody listens any more once a check has panicked
        while let Some((at, job)) = self.next() {
            let report = catch_unwind(AssertUnwindSafe(|| one(&job, self.settings)));
            let _ = tell.send(Told::Checked(at, Box::new(report)));
        }
        let _ = tell.send(Told::Idle);
    }

    fn next(self) -> Option<(usize, Job)> {
        held(self.waiting).pop_front()
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
