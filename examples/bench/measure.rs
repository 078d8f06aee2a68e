//! Runs programs and measures them from outside.

use crate::host::stolen;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// So often a run is tried that the host disturbs.
const ATTEMPTS: usize = 4;

/// A program with its arguments.
#[derive(Clone)]
pub struct Task {
    program: PathBuf,
    arguments: Vec<String>,
}

impl Task {
    /// The program, run like this.
    pub fn new(program: &Path, arguments: &[&str]) -> Self {
        Self {
            program: program.to_path_buf(),
            arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    /// Checks a folder, with the report that costs least thrown away.
    pub fn check(program: &Path, folder: &Path, threads: usize) -> Self {
        let (folder, threads) = (folder.to_str().unwrap(), threads.to_string());
        Self::new(
            program,
            &["check", folder, "-q", "-o", "json", "-j", &threads],
        )
    }

    /// Wall-clock time from start to end of the process.
    pub fn time(&self) -> Duration {
        let began = Instant::now();
        let status = self.command(&self.program).args(&self.arguments).status();
        let time = began.elapsed();
        self.assert_ran(status);
        time
    }

    /// The time of a run during which the host took no processor away; of several that it disturbed
    /// the one that it disturbed least.
    fn undisturbed(&self, before: Option<&dyn Fn()>) -> Duration {
        let mut least: Option<(u64, Duration)> = None;
        for _ in 0..ATTEMPTS {
            before.iter().for_each(|before| before());
            let began = stolen();
            let time = self.time();
            let taken = stolen().saturating_sub(began);
            if least.is_none_or(|(least, _)| taken < least) {
                least = Some((taken, time));
            }
            if taken == 0 {
                break;
            }
        }
        least.map_or(Duration::ZERO, |(_, time)| time)
    }

    /// The most memory that the process held at once, in MiB; `None` where GNU time is not
    /// installed. That program stands between because the number which the system keeps for a
    /// process begins with the size of the one that started it.
    pub fn peak(&self) -> Option<f64> {
        let timer = Path::new("/usr/bin/time");
        if !timer.exists() {
            return None;
        }
        let out = tempfile::NamedTempFile::new().unwrap();
        let mut command = self.command(timer);
        command.args(["--quiet", "-f", "%M", "-o"]).arg(out.path());
        self.assert_ran(command.arg(&self.program).args(&self.arguments).status());
        let kib: f64 = fs::read_to_string(out.path())
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        Some(kib / 1024.0)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command
    }

    /// Findings are no failure.
    fn assert_ran(&self, status: io::Result<std::process::ExitStatus>) {
        let code = status.unwrap().code();
        assert!(
            matches!(code, Some(0 | 1)),
            "`{} {}` ended with {code:?}",
            self.program.display(),
            self.arguments.join(" ")
        );
    }
}

/// The times of several tasks that were run in turn: one list for each task.
pub struct Times(Vec<Vec<Duration>>);

impl Times {
    /// Runs all tasks in turn, so often; `before` each of them something else may be done. A first
    /// turn is not counted where the files shall be in memory.
    pub fn of(tasks: &[Task], rounds: usize, before: Option<&dyn Fn()>) -> Self {
        let mut times = vec![Vec::with_capacity(rounds); tasks.len()];
        if before.is_none() {
            for task in tasks {
                task.time();
            }
        }
        for _ in 0..rounds {
            for (task, times) in tasks.iter().zip(&mut times) {
                times.push(task.undisturbed(before));
            }
        }
        Self(times)
    }

    /// The median time of a task.
    pub fn median(&self, task: usize) -> Duration {
        let seconds = self.0[task].iter().map(Duration::as_secs_f64);
        Duration::from_secs_f64(median(seconds.collect()))
    }

    /// The median of what one task took for each time unit of the other, turn by turn.
    pub fn ratio(&self, task: usize, to: usize) -> f64 {
        let pairs = self.0[task].iter().zip(&self.0[to]);
        median(
            pairs
                .map(|(one, other)| one.as_secs_f64() / other.as_secs_f64())
                .collect(),
        )
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Makes the system forget the files that it keeps in memory.
///
/// # Errors
/// When the system has no such switch, or this user may not use it.
pub fn forget_files() -> io::Result<()> {
    // what is not yet on the disk cannot be forgotten
    Command::new("sync").status()?;
    fs::write("/proc/sys/vm/drop_caches", "3")
}
