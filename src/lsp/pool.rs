//! A few threads for work. Plain ones: a job may wait for what another job computes, which in a
//! pool that steals work could wait for itself.

use crate::source::held;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that do jobs in the order in which they come.
pub struct Pool {
    jobs: Sender<Job>,
}

impl Pool {
    /// Starts the threads; they end when the pool is dropped and its jobs are done.
    pub fn new(threads: usize) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let queue = queue.clone();
            thread::spawn(move || {
                loop {
                    let next = held(&queue).recv();
                    match next {
                        Ok(job) => job(),
                        Err(_) => return,
                    }
                }
            });
        }
        Self { jobs }
    }

    /// Does a job on some thread. The job must not panic.
    pub fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        // fails only when every thread is gone, and none ends before the pool
        let _ = self.jobs.send(Box::new(job));
    }
}
