//! The tables.

use crate::arguments::{Arguments, beside};
use crate::floor::{Reads, STEPS};
use crate::measure::{Task, Times, forget_files};
use crate::synthetic;
use crate::table::{head, memory, row, target, time};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The names of the tables, in the order in which they are printed.
pub const TABLES: [&str; 8] = [
    "start", "one", "corpus", "cold", "largest", "growth", "lsp", "peers",
];

/// The columns of a table with floors.
const FLOOR_COLUMNS: [&str; 11] = [
    "what",
    "plugins",
    "files read",
    "MB",
    "difylint",
    "walk and read",
    "+ YAML trees",
    "+ Python: the floor",
    "times the floor",
    "peak memory",
    "target",
];

/// The largest official plugins: the one with the most documents, and the one with the longest.
const LARGEST: [&str; 2] = ["models/aihubmix", "triggers/github_trigger"];

/// Measures and prints what was asked for.
pub fn print(arguments: &Arguments) {
    let bench = Bench {
        program: &arguments.program,
        rounds: arguments.rounds,
        repository: Path::new(env!("CARGO_MANIFEST_DIR")),
    };
    if !arguments.builds.is_empty() {
        return bench.builds(&arguments.builds);
    }
    for table in &arguments.tables {
        match *table {
            "start" => bench.start(),
            "one" => bench.one(),
            "corpus" => bench.corpus(),
            "cold" => bench.cold(),
            "largest" => bench.largest(),
            "growth" => bench.growth(),
            "lsp" => bench.lsp(),
            _ => bench.peers(arguments.python.as_deref().unwrap_or("python3")),
        }
    }
}

struct Bench<'a> {
    program: &'a Path,
    rounds: Option<usize>,
    repository: &'a Path,
}

/// A row of a table with floors.
struct Row<'a> {
    what: &'a str,
    threads: usize,
    rounds: usize,
    before: Option<&'a dyn Fn()>,
    /// What must not be exceeded, and what is shown of it.
    target: &'a dyn Fn(f64, Option<f64>) -> String,
}

impl Bench<'_> {
    fn rounds(&self, usual: usize) -> usize {
        self.rounds.unwrap_or(usual)
    }

    /// The official plugins, or a line that says why there is no table.
    fn official(&self) -> Option<PathBuf> {
        let official = self.repository.join("../shared/corpus/official");
        let there = official.canonicalize().ok();
        if there.is_none() {
            println!("\nskipped: {} is not there", official.display());
        }
        there
    }

    fn start(&self) {
        let tasks = [Task::new(self.program, &["--version"])];
        let took = Times::of(&tasks, self.rounds(101), None).median(0);
        let met = took <= Duration::from_millis(5);
        head(&["what", "difylint", "peak memory", "target"]);
        row(&[
            "start-up: `--version`".to_owned(),
            time(took),
            memory(tasks[0].peak()),
            target("≤ 5 ms", met),
        ]);
    }

    fn one(&self) {
        let folder = self.repository.join("corpus/good/tool");
        head(&FLOOR_COLUMNS);
        let what = Row {
            what: "one plugin: `corpus/good/tool`",
            threads: 1,
            rounds: self.rounds(51),
            before: None,
            target: &|_, _| String::new(),
        };
        self.floors(&folder, &Reads::of(&folder), &what);
    }

    fn corpus(&self) {
        let Some(official) = self.official() else {
            return;
        };
        let reads = Reads::of(&official);
        head(&FLOOR_COLUMNS);
        for threads in [1, 2] {
            let what = Row {
                what: &format!("official plugins, warm, threads: {threads}"),
                threads,
                rounds: self.rounds(11),
                before: None,
                target: &|ratio, peak| {
                    let memory = peak.map(|peak| target("≤ 150 MiB", peak <= 150.0));
                    let time = (threads == 2).then(|| target("≤ 2.5 × floor", ratio <= 2.5));
                    let both: Vec<String> = time.into_iter().chain(memory).collect();
                    both.join(", ")
                },
            };
            self.floors(&official, &reads, &what);
        }
        let check = |threads| Task::check(self.program, &official, threads);
        let floor = |threads| reads.task("python", threads);
        let tasks = [check(1), check(2), floor(1), floor(2)];
        let times = Times::of(&tasks, self.rounds(11), None);
        head(&[
            "two threads over one",
            "one",
            "two",
            "times faster",
            "target",
        ]);
        for (name, one, wants) in [("difylint", 0, true), ("the floor", 2, false)] {
            let faster = times.ratio(one, one + 1);
            row(&[
                name.to_owned(),
                time(times.median(one)),
                time(times.median(one + 1)),
                format!("{faster:.2}"),
                if wants {
                    target("≥ 1.7", faster >= 1.7)
                } else {
                    String::new()
                },
            ]);
        }
    }

    fn cold(&self) {
        let Some(official) = self.official() else {
            return;
        };
        if let Err(error) = forget_files() {
            println!("\nskipped: cold runs: the system does not forget its files: {error}");
            return;
        }
        let reads = Reads::of(&official);
        head(&FLOOR_COLUMNS);
        for threads in [1, 2] {
            let what = Row {
                what: &format!("official plugins, cold, threads: {threads}"),
                threads,
                rounds: self.rounds(3),
                before: Some(&|| forget_files().unwrap()),
                target: &|_, _| String::new(),
            };
            self.floors(&official, &reads, &what);
        }
    }

    fn largest(&self) {
        let Some(official) = self.official() else {
            return;
        };
        head(&FLOOR_COLUMNS);
        for name in LARGEST {
            let folder = official.join(name);
            let what = Row {
                what: &format!("`{name}`"),
                threads: 1,
                rounds: self.rounds(25),
                before: None,
                target: &|_, _| String::new(),
            };
            self.floors(&folder, &Reads::of(&folder), &what);
        }
    }

    fn growth(&self) {
        const SMALL: usize = 1000;
        let templates = synthetic::templates(&self.repository.join("corpus/good"));
        let folder = tempfile::tempdir().unwrap();
        let counts = [SMALL, 10 * SMALL];
        let folders = counts.map(|count| folder.path().join(count.to_string()));
        for (count, folder) in counts.iter().zip(&folders) {
            synthetic::write(folder, &templates, *count);
        }
        let tasks = [0, 1].map(|at: usize| Task::check(self.program, &folders[at], 2));
        let times = Times::of(&tasks, self.rounds(5), None);
        head(&[
            "generated plugins, two threads",
            "difylint",
            "peak memory",
            "target",
        ]);
        for (at, count) in counts.iter().enumerate() {
            let peak = tasks[at].peak();
            let limit = peak.filter(|_| at == 1);
            row(&[
                format!("{count} plugins"),
                time(times.median(at)),
                memory(peak),
                limit.map_or_else(String::new, |peak| target("≤ 400 MiB", peak <= 400.0)),
            ]);
        }
        let growth = times.ratio(1, 0);
        row(&[
            "ten times as many take".to_owned(),
            format!("{growth:.2} times as long"),
            String::new(),
            target("≤ 10.5", growth <= 10.5),
        ]);
    }

    /// Times the program and its floors, and prints the row.
    fn floors(&self, folder: &Path, reads: &Reads, what: &Row<'_>) {
        let mut tasks = vec![Task::check(self.program, folder, what.threads)];
        tasks.extend(STEPS.map(|step| reads.task(step, what.threads)));
        let times = Times::of(&tasks, what.rounds, what.before);
        let ratio = times.ratio(0, STEPS.len());
        let peak = tasks[0].peak();
        let mut cells = vec![
            what.what.to_owned(),
            reads.plugins.to_string(),
            reads.files.to_string(),
            format!("{:.2}", reads.bytes as f64 / 1e6),
        ];
        cells.extend((0..tasks.len()).map(|task| time(times.median(task))));
        cells.push(format!("{ratio:.2}"));
        cells.push(memory(peak));
        cells.push((what.target)(ratio, peak));
        row(&cells);
    }

    fn lsp(&self) {
        println!();
        show(&mut Command::new(beside("lsp_replay")));
    }

    fn peers(&self, python: &str) {
        println!();
        let mut command = Command::new(python);
        let script = self.repository.join("benches/peers.py");
        show(command.arg(script).arg("--difylint").arg(self.program));
    }

    /// Compares builds with the first of them.
    fn builds(&self, builds: &[PathBuf]) {
        let tool = self.repository.join("corpus/good/tool");
        let official = self.official();
        head(&[
            "build",
            "size",
            "`--version`",
            "one plugin",
            "corpus, 1 thread",
            "2 threads",
            "peak",
        ]);
        let version = |it: &PathBuf| Task::new(it, &["--version"]);
        let mut columns = vec![self.alternate(builds, 51, &version)];
        columns.push(self.alternate(builds, 51, &|it| Task::check(it, &tool, 1)));
        if let Some(official) = &official {
            for threads in [1, 2] {
                let check = |it: &PathBuf| Task::check(it, official, threads);
                columns.push(self.alternate(builds, 11, &check));
            }
        }
        for (at, build) in builds.iter().enumerate() {
            let bytes = fs::metadata(build).unwrap().len();
            let mut cells = vec![
                format!("`{}`", build.display()),
                format!("{:.1} MB", bytes as f64 / 1e6),
            ];
            cells.extend(columns.iter().map(|column| column[at].clone()));
            if let Some(official) = &official {
                cells.push(memory(Task::check(build, official, 2).peak()));
            }
            row(&cells);
        }
    }

    fn alternate(
        &self,
        builds: &[PathBuf],
        rounds: usize,
        task: &dyn Fn(&PathBuf) -> Task,
    ) -> Vec<String> {
        let tasks: Vec<Task> = builds.iter().map(task).collect();
        let times = Times::of(&tasks, self.rounds(rounds), None);
        let cell = |at| format!("{} ({:.2})", time(times.median(at)), times.ratio(at, 0));
        (0..tasks.len()).map(cell).collect()
    }
}

/// Shows what another program prints.
fn show(command: &mut Command) {
    let status = command.stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => println!("skipped: {command:?} ended with {status}"),
        Err(error) => println!("skipped: {command:?} cannot be run: {error}"),
    }
}
