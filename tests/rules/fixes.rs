//! Fixes of bad examples: offered as the page says, proved, and shown.

use super::page::{Case, Page};
use super::{PAGES, REPORTS, of_page};
use difylint::finding::{Finding, Fix};
use difylint::fix::{Outcome, fix, unified};
use difylint::policy::{Policy, Selector};
use difylint::rules::{self, Status};
use std::sync::Arc;

/// Applies every fix of the page's own findings.
fn fixed(page: &Page, case: &Case) -> Outcome {
    let pedantic = rules::find(&page.id).is_some_and(|rule| rule.status == Status::Pedantic);
    let policy = Policy {
        select: if pedantic {
            vec![Selector::All]
        } else {
            Vec::new()
        },
        ..Policy::default()
    };
    let own = |finding: &Finding, _: &Fix| finding.rule.0 == page.id;
    fix(Arc::new(case.files.clone()), ".", &policy, &own)
}

/// What the fixes of a bad example change, as a diff; empty if none is offered.
pub fn shown(page: &Page, case: &Case) -> String {
    let outcome = fixed(page, case);
    let mut text = String::new();
    for changed in &outcome.changed {
        text.push_str(&unified(changed, &changed.path));
    }
    text
}

/// Findings with a fix are as many as the front matter says, and each fix holds.
#[test]
fn fixes_are_as_their_pages_say() {
    let mut failures = Vec::new();
    for page in PAGES.iter() {
        let (mut with, mut without, mut applied) = (0, 0, 0);
        for (_, case, report) in REPORTS.iter().filter(|(of, ..)| std::ptr::eq(*of, page)) {
            if !case.bad {
                continue;
            }
            let own = of_page(page, report);
            let offered = own.iter().filter(|it| !it.fixes.is_empty()).count();
            with += offered;
            without += own.len() - offered;
            if offered > 0 {
                let outcome = fixed(page, case);
                applied += outcome.applied.len();
                for it in &outcome.failed {
                    let why = it.failure.as_deref().unwrap_or_default();
                    // a value that became sound may be one that other rules object to
                    if !why.starts_with("it would bring") {
                        failures.push(format!("{}: {}: {why}", case.label, it.title));
                    }
                }
            }
        }
        if with > 0 && applied == 0 {
            failures.push(format!("rules/{}.md: no fix holds", page.id));
        }
        let wrong = match page.fix.as_str() {
            "never" => with > 0,
            "sometimes" => with == 0,
            "always" => without > 0 || with == 0,
            other => panic!("rules/{}.md: `fix: {other}`", page.id),
        };
        if wrong {
            failures.push(format!(
                "rules/{}.md: `fix: {}`, but {with} findings have one and {without} have none",
                page.id, page.fix
            ));
        }
    }
    super::finish(failures);
}
