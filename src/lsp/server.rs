//! The loop that owns all state. It reads messages, keeps the open documents and hands work to the
//! pool; it never computes, so that an edit is always taken in at once. Answers go from the thread
//! that found them to the client: whoever waits for a key waits for few threads to wake.

use super::capabilities::initialize_result;
use super::client::Client;
use super::documents::{Change, Document, Documents};
use super::failure::Failure;
use super::pool::Pool;
use super::projects::{self, Projects};
use super::publish::{self, Checked, Publisher};
use super::requests;
use super::settings;
use super::snapshot::{Snapshot, Stamps};
use super::waiting::{Outgoing, Waiting, answer};
use super::{uri, watch};
use crate::plugin::MANIFEST;
use crossbeam_channel::{Receiver, Select, Sender, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, ResponseError};
use lsp_types::{
    DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    PublishDiagnosticsParams, Uri, VersionedTextDocumentIdentifier, WorkspaceFoldersChangeEvent,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// What the loop waits for.
enum Event {
    Message(Message),
    /// The client is gone.
    Closed,
    Checked(Checked),
    /// The time has come for a check.
    Due,
}

#[derive(PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
}

/// Serves one client until it leaves; gives the exit status: 0 if it said goodbye.
pub fn serve(connection: Connection) -> u8 {
    let Connection { sender, receiver } = connection;
    // the client may be gone: then the loop ends
    serve_by(&receiver, move |message| _ = sender.send(message))
}

/// The same, by any two ways. Answers may be sent from any thread, one at a time.
pub fn serve_by(receiver: &Receiver<Message>, send: impl FnMut(Message) + Send + 'static) -> u8 {
    let outgoing = Outgoing::new(send);
    let (checked, checks) = unbounded();
    let mut server = Server::new(outgoing.clone(), checked);
    let status = loop {
        match next(receiver, &checks, server.publisher.next_due()) {
            Event::Message(message) => {
                if let Some(status) = server.message(message) {
                    break status;
                }
            }
            Event::Checked(checked) => server.checked(checked),
            Event::Due => {}
            Event::Closed => break u8::from(server.phase != Phase::ShutDown),
        }
        server.check_due();
    };
    outgoing.close();
    status
}

fn next(messages: &Receiver<Message>, checks: &Receiver<Checked>, due: Option<Instant>) -> Event {
    let mut select = Select::new();
    let message = select.recv(messages);
    select.recv(checks);
    let ready = match due {
        Some(due) => select.select_deadline(due).ok(),
        None => Some(select.select()),
    };
    match ready {
        None => Event::Due,
        Some(ready) if ready.index() == message => match ready.recv(messages) {
            Ok(message) => Event::Message(message),
            Err(_) => Event::Closed,
        },
        Some(ready) => match ready.recv(checks) {
            Ok(checked) => Event::Checked(checked),
            Err(_) => Event::Closed,
        },
    }
}

struct Server {
    outgoing: Outgoing,
    checked: Sender<Checked>,
    work: Pool,
    background: Pool,
    phase: Phase,
    client: Arc<Client>,
    folders: Arc<Vec<PathBuf>>,
    documents: Documents,
    stamps: Stamps,
    projects: Arc<Projects>,
    publisher: Publisher,
    waiting: Waiting,
    /// How many requests were sent to the client.
    asked: i32,
}

impl Server {
    fn new(outgoing: Outgoing, checked: Sender<Checked>) -> Self {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        Self {
            outgoing,
            checked,
            work: Pool::new(threads.clamp(2, 4)),
            background: Pool::new(1),
            phase: Phase::New,
            client: Arc::default(),
            folders: Arc::default(),
            documents: Documents::default(),
            stamps: Stamps::default(),
            projects: Arc::default(),
            publisher: Publisher::default(),
            waiting: Waiting::default(),
            asked: 0,
        }
    }

    /// Takes in a message; the exit status if it was the last.
    fn message(&mut self, message: Message) -> Option<u8> {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(it) if it.method == "exit" => {
                return Some(u8::from(self.phase != Phase::ShutDown));
            }
            Message::Notification(it) if self.phase == Phase::Running => {
                let method = it.method.clone();
                if let Err(error) = self.notification(it) {
                    let text = format!("`{method}` is not understood: {error}");
                    self.notify("window/logMessage", json!({"type": 1, "message": text}));
                }
            }
            // before the start and after the end there is nothing to be told; what the client
            // answers to our requests changes nothing
            Message::Notification(_) | Message::Response(_) => {}
        }
        None
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let refusal = match (&self.phase, method.as_str()) {
            (Phase::New, "initialize") => {
                let result = self.initialize(&params);
                return self.reply(id, Ok(result));
            }
            (Phase::New, _) => (ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.waiting.cancel_all();
                return self.reply(id, Ok(Value::Null));
            }
            (Phase::Running, "initialize") => (ErrorCode::InvalidRequest, "it is initialized"),
            (Phase::Running, _) => return self.dispatch(id, &method, params),
            (Phase::ShutDown, _) => (ErrorCode::InvalidRequest, "the server is shut down"),
        };
        self.reply(id, Err(Failure::new(refusal.0, refusal.1).into()));
    }

    fn dispatch(&mut self, id: RequestId, method: &str, params: Value) {
        let job = match requests::job(method, params) {
            Ok(job) => job,
            Err(failure) => return self.reply(id, Err(failure.into())),
        };
        let snapshot = self.snapshot();
        self.waiting.begin(&id, &snapshot.cancelled);
        let (waiting, outgoing) = (self.waiting.clone(), self.outgoing.clone());
        let name = method.to_owned();
        let run = move || {
            let result = guarded(&name, || {
                snapshot.check_cancelled()?;
                job(&snapshot)
            });
            // a cancelled request has its answer already
            if waiting.end(&id) {
                outgoing.send(answer(id, result.map_err(ResponseError::from)));
            }
        };
        if requests::is_long(method) {
            self.workspace_is_pulled();
            self.background.spawn(run);
        } else {
            self.work.spawn(run);
        }
    }

    fn reply(&self, id: RequestId, result: Result<Value, ResponseError>) {
        self.outgoing.send(answer(id, result));
    }

    fn notify(&self, method: &str, params: Value) {
        self.outgoing.send(Notification {
            method: method.to_owned(),
            params,
        });
    }

    fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        self.outgoing.send(Request {
            id: RequestId::from(format!("difylint-{}", self.asked)),
            method: method.to_owned(),
            params,
        });
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            client: self.client.clone(),
            documents: self.documents.clone(),
            folders: self.folders.clone(),
            stamps: self.stamps.clone(),
            projects: self.projects.clone(),
            cancelled: Arc::default(),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.client = Arc::new(Client::of(params));
        let folders = params.get("workspaceFolders").and_then(Value::as_array);
        let folders = folders.into_iter().flatten().filter_map(|it| it.get("uri"));
        let mut uris: Vec<&Value> = folders.collect();
        if uris.is_empty() {
            uris.extend(params.get("rootUri"));
        }
        let paths = uris.into_iter().filter_map(|it| path_of(it.as_str()?));
        self.folders = Arc::new(paths.collect());
        self.phase = Phase::Running;
        initialize_result(&self.client)
    }

    fn notification(&mut self, notification: Notification) -> Result<(), serde_json::Error> {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" if self.client.watches => {
                self.ask("client/registerCapability", watch::registration());
            }
            "textDocument/didOpen" => self.opened(read(params)?),
            "textDocument/didChange" => self.changed(read(params)?),
            "textDocument/didClose" => self.closed(&read(params)?),
            "workspace/didChangeWatchedFiles" => self.watched(&read(params)?),
            "workspace/didChangeWorkspaceFolders" => {
                #[derive(Deserialize)]
                struct Params {
                    event: WorkspaceFoldersChangeEvent,
                }
                self.folders_changed(&read::<Params>(params)?.event);
            }
            "workspace/didChangeConfiguration" => self.everything_changed(),
            "$/cancelRequest" => {
                #[derive(Deserialize)]
                struct Params {
                    id: RequestId,
                }
                self.cancel(read::<Params>(params)?.id);
            }
            _ => {}
        }
        Ok(())
    }

    fn cancel(&mut self, id: RequestId) {
        if self.waiting.cancel(&id) {
            self.reply(id, Err(Failure::cancelled().into()));
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        if let Some(path) = uri::to_path(&item.uri) {
            let document = Document {
                uri: item.uri,
                version: item.version,
                text: item.text.into(),
            };
            self.documents.open(path.clone(), document);
            self.touched(&path, true);
        }
    }

    fn changed(&mut self, params: ChangeParams) {
        let id = params.text_document;
        if let Some(path) = uri::to_path(&id.text_document_identifier.uri) {
            let encoding = self.client.encoding;
            let changes = params.content_changes;
            if self.documents.change(&path, id.version, changes, encoding) {
                self.touched(&path, false);
            }
        }
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = uri::to_path(&params.text_document.uri) else {
            return;
        };
        if self.documents.close(&path) {
            self.touched(&path, true);
            self.projects.retain(&self.documents);
            for root in self.publisher.roots() {
                if self.documents.below(&root).next().is_none() {
                    let news = self.publisher.forget(&root, &self.documents);
                    self.publish(news);
                }
            }
        }
    }

    /// The text of a file changed. Where a manifest comes or goes, files change their plugin.
    fn touched(&mut self, path: &Path, comes_or_goes: bool) {
        if comes_or_goes && path.file_name().is_some_and(|name| name == MANIFEST) {
            return self.everything_changed();
        }
        if settings::is_configuration(path) {
            return self.everything_changed();
        }
        if let Some(root) = projects::root_of(path, &self.documents) {
            match comes_or_goes {
                true => self.stamps.touch(&root),
                false => self.stamps.touch_text(&root),
            }
            if self.documents.below(&root).next().is_some() {
                self.publisher.touch(&root);
            }
        }
    }

    fn watched(&mut self, params: &DidChangeWatchedFilesParams) {
        for change in &params.changes {
            if let Some(path) = uri::to_path(&change.uri) {
                // git keeps its books all the time
                let is_git = path.components().any(|it| it.as_os_str() == ".git");
                // the text of an open document is the editor's
                if !is_git && self.documents.get(&path).is_none() {
                    self.touched(&path, true);
                }
            }
        }
        self.refresh();
    }

    fn folders_changed(&mut self, event: &WorkspaceFoldersChangeEvent) {
        let gone: Vec<_> = event
            .removed
            .iter()
            .filter_map(|it| uri::to_path(&it.uri))
            .collect();
        let new = event.added.iter().filter_map(|it| uri::to_path(&it.uri));
        let folders = Arc::make_mut(&mut self.folders);
        folders.retain(|folder| !gone.contains(folder));
        folders.extend(new);
        self.refresh();
    }

    fn everything_changed(&mut self) {
        self.stamps.touch_all();
        let (mut roots, gone): (Vec<PathBuf>, Vec<PathBuf>) = self
            .publisher
            .roots()
            .into_iter()
            .partition(|root| projects::is_root(root, &self.documents));
        for root in gone {
            let news = self.publisher.forget(&root, &self.documents);
            self.publish(news);
        }
        let open = self.documents.iter();
        roots.extend(open.filter_map(|(path, _)| projects::root_of(path, &self.documents)));
        for root in roots {
            self.publisher.touch(&root);
        }
    }

    /// Answers changed without an edit: the client should ask again.
    fn refresh(&mut self) {
        if self.client.refreshes {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// From now on the client knows about files that are not open from its own questions.
    fn workspace_is_pulled(&mut self) {
        if !self.publisher.workspace_pulled {
            self.publisher.workspace_pulled = true;
            for root in self.publisher.roots() {
                self.publisher.touch(&root);
            }
        }
    }

    fn check_due(&mut self) {
        let stamps = self.stamps.clone();
        for root in self.publisher.take_due(|root| stamps.of(root).state) {
            let snapshot = self.snapshot();
            let tell = self.checked.clone();
            self.work.spawn(move || {
                let checked = guarded("check", || Ok(publish::check(&snapshot, root.clone())));
                let _ = tell.send(checked.unwrap_or_else(|failure| Checked {
                    stamp: snapshot.stamps.of(&root).state,
                    root,
                    took: Duration::ZERO,
                    found: Err(ResponseError::from(failure).message),
                }));
            });
        }
    }

    fn checked(&mut self, checked: Checked) {
        if let Err(message) = &checked.found {
            self.notify("window/logMessage", json!({"type": 1, "message": message}));
        }
        let newest = self.stamps.of(&checked.root).state;
        let pulls = self.client.pulls;
        let news = self
            .publisher
            .ended(checked, newest, &self.documents, pulls);
        self.publish(news);
    }

    fn publish(&self, news: Vec<PublishDiagnosticsParams>) {
        for params in news {
            if let Ok(params) = serde_json::to_value(params) {
                self.notify("textDocument/publishDiagnostics", params);
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChangeParams {
    text_document: VersionedTextDocumentIdentifier,
    content_changes: Vec<Change>,
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(params)
}

fn path_of(text: &str) -> Option<PathBuf> {
    uri::to_path(&Uri::from(text))
}

/// Does a job; a panic becomes a failure that says what to report.
fn guarded<T>(name: &str, job: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|cause| {
        let words = cause
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| cause.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Err(Failure::new(
            ErrorCode::InternalError,
            format!("`{name}` failed: {words}; this is a mistake in difylint, please report it"),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_is_a_failure_that_says_so() {
        let failure = guarded::<()>("hover", || panic!("no such luck: {}", 3)).unwrap_err();
        let error = ResponseError::from(failure);
        assert_eq!(error.code, ErrorCode::InternalError as i32);
        let expected =
            "`hover` failed: no such luck: 3; this is a mistake in difylint, please report it";
        assert_eq!(error.message, expected);
    }
}
