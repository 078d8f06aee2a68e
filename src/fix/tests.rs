//! Rules whose fixes lie: none may get through, and each is told why.

use super::*;
use crate::finding::{Applicability, Edit, Severity, Span, Stage, Stages};
use std::cell::Cell;
use std::cmp::Reverse;

const RULE: RuleId = RuleId("test/word");
const OTHER: RuleId = RuleId("test/other");

const TEXT: &str = "\
name: old # why
kept: 1
list:
  - old
  - new
";

fn files(text: &str) -> Arc<dyn Files> {
    let mut files = Memory::new();
    files.insert("a.yaml", text.as_bytes().to_vec());
    files.insert("notes.txt", b"old = 1\n");
    files.insert("latin.yaml", b"old: \xe9\n");
    Arc::new(files)
}

fn report(findings: Vec<Finding>) -> PluginReport {
    PluginReport {
        root: ".".to_owned(),
        kind: crate::report::RootKind::Plugin,
        author: None,
        name: None,
        version: None,
        rejected: findings
            .iter()
            .fold(Stages::NONE, |all, it| all.union(it.stages)),
        requires: crate::report::Requires::default(),
        findings,
        suppressed: Vec::new(),
        fail_on: None,
        files: 1,
        sources: BTreeMap::new(),
        card: None,
    }
}

fn finding(rule: RuleId, at: usize, message: &str, fixes: Vec<Fix>) -> Finding {
    let place = Place {
        file: "a.yaml".into(),
        span: Span::at(u32::try_from(at).unwrap()),
    };
    Finding {
        fixes,
        ..Finding::new(rule, Severity::Warning, place, message)
    }
}

fn repair(title: &str, edits: Vec<Edit>) -> Fix {
    Fix {
        title: title.to_owned(),
        applicability: Applicability::Safe,
        edits,
    }
}

fn text_of(files: &dyn Files) -> String {
    files.read("a.yaml").unwrap().text().unwrap().to_string()
}

/// A rule that objects to every `old` and offers what `edits` makes of its range.
fn run(text: &str, edits: impl Fn(&str, Span) -> Vec<Edit>) -> Outcome {
    let check = |files: Arc<dyn Files>| {
        let text = text_of(&*files);
        let hits = text.match_indices("old").map(|(at, word)| {
            let start = u32::try_from(at).unwrap();
            let span = Span::new(start, start + u32::try_from(word.len()).unwrap());
            let message = format!("`old` after {} others", text[..at].matches("old").count());
            finding(
                RULE,
                at,
                &message,
                vec![repair("write `new`", edits(&text, span))],
            )
        });
        report(hits.collect())
    };
    apply_to(
        files(text),
        check(files(text)),
        &check,
        &offered(&|_, _| true),
    )
}

fn edit(span: Span, text: &str) -> Edit {
    Edit::new("a.yaml", span, text)
}

/// The reasons for which a lying fix of the first `old` is refused; the text must stay.
fn refused(lie: impl Fn(&str, Span) -> Vec<Edit>) -> Vec<String> {
    let outcome = run("name: old # why\nkept: 1\n", lie);
    assert!(outcome.applied.is_empty() && outcome.changed.is_empty());
    let reasons = outcome.failed.into_iter().map(|it| it.failure.unwrap());
    reasons.collect()
}

#[test]
fn an_honest_fix_is_applied_to_the_end() {
    let outcome = run(TEXT, |_, span| vec![edit(span, "new")]);
    assert_eq!(outcome.failed, []);
    assert_eq!(outcome.applied.len(), 2);
    assert_eq!(outcome.changed[0].after, TEXT.replace("old", "new"));
    assert_eq!(text_of(&*outcome.files), TEXT.replace("old", "new"));
}

/// What a fix that lies would do to a text whose value stands there.
type Lie<'a> = &'a dyn Fn(&str, Span) -> Vec<Edit>;

#[test]
fn lies_are_refused() {
    let cases: [(&str, Lie<'_>); 13] = [
        ("it changes nothing", &|_, _| Vec::new()),
        ("the finding would still be there", &|_, span| {
            vec![edit(span, "\"old\"")]
        }),
        ("one edit covers several entries", &|text, _| {
            vec![edit(
                Span::new(0, u32::try_from(text.len()).unwrap()),
                "name: new # why\n",
            )]
        }),
        ("a value outside the fix would change", &|_, span| {
            vec![edit(Span::at(span.end), "er")]
        }),
        ("the file could no longer be parsed", &|_, span| {
            vec![edit(span, "[new")]
        }),
        ("a comment outside the fix would be lost", &|_, span| {
            vec![edit(Span::new(span.start, span.end + 1), "new")]
        }),
        (
            "a comment in the place of the fix would be lost",
            &|_, span| vec![edit(Span::new(span.start, span.end + 6), "new")],
        ),
        ("lines would end in two ways", &|_, span| {
            vec![edit(span, "new\r\nmore: 1\r\n")]
        }),
        ("an edit lies outside the file", &|_, span| {
            vec![edit(span, "new"), edit(Span::new(90, 99), "x")]
        }),
        ("an edit ends before it begins", &|_, span| {
            vec![edit(Span::new(span.end, span.start), "new")]
        }),
        ("its edits overlap", &|_, span| {
            vec![
                edit(span, "new"),
                edit(Span::new(span.start + 1, span.end), "x"),
            ]
        }),
        ("`../a.yaml` is no path inside the plugin", &|_, span| {
            vec![edit(span, "new"), Edit::create("../a.yaml", "x: 1\n")]
        }),
        (
            "nothing proves a change of a file like `notes.txt`",
            &|_, span| {
                vec![
                    edit(span, "new"),
                    Edit::new("notes.txt", Span::new(0, 3), "import os"),
                ]
            },
        ),
    ];
    for (reason, lie) in cases {
        assert_eq!(refused(lie), [reason]);
    }
    let latin = |_: &str, span| {
        vec![
            edit(span, "new"),
            Edit::new("latin.yaml", Span::at(0), "# x\n"),
        ]
    };
    assert_eq!(refused(latin), ["`latin.yaml` is not UTF-8"]);
    let missing =
        |_: &str, span| vec![edit(span, "new"), Edit::new("b.yaml", Span::new(0, 1), "x")];
    assert_eq!(refused(missing), ["an edit lies outside the file"]);
}

#[test]
fn a_fix_may_bring_no_other_finding_and_no_refusal() {
    let with = |more: &dyn Fn(&str) -> Option<Finding>| {
        let check = |files: Arc<dyn Files>| {
            let text = text_of(&*files);
            let fix = text.find("old").map(|at| {
                let start = u32::try_from(at).unwrap();
                let edits = vec![edit(Span::new(start, start + 3), "new")];
                finding(RULE, at, "`old`", vec![repair("write `new`", edits)])
            });
            report(fix.into_iter().chain(more(&text)).collect())
        };
        let text = "name: old\n";
        let outcome = apply_to(
            files(text),
            check(files(text)),
            &check,
            &offered(&|_, _| true),
        );
        assert!(outcome.changed.is_empty());
        outcome.failed[0].failure.clone().unwrap()
    };
    let other = |text: &str| {
        text.contains("new")
            .then(|| finding(OTHER, 0, "`new` is no word", Vec::new()))
    };
    assert_eq!(
        with(&other),
        "it would bring `test/other`: `new` is no word"
    );
    let stricter = |text: &str| {
        let stages = match text.contains("new") {
            true => Stages::only(Stage::Start),
            false => Stages::NONE,
        };
        Some(Finding {
            stages,
            ..finding(OTHER, 0, "a word", Vec::new())
        })
    };
    assert_eq!(
        with(&stricter),
        "the stage start would refuse what it accepts now"
    );
}

#[test]
fn one_liar_among_many_does_not_stop_the_others() {
    let text: String = (0..40).map(|n| format!("key{n}: old\n")).collect();
    let checks = Cell::new(0);
    let check = |files: Arc<dyn Files>| {
        checks.set(checks.get() + 1);
        let text = text_of(&*files);
        let hits = text.match_indices("old").map(|(at, _)| {
            let start = u32::try_from(at).unwrap();
            let line = text[..at].lines().count();
            let new = if line == 23 { "[new" } else { "new" };
            let edits = vec![edit(Span::new(start, start + 3), new)];
            finding(
                RULE,
                at,
                &format!("`old` in line {line}"),
                vec![repair("write `new`", edits)],
            )
        });
        report(hits.collect())
    };
    let outcome = apply_to(
        files(&text),
        check(files(&text)),
        &check,
        &offered(&|_, _| true),
    );
    assert_eq!((outcome.applied.len(), outcome.failed.len()), (39, 1));
    assert_eq!(text_of(&*outcome.files).matches("new").count(), 39);
    assert!(checks.get() < 20, "{} checks", checks.get());
}

#[test]
fn a_second_fix_has_its_turn_when_the_first_one_fails() {
    let check = |files: Arc<dyn Files>| {
        let text = text_of(&*files);
        let hit = text.find("old").map(|at| {
            let start = u32::try_from(at).unwrap();
            let span = Span::new(start, start + 3);
            let fixes = vec![
                repair("break it", vec![edit(span, "[")]),
                repair("write `new`", vec![edit(span, "new")]),
            ];
            finding(RULE, at, "`old`", fixes)
        });
        report(hit.into_iter().collect())
    };
    let text = "name: old\n";
    let outcome = apply_to(
        files(text),
        check(files(text)),
        &check,
        &offered(&|_, _| true),
    );
    assert_eq!(outcome.applied[0].title, "write `new`");
    assert_eq!(outcome.failed[0].title, "break it");
    assert_eq!(outcome.changed[0].after, "name: new\n");
}

#[test]
fn fixes_that_undo_each_other_come_to_an_end() {
    let check = |files: Arc<dyn Files>| {
        let text = text_of(&*files);
        let (word, new) = if text.contains("on") {
            ("on", "off")
        } else {
            ("off", "on")
        };
        let start = u32::try_from(text.find(word).unwrap()).unwrap();
        let end = start + u32::try_from(word.len()).unwrap();
        let edits = vec![edit(Span::new(start, end), new)];
        let rule = if word == "on" { RULE } else { OTHER };
        report(vec![finding(rule, 0, "no", vec![repair("turn it", edits)])])
    };
    let text = "light: on\n";
    let outcome = apply_to(
        files(text),
        check(files(text)),
        &check,
        &offered(&|_, _| true),
    );
    assert!(outcome.changed.is_empty());
    let reason = outcome.failed[0].failure.as_deref();
    assert_eq!(reason, Some("it would bring `test/other`: no"));
}

#[test]
fn the_first_of_two_that_overlap_wins_and_the_other_has_its_turn() {
    let check = |files: Arc<dyn Files>| {
        let text = text_of(&*files);
        let mut findings: Vec<Finding> = ["old", "ld"]
            .iter()
            .filter_map(|word| {
                let at = text.find(word)?;
                let start = u32::try_from(at).unwrap();
                let end = start + u32::try_from(word.len()).unwrap();
                let edits = vec![edit(Span::new(start, end), &word.replace('l', "1"))];
                Some(finding(RULE, at, word, vec![repair("no `l`", edits)]))
            })
            .collect();
        findings.sort_by_key(|it| Reverse(it.place.span.start));
        report(findings)
    };
    let text = "name: old\n";
    let outcome = apply_to(
        files(text),
        check(files(text)),
        &check,
        &offered(&|_, _| true),
    );
    // the fix of `ld` takes both findings away
    assert_eq!(outcome.applied.len(), 1);
    assert_eq!(outcome.changed[0].after, "name: o1d\n");
}

#[test]
fn a_fix_that_fails_does_not_stand_in_the_way_of_others() {
    let check = |files: Arc<dyn Files>| {
        let text = text_of(&*files);
        let hits = text.find("old").map(|at| {
            let start = u32::try_from(at).unwrap();
            let span = Span::new(start, start + 3);
            let repaired = |rule, title, new| {
                finding(rule, at, title, vec![repair(title, vec![edit(span, new)])])
            };
            vec![
                repaired(OTHER, "break it", "["),
                repaired(RULE, "write `new`", "new"),
            ]
        });
        report(hits.into_iter().flatten().collect())
    };
    let text = "name: old\n";
    let outcome = apply_to(
        files(text),
        check(files(text)),
        &check,
        &offered(&|_, _| true),
    );
    assert_eq!(outcome.changed[0].after, "name: new\n");
}
