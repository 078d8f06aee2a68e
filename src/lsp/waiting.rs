//! Who waits for an answer, and the way on which it goes: from whichever thread found it.

use crate::source::held;
use hashbrown::HashMap;
use lsp_server::{Message, RequestId, Response, ResponseError};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The way to the client, for one message at a time. Once the loop has ended nothing goes there any
/// more, whoever is still at work.
#[derive(Clone)]
pub struct Outgoing(Arc<Mutex<Option<Way>>>);

type Way = Box<dyn FnMut(Message) + Send>;

impl Outgoing {
    /// Messages go this way.
    pub fn new(way: impl FnMut(Message) + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(way)))))
    }

    /// Sends a message, as long as there is a way.
    pub fn send(&self, message: impl Into<Message>) {
        if let Some(way) = &mut *held(&self.0) {
            way(message.into());
        }
    }

    /// Nothing more is sent.
    pub fn close(&self) {
        held(&self.0).take();
    }
}

/// Requests that wait for their answers, with what tells their jobs that nobody waits any more.
#[derive(Clone, Default)]
pub struct Waiting(Arc<Mutex<HashMap<RequestId, Arc<AtomicBool>>>>);

impl Waiting {
    /// A request waits; its job is told through this.
    pub fn begin(&self, id: &RequestId, cancelled: &Arc<AtomicBool>) {
        held(&self.0).insert(id.clone(), cancelled.clone());
    }

    /// A request waits no longer; false if it had its answer before.
    pub fn end(&self, id: &RequestId) -> bool {
        held(&self.0).remove(id).is_some()
    }

    /// The same, and its job is told.
    pub fn cancel(&self, id: &RequestId) -> bool {
        let cancelled = held(&self.0).remove(id);
        cancelled.is_some_and(|it| {
            it.store(true, Ordering::Relaxed);
            true
        })
    }

    /// Tells all jobs.
    pub fn cancel_all(&self) {
        let waiting = held(&self.0);
        waiting
            .values()
            .for_each(|it| it.store(true, Ordering::Relaxed));
    }
}

/// The answer to a request.
pub const fn answer(id: RequestId, response_result: Result<Value, ResponseError>) -> Response {
    Response {
        id,
        response_result,
    }
}
