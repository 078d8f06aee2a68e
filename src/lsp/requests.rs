//! Which function answers which request.

use super::explain::{ExplainRequest, explain};
use super::failure::Failure;
use super::snapshot::Snapshot;
use super::verdicts::{VerdictsRequest, verdicts};
use super::{actions, completion, hover, links, moves, pull, rename, symbols};
use lsp_server::ErrorCode;
use lsp_types::{
    CodeActionRequest, CodeActionResolveRequest, CompletionRequest, DefinitionRequest,
    DocumentDiagnosticRequest, DocumentLinkRequest, DocumentSymbolRequest, HoverRequest,
    PrepareRenameRequest, ReferencesRequest, RenameRequest, Request, WillRenameFilesRequest,
    WorkspaceDiagnosticRequest,
};
use serde_json::Value;

/// Computes the answer to a request.
pub type Job = Box<dyn FnOnce(&Snapshot) -> Result<Value, Failure> + Send>;

/// The job that answers a request.
///
/// # Errors
/// When the method is unknown or the parameters are none of its.
pub fn job(method: &str, params: Value) -> Result<Job, Failure> {
    let route = Route::new(method, params)
        .on::<DocumentDiagnosticRequest>(pull::document)
        .on::<WorkspaceDiagnosticRequest>(pull::workspace)
        .on::<CompletionRequest>(completion::completion)
        .on::<CodeActionRequest>(actions::actions)
        .on::<CodeActionResolveRequest>(actions::resolve)
        .on::<HoverRequest>(hover::hover)
        .on::<DefinitionRequest>(links::definition)
        .on::<ReferencesRequest>(links::references)
        .on::<DocumentLinkRequest>(links::document_links)
        .on::<DocumentSymbolRequest>(symbols::symbols)
        .on::<PrepareRenameRequest>(rename::prepare)
        .on::<RenameRequest>(rename::rename)
        .on::<WillRenameFilesRequest>(moves::will_rename)
        .on::<VerdictsRequest>(verdicts)
        .on::<ExplainRequest>(explain);
    route.job.unwrap_or_else(|| {
        let message = format!("there is no request `{method}`");
        Err(Failure::new(ErrorCode::MethodNotFound, message))
    })
}

/// True for a request that takes seconds and must not keep others waiting.
pub fn is_long(method: &str) -> bool {
    method == WorkspaceDiagnosticRequest::METHOD.as_str()
}

struct Route<'m> {
    method: &'m str,
    params: Option<Value>,
    job: Option<Result<Job, Failure>>,
}

impl<'m> Route<'m> {
    const fn new(method: &'m str, params: Value) -> Self {
        Self {
            method,
            params: Some(params),
            job: None,
        }
    }

    fn on<R: Request>(
        mut self,
        answer: fn(&Snapshot, R::Params) -> Result<R::Result, Failure>,
    ) -> Self {
        if self.method == R::METHOD.as_str()
            && let Some(params) = self.params.take()
        {
            self.job = Some(match serde_json::from_value::<R::Params>(params) {
                Ok(params) => Ok(Box::new(move |snapshot| {
                    let result = answer(snapshot, params)?;
                    serde_json::to_value(result)
                        .map_err(|error| Failure::new(ErrorCode::InternalError, error.to_string()))
                })),
                Err(error) => Err(Failure::invalid(format!(
                    "the parameters of `{}` are not understood: {error}",
                    self.method
                ))),
            });
        }
        self
    }
}
