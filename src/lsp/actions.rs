//! What can be done about a finding: fixes, each proved before it is offered as an edit, comments
//! that take it out of sight, and things that are missing.

use super::diagnostics;
use super::edits;
use super::failure::Failure;
use super::ignore;
use super::missing;
use super::snapshot::{Snapshot, Target};
use crate::finding::{Applicability, Finding, Fix};
use crate::fix;
use crate::policy::suppress::{self, Scope};
use lsp_server::ErrorCode;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Uri, WorkspaceEdit,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind under which a client asks for all safe fixes, on saving for example.
pub const FIX_ALL: &str = "source.fixAll.difylint";

/// What an action will do, kept by the client until it is chosen.
#[derive(Debug, Deserialize, Serialize)]
struct Plan {
    uri: Uri,
    what: What,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum What {
    /// One fix of one finding.
    Fix { fingerprint: String, title: String },
    /// All safe fixes of a rule in the file.
    Rule { rule: String },
    /// All safe fixes in the file.
    All,
    /// A comment that takes one finding out, or all that its rule finds in the file.
    #[serde(rename_all = "camelCase")]
    Ignore {
        fingerprint: String,
        whole_file: bool,
    },
}

/// The actions for a range of a file.
///
/// # Errors
/// When the request was cancelled.
pub fn actions(
    snapshot: &Snapshot,
    params: CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Failure> {
    let Some(target) = snapshot.target(&params.text_document.uri) else {
        return Ok(None);
    };
    let lines = snapshot.lines(&target.analysis, &target.file);
    let span = lines.span(params.range);
    let findings = &target.analysis.report().findings;
    let in_file: Vec<&Finding> = findings
        .iter()
        .filter(|it| *it.place.file == *target.path)
        .collect();
    let here = in_file.iter().copied().filter(|it| {
        it.place.span.touches(span.start)
            || it.place.span.touches(span.end)
            || span.start <= it.place.span.start && it.place.span.end <= span.end
    });
    let here: Vec<&Finding> = here.collect();
    let only = params.context.only.as_deref();
    let mut offer = Offer {
        snapshot,
        target: &target,
        uri: params.text_document.uri,
        actions: Vec::new(),
        fixes: Vec::new(),
    };
    if wants(only, "quickfix") {
        here.iter().for_each(|finding| offer.fixes(finding));
        offer.whole_rules(&here, &in_file);
        here.iter().for_each(|finding| offer.missing(finding));
        here.iter().for_each(|finding| offer.ignores(finding));
    }
    let safe = in_file.iter().any(|it| safe_fix(it).is_some());
    if wants(only, FIX_ALL) && safe {
        let kind = CodeActionKind::Custom(FIX_ALL.into());
        offer.planned(
            "apply all safe fixes of difylint".to_owned(),
            kind,
            &[],
            What::All,
        );
    }
    snapshot.check_cancelled()?;
    Ok(Some(offer.actions.into_iter().map(Into::into).collect()))
}

/// True if the client asks for actions of a kind, or of one that includes it.
fn wants(only: Option<&[CodeActionKind]>, kind: &str) -> bool {
    only.is_none_or(|only| {
        only.iter().any(|wanted| {
            let wanted = serde_json::to_value(wanted).unwrap_or_default();
            let rest = kind.strip_prefix(wanted.as_str().unwrap_or("?"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    })
}

fn safe_fix(finding: &Finding) -> Option<&Fix> {
    let mut fixes = finding.fixes.iter();
    fixes.find(|fix| fix.applicability == Applicability::Safe)
}

struct Offer<'o> {
    snapshot: &'o Snapshot,
    target: &'o Target,
    uri: Uri,
    actions: Vec<CodeAction>,
    /// The fixes that are offered, each with the index of its action.
    fixes: Vec<(Fix, usize)>,
}

impl Offer<'_> {
    fn fixes(&mut self, finding: &Finding) {
        for (at, fix) in finding.fixes.iter().enumerate() {
            if let Some((_, action)) = self.fixes.iter().find(|(it, _)| *it == *fix) {
                // a misspelt key is both unknown and missing, and repaired once
                let action = *action;
                self.also(action, finding);
                continue;
            }
            let what = What::Fix {
                fingerprint: finding.fingerprint(),
                title: fix.title.clone(),
            };
            let title = match fix.applicability {
                Applicability::Safe => fix.title.clone(),
                Applicability::Unsafe => format!("{} (check the result)", fix.title),
            };
            let index = self.actions.len();
            self.planned(title, CodeActionKind::QuickFix, &[finding], what);
            if let Some(action) = self.actions.get_mut(index) {
                let best = at == 0 && fix.applicability == Applicability::Safe;
                action.is_preferred = best.then_some(true);
                self.fixes.push((fix.clone(), index));
            }
        }
    }

    /// An action that is offered already answers to another finding too.
    fn also(&mut self, action: usize, finding: &Finding) {
        let more = self.diagnostics(&[finding]);
        if let Some(action) = self.actions.get_mut(action) {
            action.diagnostics.get_or_insert_default().extend(more);
        }
    }

    /// Where a rule has more than one safe fix in the file, all of them at once.
    fn whole_rules(&mut self, here: &[&Finding], in_file: &[&Finding]) {
        let mut rules: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in in_file.iter().filter(|it| safe_fix(it).is_some()) {
            rules.entry(finding.rule.0).or_default().push(finding);
        }
        for (rule, findings) in rules {
            let is_here = here
                .iter()
                .any(|it| it.rule.0 == rule && safe_fix(it).is_some());
            if is_here && findings.len() > 1 {
                let title = format!("fix all {} of `{rule}` in this file", findings.len());
                let what = What::Rule {
                    rule: rule.to_owned(),
                };
                self.planned(title, CodeActionKind::QuickFix, &findings, what);
            }
        }
    }

    fn missing(&mut self, finding: &Finding) {
        let (snapshot, target) = (self.snapshot, self.target);
        let begun = missing::file(snapshot, target, finding)
            .or_else(|| missing::source(snapshot, target, finding));
        if let Some((title, edit)) = begun {
            self.ready(title, finding, edit);
        }
        for (title, edit) in missing::locales(snapshot, target, finding) {
            self.ready(title, finding, edit);
        }
    }

    fn ignores(&mut self, finding: &Finding) {
        let (snapshot, analysis) = (self.snapshot, &self.target.analysis);
        // the readers know nothing of our comments
        let hint = match finding.stages.is_empty() {
            true => "",
            false => " (Dify still refuses it)",
        };
        for scope in [Scope::Near, Scope::File] {
            let fix = suppress::ignore(analysis.files().as_ref(), finding, scope);
            let Some(title) = fix.map(|fix| format!("{}{hint}", fix.title)) else {
                continue;
            };
            if let Some(same) = self.actions.iter().position(|it| it.title == title) {
                self.also(same, finding);
                continue;
            }
            let what = What::Ignore {
                fingerprint: finding.fingerprint(),
                whole_file: scope == Scope::File,
            };
            self.planned(title, CodeActionKind::QuickFix, &[finding], what);
        }
        if let Some((title, edit)) = ignore::in_configuration(snapshot, analysis, finding) {
            let title = format!("{title}{hint}");
            match self.actions.iter().position(|it| it.title == title) {
                Some(same) => self.also(same, finding),
                None => self.ready(title, finding, edit),
            }
        }
    }

    /// An action whose edits are known.
    fn ready(&mut self, title: String, finding: &Finding, edit: WorkspaceEdit) {
        self.actions.push(CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(self.diagnostics(&[finding])),
            edit: Some(edit),
            ..CodeAction::default()
        });
    }

    /// An action whose edits are made and proved when it is chosen; for a client that cannot ask
    /// then, now.
    fn planned(&mut self, title: String, kind: CodeActionKind, of: &[&Finding], what: What) {
        let plan = Plan {
            uri: self.uri.clone(),
            what,
        };
        let mut action = CodeAction {
            title,
            kind: Some(kind),
            diagnostics: (!of.is_empty()).then(|| self.diagnostics(of)),
            ..CodeAction::default()
        };
        if self.snapshot.client.resolves_edits {
            action.data = serde_json::to_value(plan).ok();
        } else {
            match edit(self.snapshot, &plan) {
                Ok(edit) => action.edit = Some(edit),
                // what cannot be proved is not offered
                Err(_) => return,
            }
        }
        self.actions.push(action);
    }

    fn diagnostics(&self, findings: &[&Finding]) -> Vec<lsp_types::Diagnostic> {
        let mut view = diagnostics::View::new(self.snapshot, &self.target.analysis);
        findings.iter().map(|it| view.diagnostic(it)).collect()
    }
}

/// Makes the edits of an action that was chosen.
///
/// # Errors
/// When the action is none of ours, the documents changed since, or the proof fails.
pub fn resolve(snapshot: &Snapshot, mut action: CodeAction) -> Result<CodeAction, Failure> {
    if action.edit.is_none() {
        let data = action.data.clone().unwrap_or_default();
        let plan: Plan = serde_json::from_value(data)
            .map_err(|error| Failure::invalid(format!("this is no action of ours: {error}")))?;
        action.edit = Some(edit(snapshot, &plan)?);
    }
    Ok(action)
}

/// The proved edits of a plan.
fn edit(snapshot: &Snapshot, plan: &Plan) -> Result<WorkspaceEdit, Failure> {
    let changed = || Failure::new(ErrorCode::ContentModified, "the document changed meanwhile");
    let target = snapshot.target(&plan.uri).ok_or_else(changed)?;
    let analysis = &target.analysis;
    let mut policy = analysis.policy().clone().unwrap_or_default();
    let root = analysis.root.to_string_lossy();
    let files = analysis.files().clone();
    let wanted = |finding: &Finding, fix: &Fix| match &plan.what {
        What::Fix { fingerprint, title } => {
            fix.title == *title && finding.fingerprint() == *fingerprint
        }
        What::Rule { rule } => finding.rule.0 == rule && is_safe_in(&target, finding, fix),
        What::All => is_safe_in(&target, finding, fix),
        What::Ignore { .. } => false,
    };
    let outcome = match &plan.what {
        What::Ignore {
            fingerprint,
            whole_file,
        } => {
            let scope = if *whole_file {
                Scope::File
            } else {
                Scope::Near
            };
            // where comments must say why, the author does so next: we cannot know
            policy.require_reason = false;
            fix::apply_offers(files, &root, &policy, &|report, files| {
                let mut found = report.findings.iter();
                let finding = found.find(|it| it.fingerprint() == *fingerprint);
                let comment =
                    |it: &Finding| Some((it.clone(), suppress::ignore(files, it, scope)?));
                finding.and_then(comment).into_iter().collect()
            })
        }
        _ => fix::fix(files, &root, &policy, &wanted),
    };
    if outcome.applied.is_empty() {
        return Err(match outcome.failed.first() {
            Some(failed) => Failure::refused(format!(
                "\"{}\" was not applied: {}; this is a mistake in difylint, please report it",
                failed.title,
                failed.failure.as_deref().unwrap_or("its proof failed")
            )),
            None => changed(),
        });
    }
    let created = outcome.changed.iter().find(|it| it.before.is_none());
    if created.is_some_and(|_| !snapshot.client.creates_files) {
        return Err(Failure::refused("the editor cannot create files"));
    }
    let mut changes = Vec::new();
    let mut creations = Vec::new();
    for file in &outcome.changed {
        match &file.before {
            Some(before) => changes.extend(edits::between(&file.path, before, &file.after)),
            None => {
                let edit = edits::creation(snapshot, analysis, &file.path, &file.after);
                creations.extend(edit.document_changes.into_iter().flatten());
            }
        }
    }
    let mut edit = edits::workspace_edit(snapshot, analysis, &changes);
    if let Some(all) = &mut edit.document_changes {
        all.splice(0..0, creations);
    }
    Ok(edit)
}

fn is_safe_in(target: &Target, finding: &Finding, fix: &Fix) -> bool {
    *finding.place.file == *target.path && fix.applicability == Applicability::Safe
}
