//! Runs the checks over several plugins at once and hands the reports over in order.

use crate::finding::Stages;
use crate::plugin::Target;
use crate::policy::Policy;
use crate::report::PluginReport;
use rayon::prelude::*;

/// How to check.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stages whose findings are shown.
    pub stages: Stages,
    /// Select, ignore, severity.
    pub policy: Policy,
    /// Threads; `None`: one per processor.
    pub threads: Option<usize>,
}

/// Plugins that are checked before the first of them is reported: enough to keep the threads busy,
/// few enough to keep memory bounded.
const BATCH: usize = 256;

/// Checks the targets and hands over their reports in order.
pub fn check(targets: &[Target], settings: &Settings, each: &mut dyn FnMut(PluginReport)) {
    let pool = settings.threads.and_then(|threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .ok()
    });
    for batch in targets.chunks(BATCH) {
        let run = || {
            batch
                .par_iter()
                .map(|target| one(target, settings))
                .collect::<Vec<_>>()
        };
        let reports = match &pool {
            _ if batch.len() == 1 => batch.iter().map(|target| one(target, settings)).collect(),
            Some(pool) => pool.install(run),
            None => run(),
        };
        reports.into_iter().for_each(&mut *each);
    }
}

fn one(target: &Target, settings: &Settings) -> PluginReport {
    let mut report = crate::check(target.files.clone(), &target.display, &settings.policy);
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
