//! Markdown as a reader of it takes it.

use super::hostile::hostile;
use super::{everything, write};
use crate::report::{finding, long, rich};
use difylint::finding::{Place, Severity, Span};
use difylint::report::{Look, PluginReport, Run};
use pulldown_cmark::{Event, Options, Parser, Tag};

fn events(text: &str) -> Vec<Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect()
}

/// HTML that the page is made of.
fn is_ours(html: &str) -> bool {
    let html = html.trim();
    let summary = html.starts_with("<summary>") && html.ends_with("</summary>");
    summary
        || html.is_empty()
        || [
            "<details>",
            "</details>",
            "<sub>",
            "</sub>",
            "<code>",
            "</code>",
            "<!-- -->",
        ]
        .contains(&html)
}

#[test]
fn a_plugin_adds_no_markup() {
    for report in everything() {
        let text = write("markdown", std::slice::from_ref(&report), Look::PLAIN);
        let mut tables = 0;
        let mut cells = 0;
        for event in events(&text) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => assert!(is_ours(&html), "{html}"),
                Event::Start(Tag::Link { dest_url, .. }) => assert!(
                    dest_url.starts_with("https://github.com/difylint/"),
                    "{dest_url}"
                ),
                Event::Start(Tag::Image { .. } | Tag::BlockQuote(_)) => panic!("{text}"),
                Event::Start(Tag::Table(columns)) => {
                    tables += 1;
                    assert_eq!(columns.len(), 7);
                }
                Event::Start(Tag::TableCell) => cells += 1,
                _ => {}
            }
        }
        assert_eq!((tables, cells), (1, 14), "{text}");
    }
}

/// Outside of code nobody is called, and no other issue is pointed to.
#[test]
fn nobody_is_called() {
    let text = write("markdown", &[hostile()], Look::PLAIN);
    let mut in_block = false;
    for event in events(&text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            Event::Text(words) if !in_block => {
                for mark in ["@admin", "#1", "https://evil"] {
                    assert!(!words.contains(mark), "{words}");
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_fold_is_closed() {
    let text = write("markdown", &everything(), Look::PLAIN);
    let count = |html: &str| {
        let found = events(&text)
            .into_iter()
            .filter(|event| matches!(event, Event::Html(text) if text.trim() == html));
        found.count()
    };
    assert!(count("<details>") > 5);
    assert_eq!(count("<details>"), count("</details>"));
}

/// So many findings of so many rules that no comment holds them.
fn flood() -> Vec<PluginReport> {
    const RULES: [&str; 6] = ["a/a", "a/b", "a/c", "a/d", "a/e", "a/f"];
    let plugin = |number: usize| {
        let mut report = long();
        report.root = format!("plugins/很多{number}");
        report.name = Some("名".repeat(500));
        report.findings = (0..120)
            .map(|at| {
                let place = Place {
                    file: "manifest.yaml".into(),
                    span: Span::new(0, 4),
                };
                let severity = match at % 3 {
                    0 => Severity::Info,
                    1 => Severity::Warning,
                    _ => Severity::Error,
                };
                let message = format!("`键{at}` {}", "很长".repeat(40));
                finding(RULES[at % RULES.len()], severity, place, &message)
            })
            .collect();
        report
    };
    (0..300).map(plugin).collect()
}

#[test]
fn a_comment_has_room_for_it() {
    let reports = flood();
    let text = write("markdown", &reports, Look::PLAIN);
    let size: usize = text.chars().map(char::len_utf16).sum();
    assert!(size <= 65_536, "{size}");
    assert!(size > 50_000, "{size}: room is left unused");
    let (_, more) = text.split_once("\n**And ").unwrap();
    let (hidden, rest) = more.split_once(" more** (").unwrap();
    let hidden: usize = hidden.replace(',', "").parse().unwrap();
    let mut shown = 0;
    for line in text.lines().filter(|line| line.starts_with("<summary>")) {
        let (_, times) = line.rsplit_once('(').unwrap();
        let (times, _) = times.split_once(' ').unwrap();
        shown += times.parse::<usize>().unwrap();
        assert!(line.starts_with("<summary>❌"), "errors go first: {line}");
    }
    assert!(shown > 0);
    assert_eq!(shown + hidden, 300 * 120);
    assert!(
        rest.starts_with("11,") && rest.contains(" errors, "),
        "{}",
        &rest[..60]
    );
    assert!(text.contains(" more plugins with findings."));
}

#[test]
fn many_clean_plugins_are_a_line() {
    let mut reports = vec![crate::report::clean(); 30];
    reports.push(rich());
    let run = Run::new(reports.len());
    let text = crate::report::write_run("markdown", &reports, Look::PLAIN, run);
    assert!(text.contains("\n30 plugins without findings.\n"), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("| ")).count(),
        3
    );
}
