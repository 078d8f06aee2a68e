use super::error::AppError;
use super::rules::stages;
use crate::policy::nearest;
use crate::report::{Look, Style, paint, wrap};
use crate::rules::{self, RULES, RuleMeta};
use std::borrow::Cow;

/// The page of a rule: Markdown as it is for a pipe, drawn for a terminal.
///
/// # Errors
/// When there is no such rule.
pub fn page(name: &str, look: &Look, terminal: bool) -> Result<String, AppError> {
    let Some(rule) = rules::find(name) else {
        return Err(AppError::UnknownRule {
            word: name.to_owned(),
            help: match nearest(name, RULES.iter().map(|rule| rule.id.0)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`difylint rules` lists them".to_owned(),
            },
        });
    };
    let body = rule.body();
    if !terminal && !look.color {
        return Ok(body.to_owned());
    }
    Ok(format!("{}\n{}", head(rule, look), draw(body, look)))
}

fn head(rule: &RuleMeta, look: &Look) -> String {
    let mut facts = vec![rule.severity.to_string()];
    if !rule.stages.is_empty() {
        facts.push(format!("stops {}", stages(rule.stages)));
    }
    if rule.fixable {
        facts.push("has a fix".to_owned());
    }
    facts.push(format!("since {}", rule.since));
    let id = paint(look.color, Style::Bold, rule.id);
    let facts = paint(look.color, Style::Dim, facts.join(", "));
    format!("{id}\n{facts}\n")
}

/// Draws the Markdown that rule pages use: headings, paragraphs, lists, tables, code.
fn draw(markdown: &str, look: &Look) -> String {
    let mut drawing = Drawing {
        look,
        text: String::new(),
        paragraph: String::new(),
        indent: 0,
    };
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        let bare = line.trim_start();
        if let Some(mark) = fence {
            if bare.starts_with(mark) && bare.trim_end_matches(['`', '~']).is_empty() {
                fence = None;
            } else {
                drawing.code(line);
            }
            continue;
        }
        if let Some(mark) = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark))
        {
            drawing.finish();
            fence = Some(mark);
        } else if let Some(title) = heading(line) {
            drawing.finish();
            drawing.line(&paint(look.color, Style::Bold, inline(title, look.color)).to_string());
        } else if bare.is_empty() {
            drawing.finish();
            drawing.line("");
        } else if bare.starts_with('|') {
            drawing.finish();
            drawing.line(&inline(bare, look.color));
        } else if let Some(marker) = list_marker(bare) {
            drawing.finish();
            drawing.indent = line.len() - bare.len() + marker;
            drawing.paragraph = line.to_owned();
        } else {
            if !drawing.paragraph.is_empty() {
                drawing.paragraph.push(' ');
            }
            drawing.paragraph.push_str(bare);
        }
    }
    drawing.finish();
    drawing.text
}

struct Drawing<'a> {
    look: &'a Look,
    text: String,
    paragraph: String,
    /// Columns before the second and further lines of a list item.
    indent: usize,
}

impl Drawing<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn code(&mut self, line: &str) {
        let line = format!("    {}", paint(self.look.color, Style::Frame, line));
        self.line(line.trim_end());
    }

    fn finish(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let indent = std::mem::take(&mut self.indent);
        let own = paragraph.len() - paragraph.trim_start().len();
        let columns = self.look.width.saturating_sub(indent).max(30);
        // breaks come before colours, which take no columns; the marks that colours replace do,
        // so that a line may end a little early
        let lines = wrap(paragraph.trim_start(), columns).join("\n");
        for (at, line) in inline(&lines, self.look.color).lines().enumerate() {
            let before = if at == 0 { own } else { indent };
            self.line(&format!("{:before$}{line}", ""));
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    ((1..=6).contains(&level) && title.starts_with(' ')).then(|| title.trim())
}

/// The length of `- `, `* ` or `1. ` at the start of a line.
fn list_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    match digits {
        0 if rest.starts_with("- ") || rest.starts_with("* ") => Some(2),
        1.. if rest.starts_with(". ") => Some(digits + 2),
        _ => None,
    }
}

/// Gives `code` and **strong** words their colours.
fn inline(text: &str, color: bool) -> Cow<'_, str> {
    if !color {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let (mark, style) = if marked.starts_with('`') {
            ("`", Style::Frame)
        } else if marked.starts_with("**") {
            ("**", Style::Bold)
        } else {
            ("", Style::Plain)
        };
        let inner = marked.strip_prefix(mark).and_then(|m| m.split_once(mark));
        match inner.filter(|_| !mark.is_empty()) {
            Some((inner, after)) => {
                out.push_str(&paint(true, style, inner).to_string());
                rest = after;
            }
            None => {
                let (mark, after) = marked.split_at(1);
                out.push_str(mark);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# A file does not exist

The manifest names a file, and **nothing** stands there. The `dify` command line tool stops with a
message that does not say which file.

- one item that is long enough to need a second line on a narrow terminal
- another * item

```yaml
plugins:
  # not a heading
  tools: [provider/名称.yaml]
```

| a | b |
| - | - |
";

    #[test]
    fn pages() {
        let narrow = Look {
            width: 50,
            ..Look::PLAIN
        };
        insta::assert_snapshot!("page_plain", draw(PAGE, &narrow));
        let color = Look {
            color: true,
            ..narrow
        };
        insta::assert_snapshot!("page_color", draw(PAGE, &color).replace('\x1b', "ESC"));
    }

    #[test]
    fn unclosed_marks_are_text() {
        assert_eq!(inline("a ** b ` c *", true), "a ** b ` c *");
        assert_eq!(inline("**", true), "**");
    }
}
