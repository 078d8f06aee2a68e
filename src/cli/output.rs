//! The outputs of a run: standard output and files, each with its format.

use super::error::AppError;
use crate::fix::{Draft, uninterrupted};
use crate::policy::nearest;
use crate::report::{self, FORMATS, Format, FormatMeta, Look, PluginReport, Run, Summary};
use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What the user asked for, understood: a format, and a file unless it is standard output.
pub struct Request {
    format: &'static FormatMeta,
    file: Option<PathBuf>,
}

/// Reads the requests of a run, each a `FORMAT` or a `FORMAT=FILE`.
///
/// # Errors
/// As those of [`places`].
pub fn requests(words: &[String]) -> Result<Vec<Request>, AppError> {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let places = places(words, &names, report::find)?;
    let requests = places.into_iter();
    Ok(requests
        .map(|(format, file)| Request { format, file })
        .collect())
}

/// Reads requests, each a `FORMAT` or a `FORMAT=FILE`, of formats that have these names.
///
/// # Errors
/// When a format is unknown, or two want standard output or the same file.
pub fn places<F>(
    words: &[String],
    names: &[&str],
    find: impl Fn(&str) -> Option<F>,
) -> Result<Vec<(F, Option<PathBuf>)>, AppError> {
    let mut places: Vec<(F, Option<PathBuf>)> = Vec::new();
    for word in words {
        let (name, file) = match word.split_once('=') {
            Some((name, file)) => (name, Some(file).filter(|file| *file != "-")),
            None => (word.as_str(), None),
        };
        let format = find(name).ok_or_else(|| unknown_format(name, names))?;
        let file = file.map(PathBuf::from);
        if places.iter().any(|(_, other)| *other == file) {
            let (message, help) = match file {
                None => (
                    "two formats want standard output".to_owned(),
                    format!("send one to a file: `--output-format {name}=FILE`"),
                ),
                Some(_) => (
                    format!("two formats want the file of `{word}`"),
                    "give each format a file of its own".to_owned(),
                ),
            };
            return Err(AppError::BadValue { message, help });
        }
        places.push((format, file));
    }
    Ok(places)
}

/// All outputs of a run; they are told the same.
pub struct Outputs(Vec<Output>);

impl Outputs {
    /// Opens what the user asked for.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub fn open(requests: &[Request], look: &Look) -> Result<Self, AppError> {
        let outputs = requests.iter().map(|request| Output::open(request, look));
        let mut outputs = outputs.collect::<Result<Vec<_>, _>>()?;
        outputs.extend(job_summary(requests, look));
        Ok(Self(outputs))
    }

    /// True if one of them shows the cards of plugins.
    pub fn show_cards(&self) -> bool {
        self.0.iter().any(|output| output.format.shows_cards())
    }

    /// Tells all outputs that the run begins.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn begin(&mut self, run: &Run) -> Result<(), AppError> {
        self.each(|format, out| format.begin(out, run))
    }

    /// Tells all outputs of a plugin.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn plugin(&mut self, report: &PluginReport) -> Result<(), AppError> {
        self.each(|format, out| format.plugin(out, report))
    }

    /// Ends all outputs and puts files in their places.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn end(mut self, summary: &Summary) -> Result<(), AppError> {
        self.each(|format, out| format.end(out, summary))?;
        self.0.into_iter().try_for_each(Output::close)
    }

    fn each(
        &mut self,
        mut tell: impl FnMut(&mut dyn Format, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), AppError> {
        for output in &mut self.0 {
            if output.closed {
                continue;
            }
            let told = tell(&mut *output.format, &mut output.out).and_then(|()| {
                if output.file.is_none() {
                    output.out.flush()
                } else {
                    Ok(())
                }
            });
            match told {
                // the reader has seen enough (`| head`): go on for the exit status and the files
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => output.closed = true,
                told => told.map_err(|error| output.unwritable(&error))?,
            }
        }
        Ok(())
    }
}

/// GitHub Actions shows what is added to the file of this variable below the run.
const SUMMARY_VARIABLE: &str = "GITHUB_STEP_SUMMARY";

/// With the annotations of GitHub Actions goes the page that has room for all findings. A runner
/// that names a file that is not there does not make the check fail: that is said and passed over.
fn job_summary(requests: &[Request], look: &Look) -> Option<Output> {
    if !requests.iter().any(|it| it.format.name == "github") {
        return None;
    }
    let format = report::find("markdown")?;
    let path = PathBuf::from(env::var_os(SUMMARY_VARIABLE).filter(|value| !value.is_empty())?);
    if requests.iter().any(|it| it.file.as_ref() == Some(&path)) {
        return None;
    }
    match File::options().append(true).create(true).open(&path) {
        Ok(file) => Some(Output::to_file(
            format,
            Target { path, draft: None },
            file,
            look,
        )),
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "difylint: no job summary: cannot write `{}` of {SUMMARY_VARIABLE}: {error}",
                path.display()
            );
            None
        }
    }
}

/// Bytes that are written at once: what most plugins have to tell.
const AT_ONCE: usize = 64 * 1024;

struct Output {
    format: Box<dyn Format>,
    out: BufWriter<Box<dyn Write>>,
    file: Option<Target>,
    closed: bool,
}

impl Output {
    fn open(request: &Request, look: &Look) -> Result<Self, AppError> {
        let make = request.format.make;
        let Some(path) = &request.file else {
            return Ok(Self {
                format: make(look),
                out: BufWriter::with_capacity(AT_ONCE, Box::new(io::stdout())),
                file: None,
                closed: false,
            });
        };
        let (target, file) = Target::create(path).map_err(|error| unwritable_file(path, &error))?;
        Ok(Self::to_file(request.format, target, file, look))
    }

    fn to_file(format: &FormatMeta, target: Target, file: File, look: &Look) -> Self {
        let plain = Look {
            quiet: look.quiet,
            stages: look.stages,
            ..Look::PLAIN
        };
        Self {
            format: (format.make)(&plain),
            out: BufWriter::with_capacity(AT_ONCE, Box::new(file)),
            file: Some(target),
            closed: false,
        }
    }

    fn close(mut self) -> Result<(), AppError> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.out.flush();
        flushed.map_err(|error| self.unwritable(&error))?;
        drop(self.out);
        match self.file {
            Some(target) => target.publish(),
            None => Ok(()),
        }
    }

    fn unwritable(&self, error: &io::Error) -> AppError {
        match &self.file {
            Some(target) => unwritable_file(&target.path, error),
            None => unwritable_stdout(error),
        }
    }
}

/// A file that takes its name only when it is whole, and goes away when not.
struct Target {
    path: PathBuf,
    /// `None` for a device or a pipe, which must not be replaced by a file.
    draft: Option<Draft>,
}

impl Target {
    fn create(path: &Path) -> io::Result<(Self, File)> {
        // a link stays, and what it leads to gets the new content
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&path).is_ok_and(|facts| !facts.is_file()) {
            let file = File::options().write(true).open(&path)?;
            return Ok((Self { path, draft: None }, file));
        }
        path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let (draft, file) = match path.parent() {
            Some(folder) => Draft::create(folder)?,
            None => Draft::create(Path::new(""))?,
        };
        let draft = Some(draft);
        Ok((Self { path, draft }, file))
    }

    fn publish(self) -> Result<(), AppError> {
        let Some(mut draft) = self.draft else {
            return Ok(());
        };
        let placed = draft.replace(&self.path, &mut uninterrupted());
        placed.map_err(|error| unwritable_file(&self.path, &error))
    }
}

/// Writes a text to a file, which takes its name only when it is whole.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, text: &[u8]) -> Result<(), AppError> {
    let (target, mut file) = Target::create(path).map_err(|error| unwritable_file(path, &error))?;
    file.write_all(text)
        .map_err(|error| unwritable_file(path, &error))?;
    drop(file);
    target.publish()
}

/// Writes a text to standard output; a reader that has seen enough is no failure.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(text: &[u8]) -> Result<(), AppError> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| unwritable_stdout(&error)),
    }
}

fn unknown_format(name: &str, names: &[&str]) -> AppError {
    let all = names.join(", ");
    AppError::BadValue {
        message: format!("there is no output format `{name}`"),
        help: match nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`? Formats: {all}"),
            None => format!("formats: {all}"),
        },
    }
}

fn unwritable_file(path: &Path, error: &io::Error) -> AppError {
    AppError::Unwritable {
        what: format!("`{}`", path.display()),
        reason: error.to_string(),
    }
}

fn unwritable_stdout(error: &io::Error) -> AppError {
    AppError::Unwritable {
        what: "standard output".to_owned(),
        reason: error.to_string(),
    }
}
