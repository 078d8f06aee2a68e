//! Ends the process when an input takes too long: a test cannot end a thread that hangs.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

type Running = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

pub struct Watch(Running);

impl Watch {
    /// Watches from now on; an input that hangs is kept in the file.
    pub fn new(patience: Duration, file: PathBuf) -> Self {
        let running = Running::default();
        let watched = Arc::downgrade(&running);
        std::thread::spawn(move || {
            while let Some(running) = watched.upgrade() {
                let late = running
                    .lock()
                    .unwrap()
                    .take_if(|(since, _)| since.elapsed() > patience);
                if let Some((_, input)) = late {
                    let _ = fs::write(&file, input);
                    eprintln!("no end after {patience:?}: {}", file.display());
                    std::process::exit(101);
                }
                drop(running);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Self(running)
    }

    pub fn begin(&self, input: &[u8]) {
        *self.0.lock().unwrap() = Some((Instant::now(), input.to_vec()));
    }

    pub fn end(&self) {
        *self.0.lock().unwrap() = None;
    }
}
