//! Files in the making: beside the file that each is to replace, and gone when it does not come to
//! that, be it by an error or by a signal.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What is to go when a signal ends the program: files, each after the folders that were made for it.
static IN_THE_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// As long as it lives, SIGINT and SIGTERM wait: what is begun is done whole.
pub struct Uninterrupted(MutexGuard<'static, Vec<PathBuf>>);

/// Lets signals wait. Nobody may begin or drop a draft meanwhile in the same thread.
pub fn uninterrupted() -> Uninterrupted {
    let paths = IN_THE_MAKING.lock();
    Uninterrupted(paths.unwrap_or_else(PoisonError::into_inner))
}

impl Uninterrupted {
    fn forget(&mut self, path: &Path) {
        self.0.retain(|it| it != path);
    }
}

/// A file in the making.
pub struct Draft {
    path: PathBuf,
    /// Folders that were made for it, the innermost first.
    folders: Vec<PathBuf>,
    placed: bool,
}

impl Draft {
    /// Makes an empty file in the folder, under a name that nobody else has.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn create(folder: &Path) -> io::Result<(Self, File)> {
        Self::with_folders(folder, Vec::new())
    }

    /// The same, in a folder that is made where it is missing.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn create_in_new(folder: &Path) -> io::Result<(Self, File)> {
        let missing = folder.ancestors();
        let missing = missing.take_while(|it| !it.as_os_str().is_empty() && !it.exists());
        Self::with_folders(folder, missing.map(Path::to_path_buf).collect())
    }

    /// The innermost of the folders to make comes first.
    fn with_folders(folder: &Path, folders: Vec<PathBuf>) -> io::Result<(Self, File)> {
        static WATCH: Once = Once::new();
        WATCH.call_once(watch);
        let mut paths = uninterrupted();
        let mut draft = Self {
            path: PathBuf::new(),
            folders,
            placed: true,
        };
        let made = draft.make(folder, &mut paths);
        // a draft that is dropped asks for the paths itself
        drop(paths);
        made.map(|file| (draft, file))
    }

    fn make(&mut self, folder: &Path, paths: &mut Uninterrupted) -> io::Result<File> {
        paths.0.extend(self.folders.iter().rev().cloned());
        if !self.folders.is_empty() {
            fs::create_dir_all(folder)?;
        }
        for attempt in 0..100 {
            let path = folder.join(format!(".difylint-{}-{attempt}.tmp", std::process::id()));
            let mut options = fs::OpenOptions::new();
            match options.write(true).create_new(true).open(&path) {
                Ok(file) => {
                    paths.0.push(path.clone());
                    self.path = path;
                    self.placed = false;
                    return Ok(file);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("there is no free name for a draft"))
    }

    /// Replaces the target by the draft.
    ///
    /// # Errors
    /// When the system refuses; the target is as it was.
    pub fn replace(&mut self, target: &Path, now: &mut Uninterrupted) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.is_placed(now);
        Ok(())
    }

    /// Gives the draft the name of the target, where there must be nothing.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] when a file came meanwhile, or the system refuses.
    pub fn become_new(&mut self, target: &Path, now: &mut Uninterrupted) -> io::Result<()> {
        // unlike a rename, a link never takes the place of a file
        match fs::hard_link(&self.path, target) {
            Ok(()) => drop(fs::remove_file(&self.path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            // not every file system has links
            Err(_) => fs::rename(&self.path, target)?,
        }
        self.is_placed(now);
        Ok(())
    }

    fn is_placed(&mut self, now: &mut Uninterrupted) {
        self.placed = true;
        now.forget(&self.path);
        for folder in self.folders.drain(..) {
            now.forget(&folder);
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.placed && self.folders.is_empty() {
            return;
        }
        let mut paths = uninterrupted();
        // it is of no use to anybody; the first error is the one to tell
        if !self.placed {
            let _ = fs::remove_file(&self.path);
            paths.forget(&self.path);
        }
        for folder in &self.folders {
            let _ = fs::remove_dir(folder);
            paths.forget(folder);
        }
    }
}

/// Has a signal that ends the program take away what is in the making first. How the program ends
/// stays as it was: by that signal, which shells call status 130 or 143.
///
/// Elsewhere than on Unix, and by a signal that cannot be caught, drafts are left behind; the files
/// themselves are whole all the same.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    let (ready, is_ready) = std::sync::mpsc::channel();
    let wait = move || {
        // only a thread that runs may take signals over, or they would be lost
        let signals = Signals::new([SIGINT, SIGTERM]);
        let _ = ready.send(());
        let Ok(mut signals) = signals else { return };
        if let Some(signal) = signals.forever().next() {
            let mut paths = uninterrupted();
            for path in paths.0.drain(..).rev() {
                let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
            }
            // the paths are not given back: nothing new is begun
            let _ = emulate_default_handler(signal);
        }
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    if thread.spawn(wait).is_ok() {
        let _ = is_ready.recv();
    }
}

#[cfg(not(unix))]
fn watch() {}
