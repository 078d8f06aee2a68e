//! The page of a rule: a request of our own, `difylint/explain`.

use super::failure::Failure;
use super::snapshot::Snapshot;
use crate::policy;
use crate::rules::{self, RULES};
use lsp_types::{LspRequestMethod, MessageDirection, Request};
use serde::{Deserialize, Serialize};

/// `difylint/explain`
pub enum ExplainRequest {}

/// Asks about a rule.
#[derive(Debug, Deserialize, Serialize)]
pub struct ExplainParams {
    rule: String,
}

/// What there is to read about a rule.
#[derive(Debug, Deserialize, Serialize)]
pub struct Explanation {
    /// `category/wrong-state`.
    rule: String,
    /// One line: what is wrong when the rule reports.
    summary: String,
    /// The public address of the page.
    url: String,
    /// The page in Markdown.
    page: String,
}

impl Request for ExplainRequest {
    type Params = ExplainParams;
    type Result = Explanation;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::Custom("difylint/explain");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

/// The page of a rule.
///
/// # Errors
/// When there is no such rule.
pub fn explain(_: &Snapshot, params: ExplainParams) -> Result<Explanation, Failure> {
    let Some(rule) = rules::find(&params.rule) else {
        let names = RULES.iter().map(|rule| rule.id.0);
        let near = policy::nearest(&params.rule, names);
        let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let message = format!("there is no rule `{}`{meant}", params.rule);
        return Err(Failure::invalid(message));
    };
    Ok(Explanation {
        rule: rule.id.to_string(),
        summary: rule.summary.to_owned(),
        url: rule.url(),
        page: rule.body().to_owned(),
    })
}
