use super::super::{Change, Comparison, Grade};
use super::{remarks, totals, verdict};
use crate::report::clean;

/// Rows of a table; the rest is counted. A comment on GitHub holds 65,536 characters.
const MOST_ROWS: usize = 100;

/// A comment for a pull request: what the version should be, and a table of the changes.
pub fn markdown(comparison: &Comparison) -> String {
    let name = comparison
        .new
        .name
        .as_deref()
        .unwrap_or(&comparison.new.root);
    let version = |text: &Option<String>| escape(text.as_deref().unwrap_or("no version"));
    let mut text = format!(
        "### {} {} → {}\n\n",
        escape(name),
        version(&comparison.old.version),
        version(&comparison.new.version)
    );
    if let Some(totals) = totals(comparison) {
        text.push_str(&format!("**{totals}**"));
        if let Some(verdict) = verdict(comparison) {
            text.push_str(&format!("; {verdict}"));
        }
        text.push_str(".\n\n");
    }
    for remark in remarks(comparison) {
        text.push_str(&format!("{}.\n\n", sentence(&remark)));
    }
    if comparison.changes.is_empty() {
        return text;
    }
    text.push_str("| | What changed | Who is concerned | Rule |\n|---|---|---|---|\n");
    for change in comparison.changes.iter().take(MOST_ROWS) {
        text.push_str(&row(change));
    }
    let more = comparison.changes.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        text.push_str(&format!("\nand {more} more.\n"));
    }
    text
}

fn row(change: &Change) -> String {
    let grade = match change.grade {
        _ if change.rule.0 == "upgrade/incomparable" => "not compared",
        Grade::Breaking => "**breaking**",
        Grade::Addition => "addition",
        Grade::Patch => "patch",
    };
    let mut what = escape(&change.message);
    if let Some(help) = change
        .help
        .as_ref()
        .filter(|_| change.grade == Grade::Breaking)
    {
        what.push_str(&format!("<br>{}", escape(help)));
    }
    format!(
        "| {grade} | {what} | {} | [{}]({}) |\n",
        change.breaks.map_or("", |reader| reader.words()),
        change.rule,
        change.rule.url(),
    )
}

/// Foreign text in a cell: on one line, and without what Markdown or HTML would obey.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // between backticks nothing but the bar and the backtick itself has a meaning
    let mut code = false;
    for character in clean(text).chars() {
        match character {
            '`' => {
                code = !code;
                out.push('`');
            }
            '|' => out.push_str("\\|"),
            '<' | '>' | '&' | '*' | '_' | '[' | ']' | '#' | '\\' | '@' | '~' | '!' if !code => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
